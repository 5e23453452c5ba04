"""Seals: at its end a night is sealed, in the archive and in the database."""

from datetime import date

import sqlalchemy as sa

from warehouse import manifest as manifests
from warehouse.archive import Archive, walk
from warehouse.archive.place import warc_of
from warehouse.errors import BrokenArchive
from warehouse.history import Row, add_new, identity
from warehouse.manifest import Manifest
from warehouse.night import Night
from warehouse.tables import seals, snapshots


def seal(connection: sa.Connection, archive: Archive, night: Night) -> int:
    """Seal what the archive holds of a night; return the rows added.

    The manifest comes first and its row after: killed between the two, the next seal adds the row.
    A night that did not grow is sealed already, and nothing changes.  Of the chain only its end is read, and
    what the night has of it: the whole is for ``impact verify``.

    Raises:
        BrokenArchive: the night's file, or one of these manifests, is not as it was written.
        ArchiveFull, ArchiveUnwritable: the manifest cannot be written.
    """
    caught_up = _catch_up(connection, archive)
    end, standing = recorded(connection, night.day), _standing(connection, archive, night.day)
    if end <= (standing.held.size if standing else 0):
        return caught_up
    last = _last(connection, archive)
    held = walk.weigh(archive.root, warc_of(night.day), end)
    archive.write_index(night.day, end)
    manifest = Manifest(
        night=night.day,
        number=last.number + 1 if last else 1,
        version=standing.version + 1 if standing else 1,
        known_at=night.at,
        held=held,
        previous=last.sha256 if last else None,
        replaces=standing.sha256 if standing else None,
    )
    manifests.write(archive.root, manifest)
    return caught_up + add_new(connection, seals, [row(manifest)])


def _catch_up(connection: sa.Connection, archive: Archive) -> int:
    """Add the rows of the manifests that the database does not know; return how many.

    A seal killed before its row leaves one, another database any number.  Only then is the chain read.
    """
    if manifests.count(archive.root) == connection.scalar(sa.select(sa.func.count()).select_from(seals)):
        return 0
    return add_new(connection, seals, [row(manifest) for manifest in manifests.chain(archive.root)])


def _last(connection: sa.Connection, archive: Archive) -> Manifest | None:
    """The end of the chain: what is sealed next names it."""
    query = sa.select(seals.c.night, seals.c.manifest_sha256).order_by(seals.c.number.desc()).limit(1)
    end = connection.execute(query).first()
    own = _sealed(connection, archive, end.night) if end else ()
    return next((manifest for manifest in own if end and manifest.sha256 == end.manifest_sha256), None)


def _standing(connection: sa.Connection, archive: Archive, day: date) -> Manifest | None:
    """The manifest of a night that stands: its last."""
    return max(_sealed(connection, archive, day), key=lambda each: each.version, default=None)


def _sealed(connection: sa.Connection, archive: Archive, day: date) -> list[Manifest]:
    """The manifests of a night, which the archive and the database must tell alike.

    Raises:
        BrokenArchive: one of them is gone, or not as it was written.
    """
    told = set(connection.scalars(sa.select(seals.c.manifest_sha256).where(seals.c.night == day)))
    own = [manifests.read(archive.root, file) for file in manifests.files(archive.root, day)]
    if {manifest.sha256 for manifest in own} != told:
        raise BrokenArchive(
            f"The manifests of the night of {day} are not those that the database knows: "
            "nothing is sealed after them; `impact verify` says what differs."
        )
    return own


def recorded(connection: sa.Connection, day: date) -> int:
    """Where the night's last recorded exchange ends in its file: what follows is nobody's yet."""
    end = sa.func.max(snapshots.c.warc_offset + snapshots.c.warc_length)
    return connection.scalar(sa.select(end).where(snapshots.c.night == day)) or 0


def sealed(archive: Archive, day: date) -> int:
    """How much of a night's file is sealed, in bytes: what is sealed is never cut.

    Raises:
        BrokenArchive: a manifest of the night is not as it was written.
    """
    own = (manifests.read(archive.root, file) for file in manifests.files(archive.root, day))
    return max((manifest.held.size for manifest in own), default=0)


def row(manifest: Manifest) -> Row:
    """A manifest as its row of ``seals``."""
    return {
        "id": identity("seals", manifest.sha256),
        "night": manifest.night,
        "number": manifest.number,
        "manifest_sha256": manifest.sha256,
        "previous": manifest.previous,
        "replaces": manifest.replaces,
        "warc_file": warc_of(manifest.night),
        "warc_bytes": manifest.held.size,
        "warc_sha256": manifest.held.sha256,
        "records": manifest.held.records,
        "known_at": manifest.known_at,
    }
