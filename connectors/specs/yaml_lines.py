"""YAML that knows its lines and guesses nothing.

YAML 1.1 reads ``no`` as false, ``0123`` as 83, ``1:30`` as 90 and ``2023-01-01`` as a date.
Here every scalar stays the text that was written, an unquoted blank or ``null`` excepted, and
the schema says what it becomes.  Aliases, which make a short file expand without
end, tags and duplicate keys are refused.
"""

from dataclasses import dataclass, field
from typing import Any

import yaml

Location = tuple[str | int, ...]
"""Where a value stands: keys and indexes from the root."""

NULLS = {"", "~", "null", "Null", "NULL"}


@dataclass(slots=True)
class Tree:
    """What a file says: the ``value``, the line of each key or item, and the faults met on the way."""

    value: object = None
    lines: dict[Location, int] = field(default_factory=dict)
    faults: list[tuple[int, Location, str]] = field(default_factory=list)

    def line(self, location: Location) -> int:
        """The line of ``location``, or of the nearest thing around it that was written."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)


class _Loader(yaml.composer.Composer, yaml.CBaseLoader):
    """The loader that converts nothing, without aliases and tags either.

    libyaml finds the tokens, several times as fast as PyYAML by itself; nodes are put together here.
    """

    def __init__(self, stream: str) -> None:
        yaml.CBaseLoader.__init__(self, stream)
        yaml.composer.Composer.__init__(self)

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        event: Any = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(None, None, "anchors and aliases are refused", event.start_mark)
        if getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(None, None, "tags are refused", event.start_mark)
        return super().compose_node(parent, index)  # type: ignore[arg-type]


def read(content: bytes) -> Tree:
    """The tree of one YAML document; a file that is no YAML at all is one fault."""
    tree = Tree()
    try:
        node = yaml.compose(content.decode(), _Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        tree.faults.append((line, (), f"not YAML: {error.problem}"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        tree.faults.append((1, (), f"not YAML: {_first_line(error)}"))
    else:
        tree.value = _plain(node, (), tree) if node else None
        if node is None:
            tree.faults.append((1, (), "the file is empty"))
    return tree


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _plain(node: yaml.Node, here: Location, tree: Tree) -> object:
    """The plain value of a node; its parts are noted in ``tree``."""
    tree.lines.setdefault(here, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, here, tree)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*here, index), tree) for index, item in enumerate(node.value)]
    return None if not node.style and node.value in NULLS else node.value  # type: ignore[attr-defined]


def _mapping(node: yaml.MappingNode, here: Location, tree: Tree) -> dict[str, object]:
    value: dict[str, object] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        if name in value:
            tree.faults.append((line, (*here, name), "key written twice"))
            continue
        tree.lines[(*here, name)] = line
        value[name] = _plain(child, (*here, name), tree)
    return value
