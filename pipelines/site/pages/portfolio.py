"""Portfolio and budget indicators over the years."""

from collections.abc import Callable, Iterator

from pipelines.site import charts
from pipelines.site.page import Page
from pipelines.site.record import Record, file_of
from warehouse.derived.portfolio_measures import MEASURES
from warehouse.history import Row
from warehouse.words import phase


def pages(record: Record) -> Iterator[Page]:
    """The page of the portfolio and the PLF."""
    yield Page(
        "portefeuille.html",
        "portfolio.html.j2",
        {
            "measures": [one for name in MEASURES if (one := _measure(record, name))],
            "today": _today(record),
            "indicators": _indicators(record),
            "latest": _latest(record),
        },
    )


def _measure(record: Record, name: str) -> Row | None:
    """A count at each 1 January, and today's."""
    rows = [row for row in record.portfolio if row["measure"] == name]
    if not rows:
        return None
    starts = [row for row in rows if (row["as_of"].month, row["as_of"].day) == (1, 1)]
    points = [(str(row["as_of"].year), row["value"]) for row in starts]
    label = rows[0]["label"][:1].upper() + rows[0]["label"][1:]
    return {"label": label, "starts": starts, "last": rows[-1], "chart": charts.bars(label, points)}


def _today(record: Record) -> dict[str, list[Row]]:
    """The last counts by phase and by incubator, the largest first."""
    last = {row["measure"]: row for row in record.portfolio if ":" in row["measure"]}
    day = max((row["as_of"] for row in record.portfolio), default=None)
    kept = [row for row in last.values() if row["value"] and (day is None or row["as_of"] <= day)]
    ranked = sorted(kept, key=lambda row: (-row["value"], row["measure"]))
    named: dict[str, Callable[[str], str | None]] = {"phase": phase, "incubator": record.incubator}
    return {
        part: [
            row | {"name": name(row["measure"].partition(":")[2]), "products": _products(record, row)}
            for row in ranked
            if row["measure"].startswith(part)
        ]
        for part, name in named.items()
    }


def _products(record: Record, row: Row) -> list[Row]:
    """The products behind a number, each with its name and its page."""
    ids = [record.publication.present(one) for one in (row["products"] or "").split(", ") if one]
    return [{"service": record.publication.name(one), "file": file_of(one)} for one in ids]


def _latest(record: Record) -> list[Row]:
    """The indicators of the last year that is over, as the report prints them; else of the last."""
    day = record.publication.now.day
    over = [row["year"] for row in record.plf if row["year"] < day.year or (day.month, day.day) == (12, 31)]
    last = max(over or [row["year"] for row in record.plf], default=None)
    return [row for row in record.plf if row["year"] == last]


def _indicators(record: Record) -> list[Row]:
    """Each indicator over the years of which anything is known, with its chart."""
    told: dict[str, list[Row]] = {}
    for row in record.plf:
        if any(row[name] is not None for name in ("previous", "target", "value")):
            known = told.setdefault(row["indicator"], [])
            known.append(row | {"products": _products(record, row)})
    return [
        {
            "label": years[0]["label"],
            "years": years,
            "chart": charts.bars(
                years[0]["label"],
                [(str(row["year"]), int(row["value"])) for row in years if row["value"] is not None],
            ),
        }
        for years in told.values()
    ]
