"""What a new version of data costs: no wrong figure, the right reason, and most often a mend that works."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from connectors.catalog import load_file
from connectors.drift.last_seen import LastSeen, Mend
from connectors.drift.mend import mend
from connectors.drift.patch import patch
from connectors.extraction import Document, Extraction
from connectors.extractor import read_now
from connectors.locators import Locator, MatomoLocator, TableLocator
from connectors.service import Page
from connectors.text.csv_text import decode
from tests.connectors.drift.data_goldens import DATA, Golden, goldens, read
from tests.connectors.drift.mutations import REPLACED
from tests.connectors.drift.test_mutations import ENOUGH, understand
from tests.connectors.values import document

GOLDENS = tuple(goldens())
KEY = re.compile(r"[^\W\d]\w*(?: \w+)*")
Change = Callable[[Golden, Document], str]
"""From a golden page and one of its bodies to the text that a service publishes in its place."""


def names(locate: Locator) -> Iterator[str]:
    """What a locator names as its service chose: columns, cells, titles, series, labels, the last key.

    The measures of Matomo and the columns of the national schema are nobody's to rename.
    """
    said = locate.model_dump()
    free = not isinstance(locate, MatomoLocator)
    yield from (said.get("where") or {}).values()
    for key in ("column", "card", "chart", "series", "row", "label"):
        given = said.get(key)
        yield from given if isinstance(given, tuple) else [given] if isinstance(given, str) else []
    if isinstance(locate, TableLocator) and locate.value:
        yield locate.value
    elif free:
        yield from KEY.findall(str(said.get("path") or said.get("value") or ""))[-1:]
        yield from KEY.findall(str(said.get("date") or ""))[-1:] if said.get("date") is not True else ()


def renamed(golden: Golden, body: Document, new: Callable[[str], str]) -> str:
    """The text of a body in which everything that the page's locators name has another name."""
    text = decode(body.content)
    every = {name for metric in golden.page.metrics.values() for name in names(metric.locate)}
    written = {form(name): form(new(name)) for name in every if len(name) > 2 for form in FORMS}
    ways = "|".join(map(re.escape, sorted(written, key=len, reverse=True)))
    return re.sub(rf"(?<![\w%-])(?:{ways})(?![\w-])", lambda found: written[found[0]], text) if ways else text


FORMS: tuple[Callable[[str], str], ...] = (quote, lambda name: json.dumps(name)[1:-1], str)
"""How a body may write a name; a name that is written alike in all forms is a text."""


def is_key(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z_]\w*", name) is not None and (name[0].islower() or name.isupper())


def prefixed(golden: Golden, body: Document) -> str:
    return renamed(golden, body, lambda name: f"nb_{name}" if is_key(name) else f"Nombre de {name}")


def suffixed(golden: Golden, body: Document) -> str:
    return renamed(
        golden, body, lambda name: f"{name}Total" if is_key(name) else f"{name} depuis le lancement"
    )


def unnamed(golden: Golden, body: Document) -> str:
    """Names of no likeness: only what was known of the figure can find it."""
    return renamed(golden, body, lambda name: f"k{len(name)}" if is_key(name) else f"Zyx{len(name)}")


def emptied(golden: Golden, body: Document) -> str:
    """Every figure is gone, and its name stays."""
    return _other(golden, body, "")


def withdrawn(golden: Golden, body: Document) -> str:
    """Every figure is gone, and its name too: another one, of another name, has its place."""
    text = _other(golden, body, "31")
    return unnamed(golden, document(text, body.content_type, body.url))


def _other(golden: Golden, body: Document, digits: str) -> str:
    text = decode(body.content)
    figures = (each for some in golden.known.values() for each in some.values())
    for each in sorted(figures, key=lambda each: -each.start):
        if each.body_sha256 == body.sha256:
            quoted = text[each.start - 1 : each.start] in ('"', "'") or body.url.endswith(".csv")
            instead = digits or ("" if quoted or each.locator_kind == "csv" else "null")
            text = text[: each.start] + instead + text[each.end :]
    return text


CHANGES: tuple[tuple[Change, bool], ...] = (
    (prefixed, True),
    (suffixed, True),
    (unnamed, False),
    (emptied, False),
    (withdrawn, False),
)
"""Each change, and whether what it leaves of the names can lead to the figures."""

CODES = {"not_found", "ambiguous", "empty", "wrong_format", "empty_shell"}
"""What rightly tells why data are lost; a page of nothing but data that are lost is an empty shell."""

