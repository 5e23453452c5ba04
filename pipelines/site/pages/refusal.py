"""A refused growth's own page: the rule that refuses, and the two figures with their sentences."""

from collections.abc import Iterator
from functools import partial

from pipelines.site.page import Page, Says
from pipelines.site.pages.figure import proof
from pipelines.site.record import Record, file_of
from pipelines.site.values import Values
from warehouse.history import Row

_ENDS = (("base_period", "base_observation_id"), ("period", "observation_id"))


def path_of(refusal_id: str) -> str:
    """Where a refused growth's page stands."""
    return f"evolutions/{refusal_id}.html"


def pages(record: Record, values: Values, figure: Row) -> Iterator[Page]:
    """A page for each growth of a figure that is refused (``figure``: its row among the published)."""
    rows = {row["id"]: row for row in values.with_pages}
    for growth in figure["grown"]:
        if growth["state"] == "refused":
            ends = [(growth[period], _end(rows.get(growth[name]))) for period, name in _ENDS]
            says = {
                "growth": growth,
                "service": figure["service"],
                "label": figure["label"],
                "service_file": file_of(figure["service_id"]),
                "ends": ends,
            }
            more = partial(_proofs, record, [end for _, end in ends if end])
            yield Page(path_of(growth["id"]), "refusal.html.j2", says, more)


def _end(row: Row | None) -> Row | None:
    """A figure as the page shows it; of one that a check refuses, nothing but where it leads."""
    if row is None:
        return None
    names = ("id", "state", "value", "unit", "qualifier", "period_start", "period_end", "known_at")
    told = {name: row[name] for name in names}
    return told | {"value": None} if row["state"] == "refused" else told


def _proofs(record: Record, ends: list[Row]) -> Says:
    """The archived sentences of both figures, by the id of each."""
    return {"proofs": {end["id"]: proof(record, end["id"], end["state"] == "refused") for end in ends}}
