"""Charts: positions computed here, drawn by ``chart.html.j2``, each with a title, a sentence and a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipelines.site.words import number

WIDTH, HEIGHT = 600, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 16, 16, 24, 28


@dataclass(frozen=True, slots=True)
class Mark:
    """One value: where it stands (in units of the drawing) and what it says."""

    x: str
    y: str
    height: str
    label: str
    says: str
    left: str = "0"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing ``WIDTH`` × ``HEIGHT``: ``kind`` is line or bars; ``says`` tells in words what it shows."""

    kind: str
    title: str
    says: str
    marks: tuple[Mark, ...]
    bar: str = "0"

    @property
    def path(self) -> str:
        """The line through the marks."""
        return " ".join(f"{one.x},{one.y}" for one in self.marks)


def line(title: str, points: Sequence[tuple[date, Decimal]], unit: str) -> Chart | None:
    """A value over time, its scale from zero (or from the least negative value); None below three points."""
    if len(points) < 3:
        return None
    days = [day.toordinal() for day, _ in points]
    across = _Scale(days[0], days[-1], _LEFT + 24, WIDTH - _RIGHT - 24)
    up = _upwards([value for _, value in points])
    marks = tuple(
        Mark(across(day.toordinal()), up(value), "0", f"{day:%m/%Y}", number(value)) for day, value in points
    )
    said = f"De {number(points[0][1])} à {number(points[-1][1])} {unit}, du {points[0][0]:%d/%m/%Y}"
    return Chart("line", title, f"{said} au {points[-1][0]:%d/%m/%Y}.", marks)


def bars(title: str, points: Sequence[tuple[str, int]]) -> Chart | None:
    """Counts side by side, from zero; None where there is nothing to compare, or nothing but zeros."""
    if len(points) < 2 or not any(value for _, value in points):
        return None
    width = (WIDTH - _LEFT - _RIGHT) / len(points)
    up = _upwards([Decimal(value) for _, value in points])
    ground = float(up(Decimal(0)))
    marks = tuple(
        Mark(
            _at(_LEFT + width * (place + 0.5)),
            up(Decimal(value)),
            _at(ground - float(up(Decimal(value)))),
            label,
            number(value),
            _at(_LEFT + width * (place + 0.15)),
        )
        for place, (label, value) in enumerate(points)
    )
    said = f"De {number(points[0][1])} ({points[0][0]}) à {number(points[-1][1])} ({points[-1][0]})."
    return Chart("bars", title, said, marks, _at(width * 0.7))


class _Scale:
    """A straight scale, such that the same input is the same text on every machine."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.start = low, start
        self.by = (end - start) / (high - low) if high != low else 0.0

    def __call__(self, value: float | Decimal) -> str:
        return _at(self.start + (float(value) - self.low) * self.by)


def _upwards(values: Sequence[Decimal]) -> _Scale:
    low, high = min(Decimal(0), *values), max(Decimal(0), *values)
    return _Scale(float(low), float(high), HEIGHT - _BOTTOM, _TOP)


def _at(place: float) -> str:
    return f"{place:.1f}"
