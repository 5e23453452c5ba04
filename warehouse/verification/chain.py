"""The chain of seals: each manifest as it was written, naming the one before, true of its file."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from warehouse import manifest as manifests
from warehouse.archive import Archive, walk
from warehouse.archive.place import warc_of
from warehouse.errors import BrokenArchive
from warehouse.history import Row
from warehouse.manifest import Manifest
from warehouse.seals import recorded
from warehouse.seals import row as row_of
from warehouse.tables import seals
from warehouse.verification.finding import Finding


def check(connection: sa.Connection, archive: Archive) -> Iterator[Finding]:
    """What is wrong with the seals, in the archive and in the database."""
    chain: list[Manifest] = []
    for file in manifests.files(archive.root):
        try:
            chain.append(manifests.read(archive.root, file))
        except BrokenArchive as error:
            yield Finding(None, 0, str(error))
    chain.sort(key=lambda manifest: manifest.number)
    rows = [dict(row) for row in connection.execute(sa.select(seals).order_by(seals.c.number)).mappings()]
    yield from _links(chain, rows)
    yield from _rows(chain, rows)
    for manifest in chain:
        yield from _file(archive.root, manifest)
    yield from _unsealed(connection, archive, rows)


def _links(chain: Sequence[Manifest], rows: Sequence[Row]) -> Iterator[Finding]:
    """Each names the one before; where that is gone, the database may still know its night."""
    nights = {row["manifest_sha256"]: row["night"] for row in rows}
    before: Manifest | None = None
    for manifest in chain:
        if manifest.previous != (before.sha256 if before else None):
            named = manifest.previous or "none"
            gone = f", the seal of {nights[named]}" if named in nights else ""
            sentence = (
                f"the chain is broken: {manifest.file} follows the manifest {named[:16]}{gone}, "
                f"and before it stands {before.file if before else 'none'}."
            )
            yield Finding(manifest.night, 0, sentence)
        before = manifest


def _rows(chain: Sequence[Manifest], rows: Sequence[Row]) -> Iterator[Finding]:
    """What the database says of the seals is what stands in the archive."""
    standing = {(manifest.night, manifest.version): row_of(manifest) for manifest in chain}
    told = {row["manifest_sha256"]: row for row in rows}
    for (night, _), row in standing.items():
        other = told.pop(row["manifest_sha256"], None)
        if other is None:
            yield Finding(night, 0, f"the database does not know the manifest {row['manifest_sha256'][:16]}.")
        elif other != row:
            yield Finding(night, 0, f"the row {other['id']} of seals is not what the manifest says.")
    for row in told.values():
        sentence = f"the archive lacks the manifest {row['manifest_sha256'][:16]} of {row['warc_file']}."
        yield Finding(row["night"], 0, sentence)


def _file(root: Path, manifest: Manifest) -> Iterator[Finding]:
    """What was sealed of a file is there, byte for byte."""
    file, held = warc_of(manifest.night), manifest.held
    if not (root / file).exists():
        yield Finding(manifest.night, 0, f"{file} is not in the archive.")
        return
    size = (root / file).stat().st_size
    if size < held.size:
        sentence = f"{file} has {size} bytes where {held.size} are sealed."
        yield Finding(manifest.night, 0, sentence)
    elif walk.sha256_of(root, file, held.size) != held.sha256:
        yield Finding(manifest.night, 0, f"{file} is not the file that {manifest.file} seals.")


def _unsealed(connection: sa.Connection, archive: Archive, rows: Sequence[Row]) -> Iterator[Finding]:
    """What came after the night's last seal; a seal that is gone from the archive was one all the same."""
    ends: dict[date, int] = {}
    for row in rows:
        ends[row["night"]] = max(row["warc_bytes"], ends.get(row["night"], 0))
    for night in archive.nights():
        if recorded(connection, night) > ends.get(night, 0):
            sentence = f"{warc_of(night)} holds exchanges that no manifest seals: run this night again."
            yield Finding(night, 0, sentence)
