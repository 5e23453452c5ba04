"""Letters: one Markdown file per service whose page could not be read whole."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from connectors.clock import utc_now
from pipelines.errors import NotASite, SiteNotWritten
from pipelines.letters.advice import OURS, mended
from pipelines.services import services_of
from pipelines.settings import Settings
from pipelines.site.page import plain
from pipelines.site.record import file_of
from pipelines.site.words import FILTERS
from warehouse.database import reading
from warehouse.history import Row
from warehouse.publication.incidents import TABLE
from warehouse.publication.publication import Publication, publication_at
from warehouse.words import TROUBLES

HERE = Path(__file__).parent


def write_letters(settings: Settings, folder: Path, at: datetime | None = None) -> list[str]:
    """Write the letters into a folder, and remove those that are no longer due.

    Returns:
        The names of the files, in order.

    Raises:
        NothingPublished: no night has passed its checks.
        InvalidSpec: a service file cannot be used.
        NotASite: the folder holds something else.
        SiteNotWritten: a file cannot be written.
    """
    with reading(settings.database_url) as connection:
        due = letters(publication_at(connection, at or utc_now(), services_of(settings).services))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        foreign = [one.name for one in sorted(folder.iterdir()) if one.suffix not in (".md", ".new")]
        if foreign:
            raise NotASite(f"The folder {folder} holds {foreign[0]}, which is no letter.")
        for name, text in due.items():
            _replace(folder / name, text)
        for file in folder.iterdir():
            if file.name not in due:
                file.unlink()
    except OSError as error:
        raise SiteNotWritten(f"The letters cannot be written to {folder}: {error.strerror}.") from error
    return list(due)


def letters(publication: Publication) -> dict[str, str]:
    """The letters that are due, by the name of their file."""
    template = _environment().get_template("letter.md.j2")
    told: dict[str, list[Row]] = {}
    for row in TABLE.rows(publication):
        if row["last_night"] is None and row["kind"] not in OURS:
            told.setdefault(row["service_id"], []).append(dict(row))
    return {
        f"{file_of(service_id)}.md": template.render(_said(publication, service_id, told[service_id]))
        for service_id in sorted(told)
    }


def _said(publication: Publication, service_id: str, rows: list[Row]) -> Row:
    followed = sum(service == service_id for service, _ in publication.metrics)
    return {
        "name": publication.name(service_id),
        "points": _points(rows),
        "pages": list(dict.fromkeys(row["page_url"] for row in rows)),
        "missing": _figures(row for row in rows if row["kind"] not in TROUBLES),
        "doubtful": _figures(row for row in rows if row["kind"] in TROUBLES),
        "whole": any(row["metric_id"] is None for row in rows),
        "followed": followed,
    }


def _figures(rows: Iterable[Row]) -> int:
    return len({row["metric_id"] for row in rows if row["metric_id"]})


def _points(rows: list[Row]) -> list[Row]:
    """What is wrong, once for each kind: the same change mends all the figures that it names."""
    kinds: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row["first_night"], row["kind"], row["label"] or "")):
        kinds.setdefault(row["kind"], []).append(row)
    return [
        {
            "seen": mended(kind).seen,
            "change": mended(kind).change,
            "labels": [row["label"] for row in group if row["label"]],
            "since": group[0]["first_night"],
        }
        for kind, group in kinds.items()
    ]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  Markdown: what others wrote is made harmless by ``words``
    )
    environment.filters |= dict(FILTERS) | {"words": harmless}
    return environment


def harmless(text: str | None) -> str:
    r"""Somebody else's words on one line, such that Markdown takes none of them for markup.

    >>> harmless("a <b>*c*")
    'a \\<b\\>\\*c\\*'
    """
    line = " ".join(plain(text).split())
    return "".join(f"\\{one}" if one in "\\`*_{}[]<>#|!~&" else one for one in line)


def _replace(file: Path, text: str) -> None:
    temporary = file.with_name(f"{file.name}.new")
    temporary.write_text(text, "utf-8", errors="replace", newline="\n")
    temporary.replace(file)
