"""Content encodings: from the bytes of the wire to the bytes of the page, never more than a cap.

A few kilobytes can announce gigabytes, so nothing here expands a whole body at once:
each decoder is given so few bytes at a time that one step yields at most a few megabytes,
and the running total is checked after each step.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Protocol

import brotli  # type: ignore[import-untyped]
import zstandard

ACCEPTED = "gzip, deflate"
"""What we ask for, in the words of ``Accept-Encoding``: what every reader of our archive can decode.

Some servers send br or zstd whatever they are asked, so both are decoded; but warcio 1.8 knows no
zstd, and fails on br with brotli 1.2 (the only version that can bound its output).
"""

MAX_LAYERS = 2
"""One is usual, two happens behind a careless proxy, more is only ever an attack."""

STEP = 64
"""Bytes given at once: a zstd block takes 4 bytes and yields up to 128 KB, so 64 yield at most 2 MB."""

BROTLI_STEP = 1_000_000
"""Bytes that brotli, which has no such ratio, may yield at once."""

ZSTD_WINDOW = 2**23
"""RFC 9659: a zstd body on the web needs no window larger than 8 MB."""


class DecodingError(ValueError):
    """The body is not what its ``Content-Encoding`` says, or it ends too early."""


class OversizedError(DecodingError):
    """The body expands past the cap, or is wrapped in too many layers."""


class _Stream(Protocol):
    """What zlib and zstandard have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


Decoder = Callable[[Iterator[bytes]], Iterator[bytes]]


def layers(headers: Sequence[tuple[str, str]]) -> list[str]:
    """The encodings that ``headers`` announce and that we know, in the order they were applied.

    Unknown ones ("utf-8", "none") are put there by misconfigured servers that encode nothing.

    Raises:
        OversizedError: there are more than ``MAX_LAYERS``.
    """
    announced = ",".join(value for name, value in headers if name.lower() == "content-encoding")
    names = [name for name in (item.strip().lower() for item in announced.split(",")) if name in _DECODERS]
    if len(names) > MAX_LAYERS:
        raise OversizedError(f"is compressed {len(names)} times over")
    return names


def decode(payload: bytes, headers: Sequence[tuple[str, str]], limit: int) -> bytes:
    """``payload`` without the content encodings that ``headers`` announce; at most ``limit`` bytes.

    Raises:
        OversizedError: more than ``limit`` bytes, or more than ``MAX_LAYERS`` encodings.
        DecodingError: the bytes are not what the headers say, or stop before their end.
    """
    names = layers(headers)
    pieces: Iterator[bytes] = iter([payload])
    # An empty body (a redirect, a 304) has nothing to decode, whatever the headers say.
    for name in reversed(names if payload else []):
        pieces = _capped(_DECODERS[name](_sliced(pieces)), limit)
    try:
        return b"".join(_capped(pieces, limit))
    except (zlib.error, zstandard.ZstdError, brotli.error) as error:
        raise DecodingError(f"announces {', '.join(names)} and is something else") from error


def _sliced(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        for start in range(0, len(piece), STEP):
            yield piece[start : start + STEP]


def _capped(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > limit:
            raise OversizedError(f"expands to more than {limit:,} bytes")
        yield piece


def _members(new_stream: Callable[[], _Stream], pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decode one or several members (gzip) or frames (zstd), one after the other."""
    stream = new_stream()
    for piece in pieces:
        rest = piece
        while rest:
            if stream.eof:
                stream = new_stream()
            yield stream.decompress(rest)
            rest = stream.unused_data
    if not stream.eof:
        raise DecodingError("stops in the middle of its compressed data")


def _deflate(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """RFC 9110 says zlib; old servers send the bare stream.  The first two bytes tell which."""
    first = next(pieces, b"")
    is_zlib = first[:1] and first[0] & 15 == 8 and int.from_bytes(first[:2], "big") % 31 == 0
    wbits = zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
    return _members(partial(zlib.decompressobj, wbits), chain([first], pieces))


def _brotli(pieces: Iterator[bytes]) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    for piece in pieces:
        yield stream.process(piece, output_buffer_limit=BROTLI_STEP)
        while not stream.can_accept_more_data():
            yield stream.process(b"", output_buffer_limit=BROTLI_STEP)
    if not stream.is_finished():
        raise DecodingError("stops in the middle of its compressed data")


def _zstd_stream() -> _Stream:
    return zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()


_gzip: Decoder = partial(_members, partial(zlib.decompressobj, zlib.MAX_WBITS + 16))

_DECODERS: dict[str, Decoder] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": partial(_members, _zstd_stream),
}
