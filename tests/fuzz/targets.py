"""What is fuzzed: for each target a function of any bytes, which raises only when something is broken.

A typed refusal is a good answer.  Any other error, and any answer that breaks its own promise, is a finding.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import get_args

from connectors import catalog
from connectors.errors import InvalidPortfolio, InvalidSpec, UnreadableReport
from connectors.extraction import Notation
from connectors.extractor import read_now
from connectors.locators import HtmlLocator, JsonLocator, Locator, TableLocator
from connectors.portfolio import read as read_portfolio
from connectors.reports.names import Names
from connectors.reports.reader import read_report
from connectors.service import Page
from connectors.specs.rules import locator_faults
from tests.connectors.values import document, page
from warehouse.errors import MalformedWarc, UnknownPeriod, UnreadableNumber, Unstorable
from warehouse.normalisation import numbers, periods
from warehouse.types import fits
from warehouse.warc_import import WarcFile

Target = Callable[[bytes], None]

NOTATIONS: tuple[Notation, ...] = get_args(Notation)
_REPORTS = ("text/plain; charset=utf-8", "text/html; charset=utf-8", "application/pdf", "")


def of_numbers(data: bytes) -> None:
    """A number is inside its own bounds, fits the databases, and is refused or read the same twice."""
    notation = NOTATIONS[data[0] % len(NOTATIONS)] if data else "french"
    text = data[1:].decode("utf-8", "replace")
    with suppress(UnreadableNumber):
        it = numbers.read(text, notation=notation)
        assert it.text == text
        for bound in (it.value, it.low, it.high):
            assert bound is None or (bound.is_finite() and fits(bound)), bound
        assert it.value is not None or it.qualifier == "not_available"
        assert it.low is None or it.value is None or it.low <= it.value
        assert it.high is None or it.value is None or it.value <= it.high
        assert it.value is None or re.search("[0-9]", text), "a figure out of no digit"


def of_dates(data: bytes) -> None:
    """A period begins before it ends."""
    with suppress(UnknownPeriod):
        period = periods.read_period(data.decode("utf-8", "replace"))
        assert isinstance(period.end, date)
        assert period.start is None or period.start <= period.end


def of_locators(data: bytes) -> None:
    """A locator that a file may hold finds a figure or a reason on any page; never a fault of ours."""
    kind, _, rest = data.partition(b"\n")
    where, _, body = rest.partition(b"\n")
    asked = _page(kind.decode("utf-8", "replace"), where.decode("utf-8", "replace"))
    if asked is None:
        return
    given = document(body)
    reading = read_now("s", asked, [given])
    assert reading.extractions or reading.absences, "a metric without figure or reason"
    for absence in reading.absences:
        assert absence.reason != "reading_error", absence.sentence
    for it in reading.extractions:
        assert it.exact.strip(), "a figure without characters"


def _page(kind: str, where: str) -> Page | None:
    """A page with this locator, when a service file may hold it."""
    protocol, _, attribute = kind.partition(" ")
    locators: dict[str, Callable[[], Locator]] = {
        "html": lambda: HtmlLocator(css=where, attribute=attribute or None),
        "label": lambda: HtmlLocator(label=where, within="div", value="p"),
        "pattern": lambda: HtmlLocator(css="p", pattern=r"(?P<figure>\d[\d ]*)" + re.escape(where)),
        "json": lambda: JsonLocator(value=where),
        "rows": lambda: JsonLocator(rows=where, value="$.v", date="$.d"),
        "table": lambda: TableLocator(column=where),
    }
    if protocol not in locators:
        return None
    try:
        locator = locators[protocol]()
    except ValueError:  # what the shape of a service file refuses
        return None
    if any(locator_faults(locator)):
        return None
    asked = {"label": "html", "pattern": "html", "rows": "json"}.get(protocol, protocol)
    return page(asked, locator)


def of_specs(data: bytes) -> None:
    """A service file is a service, or has faults with their lines."""
    with _file(data, "x.yml") as path, suppress(InvalidSpec):
        catalog.load_file(path)


def of_warcs(data: bytes) -> None:
    """A foreign file is refused whole, or each of its captures is an exchange or is set aside."""
    with _file(data, "x.warc") as path, suppress(MalformedWarc), WarcFile(path) as warc:
        for capture in warc.captures:
            with suppress(Unstorable):
                assert warc.load(capture).url == capture.url


def of_reports(data: bytes) -> None:
    """Every run of digits of a report is in a claim, unplaced, or skipped; every quote stands there."""
    form = _REPORTS[data[0] % len(_REPORTS)] if data else ""
    with suppress(UnreadableReport):
        report = read_report(data[1:], form, 2023, Names([]))
        numbers_told = [claim.exact for claim in report.claims]
        numbers_told += [left.number for left in report.unplaced]
        numbers_told += [left.number for left in report.skipped]
        told: set[int] = set()
        for number in numbers_told:
            assert report.text[number.start : number.end] == number.text
            told.update(range(number.start, number.end))
        lost = [it[0] for it in re.finditer(r"\d+", report.text) if not told.issuperset(range(*it.span()))]
        assert not lost, lost[:3]


def of_portfolios(data: bytes) -> None:
    """A portfolio is read, or is not the shape its API promises."""
    with suppress(InvalidPortfolio):
        read_portfolio(data)


@contextmanager
def _file(data: bytes, name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        yield path


TARGETS: dict[str, Target] = {
    "numbers": of_numbers,
    "dates": of_dates,
    "locators": of_locators,
    "specs": of_specs,
    "warcs": of_warcs,
    "reports": of_reports,
    "portfolios": of_portfolios,
}
"""Each with its corpus in ``corpus/<name>``; adding one is a line here and a few files there."""
