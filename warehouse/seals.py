"""Seals: at its end a night is sealed, in the archive and in the database."""

from datetime import date

import sqlalchemy as sa

from warehouse import manifest as manifests
from warehouse.archive import Archive, walk
from warehouse.archive.place import warc_of
from warehouse.history import Row, add_new, identity
from warehouse.manifest import Manifest
from warehouse.night import Night
from warehouse.tables import seals, snapshots


def seal(connection: sa.Connection, archive: Archive, night: Night) -> int:
    """Seal what the archive holds of a night; return the rows added.

    The manifest comes first and its row after: killed between the two, the next seal adds the row.
    A night that did not grow is sealed already, and nothing changes.

    Raises:
        BrokenArchive: the night's file, or a manifest, is not as it was written.
        ArchiveFull, ArchiveUnwritable: the manifest cannot be written.
    """
    chain = manifests.chain(archive.root)
    end = recorded(connection, night.day)
    standing = last_of(chain, night.day)
    if end > (standing.held.size if standing else 0):
        held = walk.weigh(archive.root, warc_of(night.day), end)
        archive.write_index(night.day, end)
        chain.append(
            Manifest(
                night=night.day,
                number=chain[-1].number + 1 if chain else 1,
                version=standing.version + 1 if standing else 1,
                known_at=night.at,
                held=held,
                previous=chain[-1].sha256 if chain else None,
                replaces=standing.sha256 if standing else None,
            )
        )
        manifests.write(archive.root, chain[-1])
    return add_new(connection, seals, [row(manifest) for manifest in chain])


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


def last_of(chain: list[Manifest], day: date) -> Manifest | None:
    """The manifest of a night that stands: its last."""
    own = [manifest for manifest in chain if manifest.night == day]
    return own[-1] if own else None


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
