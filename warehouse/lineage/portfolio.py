"""The way back of what the portfolio alone gives: counts, indicators, and the products behind them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from connectors.portfolio import Product, phase_at
from warehouse import portfolios
from warehouse.derived.portfolio_measures import members
from warehouse.history import Row, current
from warehouse.lineage.known import Known
from warehouse.lineage.step import Said, Step
from warehouse.night import Night
from warehouse.tables import events, phases, services

_PART = {"phase": (phases, ("service_id", "name", "start", "end")),
         "event": (events, ("service_id", "name", "date", "comment"))}  # fmt: skip


def count_step(known: Known, row: Row) -> Step:
    """A count over the portfolio at a date, with what was counted; it is counted again now."""
    day, measure, at = row["as_of"], row["measure"], row["known_at"]
    products = {product.id: product for product in known.products(at)}
    cohorts = known.cohorts(at)
    counted = members(products.values(), day, cohorts)
    recount = counted.get(measure, ())
    names = row["products"] if row["products"] is not None else recount
    same = sorted(names) == sorted(recount) and row["value"] == len(recount)
    again = "same number" if same else f"BROKEN: counted again, it is {len(recount)}"
    facts = {"known_at": at, "withdrawn": row["withdrawn"], "counted_again": again}
    if measure == "incubators":
        sources = tuple(_incubator(row, name, counted.get(f"incubator:{name}", ())) for name in names)
    else:
        sources = tuple(
            product_step(
                known, name, at, _deciding(products.get(name), measure, day), cohorts.by_id.get(name)
            )
            for name in names
        )
    said = Said(f"portfolio on {day}, {measure}: ", str(row["value"]))
    return Step("portfolio_count", row["id"], said, facts, sources or _serving(known, at), row=row)


def indicator_step(known: Known, row: Row) -> Step:
    """A budget indicator of a year, with the products behind it."""
    names = row["products"] or []
    facts = {name: row[name] for name in ("target", "source", "known_at", "withdrawn")}
    wanted = _of_year(row["indicator"])
    sources = tuple(product_step(known, name, row["known_at"], wanted) for name in names)
    value = "no public source gives it" if row["value"] is None else str(row["value"])
    said = Said(f"programme 352 in {row['year']}, {row['indicator']}: ", value)
    return Step("plf_indicator", row["id"], said, facts, sources or _serving(known, row["known_at"]), row=row)


def product_step(
    known: Known,
    service_id: str,
    at: datetime,
    wanted: Callable[[str, Row], bool],
    cohort: int | None = None,
) -> Step:
    """A product as the portfolio told it at a moment: its phases and events, each with its portfolio."""
    row = _product(known, service_id, at)
    parts = tuple(
        part_step(known, kind, part)
        for kind, (table, key) in _PART.items()
        for part in sorted(
            current(known.connection, table, key, at, table.c.service_id == service_id), key=_in_time
        )
        if wanted(kind, part)
    )
    if row is None:
        return Step("service", service_id, Said(service_id), {}, parts)
    sources = parts or known.body(row["portfolio_sha256"], None)
    said = Said(f"{service_id}: {row['name']}", "", f", incubator {row['incubator'] or 'unknown'}")
    facts = {"cohort": cohort, "known_at": row["known_at"]}
    return Step("service", service_id, said, facts, sources, row=row)


def part_step(known: Known, kind: str, row: Row) -> Step:
    """A phase or an event, as the portfolio prints it."""
    if kind == "phase":
        dates = f" from {row['start'] or 'an unknown day'}" + (f" to {row['end']}" if row["end"] else "")
    else:
        dates = f" on {row['date'] or 'an unknown day'}"
    said = Said(f"{row['service_id']}, {kind} ", row["name"], dates)
    facts = {name: row[name] for name in ("comment", "known_at") if row.get(name)}
    return Step(kind, row["id"], said, facts, known.body(row["portfolio_sha256"], None), row=row)


def _product(known: Known, service_id: str, at: datetime) -> Row | None:
    told = current(known.connection, services, ("service_id",), at, services.c.service_id == service_id)
    return next(iter(told), None)


def _serving(known: Known, at: datetime) -> tuple[Step, ...]:
    """Where nothing counts, the portfolio itself is the proof."""
    copy = portfolios.serving(known.connection, Night.of(at))
    return known.body(copy["sha256"], None) if copy else ()


def _incubator(row: Row, name: str, supported: Sequence[str]) -> Step:
    """An incubator counts by its supported services; ``portfolio/date/incubator:<id>`` leads on to them."""
    facts = {"supported_services": ", ".join(supported)}
    return Step("incubator", f"{name}.{row['as_of']}", Said("incubator ", name), facts)


def _deciding(product: Product | None, measure: str, day: date) -> Callable[[str, Row], bool]:
    """The phases and events of a product for which it counts on a day."""
    phase = phase_at(product.phases, day) if product else None

    def decides(kind: str, row: Row) -> bool:
        if kind == "event":
            return measure.startswith("impact_national") and row["name"] == "national_impact"
        return phase is not None and (row["name"], row["start"], row["end"]) == (
            phase.name,
            phase.start,
            phase.end,
        )

    return decides


def _of_year(indicator: str) -> Callable[[str, Row], bool]:
    """The phases and events from which a budget indicator counts."""
    event = {"fast": "fast", "impact_national_new": "national_impact"}.get(indicator)
    return lambda kind, row: kind == "phase" if event is None else kind == "event" and row["name"] == event


def _in_time(row: Row) -> tuple[str, str]:
    return str(row.get("start") or row.get("date") or ""), row["name"]
