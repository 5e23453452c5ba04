"""Check: one line of what must be true, with its scope and its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Scope = Literal["figure", "whole", "warning"]
"""``figure`` holds back the figures that fail; ``whole`` blocks publication; ``warning`` only tells."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """What must be true of the rows of one table, one night.

    Attributes:
        name: short name; the Dagster asset check bears it.
        table: the table (and asset) it judges.
        scope: what happens when it fails.
        sentence: what must be true, and why.
        expectation: class name in ``great_expectations.expectations``.
        arguments: its keyword arguments.
        only: limits it to rows where a column has a value: ``(column, value)``.
        refusal: for ``figure``, the French sentence that explains one failing row.
        failure: for ``whole``, what to say when it fails.
    """

    name: str
    table: str
    scope: Scope
    sentence: str
    expectation: str
    arguments: Mapping[str, Any]
    only: tuple[str, str] | None = None
    refusal: Callable[[Row], str] | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: the failing rows, all of them, in the order of the table."""

    check: Check
    passed: bool
    failing: tuple[Row, ...]

    @property
    def blocks(self) -> bool:
        """True when nothing may be published after this."""
        return self.check.scope == "whole" and not self.passed
