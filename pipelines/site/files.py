"""Folder: the site's files, of which only those that changed are written, each at once."""

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from filelock import FileLock, Timeout

from pipelines.errors import NotASite, SiteNotWritten
from pipelines.site.fingerprint import program
from pipelines.site.page import HERE, Page, Renderer

MANIFEST = "site.json"
"""Beside the pages: what the site was made from, what decided each file, and what each file holds."""

PAGES = ("services", "figures", "evolutions", "bilans")
"""The folders that hold nothing but pages: what no page claims there is a page that is no more."""


@dataclass
class Built:
    """What a building changed: paths of pages and assets, in the order of the work."""

    written: list[str] = field(default_factory=list)
    kept: int = 0
    removed: list[str] = field(default_factory=list)


class Entry(NamedTuple):
    """A file as it was written: the hash of what decided it (empty for exported data), and of its bytes."""

    decided: str
    content: str


class Manifest(NamedTuple):
    """What was built: its fingerprint, and its files by their paths."""

    made_from: str = ""
    files: Mapping[str, Entry] = MappingProxyType({})


def standing(folder: Path, made_from: str) -> Built | None:
    """The site as it stands, if it was made from just this, and every file of it is there and whole."""
    manifest = _manifest(folder)
    if manifest.made_from != made_from or _others(folder, manifest.files):
        return None
    if any(_content(folder / name) != entry.content for name, entry in manifest.files.items()):
        return None
    return Built(kept=sum(bool(entry.decided) for entry in manifest.files.values()))


def write_site(
    folder: Path, pages: Iterable[Page], renderer: Renderer, made_from: str, data: Iterable[str] = ()
) -> Built:
    """Bring a folder, which is ``alone``, to hold exactly these pages, and the assets.

    A file is replaced at once, and the manifest comes last: whoever reads meanwhile, and whoever builds
    after a kill, finds whole files and builds what is missing.

    Args:
        folder: the site.
        pages: its pages.
        renderer: what makes them files.
        made_from: the fingerprint of all that decides them.
        data: paths of the exported files, which are there already.
    """
    built, before = Built(), _manifest(folder)
    after = {name: Entry("", _content(folder / name)) for name in data}
    for asset in assets():
        name, content = asset.relative_to(HERE).as_posix(), asset.read_bytes()
        after[name] = _bring(folder / name, name, _sha256(content), partial(bytes, content), before, built)
    for page in pages:
        decided, content_of = page.hash(program()), partial(renderer.render, page)
        after[page.path] = _bring(folder / page.path, page.path, decided, content_of, before, built)
    _sweep(folder, before.files, after, built)
    if before != (made_from, after):
        _replace(folder / MANIFEST, _told(Manifest(made_from, after)))
    return built


def assets() -> Iterator[Path]:
    """What pages need beside themselves: style, script, fonts; with their licences."""
    yield from sorted(
        one for one in (HERE / "assets").rglob("*") if one.is_file() and one.name != "README.md"
    )


def _bring(
    file: Path, name: str, decided: str, content: Callable[[], bytes], before: Manifest, built: Built
) -> Entry:
    """Leave a file that was decided by the same and is as it was written; write any other."""
    known = before.files.get(name)
    if known and known.decided == decided and known.content == _content(file):
        built.kept += 1
        return known
    made = content()
    _replace(file, made)
    built.written.append(name)
    return Entry(decided, _sha256(made))


def _content(file: Path) -> str:
    """The hash of a file's bytes; empty where there is none."""
    return _sha256(file.read_bytes()) if file.is_file() else ""


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _replace(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f"{file.name}.new")
    temporary.write_bytes(content)
    temporary.replace(file)


def _sweep(folder: Path, before: Iterable[str], after: Container[str], built: Built) -> None:
    """Remove the pages that are no more, and what a killed building left."""
    for name in sorted({*before, *_others(folder, after)}):
        if name not in after and (folder / name).is_file():
            (folder / name).unlink()
            built.removed.append(name)


def _others(folder: Path, ours: Container[str]) -> list[str]:
    """What stands where only our files stand, and is none of them."""
    found = {file for name in PAGES for file in (folder / name).glob("*")} | set(folder.glob("*.new"))
    names = (file.relative_to(folder).as_posix() for file in found if file.is_file())
    return [name for name in names if name not in ours]


def _manifest(folder: Path) -> Manifest:
    """What stands there; nothing where the manifest was lost or is of another shape: all is written anew."""
    try:
        told = json.loads((folder / MANIFEST).read_text("utf-8"))
        return Manifest(told["made_from"], {name: Entry(*entry) for name, entry in told["files"].items()})
    except (FileNotFoundError, ValueError, LookupError, TypeError, AttributeError):
        return Manifest()


def _told(manifest: Manifest) -> bytes:
    return json.dumps(manifest._asdict(), indent=0, sort_keys=True, ensure_ascii=False).encode()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One building at a time, in a folder that is ours or empty.

    Raises:
        NotASite: the folder holds other things than a site of ours.
        SiteNotWritten: another building is under way, or the folder cannot be written.
    """
    try:
        lock = _lock_of(folder)
        with FileLock(lock, timeout=0):
            yield
    except Timeout:
        raise SiteNotWritten(f"Another building of the site {folder} is under way.") from None
    except OSError as error:
        raise SiteNotWritten(f"The site {folder} cannot be written: {error.strerror or error}.") from error


def _lock_of(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / ".lock"
    if not (folder / MANIFEST).is_file() and not lock.is_file() and any(folder.iterdir()):
        raise NotASite(f"The folder {folder} holds files that are no site of ours.")
    return lock
