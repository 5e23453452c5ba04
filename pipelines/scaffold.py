"""From a discovery to the files that a person completes: service file, golden page, answers.

What is written can be used at once: the service file loads, and reads on the saved bodies what the
answers say.  What is only a guess says so; where the dates of a series do not tell how long one period is,
a comment asks, and a flow is not read before somebody has answered.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import yaml

from connectors.catalog import load_file
from connectors.clock import utc_now
from connectors.extraction import Document
from connectors.secrets import safe_address
from pipelines.discovered import Discovered, Discovery, understand
from pipelines.errors import AlreadyThere, NoSuchFigure
from warehouse.night import Night
from warehouse.normalisation.rhythm import rhythm

SCHEMA_LINE = "# yaml-language-server: $schema=../services.schema.json\n"
UNKNOWN = "a-completer"
_ASK, _QUESTION = "to-be-said", "day, week, month, quarter or year? Its dates do not say"
_PROPOSED = "Proposed by discovery; every meaning is to be confirmed by a person."
_WITHHELD = "An address has a secret, withheld here: say with `first` which page gives it."
_COMMON = {"www", "stats", "statistiques", "metabase", "data", "app", "api", "localhost"}


@dataclass(frozen=True, slots=True)
class About:
    """Who the figures are of: what the portfolio says of the service, or what can be guessed."""

    id: str
    name: str
    incubator: str = UNKNOWN

    @classmethod
    def guessed(cls, url: str) -> Self:
        """A service named after the host of its page."""
        return cls(id_of(url), id_of(url))


def scaffold(
    discovery: Discovery,
    folder: Path,
    day: date | None = None,
    about: About | None = None,
    only: Collection[str] = (),
) -> list[Path]:
    """Write ``services/<id>.yml`` and ``pages/<id>/<day>/`` below ``folder``; the paths written.

    ``day`` is that of the bodies (today, when not given); ``about`` the service (guessed); ``only`` the
    metric ids to write (all).

    Raises:
        AlreadyThere: there is a service file of that name; nothing is overwritten.
        NoSuchFigure: ``only`` names what was not proposed.
        InvalidSpec: what was proposed cannot be written as a service file.
    """
    about = about or About.guessed(discovery.figures[0].url)
    file = folder / "services" / f"{about.id}.yml"
    if file.exists():
        raise AlreadyThere(f"{file} is there already.")
    pages = folder / "pages" / about.id / (day or Night.of(utc_now()).day).isoformat()
    figures = _chosen(named(discovery.figures), only)
    bodies = [_save(pages, document) for document in discovery.documents]
    answers = _save_text(pages / "answers.json", json.dumps(_answers(figures), ensure_ascii=False, indent=2))
    _save_text(file, SCHEMA_LINE + _yaml(service_of(about, figures)))
    if not any(_is_asked(each) for each in figures.values()):
        load_file(file)
    return [file, answers, *bodies]


def _chosen(figures: dict[str, Discovered], only: Collection[str]) -> dict[str, Discovered]:
    for name in only:
        if name not in figures:
            raise NoSuchFigure(f"No figure {name!r} was proposed; there are: {', '.join(figures)}.")
    return {name: each for name, each in figures.items() if not only or name in only}


def id_of(url: str) -> str:
    """An id from the name of the host: its first label that says something."""
    labels = [each for each in (urlsplit(url).hostname or "").lower().split(".") if each not in _COMMON]
    return re.sub(r"[^a-z0-9-]", "-", labels[0]).strip("-") if labels else "service"


def named(figures: Sequence[Discovered]) -> dict[str, Discovered]:
    """The figures by metric id, made from their labels."""
    found: dict[str, Discovered] = {}
    for each in figures:
        base = _slug(each.proposal.label)
        taken = sum(name == base or name.startswith(f"{base}_") for name in found)
        found[f"{base}_{taken + 1}" if taken else base] = each
    return found


def _slug(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", "ignore").decode()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if len(word) > 2]
    slug = "_".join(words[:5])[:50].strip("_")
    return slug if slug[:1].isalpha() else f"figure_{slug}".rstrip("_")


def service_of(about: About, figures: dict[str, Discovered]) -> dict[str, Any]:
    """A service file as plain data: a page for each address and protocol."""
    pages: dict[tuple[str, str], dict[str, Any]] = {}
    for name, each in figures.items():
        page = pages.setdefault((safe_address(each.url), each.proposal.protocol), {})
        page[name] = _metric(each)
    return {
        "id": about.id,
        "name": about.name,
        "incubator": about.incubator,
        "note": " ".join([_PROPOSED, *([_WITHHELD] if _withheld(figures) else [])]),
        "pages": [
            {"url": url, "protocol": protocol, "metrics": metrics}
            for (url, protocol), metrics in pages.items()
        ],
    }


def _withheld(figures: dict[str, Discovered]) -> bool:
    """Whether an address holds a secret, which no file of ours has."""
    return any(safe_address(each.url) != each.url for each in figures.values())


def _metric(each: Discovered) -> dict[str, Any]:
    it = each.proposal
    metric: dict[str, Any] = {"label": it.label, "unit": each.unit, "nature": it.nature}
    metric |= {"period": it.period} if it.period else {}
    metric |= {"periodicity": rhythm(it.dates) or _ASK} if getattr(it.locator, "date", None) else {}
    metric |= {"dimension": it.dimension, "kind": it.kind, "reach": it.reach, "evidence": "inferred"}
    metric |= {"locate": it.locator.model_dump(exclude_defaults=True, mode="json")}
    metric |= {"anchor": it.anchor} if it.anchor else {}
    metric |= {"decimal": "."} if it.notation == "dot" else {}
    return metric | {"note": f"Confidence {it.confidence:g}: {', '.join(it.reasons)}."}


def _is_asked(each: Discovered) -> bool:
    """Whether a person must say how long one period is before the figure can be read."""
    return each.proposal.period == "dated" and rhythm(each.proposal.dates) is None


def _yaml(value: dict[str, Any]) -> str:
    written = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110)
    return re.sub(rf"\bperiodicity: {_ASK}$", f"# periodicity: {_QUESTION}", written, flags=re.MULTILINE)


def _answers(figures: dict[str, Discovered]) -> dict[str, Any]:
    """What each figure must be read as; of a series all its points, each with its period."""
    return {name: _series(each) or _answer(each) for name, each in figures.items()}


def _answer(each: Discovered) -> dict[str, Any]:
    keys = ("exact", "value", "low", "high", "unit", "qualifier")
    return {key: each.as_json()[key] for key in keys}


def _series(each: Discovered) -> list[dict[str, Any]]:
    points = ((date, replace(each.proposal, exact=exact)) for date, exact in each.proposal.points)
    return [
        _answer(figure) | {"period": date}
        for date, proposal in points
        for figure in understand(each.url, [proposal])
    ]


def _save(pages: Path, document: Document) -> Path:
    """A body under the host and path that it answered at."""
    parts = urlsplit(safe_address(document.url))
    start = document.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    suffix = ".json" if start in (b"{", b"[") else ".html" if start == b"<" else ".csv"
    steps = [re.sub(r"[^\w.-]", "_", step) for step in parts.path.split("/") if step.strip(". ")]
    target = pages / re.sub(r"[^\w.-]", "_", parts.netloc) / f"{'/'.join(steps) or 'index'}{suffix}"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(document.content)
    return target


def _save_text(target: Path, text: str) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text.rstrip() + "\n", encoding="utf-8")
    return target
