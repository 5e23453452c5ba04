"""Portfolio: the beta.gouv.fr startups API, bytes in, values out.

Two shapes are read, v2.6 and v2.7 (betagouv/beta.gouv.fr, ``api/v2.6/startups.json`` and
``api/v2.7/startups.json``).  Both are written by a template that escapes nothing, so one
quotation mark in one title breaks the whole file: then the file is refused, with the place.
A value that is merely odd is kept, understood as well as can be, and remarked upon.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from ipaddress import ip_address
from typing import Annotated, Literal, NamedTuple, NoReturn
from urllib.parse import SplitResult, urljoin, urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from connectors.errors import InvalidPortfolio

Meaning = Literal["investigation", "construction", "acceleration", "sustained", "stopped"]
UrlKind = Literal["plain", "empty", "relative", "mended", "http", "raw_ip", "fragment_route", "unusable"]


class PhaseName(NamedTuple):
    """What the name of a phase stands for.

    ``rank`` orders the phases of a product that begin on one day; ``vocabulary`` says which
    portfolios use the name (the older names were still in force in February 2024).
    """

    rank: int
    meaning: Meaning
    vocabulary: Literal["both", "older", "newer"]


# `alumni` means that the programme's support has ended.  The newer portfolios split it: mostly
# into the two `abandon` names, rarely into `transfere` (histovec).  For counting it is a stop.
PHASES: dict[str, PhaseName] = {
    "investigation": PhaseName(0, "investigation", "both"),
    "construction": PhaseName(1, "construction", "both"),
    "acceleration": PhaseName(2, "acceleration", "both"),
    "transfer": PhaseName(3, "sustained", "older"),
    "consolidation": PhaseName(3, "sustained", "newer"),
    "success": PhaseName(4, "sustained", "older"),
    "opere": PhaseName(4, "sustained", "newer"),
    "transfere": PhaseName(5, "sustained", "newer"),
    "abandon-investigation": PhaseName(6, "stopped", "newer"),
    "abandon": PhaseName(7, "stopped", "newer"),
    "alumni": PhaseName(8, "stopped", "older"),
}


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase as declared; ``None`` for a date that is empty or cannot be used."""

    name: str
    start: date | None
    end: date | None

    @property
    def rank(self) -> int:
        """The order of the name in ``PHASES``; an unknown name comes before all others."""
        return PHASES[self.name].rank if self.name in PHASES else -1

    @property
    def meaning(self) -> Meaning | None:
        """What the name stands for, or ``None`` for a name nobody told us about."""
        return PHASES[self.name].meaning if self.name in PHASES else None


@dataclass(frozen=True, slots=True)
class Event:
    """A dated event; e-mail addresses in the comment are replaced by ``[adresse]``."""

    name: str
    date: date | None
    comment: str


