"""What a person asks of the derived tables beyond what each night writes: other days, other moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from connectors.clock import utc_now
from connectors.portfolio import Product
from pipelines import stages
from pipelines.errors import NoGrowth, NothingKnown, UnknownServices
from pipelines.services import services_of
from pipelines.settings import Settings
from warehouse import portfolios
from warehouse.database import reading
from warehouse.derived import plf_indicators, qualifications
from warehouse.derived.display import Rule, meaning
from warehouse.derived.growth import compare_dates
from warehouse.derived.intervals import Interval
from warehouse.derived.portfolio_clocks import Known, side_by_side
from warehouse.derived.qualifications import Qualified
from warehouse.derived.revision_triangle import Triangle, revision_triangle
from warehouse.derived.rules import Cohorts, load_rules, rules_named, rules_on
from warehouse.errors import NotComparable
from warehouse.history import Row
from warehouse.night import Night


@dataclass(frozen=True, slots=True)
class Counts:
    """The portfolio on one day, as known at several moments, and the budget's indicators of the last one."""

    day: date
    moments: tuple[datetime, ...]
    measures: tuple[Known, ...]
    indicators: tuple[Row, ...]


def grown(
    settings: Settings,
    service_id: str,
    metric_id: str,
    days: tuple[date, date],
    months: int | None,
    rule: Rule,
    at: datetime | None,
) -> Row:
    """The growth of a figure between two days, as a row of ``growth``.

    Raises:
        UnknownServices: no service file bears this name, or it has no such metric.
        NoGrowth: there is none; the sentence says why.
    """
    services = services_of(settings)
    if service_id not in services or metric_id not in services[service_id].metrics:
        raise UnknownServices(f"No service file declares {service_id}/{metric_id}.")
    with reading(settings.database_url) as connection:
        night = Night.of(at or utc_now())
        try:
            found = compare_dates(
                connection, services[service_id], metric_id, *days, night, months=months, rule=rule
            )
        except NotComparable as error:
            raise NoGrowth(str(error)) from error
    row, nature = found.row, services[service_id].metrics[metric_id].nature
    low, high = (None if row[name] is None else Fraction(row[name]) for name in ("low", "high"))
    interval = Interval(low, Fraction(row["value"]), high)
    about = {"service_id": service_id, "metric_id": metric_id, "from": days[0], "to": days[1]}
    return about | row | {"meaning_en": meaning(row["kind"], interval, nature, "en")}


def triangle(settings: Settings, service_id: str, metric_id: str, at: datetime | None) -> Triangle:
    """What was said of each period of a figure, and by when."""
    with reading(settings.database_url) as connection:
        return revision_triangle(connection, service_id, metric_id, at or utc_now())


def counted(settings: Settings, day: date, moments: Sequence[datetime]) -> Counts:
    """The portfolio on a day, as known at each moment (now, when none is given).

    Raises:
        NothingKnown: at one of them no portfolio was on record.
    """
    asked = tuple(moments) or (utc_now(),)
    cohorts = stages.cohorts_of(services_of(settings))
    with reading(settings.database_url) as connection:
        told = [(at, portfolios.products(connection, at)) for at in asked]
    for at, products in told:
        if not products:
            raise NothingKnown(f"No portfolio was known at {at:%Y-%m-%d %H:%M}.")
    measures = side_by_side(told, day, cohorts)
    return Counts(day, asked, tuple(measures), tuple(_indicators(*told[-1], day, cohorts)))


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rule set makes of the portfolio, as known at a moment; nothing of it is written."""

    rules: str
    day: date
    told: Qualified


def rule_sets() -> list[str]:
    """The ids of the rule sets, oldest first."""
    return [rules.id for rules in load_rules()]


def qualified(settings: Settings, at: datetime | None, rule_set: str | None) -> Judged:
    """The portfolio as known at a moment (now by default), judged by a rule set (that of the day by default).

    Raises:
        NothingKnown: no portfolio was on record then.
    """
    services, night = services_of(settings), Night.of(at or utc_now())
    rules = rules_named(load_rules(), rule_set) if rule_set else rules_on(load_rules(), night.day)
    cohorts = stages.cohorts_of(services)
    with reading(settings.database_url) as connection:
        products = portfolios.products(connection, night.at)
        if not products:
            raise NothingKnown(f"No portfolio was known at {night.at:%Y-%m-%d %H:%M}.")
        told = qualifications.qualified(
            connection, products, stages.by_any_id(services), cohorts, rules, night
        )
    return Judged(rules.id, night.day, told)


def _indicators(at: datetime, products: Sequence[Product], day: date, cohorts: Cohorts) -> list[Row]:
    """The budget's table of the last year that is over on the day, the first of January included."""
    return plf_indicators.table(products, day.year - 1, cohorts.known(at))
