"""Step: one step of a way back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from warehouse.restatements import Change

_BREAKS = re.compile(r"[ \t\r\n\f]+")


class Said(NamedTuple):
    """A sentence with its figure marked; ``figure`` is empty where a step tells none.

    As text it is one line: where a page breaks its lines, there is a blank.
    """

    before: str
    figure: str = ""
    after: str = ""

    def __str__(self) -> str:
        marked = f"⟦{self.figure}⟧" if self.figure else ""
        return _BREAKS.sub(" ", f"{self.before}{marked}{self.after}").strip()


@dataclass(frozen=True, slots=True)
class Restated:
    """An observation that took the place of another: what kind of change, why, and when we knew it.

    ``reason`` is the sentence on record, for engineers; ``changed`` says in which columns the thing counted
    is another (``restatements.changes``), for whoever tells it in other words.
    """

    kind: str
    reason: str
    known_at: datetime
    old_id: str
    old_value: str
    new_id: str | None = None
    new_value: str | None = None
    changed: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a way back.

    ``kind`` is the singular noun of its table and ``row`` its row (empty for what no table holds); ``facts``
    are those that prove it, as people read them.  Steps may share what they come from.
    """

    kind: str
    id: str
    says: Said
    facts: Mapping[str, Any] = field(default_factory=dict)
    comes_from: tuple["Step", ...] = ()
    restatements: tuple[Restated, ...] = ()
    row: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def all(self) -> Iterator["Step"]:
        """This step and every step behind it, once each, in the order of the way back."""
        met: dict[tuple[str, str], Step] = {}
        waiting = [self]
        while waiting:
            step = waiting.pop()
            if (step.kind, step.id) not in met:
                met[step.kind, step.id] = step
                waiting += reversed(step.comes_from)
        yield from met.values()
