"""Search: the index that the script reads, and the page that shows what it finds."""

import json
from collections.abc import Iterator

from pipelines.site.page import Page, plain
from pipelines.site.record import Record, file_of
from pipelines.site.words import amount


def pages(record: Record) -> Iterator[Page]:
    """The page, and the index as a script: a page opened from a disk may not read other files."""
    found = [*_services(record), *_figures(record)]
    text = json.dumps(found, ensure_ascii=True, separators=(",", ":"))
    yield Page("recherche.html", "search.html.j2", {})
    yield Page("recherche-index.js", "search-index.js.j2", {"index": text})


def _services(record: Record) -> Iterator[list[str | None]]:
    for service_id in record.services:
        name = plain(record.publication.name(service_id))
        yield [name, "Service", f"services/{file_of(service_id)}.html", f"{name} {service_id}"]


def _figures(record: Record) -> Iterator[list[str | None]]:
    for row in record.figures:
        service, label = plain(row["service"]), plain(row["label"])
        said = amount(row["value"], row["unit"]) or "chiffre refusé par un contrôle"
        words = f"{label} {service} {row['service_id']} {row['unit']}"
        yield [f"{label} : {said}", service, f"figures/{row['id']}.html", words]
