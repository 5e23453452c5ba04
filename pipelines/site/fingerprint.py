"""Fingerprint: one hash of all that decides the site, so that an unchanged one costs one read.

What may be read at a moment is decided by the rows and by which of them were known then
(``publication_at`` asks for nothing else), what is made of it by the program.  The archive is left aside: its
bytes are named by their hash in the rows, and whether they are still whole is the work of `impact verify`.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import sqlalchemy as sa

from warehouse.history import MOMENT
from warehouse.publication.publication import Publication
from warehouse.tables import metadata
from warehouse.types import Moment

_OURS = ("connectors", "expectations", "pipelines", "warehouse")
_ROOT = Path(__file__).parents[2]
_ASSETS = Path(__file__).parent / "assets"
"""Style, script and fonts: apart from the program, for another style makes no other page."""

_DATA = _ROOT / "connectors" / "services"
"""What these files say is in the tables, with its history; but for the names, which are of today."""

_LIBRARIES = ("jinja2", "markupsafe", "pyarrow", "xlsxwriter")
"""What writes the files with us: another version may write the same rows otherwise."""


@cache
def program() -> str:
    """The hash of the program: code, templates and rules of all its folders, and its libraries."""
    versions = repr([version(name) for name in _LIBRARIES])
    return versions + _hash(
        _ROOT, (one for name in _OURS for one in (_ROOT / name).rglob("*") if _decides(one))
    )


def _decides(file: Path) -> bool:
    return file.suffix in (".py", ".j2", ".yml") and _DATA not in file.parents


def _hash(root: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(root).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def fingerprint(publication: Publication) -> str:
    """The hash of the program, the assets, the names of service files, and every row.

    A row counts with whether it was known at the moment asked.  Values are hashed as the database gives
    them: reading them as ours would take most of the time.
    """
    names = sorted((one.id, one.name, one.formerly) for one in publication.files.values())
    assets = _hash(_ASSETS, (one for one in _ASSETS.rglob("*") if one.is_file()))
    digest = hashlib.sha256(f"{program()}{names}{assets}".encode())
    then = {"then": publication.now.at + MOMENT}
    for table in metadata.sorted_tables:
        digest.update(f"\0{table.name}\0".encode())
        for row in publication.connection.execute(_rows(table), then):
            digest.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _rows(table: sa.Table) -> sa.TextClause:
    """Every row of a table in the order of its ids, untyped; the table's name is ours, never a user's."""
    query = sa.text(f'SELECT *, known_at < :then AS known FROM "{table.name}" ORDER BY id')  # noqa: S608
    return query.bindparams(sa.bindparam("then", type_=Moment))
