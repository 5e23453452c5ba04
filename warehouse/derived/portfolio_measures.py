"""Portfolio measures: what can be counted from the portfolio alone, with the products behind each number.

The portfolio as it stood on a day and the number a report printed will differ: nothing
here is tuned to a printed number.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from connectors.portfolio import Meaning, Phase, Product, phase_at
from warehouse.derived.qualification import cohort_of, designated_on
from warehouse.derived.rules import Cohorts

SUPPORTED: frozenset[Meaning | None] = frozenset(("construction", "acceleration", "sustained"))
"""What the annual report counts as a service "en cours d'accompagnement ou pérennisé"."""

DINUM = "dinum"

MEASURES = (
    "services_supported",
    "investigations",
    "impact_national_total",
    "impact_national_active",
    "impact_national_new",
    "incubators",
)
"""What is counted whatever the portfolio holds, in the order in which people read it."""


# --- at a date ----------------------------------------------------------------------------


def measures(products: Iterable[Product], on: date, cohorts: Cohorts) -> dict[str, int]:
    """Every measure of the portfolio on the day ``on``, by name; see ``members``."""
    return {name: len(found) for name, found in members(products, on, cohorts).items()}


def members(products: Iterable[Product], on: date, cohorts: Cohorts) -> dict[str, tuple[str, ...]]:
    """The sorted ids behind every measure on the day ``on``.

    ``services_supported`` are the services in construction, in acceleration or sustained.
    ``investigations`` are those under way: one whose stated end is past is not, though it still
    counts in ``phase:investigation`` until another phase follows.
    ``impact_national_total`` are designated by then, ever; ``impact_national_active`` are those
    of them not stopped; ``impact_national_new`` are those of the cohort of the calendar
    year that ends on ``on`` (for 1 January 2024: 2023).
    ``incubators`` are those with a supported service (ids of incubators, not of products).
    ``phase:<name>`` counts all products in a phase; ``incubator:<id>`` the supported services
    of an incubator.
    """
    found: defaultdict[str, set[str]] = defaultdict(set, {name: set() for name in MEASURES})
    for product in products:
        phase = phase_at(product.phases, on)
        for name in (*_by_phase(product, phase, on), *_by_designation(product, phase, on, cohorts)):
            found[name].add(product.id)
        if phase and phase.meaning in SUPPORTED and product.incubator:
            found["incubators"].add(product.incubator)
    return {name: tuple(sorted(ids)) for name, ids in found.items()}


def _by_phase(product: Product, phase: Phase | None, on: date) -> Iterator[str]:
    if phase is None:
        return
    yield f"phase:{phase.name}"
    if phase.meaning == "investigation" and (phase.end is None or phase.end >= on):
        yield "investigations"
    if phase.meaning in SUPPORTED:
        yield "services_supported"
        if product.incubator:
            yield f"incubator:{product.incubator}"


def _by_designation(product: Product, phase: Phase | None, on: date, cohorts: Cohorts) -> Iterator[str]:
    day = designated_on(product, cohorts)
    if day is None or day > on:
        return
    yield "impact_national_total"
    if phase is None or phase.meaning != "stopped":
        yield "impact_national_active"
    if cohort_of(product, cohorts) == (on - timedelta(days=1)).year:
        yield "impact_national_new"


# --- in a year ----------------------------------------------------------------------------


def plf(products: Sequence[Product], year: int, cohorts: Cohorts) -> dict[str, tuple[str, ...]]:
    """The ids of the products behind every budget indicator (programme 352) of the calendar year.

    ``investigated``: an investigation ended in the year, at its stated end or at the start of
    the phase that followed, whichever came first.
    ``launched``: construction began in the year, after an investigation or with none on record.
    ``launched_dinum``: those of them whose incubator is the DINUM's.
    ``stopped``: a launched product was abandoned in the year; an investigation without a product
    to follow is not.
    ``impact_national_new``: the cohort of the year.
    ``fast``: the product bears an event `fast` of the year.
    A phase without a date belongs to no year.
    """
    dated = {product.id: _years(product, cohorts) for product in products}
    return {
        indicator: tuple(sorted(name for name, years in dated.items() if year in years[indicator]))
        for indicator in (
            "investigated",
            "launched",
            "launched_dinum",
            "stopped",
            "impact_national_new",
            "fast",
        )
    }


def _years(product: Product, cohorts: Cohorts) -> Mapping[str, set[int]]:
    """For each indicator, the years in which this product counts."""
    launched = _first(phase.start for phase in product.phases if phase.meaning == "construction")
    cohort = cohort_of(product, cohorts)
    return {
        "investigated": {end.year for end in _investigation_ends(product.phases)},
        "launched": launched,
        "launched_dinum": launched if product.incubator == DINUM else set(),
        "stopped": _first(_stops(product.phases)),
        "impact_national_new": {cohort} if cohort else set(),
        "fast": {event.date.year for event in product.events if event.name == "fast" and event.date},
    }


def _first(days: Iterable[date | None]) -> set[int]:
    """The year of the first of these days, if any."""
    dated = [day for day in days if day]
    return {min(dated).year} if dated else set()


def _investigation_ends(phases: Sequence[Phase]) -> Iterator[date]:
    for phase in phases:
        if phase.meaning == "investigation" and phase.start:
            followed = [
                later.start
                for later in phases
                if later.rank > phase.rank and later.start and later.start >= phase.start
            ]
            ends = [*followed, *([phase.end] if phase.end else [])]
            if ends:
                yield min(ends)


def _stops(phases: Sequence[Phase]) -> Iterator[date]:
    """The days on which a product that had been launched stopped."""
    launches = [phase.start or date.min for phase in phases if phase.meaning in SUPPORTED]
    for phase in phases:
        if phase.meaning == "stopped" and phase.start and min(launches, default=date.max) <= phase.start:
            yield phase.start
