"""Mending the date that a page states for its figures: they are where they were, and it is elsewhere."""

import re
from collections.abc import Iterator, Sequence

from connectors.discovery.periods import NAMED, Day, when
from connectors.drift.json_places import name, places
from connectors.drift.last_seen import LastSeen, Mend, Understand
from connectors.drift.likeness import RENAMED, alike, closeness
from connectors.extraction import Document, Extraction
from connectors.extractor import read_now
from connectors.locators import HtmlLocator, JsonLocator
from connectors.selectors import fold
from connectors.service import Page
from connectors.text.html_text import parse as parse_html
from connectors.text.html_tree import Html
from connectors.text.json_text import parse as parse_json
from connectors.text.json_text import query

_MONTH = rf"(?:{NAMED})\w*\.?"
_PARTS = re.compile(rf"(?P<month>\b{_MONTH})|(?P<year>\d{{4}})|(?P<day>\d{{1,2}}(?:er)?)", re.IGNORECASE)
_DATE = re.compile(
    rf"\d{{4}}-\d\d(?:-\d\d)?|(?:\d{{1,2}}/)?\d{{1,2}}/\d{{4}}|(?:\d{{1,2}}(?:er)? )?\b{_MONTH} \d{{4}}",
    re.IGNORECASE,
)
_WORDS_BEFORE = 3
_FURTHEST = 12
"""Months by which a date may be later than the one last seen."""

Dated = HtmlLocator | JsonLocator


def mend_date(
    page: Page, metric_id: str, seen: LastSeen, documents: Sequence[Document], understand: Understand
) -> Mend | None:
    """Where the date of a page stands now; see :func:`connectors.drift.mend.mend`.

    It is the only text of the page written as the last date was, and not before it.  None unless the
    figure itself is found where it was: then the date is all that is lost.
    """
    metric = page.metrics[metric_id]
    figure = _figure(page, metric_id, None, documents)
    if page.dated is None or figure is None or seen.period_text is None:
        return None
    last = understand(seen.exact, seen.notation, metric.unit)
    now = understand(figure.exact, figure.notation, metric.unit)
    if not closeness(last, now, metric) or _figure(page, metric_id, page.dated, documents):
        return None
    read = {each: _figure(page, metric_id, each, documents) for each in _options(page, seen, documents)}
    dates = {each: it.period_text for each, it in read.items() if it and _follows(it.period_text, seen)}
    if len(set(dates.values())) != 1:
        return None
    locate = next(iter(dates))
    reasons = ("the figure is where it was", f"{dates[locate]!r} is the only date written as the last one")
    return Mend(locate, None, figure.exact, RENAMED, reasons, "dated")


def _figure(
    page: Page, metric_id: str, dated: Dated | None, documents: Sequence[Document]
) -> Extraction | None:
    """The figure of a metric, when it is exactly one, with the date that a locator finds."""
    only = {"metrics": {metric_id: page.metrics[metric_id]}, "dated": dated}
    found = read_now("mended", page.model_copy(update=only), documents).extractions
    return found[0] if len(found) == 1 else None


def _follows(text: str | None, seen: LastSeen) -> bool:
    """Whether a date is the last one seen, or later by a year at most."""
    now, last = _day(text), _day(seen.period_text)
    months = 12 * (now[0] - last[0]) + now[1] - last[1] if now and last else -1
    return now is not None and last is not None and now >= last and months <= _FURTHEST


def _day(text: str | None) -> Day | None:
    found = _DATE.findall(fold(text or ""))
    return when(found[0]) if len(found) == 1 else None


def _options(page: Page, seen: LastSeen, documents: Sequence[Document]) -> Iterator[Dated]:
    form = _form(fold(seen.period_text or ""))
    if isinstance(page.dated, JsonLocator):
        yield from _in_json(page.dated, form, documents[0])
    elif isinstance(page.dated, HtmlLocator):
        yield from _in_html(page.dated, form, documents[0])


def _form(date: str) -> str:
    """A pattern of the texts that are written as a date is, word for word but for day, month and year."""
    pattern, at = "", 0
    for part in _PARTS.finditer(date):
        kind = _MONTH if part["month"] else r"\d{4}" if part["year"] else r"\d{1,2}(?:er)?"
        pattern += re.escape(date[at : part.start()]) + kind
        at = part.end()
    return pattern + re.escape(date[at:])


def _in_json(old: JsonLocator, form: str, document: Document) -> Iterator[JsonLocator]:
    """The texts of this form under the old name or a rewording of it; under any, where there is only one."""
    value = parse_json(document).value
    of_form = [each for each in places(JsonLocator(value=old.value), value) if _holds(each, form, value)]
    named = [each for each in of_form if alike(name(old), name(each)) >= RENAMED]
    yield from named or of_form


def _holds(locate: JsonLocator, form: str, value: object) -> bool:
    nodes = query(locate.value, value)
    return len(nodes) == 1 and bool(re.fullmatch(form, fold(str(nodes[0].value)), re.IGNORECASE))


def _in_html(old: HtmlLocator, form: str, document: Document) -> Iterator[HtmlLocator]:
    """The old words anywhere on the page; else each date of this form, after the words before it."""
    if old.pattern:
        yield HtmlLocator(css="body", pattern=old.pattern)
    html = Html(parse_html(document))
    body = fold(html.content[slice(*html.span(html.soup.body))]) if html.soup.body else ""
    for match in re.finditer(rf"(?<![\w/-]){form}(?![\w/-])", body, re.IGNORECASE):
        before = r"\s*".join(map(re.escape, _words(body[: match.start()])))
        yield HtmlLocator(css="body", pattern=rf"{before}\s*(?<![\w/-])(?P<figure>{form})(?![\w/-])")


def _words(text: str) -> list[str]:
    """The last words of a text, after its last number, which another night may print otherwise."""
    words = text.split()[-_WORDS_BEFORE:]
    numbers = [at for at, word in enumerate(words, 1) if re.search(r"\d", word)]
    return words[max(numbers, default=0) :]
