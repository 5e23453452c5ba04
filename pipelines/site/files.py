"""Folder: the site's files, of which only those that changed are written, each at once."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.errors import NotASite, SiteNotWritten
from pipelines.site.page import HERE, Page, Renderer, maker

MANIFEST = "site.json"
"""Beside the pages: the hash of what decided each of them."""

PAGES = ("services", "figures", "evolutions", "bilans")
"""The folders that hold nothing but pages: what no page claims there is a page that is no more."""


@dataclass
class Built:
    """What a building changed: paths of pages and assets, in the order of the work."""

    written: list[str] = field(default_factory=list)
    kept: int = 0
    removed: list[str] = field(default_factory=list)


def write_site(folder: Path, pages: Iterable[Page], renderer: Renderer) -> Built:
    """Bring a folder, which is ``alone``, to hold exactly these pages, and the assets.

    A file is replaced at once, and the manifest comes last: whoever reads meanwhile, and whoever builds
    after a kill, finds whole files and builds what is missing.
    """
    program, built = maker(), Built()
    before, after = _manifest(folder), {}
    for asset in assets():
        name, content = asset.relative_to(HERE).as_posix(), asset.read_bytes()
        after[name] = hashlib.sha256(content).hexdigest()
        _bring(folder, name, partial(bytes, content), before.get(name) == after[name], built)
    for page in pages:
        after[page.path] = page.hash(program)
        same = before.get(page.path) == after[page.path]
        _bring(folder, page.path, partial(renderer.render, page), same, built)
    _sweep(folder, before, after, built)
    if before != after:
        told = json.dumps(after, indent=0, sort_keys=True, ensure_ascii=False)
        _replace(folder / MANIFEST, told.encode())
    return built


def assets() -> Iterator[Path]:
    """What pages need beside themselves: style, script, fonts; with their licences."""
    yield from sorted(
        one for one in (HERE / "assets").rglob("*") if one.is_file() and one.name != "README.md"
    )


def _bring(folder: Path, name: str, content: Callable[[], bytes], same: bool, built: Built) -> None:
    file = folder / name
    if same and file.is_file():
        built.kept += 1
    else:
        _replace(file, content())
        built.written.append(name)


def _replace(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f"{file.name}.new")
    temporary.write_bytes(content)
    temporary.replace(file)


def _sweep(folder: Path, before: Iterable[str], after: Iterable[str], built: Built) -> None:
    """Remove the pages that are no more, and what a killed building left."""
    kept = {folder / name for name in after}
    ours = {folder / name for name in before}
    ours |= {file for name in PAGES for file in (folder / name).glob("*")} | set(folder.glob("*.new"))
    for file in sorted(ours - kept):
        if file.is_file():
            file.unlink()
            built.removed.append(file.relative_to(folder).as_posix())


def _manifest(folder: Path) -> dict[str, str]:
    """What stands there; nothing where the manifest was lost, and then all is written anew."""
    try:
        told = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


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
