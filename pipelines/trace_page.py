"""The page of a way back: one file that an auditor reads, prints and checks by hand.

It asks the network for nothing (its policy forbids it to), and shows archived text as text.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

from connectors.secrets import without_tokens
from connectors.snapshot import Snapshot
from pipelines.archived_text import UNREADABLE, Passage, close, passage, portfolio_passage
from pipelines.elements import Content, page, tag
from pipelines.trace_facts import BROKEN, facts_of, moment
from pipelines.trace_sentences import in_french
from pipelines.trace_words import BY_HAND, FOUND, KINDS, STYLE
from warehouse.archive import Archive
from warehouse.errors import ArchiveError
from warehouse.lineage import Restated, Said, Step
from warehouse.snapshots import place_of
from warehouse.words import RESTATED, counted

_POLICY = "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"

_IN_TABLE = ("service", "phase", "event", "incubator")
"""What the portfolio tells: short facts, many of them."""


def write_page(asked: Step, archive: Archive, at: datetime | None) -> str:
    """The page of a way back.

    Args:
        asked: the figure, with all that is behind it.
        archive: where the archived text is read again.
        at: the moment as known at which it was traced; None for all that is on record.

    Returns:
        HTML, in French, whole in itself.
    """
    return page(_Page(asked, archive, at).root())


class _Page:
    """A page as it is built: the steps of the way back, numbered in their order."""

    def __init__(self, asked: Step, archive: Archive, at: datetime | None) -> None:
        self.asked = asked
        self.archive = archive
        self.at = at
        self.steps = list(asked.all())
        self.numbers = {(step.kind, step.id): number for number, step in enumerate(self.steps, 1)}
        self.bodies: dict[str, Snapshot | None] = {}

    def root(self) -> Element:
        style = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
        policy = _POLICY.format(style=style)
        head = tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=policy),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("title", f"D'où vient ce chiffre : {in_french(self.asked)}"),
            tag("style", STYLE),
        )
        return tag("html", head, tag("body", self.header(), tag("main", self.sections())), lang="fr")

    def header(self) -> Element:
        known = (
            f"Tel que su le {moment(self.at)}." if self.at else "Avec tout ce qui est enregistré à ce jour."
        )
        broken = sum(map(self.broken, self.steps))
        if broken:
            verdict = f"Attention : {broken} étape(s) ne se vérifient plus, voir ci-dessous."
        elif any(step.kind == "snapshot" for step in self.steps):
            verdict = "Tous les octets et tous les caractères ont été retrouvés dans l'archive."
        else:
            verdict = "Rien sur ce chemin ne vient d'un échange archivé."
        return tag(
            "header",
            tag("h1", "D'où vient ce chiffre ?"),
            tag("p", f"{_kind(self.asked)} : ", _marked(in_french(self.asked)), class_="asked"),
            tag("p", known),
            tag("p", verdict, class_="broken" if broken else "good"),
        )

    def broken(self, step: Step) -> bool:
        told = any(str(value).startswith(BROKEN) for value in step.facts.values())
        return told or (step.kind == "extraction" and not self.passage(step).good)

    def sections(self) -> Iterator[Element]:
        for step in self.steps:
            if step.kind not in _IN_TABLE or not step.row:
                yield self.section(step)
        told = [step for step in self.steps if step.kind in _IN_TABLE and step.row]
        if told:
            yield self.portfolio(told)
        yield tag("section", tag("h2", "Comment vérifier soi-même"), tag("p", BY_HAND))

    def section(self, step: Step) -> Element:
        number = self.numbers[step.kind, step.id]
        parts = [tag("h2", f"Étape {number} — {_kind(step)}"), tag("p", _marked(in_french(step)))]
        if step.kind == "extraction":
            parts.append(_quoted(self.passage(step)))
        parts.append(tag("dl", *([tag("dt", name), tag("dd", told)] for name, told in facts_of(step))))
        if step.kind == "snapshot":
            parts.append(_commands(step.row))
        parts += map(_restated, step.restatements)
        if step.comes_from:
            parts.append(tag("p", "Vient de : ", self.links(step.comes_from)))
        return tag("section", parts, id=f"etape-{number}")

    def links(self, steps: Sequence[Step]) -> Iterator[Content]:
        for place, step in enumerate(steps):
            number = self.numbers[step.kind, step.id]
            yield ", " if place else ""
            yield tag(
                "a", f"étape {number} ({_kind(step).partition(' (')[0].lower()})", href=f"#etape-{number}"
            )

    def portfolio(self, told: Sequence[Step]) -> Element:
        titles = ("Étape", "Ce que dit le portefeuille", "Vient de")
        head = tag("tr", [tag("th", title, scope="col") for title in titles])
        rows = [self.line(step, str(self.numbers[step.kind, step.id])) for step in told]
        return tag(
            "section",
            tag("h2", "Ce que dit le portefeuille"),
            tag("table", tag("thead", head), tag("tbody", rows)),
        )

    def line(self, step: Step, number: str) -> Element:
        said = tag("td", tag("div", _marked(in_french(step))), self.printed(step))
        return tag(
            "tr", tag("td", number, id=f"etape-{number}"), said, tag("td", self.links(step.comes_from))
        )

    def printed(self, step: Step) -> Iterator[Element]:
        body = self.body(step) if step.kind in ("phase", "event") else None
        found = portfolio_passage(step.kind, step.row, body) if body else None
        if found:
            yield tag("code", without_tokens(" ".join(found.figure.split())))

    def passage(self, step: Step) -> Passage:
        body = self.body(step)
        return passage(step.row, body) if body else Passage("", "", "", UNREADABLE)

    def body(self, step: Step) -> Snapshot | None:
        """The archived exchange behind a step; None when it cannot be opened."""
        if not step.comes_from:
            return None
        source = step.comes_from[0]
        if source.id not in self.bodies:
            try:
                self.bodies[source.id] = self.archive.open(place_of(dict(source.row)))
            except ArchiveError:
                self.bodies[source.id] = None
        return self.bodies[source.id]


def _quoted(found: Passage) -> Element:
    note = f"Texte archivé autour du chiffre. {FOUND[found.found]}"
    text = tag("pre", close(found.before), tag("mark", found.figure), close(found.after))
    return tag("figure", tag("figcaption", note, class_="good" if found.good else "broken"), text)


def _restated(one: Restated) -> Element:
    """A change, by both clocks: the value was that, and from this moment on we knew this."""
    became = one.new_value if one.new_value is not None else "plus rien"
    about = f" ({counted(one.changed)})" if one.changed else ""
    told = (
        f"{RESTATED.get(one.kind, one.kind)}, su le {moment(one.known_at)} : {one.old_value} devient {became}"
    )
    return tag("p", tag("strong", "Changement. "), f"{told}{about}.", class_="restated")


def _commands(row: Mapping[str, Any]) -> Element:
    file, offset = row["warc_file"], row["warc_offset"]
    commands = [
        f"warcio extract --headers {file} {offset}",
        f"warcio extract --payload {file} {offset} | sha256sum",
        f"# doit afficher {row['sha256']}",
    ]
    title = "À vérifier à la main, dans le dossier de l'archive :"
    return tag("div", tag("p", title), tag("pre", "\n".join(commands)))


def _marked(said: Said) -> list[Content]:
    return [said.before, *([tag("mark", said.figure)] if said.figure else []), said.after]


def _kind(step: Step) -> str:
    return KINDS.get(step.kind, step.kind)