of_each_protocol = pytest.mark.parametrize("protocol", DATA)


def changed(golden: Golden, change: Change) -> list[Document]:
    def now(body: Document) -> Document:
        return document(change(golden, body), body.content_type, body.url)

    return golden.asked(now)


def value(figure: Extraction, page: Page) -> object:
    return understand(figure.exact, figure.notation, page.metrics[figure.metric_id].unit)


def wrong(golden: Golden, found: Extraction) -> bool:
    """Whether characters mean another value than what is known of that date; unreadable ones mean none."""
    now, known = value(found, golden.page), golden.known.get(found.metric_id, {}).get(found.period_text)
    return now is not None and (known is None or now != value(known, golden.page))


def is_lost(golden: Golden, metric_id: str, documents: list[Document]) -> bool:
    return metric_id not in read(golden.page, documents)


def patched(golden: Golden, metric_id: str, found: Mend, folder: Path) -> Page:
    """The page as its service file says it with the patch."""
    said: dict[str, Any] = golden.page.model_dump(mode="json", exclude_defaults=True, exclude={"valid_until"})
    for name, each in golden.page.metrics.items():
        said["metrics"][name]["locate"] = each.locate.model_dump(mode="json", exclude_defaults=True)
    service = {"id": "x", "name": "X", "incubator": "y", "pages": [said]}
    text = yaml.safe_dump(service, allow_unicode=True, sort_keys=False, width=10_000)
    file = folder / "x.yml"
    file.write_text(patch(text, "x.yml", metric_id, found).text, "utf-8")
    return load_file(file).pages[0]


def outcome(golden: Golden, metric_id: str, documents: list[Document], folder: Path) -> str:
    """What the mend of a lost figure is worth: it ``works``, ``misleads``, or there is none."""
    last = list(golden.known[metric_id].values())[-1]
    found = mend(golden.page, metric_id, LastSeen.of(last), documents, understand)
    if found is None:
        return "none"
    again = read(patched(golden, metric_id, found, folder), documents).get(metric_id, {})
    right = last.period_text in again and not any(wrong(golden, each) for each in again.values())
    return "works" if right else "misleads"


def table(protocol: str, change: Change, folder: Path) -> Counter[str]:
    """How many figures of a protocol a change loses, and what becomes of each."""
    counts: Counter[str] = Counter()
    for golden in GOLDENS:
        documents = changed(golden, change) if golden.page.protocol == protocol else []
        for metric_id in golden.known if documents else ():
            if is_lost(golden, metric_id, documents):
                counts[outcome(golden, metric_id, documents, folder)] += 1
    return counts


@pytest.mark.parametrize("change", [change for change, _ in CHANGES], ids=lambda change: change.__name__)
@of_each_protocol
def test_a_new_version_gives_no_wrong_figure_and_tells_what_it_costs(protocol: str, change: Change) -> None:
    for golden in (each for each in GOLDENS if each.page.protocol == protocol):
        documents = changed(golden, change)
        reading = read_now("s", golden.page, documents)
        given = {each.metric_id for each in reading.extractions}
        lost = {each.reason for each in reading.absences if each.metric_id not in given}
        assert lost <= CODES, (golden.name, reading.absences)
        if change is not withdrawn:  # there a figure of another meaning has the old place and name
            assert not [each for each in reading.extractions if wrong(golden, each)], golden.name


@of_each_protocol
def test_most_figures_lost_are_given_a_patch_that_reads_them(protocol: str, tmp_path: Path) -> None:
    tables = {change.__name__: table(protocol, change, tmp_path) for change, there in CHANGES if there}
    total = sum(tables.values(), Counter())
    assert not total["misleads"], tables
    assert total["works"] >= ENOUGH * total.total(), tables


@of_each_protocol
def test_no_other_figure_is_given_for_one_that_is_gone(protocol: str, tmp_path: Path) -> None:
    gone = (table(protocol, change, tmp_path) for change, there in CHANGES if not there)
    assert not sum(gone, Counter())["misleads"]


@pytest.mark.parametrize("code", [code for code in REPLACED if code != "not_found"])
def test_a_page_in_the_place_of_data_gives_nothing(code: str) -> None:
    for golden in GOLDENS:
        documents = golden.asked(lambda body: document(REPLACED[code], "text/html", body.url))
        assert read(golden.page, documents) == {}, golden.name
        for metric_id, some in golden.known.items():
            last = LastSeen.of(list(some.values())[-1])
            assert mend(golden.page, metric_id, last, documents, understand) is None, golden.name
