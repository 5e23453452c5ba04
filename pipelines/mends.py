"""Mends: for a figure that is lost on a page of tonight, the change of its service file that finds it again.

Only the archive is asked, and the page is parsed in a worker process, whoever sent it.  A mend is a
proposal: it is kept with the incident, and a person applies it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from connectors.catalog import SERVICES
from connectors.drift.last_seen import LastSeen, Mend
from connectors.drift.mend import MENDERS, mend
from connectors.drift.patch import patch
from connectors.errors import InvalidSpec, ReadingError
from connectors.extraction import Document, Notation
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher
from connectors.selectors import fold
from connectors.service import Page, Service
from pipelines.exchanges import Exchanges
from pipelines.visiting import Visitor
from warehouse import snapshots
from warehouse.archive import Archive
from warehouse.derived.incidents import Patch
from warehouse.derived.troubles import Trouble
from warehouse.errors import WarehouseError
from warehouse.history import MOMENT
from warehouse.night import Night
from warehouse.normalisation import numbers, units
from warehouse.tables import extractions, observations

MENDABLE = {"not_found", "ambiguous", "split_figure", "scale_unclear", "count_up"}
"""Troubles after which a figure may stand elsewhere on the same page."""

MOST = 40
"""Mends looked for in one night: more pages that broke at once are a fault of ours, not of theirs."""


def understand(exact: str, notation: Notation, unit: str) -> Decimal | None:
    """The value of printed characters in a unit; none when they are no number, or one of another unit."""
    try:
        printed = numbers.read(exact, notation=notation)
    except WarehouseError:
        return None
    return printed.value if units.agrees(unit, printed.unit_text) else None


@dataclass(slots=True)
class Mends:
    """Looks for mends in one night.  ``folder`` is where the service files are."""

    connection: sa.Connection
    archive: Archive
    extractor: Extractor
    services: Mapping[str, Service]
    folder: Path
    night: Night
    looked: int = field(default=0, init=False)

    def __call__(self, trouble: Trouble) -> Patch | None:
        """The patch that mends a trouble; none when nothing sure can be proposed."""
        page = self._page(trouble)
        seen = self._seen(trouble) if page else None
        if page is None or seen is None or trouble.metric_id is None or self.looked >= MOST:
            return None
        self.looked += 1
        found = self._found(page, trouble, seen)
        return self._patch(trouble, found) if found else None

    def _page(self, trouble: Trouble) -> Page | None:
        service = self.services.get(trouble.service_id)
        if service is None or trouble.kind not in MENDABLE:
            return None
        pages = service.on(self.night.day).pages
        having = (page for page in pages if trouble.metric_id in page.metrics and page.protocol in MENDERS)
        return next(having, None)

    def _seen(self, trouble: Trouble) -> LastSeen | None:
        """The figure as it was last read and understood."""
        query = (
            sa.select(extractions)
            .join(observations, observations.c.extraction_id == extractions.c.id)
            .where(
                observations.c.service_id == trouble.service_id,
                observations.c.metric_id == trouble.metric_id,
                observations.c.known_at < self.night.at + MOMENT,
            )
            .order_by(observations.c.period_end.desc(), observations.c.known_at.desc())
            .limit(1)
        )
        row = self.connection.execute(query).mappings().first()
        names = ("exact", "prefix", "suffix", "notation", "period_text")
        return LastSeen(**{name: row[name] for name in names}) if row else None

    def _found(self, page: Page, trouble: Trouble, seen: LastSeen) -> Mend | None:
        documents = self._documents(page, trouble.service_id)
        asked = self.extractor.run(mend, page, trouble.metric_id, seen, documents, understand)
        try:
            return asked.result()
        except ReadingError:
            return None

    def _documents(self, page: Page, service_id: str) -> tuple[Document, ...]:
        """The bodies of a page, as the archive has them of tonight."""
        kept = snapshots.answers(self.connection, self.night.day)
        visitor = Visitor(Exchanges(Fetcher(), self.archive, _over(self.night), kept), self.extractor)
        one = self.services[service_id].model_copy(update={"pages": (page,)})
        return visitor.visit(one)[0].documents

    def _patch(self, trouble: Trouble, found: Mend) -> Patch | None:
        file = self.folder / f"{trouble.service_id}.yml"
        shown = f"connectors/services/{file.name}" if self.folder == SERVICES else file.name
        try:
            diff = patch(file.read_text(encoding="utf-8"), shown, str(trouble.metric_id), found).diff
        except (InvalidSpec, OSError):
            return None
        because = f"{', '.join(found.reasons)} (confidence {found.confidence:.2f})"
        return Patch(f"it reads {fold(found.exact)!r} tonight: {because}.", diff)


def _over(night: Night) -> Night:
    """The night as a past one: nothing is fetched for it any more."""
    return Night(night.day, night.at + timedelta(days=2))
