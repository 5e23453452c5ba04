"""The archive: every exchange, byte for byte, in files that any WARC tool reads.

One file per night, ``<root>/<YYYY>/impact-<YYYY-MM-DD>.warc.gz``: WARC 1.1 (ISO 28500:2017),
one gzip member per record, so that a record is opened from its offset alone.  A file only
ever grows; what a killed run left behind its last record in the database is cut by ``trim``.
Beside a file stand its index (``.cdxj``) and its seals (``.manifest.json``).
"""

from warehouse.archive.place import Place
from warehouse.archive.reading import LARGEST_CONTENT
from warehouse.archive.store import Archive

__all__ = ["LARGEST_CONTENT", "Archive", "Place"]
