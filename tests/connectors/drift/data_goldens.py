"""Golden bodies of the protocols that read data, each with the file that reads them and what it reads.

They are the saved pages of services, and the bodies of ``tests/connectors/bodies`` with their locators.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import yaml

from connectors.catalog import load_file
from connectors.extraction import Document, Extraction
from connectors.extractor import Extractor, read_now
from connectors.locators import EmbeddedLocator
from connectors.service import Page
from tests.connectors import test_bodies, test_embedded
from tests.connectors.values import document, page
from tests.tools.replica_server import SAVED, SPECS, TYPES, body_of, days

DATA = ("table", "matomo", "embedded", "metabase", "superset")

Known = dict[str, dict[str | None, Extraction]]
"""What a page gives, metric by metric and date by date."""


@dataclass(frozen=True)
class Golden:
    """A page, its bodies by the address that gives them, and what is read on them."""

    name: str
    page: Page
    bodies: Mapping[str, Document]
    known: Known

    def asked(self, change: Callable[[Document], Document]) -> list[Document]:
        """The documents that a night asks for, each as the service changed it."""
        extractor, given = Extractor(), list[Document]()
        wanted: tuple[str, ...] = (extractor.address(self.page),)
        while wanted := tuple(url for url in wanted if url not in {each.url for each in given}):
            there = [change(self.bodies[url]) for url in wanted if url in self.bodies]
            if not there:
                break
            given += there
            wanted = extractor.follow(self.page, given)
        return given


def read(one: Page, documents: list[Document]) -> Known:
    known: Known = {}
    for each in read_now("s", one, documents).extractions if documents else ():
        known.setdefault(each.metric_id, {})[each.period_text] = each
    return known


def goldens() -> Iterator[Golden]:
    """Every page of data that gives a figure, under its protocol and its service or body."""
    for name, one, bodies in (*_of_services(), *_of_bodies(), *_embedded()):
        empty = Golden(name, one, bodies, {})
        known = read(one, empty.asked(lambda body: body))
        if known:
            yield replace(empty, known=known)


def _of_services() -> Iterator[tuple[str, Page, Mapping[str, Document]]]:
    for service_id in SAVED:
        day = max(days(service_id))
        for one in load_file(SPECS / f"{service_id}.yml").on(day).pages:
            if one.protocol in DATA and one.first is None:
                yield f"{one.protocol}/{service_id}", one, _Saved(service_id, day)


class _Saved(dict[str, Document]):
    """The saved bodies of a service, by their addresses."""

    def __init__(self, service_id: str, day: date) -> None:
        super().__init__()
        self.service_id, self.day = service_id, day

    def __contains__(self, url: object) -> bool:
        return body_of(self.service_id, self.day, str(url)) is not None

    def __getitem__(self, url: str) -> Document:
        file = body_of(self.service_id, self.day, url)
        assert file is not None
        return document(file.read_bytes(), TYPES[file.suffix], url)


def _of_bodies() -> Iterator[tuple[str, Page, Mapping[str, Document]]]:
    for protocol in ("table", "matomo", "superset"):
        for case in yaml.safe_load((test_bodies.BODIES / protocol / "answers.yml").read_text("utf-8")):
            one = test_bodies.spec(protocol, case)
            given = test_bodies.documents(protocol, case)
            yield f"{protocol}/{case['body']}", one, {each.url: each for each in given}


def _embedded() -> Iterator[tuple[str, Page, Mapping[str, Document]]]:
    for case in test_embedded.CASES:
        one = page("embedded", EmbeddedLocator(**case["locate"]))
        saved = replace(test_embedded.saved(case["body"]), url=str(one.url))
        yield f"embedded/{case['body']}", one, {saved.url: saved}
