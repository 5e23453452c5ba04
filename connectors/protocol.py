"""Protocol: one way of publishing figures; and what its reader hands back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from connectors.errors import Ambiguous, NotFound, ReadingError
from connectors.extraction import Absence, Document, Extraction, Notation, Reading
from connectors.service import Metric, Page


@dataclass(frozen=True, slots=True)
class Found:
    """One figure found on a body: an :class:`Extraction` that does not know yet whose it is."""

    body_sha256: str
    locator_kind: Literal["css", "jsonpath", "csv"]
    locator: str
    exact: str
    prefix: str
    suffix: str
    start: int
    end: int
    notation: Notation
    period_text: str | None = None


def own_address(page: Page) -> str:
    """The page's own URL: where most protocols begin."""
    return str(page.url)


def nothing_more(page: Page, documents: Sequence[Document]) -> tuple[str, ...]:  # noqa: ARG001
    """No further address: one document holds everything."""
    return ()


def not_ours(document: Document) -> None:
    """A refusal that says nothing in the protocol's words: its status says it all."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """A way of publishing figures, as pure functions.

    ``address`` gives the first URL to fetch.  ``follow`` gives those still to be fetched, from
    the documents received so far; it may go on naming an address that failed, so a caller asks
    for each address once.  ``read`` gives, for a service id, a page and its documents in the
    order of fetching, a reading in which every metric of the page appears.

    ``refused`` gives what an answer that is no body (another status than 2xx, a login page) says in this
    protocol, or None.  An answer with such a status is handed to ``read`` when ``refused`` understands it.
    """

    name: str
    version: int
    read: Callable[[str, Page, Sequence[Document]], Reading]
    address: Callable[[Page], str] = own_address
    follow: Callable[[Page, Sequence[Document]], tuple[str, ...]] = nothing_more
    refused: Callable[[Document], ReadingError | None] = not_ours


def written(metric: Metric) -> Notation:
    """How the page writes the digits of ``metric`` in text, as its spec declares."""
    return "dot" if metric.decimal == "." else "french"


def gather(
    service_id: str,
    page: Page,
    reader: str,
    body_sha256: str,
    find: Callable[[Metric], Iterable[Found | ReadingError]],
) -> Reading:
    """The reading of a whole page from a function that finds one metric.

    ``find`` gives what it found; it raises a :class:`ReadingError` when the metric is absent, or
    gives the error among its findings when only some rows are.
    """
    extractions: list[Extraction] = []
    absences: list[Absence] = []
    version = page.version
    for metric_id, metric in page.metrics.items():
        found, errors = _sorted(find, metric)
        extractions += [_extraction(each, service_id, metric_id, version, reader) for each in found]
        if errors or not found:
            absences.append(Absence.because(_summary(errors), service_id, metric_id, body_sha256))
    return Reading(tuple(extractions), tuple(absences))


def absent(service_id: str, page: Page, error: ReadingError, body_sha256: str | None) -> Reading:
    """The reading in which no metric of the page is found, all for one reason."""
    because = (Absence.because(error, service_id, metric_id, body_sha256) for metric_id in page.metrics)
    return Reading((), tuple(because))


def nothing_matched(reading: Reading) -> bool:
    """Whether no locator of the page found its place: the page may be something else altogether."""
    return not reading.extractions and all(each.reason == NotFound.code for each in reading.absences)


def _sorted(
    find: Callable[[Metric], Iterable[Found | ReadingError]], metric: Metric
) -> tuple[list[Found], list[ReadingError]]:
    found: list[Found] = []
    errors: list[ReadingError] = []
    try:
        for each in find(metric):
            if isinstance(each, ReadingError):
                errors.append(each)
            else:
                found.append(each)
    except ReadingError as error:
        errors.append(error)
    kept, clashes = _one_for_each_date(found)
    return kept, errors + clashes


def _one_for_each_date(found: Sequence[Found]) -> tuple[list[Found], list[ReadingError]]:
    """Of a figure printed twice under one date, one; of two different figures, neither."""
    kept: list[Found] = []
    clashes: list[ReadingError] = []
    dated: dict[str, dict[str, Found]] = {}
    for each in found:
        if each.period_text is None:
            kept.append(each)
        else:
            dated.setdefault(each.period_text, {}).setdefault(each.exact, each)
    for date, figures in dated.items():
        if len(figures) == 1:
            kept += figures.values()
        else:
            clashes.append(
                Ambiguous(f"{len(figures)} figures have the date {date!r}: {' and '.join(figures)[:80]}")
            )
    return kept, clashes


def _summary(errors: Sequence[ReadingError]) -> ReadingError:
    """One absence tells all the rows of a metric that hold no figure, by the first and their number."""
    if not errors:
        return NotFound("nothing was found")
    others = f" (and {len(errors) - 1} more rows)" if len(errors) > 1 else ""
    return type(errors[0])(f"{errors[0]}{others}")


def _extraction(found: Found, service_id: str, metric_id: str, version: str, reader: str) -> Extraction:
    return Extraction(
        service_id=service_id,
        metric_id=metric_id,
        body_sha256=found.body_sha256,
        locator_kind=found.locator_kind,
        locator=found.locator,
        exact=found.exact,
        prefix=found.prefix,
        suffix=found.suffix,
        start=found.start,
        end=found.end,
        notation=found.notation,
        period_text=found.period_text,
        spec_version=version,
        reader=reader,
    )
