"""Patch: the change of a service file that a mend asks for; nothing else of the file is touched."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any, cast

import yaml
from pydantic import ValidationError

from connectors.drift.last_seen import Mend
from connectors.errors import InvalidSpec
from connectors.locators import Locator
from connectors.specs.yaml_lines import Location, Tree, read

_NO_NEWLINE = "\\ No newline at end of file\n"


@dataclass(frozen=True, slots=True)
class Patch:
    """The ``text`` of the file with the mend, and the ``diff`` that ``patch -p1`` applies to the old one."""

    text: str
    diff: str


def patch(text: str, path: str, metric_id: str, mend: Mend) -> Patch:
    """The patch that gives a metric its new locator and anchor, or its page another ``dated``.

    ``path`` is where the file stands in the project.  The metric's latest version is changed: the one on
    the page without ``valid_until``, or with the last one.

    Raises:
        InvalidSpec: the file has no such metric or key, or is not written one key to a line.
    """
    here = _metric(read(text.encode()), metric_id, path)
    lines = text.splitlines(keepends=True)
    if mend.key == "dated":
        here = here[:2]
        lines = _replaced(lines, (*here, "dated"), _flow(mend.locate), path)
    else:
        for key, value in (("locate", _flow(mend.locate)), ("anchor", _scalar(mend.anchor))):
            lines = _replaced(lines, (*here, key), value, path)
    new = "".join(lines)
    _check(new, here, mend, path)
    return Patch(new, "".join(_diff(text, new, path)))


def _metric(tree: Tree, metric_id: str, path: str) -> Location:
    """Where the latest version of a metric stands."""
    pages = tree.value.get("pages") if isinstance(tree.value, dict) else None
    having = [
        (str(page.get("valid_until") or "9"), rank)
        for rank, page in enumerate(pages if isinstance(pages, list) else ())
        if isinstance(page, dict) and metric_id in (page.get("metrics") or {})
    ]
    if not having:
        raise InvalidSpec(f"{path}: no page has the metric {metric_id!r}")
    return ("pages", max(having)[1], "metrics", metric_id)


def _replaced(lines: list[str], here: Location, value: str | None, path: str) -> list[str]:
    """The lines with another value, or none, for one key; a new key comes after ``locate``."""
    tree = read("".join(lines).encode())
    if here not in tree.lines and here[-1] == "dated":
        raise InvalidSpec(f"{path}: the page has no `dated` to be mended")
    if here in tree.lines:
        start, written = tree.lines[here] - 1, [] if value is None else [value]
    elif value is not None:
        start, written = tree.lines[(*here[:-1], "locate")] - 1, [value]
    else:
        return lines
    old = lines[start]
    indent = old[: len(old) - len(old.lstrip())]
    key = here[-1] if here in tree.lines else "locate"
    if not old.lstrip().startswith(f"{key}:"):
        raise InvalidSpec(f"{path}:{start + 1}: {key!r} shares its line with another key: mend it by hand")
    end = _end(lines, start, len(indent))
    newline = "\r\n" if old.endswith("\r\n") else "\n"
    new = [f"{indent}{here[-1]}: {each}{newline}" for each in written]
    kept = lines[:start] if here in tree.lines else lines[:end]
    if kept and not kept[-1].endswith("\n"):
        kept = [*kept[:-1], kept[-1] + newline]
    return kept + new + lines[end:]


def _end(lines: list[str], start: int, indent: int) -> int:
    """The line after the value of the key at ``start``: all that is indented deeper belongs to it."""
    end = start + 1
    while end < len(lines) and lines[end].strip() and len(lines[end]) - len(lines[end].lstrip()) > indent:
        end += 1
    return end


def _flow(locate: Locator) -> str:
    """A locator on one line, as service files write it."""
    said = locate.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(
        said, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000
    ).strip()


def _scalar(text: str | None) -> str | None:
    """A text as it is written after a key."""
    if text is None:
        return None
    written: str = yaml.safe_dump({"": text}, allow_unicode=True, width=10_000)
    return written.partition(": ")[2].strip()


def _check(text: str, here: Location, mend: Mend, path: str) -> None:
    """Read the patched text again: it must say the mend."""
    tree = read(text.encode())
    mended = reduce(lambda value, step: value[step], here, cast("Any", tree.value))
    try:
        says = type(mend.locate).model_validate(mended[mend.key]), mended.get("anchor")
    except ValidationError:
        says = None
    if tree.faults or says != (mend.locate, mend.anchor):
        raise InvalidSpec(f"{path}: {here[-1]} cannot be patched where it stands: mend it by hand")


def _diff(old: str, new: str, path: str) -> Iterator[str]:
    lines = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}"
