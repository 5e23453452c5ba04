"""Short ways to build what a warehouse is fed with: service files, pages, nights."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from connectors.extraction import Absence, Extraction, Reading
from connectors.locators import HtmlLocator, JsonLocator
from connectors.service import Metric, Page, Service
from connectors.snapshot import Snapshot
from warehouse import extractions, metrics, observations, snapshots
from warehouse.archive import Archive
from warehouse.history import Row
from warehouse.night import Night
from warehouse.observations import Tonight
from warehouse.snapshots import Visit

Printed = str | Sequence[tuple[str, str]]
"""The characters of one figure; or rows of (date, characters)."""

URL = "https://essai.example/stats"


def night(day: str, hour: int = 3, *, of: str | None = None) -> Night:
    """The night of a day, known at an hour of it (UTC); or one ``of`` an earlier day, seen from there."""
    at = datetime.combine(date.fromisoformat(day), time(hour), UTC)
    return Night.of(at, date.fromisoformat(of) if of else None)


def metric(**more: Any) -> Metric:
    given = {
        "label": "Dossiers",
        "unit": "dossier",
        "nature": "cumulative",
        "dimension": "utilisé",
        "kind": "usage",
        "reach": "people",
        "locate": HtmlLocator(css="b"),
    }
    return Metric(**{**given, **more})


def chart(**more: Any) -> Metric:
    """A metric whose figures each bear a date."""
    return metric(locate=JsonLocator(rows="$[*]", value="$.value", date="$.date"), **more)


def service(*, page_note: str | None = None, **figures: Metric) -> Service:
    """A service with one page and these metrics (``dossiers`` alone when none is given)."""
    page = Page(url=URL, protocol="html", metrics=figures or {"dossiers": metric()}, dated=_dated(page_note))
    return Service(id="essai", name="Essai", incubator="dinum", pages=(page,))


def _dated(note: str | None) -> HtmlLocator | None:
    """Changes the version of a page, and nothing that the warehouse looks at."""
    return HtmlLocator(css=note) if note else None


def snapshot(body: bytes, at: datetime, url: str = URL, status: int = 200) -> Snapshot:
    return Snapshot(url, at, status, "OK", (("Host", "essai.example"),), (), body, body)


def extraction(
    about: Service,
    metric_id: str,
    sha256: str,
    exact: str,
    date: str | None = None,
    start: int = 0,
    reader: str = "html/1",
) -> Extraction:
    return Extraction(
        service_id=about.id,
        metric_id=metric_id,
        body_sha256=sha256,
        locator_kind="css",
        locator=f"b:nth-of-type({start + 1})",
        exact=exact,
        prefix="",
        suffix=" dossiers",
        start=start,
        end=start + len(exact),
        notation="french",
        period_text=date,
        spec_version=about.pages[0].version,
        reader=reader,
    )


class World:
    """A warehouse fed night by night with what the page of one service prints."""

    def __init__(self, engine: sa.Engine, archive: Archive, about: Service | None = None) -> None:
        self.engine = engine
        self.archive = archive
        self.service = about or service()
        self.reader = "html/1"

    @property
    def services(self) -> Mapping[str, Service]:
        return {self.service.id: self.service}

    def shows(self, when: Night | str, missing: str | None = None, **printed: Printed) -> Tonight:
        """One whole night: the page prints this, and is kept, read and understood.

        The same words make the same bytes.  ``missing`` names a metric that the page lost.
        """
        on = night(when) if isinstance(when, str) else when
        body = json.dumps(printed).encode()
        with self.engine.begin() as connection:
            metrics.declare(connection, self.services.values(), on)
            hops = (snapshot(body, on.at),)
            snapshots.keep(connection, self.archive, on, [Visit(self.service.id, URL, hops)])
            extractions.keep(connection, on, [self._reading(on, hops[0].sha256, printed, missing)])
            return observations.tell(connection, self.services, on)

    def is_down(self, when: Night | str) -> Tonight:
        """A night on which nobody answered."""
        on = night(when) if isinstance(when, str) else when
        gone = [absence(self.service.id, metric_id) for metric_id in self.service.metrics]
        with self.engine.begin() as connection:
            metrics.declare(connection, self.services.values(), on)
            extractions.keep_absences(connection, on, gone)
            return observations.tell(connection, self.services, on)

    def read_again(self, on: Night, about: Service, **printed: Printed) -> Tonight:
        """The bytes of a night, read anew as another service file says."""
        self.service = about
        with self.engine.begin() as connection:
            metrics.declare(connection, self.services.values(), on)
            (row,) = snapshots.answers(connection, on.day).values()
            extractions.keep(connection, on, [self._reading(on, row["sha256"], printed, None)])
            return observations.tell(connection, self.services, on)

    def _reading(
        self, on: Night, sha256: str, printed: Mapping[str, Printed], missing: str | None
    ) -> Reading:
        serving = self.service.on(on.day)
        found = [
            extraction(serving, metric_id, sha256, exact, day, place, self.reader)
            for metric_id, said in printed.items()
            for place, (day, exact) in enumerate([(None, said)] if isinstance(said, str) else said)
        ]
        lost = [absence(self.service.id, missing, "not_found", sha256)] if missing else []
        return Reading(tuple(found), tuple(lost))

    def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[Row]:
        """What a table holds, in the order in which it was known."""
        order = sa.select(table).where(*where).order_by(table.c.known_at, table.c.id)
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(order).mappings()]

    def count(self, *tables: sa.Table) -> list[int]:
        return [len(self.rows(table)) for table in tables]


def absence(
    service_id: str, metric_id: str, reason: str = "unreachable", sha256: str | None = None
) -> Absence:
    return Absence(
        service_id, metric_id, reason, f"{service_id} did not show it.", "Try again.", True, sha256
    )


def values(tonight: Tonight) -> list[Decimal]:
    return [row["value"] for row in tonight.rows]