@dataclass(frozen=True, slots=True)
class Product:
    """One product.  Texts are as printed, without outer blanks; an empty one is ``None``.

    A URL is as printed too: ``classify_url`` tells what can be done with it.  Phases and
    events keep the order of the file, which means nothing.
    """

    id: str
    name: str
    pitch: str | None = None
    incubator: str | None = None
    incubators: tuple[str, ...] = ()
    link: str | None = None
    stats_url: str | None = None
    impact_url: str | None = None
    budget_url: str | None = None
    repository: str | None = None
    dashlord_url: str | None = None
    accessibility_status: str | None = None
    phases: tuple[Phase, ...] = ()
    events: tuple[Event, ...] = ()
    sponsors: tuple[str, ...] = ()
    thematiques: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Incubator:
    """A member of the network that hosts products."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd in the file, and how it was understood."""

    product_id: str
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The whole file: products and incubators in its order, and every remark."""

    products: tuple[Product, ...]
    incubators: tuple[Incubator, ...]
    remarks: tuple[Remark, ...]


class Address(NamedTuple):
    """A URL that can be fetched, or ``None``, and what kind of text it was made from."""

    url: str | None
    kind: UrlKind


# --- reading ------------------------------------------------------------------------------


def read(content: bytes) -> Portfolio:
    """The portfolio in ``content``.

    Raises:
        InvalidPortfolio: not JSON (with line and column), not the shape (with the path), no
            product at all, an id given twice.
    """
    document = _validated(_parsed(_decoded(content)))
    _refuse_duplicates([raw.id for raw in document.data])
    known = {_bare_id(raw.id) for raw in document.included}
    builders = [_Builder(raw, known) for raw in document.data]
    return Portfolio(
        products=tuple(builder.product() for builder in builders),
        incubators=tuple(
            Incubator(_bare_id(raw.id), _spaced(raw.attributes.title or "")) for raw in document.included
        ),
        remarks=tuple(remark for builder in builders for remark in builder.remarks),
    )


def phase_at(phases: Sequence[Phase], day: date) -> Phase | None:
    """The phase in force on ``day``: the one that began last (``begun``)."""
    told = begun(phases, day)
    return told[-1] if told else None


def begun(phases: Sequence[Phase], day: date) -> list[Phase]:
    """The phases that had begun by ``day``, one after the other, whatever the order of the file.

    Of two that begin on one day, the later in rank comes after.  A phase without a start (older portfolios
    date neither `success` nor `alumni`) is held to begin with the last dated one of the
    product, the earliest it can have begun; alone, it is held to have always been.
    """
    last = max((phase.start for phase in phases if phase.start), default=date.min)
    told = [phase for phase in phases if (phase.start or last) <= day]
    return sorted(told, key=lambda phase: (phase.start or last, phase.rank, phase.name))


def classify_url(text: str | None, link: str | None = None) -> Address:
    """What can be done with a URL of the portfolio; ``link`` is the product's own address.

    A path alone is joined to ``link`` (without one it is ``relative`` and useless); doubled
    slashes, HTML entities and a stray final ``;`` are mended.  ``http``, ``raw_ip`` and
    ``fragment_route`` (the server never sees the route) can be fetched, with doubts.
    """
    trimmed = (text or "").strip()
    if not trimmed:
        return Address(None, "empty")
    if trimmed.startswith("/") and not trimmed.startswith("//"):
        base = classify_url(link).url
        return Address(urljoin(base, trimmed) if base else None, "relative")
    parts = _split(html.unescape(trimmed).rstrip(";, "))
    if parts is None:
        return Address(None, "unusable")
    url = parts._replace(path=re.sub(r"/{2,}", "/", parts.path)).geturl()
    return Address(url, _doubt(parts) or ("mended" if url != urlsplit(trimmed).geturl() else "plain"))


# --- from bytes to the declared shape -----------------------------------------------------


class _Raw(BaseModel):
    """What the API sends; keys that are not read here (contact, contents, technos…) are left out."""

    model_config = ConfigDict(extra="ignore", strict=True)


class _RawPhase(_Raw):
    name: str | None = None
    start: str | None = None
    end: str | None = None


class _RawEvent(_Raw):
    name: str | None = None
    date: str | None = None
    comment: str | None = None


class _RawAttributes(_Raw):
    name: str
    pitch: str | None = None
    link: str | None = None
    stats_url: str | None = None
    impact_url: str | None = None
    budget_url: str | None = None
    repository: str | None = None
    dashlord_url: str | None = None
    accessibility_status: str | None = None
    phases: list[_RawPhase]
    events: list[_RawEvent] = []
    sponsors: list[str] = []
    thematiques: list[str] = []


class _RawReference(_Raw):
    id: str


class _RawOne(_Raw):
    data: _RawReference | None


class _RawMany(_Raw):
    data: list[_RawReference]


class _RawRelationships(_Raw):
    incubator: _RawOne
    incubators: _RawMany | None = None


class _RawProduct(_Raw):
    # An id is the name of a file in the programme's repository.
    id: Annotated[str, StringConstraints(pattern=r"^[^/\\\s\x00-\x1f]+$", max_length=200)]
    attributes: _RawAttributes
    relationships: _RawRelationships


class _RawIncubatorAttributes(_Raw):
    title: str | None = None


class _RawIncubator(_Raw):
    id: str
    attributes: _RawIncubatorAttributes


class _RawDocument(_Raw):
    data: list[_RawProduct] = Field(min_length=1)
    included: list[_RawIncubator] = []


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The portfolio is not UTF-8: byte {error.start} cannot be read."
        raise InvalidPortfolio(message) from error
    if not text.strip():
        message = "The portfolio is empty."
        raise InvalidPortfolio(message)
    if text.lstrip().startswith("<"):
        message = "The portfolio is a page of HTML or XML, not JSON."
        raise InvalidPortfolio(message)
    return text


def _parsed(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_not_a_number)
    except json.JSONDecodeError as error:
        message = f"The portfolio is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        raise InvalidPortfolio(message) from error
    except RecursionError as error:
        message = "The portfolio is nested too deeply to be one."
        raise InvalidPortfolio(message) from error
    except ValueError as error:  # an integer of thousands of digits
        message = f"The portfolio holds a value that cannot be read: {error}."
        raise InvalidPortfolio(message) from error


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"The portfolio gives the key {twice!r} twice in one object (id {found.get('id')!r})."
        raise InvalidPortfolio(message)
    return found


def _not_a_number(token: str) -> NoReturn:
    message = f"The portfolio is not JSON: {token} is not a JSON value."
    raise InvalidPortfolio(message)


def _validated(document: object) -> _RawDocument:
    try:
        return _RawDocument.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "the top level"
        message = f"The portfolio has not its usual shape: {place}: {first['msg']}."
        raise InvalidPortfolio(message) from error


def _refuse_duplicates(ids: Sequence[str]) -> None:
    seen: dict[str, int] = {}
    for position, product_id in enumerate(ids):
        if product_id in seen:
            message = (
                f"The portfolio has the id {product_id!r} twice: data.{seen[product_id]}, data.{position}."
            )
            raise InvalidPortfolio(message)
        seen[product_id] = position


def _bare_id(incubator_id: str) -> str:
    """The id that products use: v2.6 prints `/incubators/dinum` for `dinum`."""
    return incubator_id.rstrip("/").rpartition("/")[2].strip()


# --- from the declared shape to values ----------------------------------------------------

_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?", re.ASCII)
_EMAIL = re.compile(r"(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")
_LIKELY_YEARS = range(2000, 2101)
_URL_FIELDS = ("link", "stats_url", "impact_url", "budget_url", "repository", "dashlord_url")
_UNDERSTOOD: dict[UrlKind, str] = {
    "relative": "has no host; read as {url}",
    "mended": "is malformed; read as {url}",
    "http": "is not https; kept as {url}",
    "raw_ip": "names an IP address instead of a host; kept as {url}",
    "fragment_route": "has its route in the fragment, which no server sees; kept as {url}",
    "unusable": "is not a web address; not used",
}


@dataclass
class _Builder:
    """One raw product on its way to a value, with the remarks made on the way."""

    raw: _RawProduct
    known_incubators: set[str]
    remarks: list[Remark] = field(default_factory=list)

    def product(self) -> Product:
        attributes = self.raw.attributes
        urls = {name: self.text(name, getattr(attributes, name)) for name in _URL_FIELDS}
        self.remark_urls(urls)
        return Product(
            id=self.raw.id,
            name=self.name(),
            pitch=self.text("pitch", attributes.pitch),
            incubator=self.incubator(),
            incubators=self.incubators(),
            accessibility_status=self.text("accessibility_status", attributes.accessibility_status),
            phases=tuple(self.phases(attributes.phases)),
            events=tuple(self.event(place, raw) for place, raw in enumerate(attributes.events)),
            sponsors=self.texts("sponsors", attributes.sponsors),
            thematiques=self.texts("thematiques", attributes.thematiques),
            **urls,
        )

    def remark(self, where: str, sentence: str) -> None:
        self.remarks.append(Remark(self.raw.id, where, sentence))

    def text(self, where: str, printed: str | None) -> str | None:
        """Without outer blanks, control characters and e-mail addresses; ``None`` when nothing is left."""
        printable = _UNPRINTABLE.sub(" ", printed or "")
        if printable != (printed or ""):
            self.remark(where, "Control characters or broken Unicode: replaced by a blank.")
        private, found = _EMAIL.subn("[adresse]", printable)
        if found:
            self.remark(where, "An e-mail address: not kept.")
        if printed and not private.strip():
            self.remark(where, "Blanks only: read as absent.")
        return private.strip() or None

    def texts(self, where: str, printed: Iterable[str]) -> tuple[str, ...]:
        return tuple(text for item in printed if (text := self.text(where, item)))

    def name(self) -> str:
        name = self.text("name", self.raw.attributes.name)
        if name is None:
            self.remark("name", "No name: the id stands for it.")
        return name or self.raw.id

    def incubator(self) -> str | None:
        reference = self.raw.relationships.incubator.data
        incubator = _bare_id(reference.id) if reference else ""
        if not incubator:
            self.remark("incubator", "No incubator.")
        elif incubator not in self.known_incubators:
            self.remark("incubator", f"{incubator!r} is not among the incubators of the file; kept.")
        return incubator or None

    def incubators(self) -> tuple[str, ...]:
        """All of them (v2.7), or the only one (v2.6)."""
        relationships = self.raw.relationships
        one = [relationships.incubator.data] if relationships.incubator.data else []
        references = relationships.incubators.data if relationships.incubators else one
        return tuple(bare for reference in references if (bare := _bare_id(reference.id)))

    def phases(self, raws: Sequence[_RawPhase]) -> Iterator[Phase]:
        if not raws:
            self.remark("phases", "No phase at all: counted nowhere.")
        for place, raw in enumerate(raws):
            where = f"phases.{place}"
            name = self.text(where, raw.name) or ""
            if name not in PHASES:
                self.remark(where, f"Unknown phase {name!r}: kept, of unknown meaning.")
            start = self.day(f"{where}.start", raw.start)
            if start is None:
                self.remark(
                    where, f"Phase {name!r} without a start: held to begin with the last dated phase."
                )
            yield Phase(name, start, self.end(where, start, raw.end))

    def end(self, where: str, start: date | None, printed: str | None) -> date | None:
        end = self.day(f"{where}.end", printed)
        if start and end and end < start:
            self.remark(where, f"The end {end} comes before the start {start}: the end is not used.")
            return None
        return end

    def event(self, place: int, raw: _RawEvent) -> Event:
        where = f"events.{place}"
        name = self.text(where, raw.name) or ""
        if not name:
            self.remark(where, "Event without a name: kept, of unknown meaning.")
        day = self.day(f"{where}.date", raw.date)
        if day is None:
            self.remark(where, f"Event {name!r} without a date: kept, never counted.")
        return Event(name, day, self.text(f"{where}.comment", raw.comment) or "")

    def day(self, where: str, printed: str | None) -> date | None:
        """A date, or ``None`` for an empty text (silently) or an unreadable one (with a remark)."""
        text = (printed or "").strip()
        if not text:
            return None
        match = _DATE.fullmatch(text)
        try:
            day = date.fromisoformat(match[1] if match else "")
        except ValueError:
            self.remark(where, f"{text[:40]!r} is not a date: read as absent.")
            return None
        if day.year not in _LIKELY_YEARS:
            self.remark(where, f"{day} is an unlikely date: kept.")
        return day

    def remark_urls(self, urls: dict[str, str | None]) -> None:
        for name, text in urls.items():
            url, kind = classify_url(text, urls["link"])
            if kind == "relative" and url is None:
                self.remark(name, f"{text!r} has no host, and the product no link: not used.")
            elif kind in _UNDERSTOOD:
                self.remark(name, f"{text!r} {_UNDERSTOOD[kind].format(url=url)}.")


# --- URLs ---------------------------------------------------------------------------------


def _spaced(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text).strip()


def _split(text: str) -> SplitResult | None:
    """The parts of a web address without credentials, or ``None`` for any other text."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a port that is not a number, an unclosed bracket
        return None
    return parts if usable and "@" not in parts.netloc and not re.search(r"\s", text) else None


def _doubt(parts: SplitResult) -> UrlKind | None:
    """The gravest reason to doubt a usable address."""
    if _is_ip(parts.hostname or ""):
        return "raw_ip"
    if parts.fragment.startswith(("/", "!/")):
        return "fragment_route"
    return "http" if parts.scheme == "http" else None


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
