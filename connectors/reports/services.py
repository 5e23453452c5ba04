"""Which service a card, or one sentence of it, is about."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from connectors.report import ServiceMatch
from connectors.reports.cards import Card
from connectors.reports.layout import Block, Layout, Link, Span
from connectors.reports.names import NOBODY, Mention, Names
from connectors.reports.words import VISIT, flat


def services_of(layout: Layout, cards: Sequence[Card], names: Names) -> list[ServiceMatch]:
    """The service of each card.

    A card without a name is looked at last, when it is known what the report counts of named services.
    """
    found = [_named(layout, card, names) for card in cards]
    elsewhere: dict[str, str] = defaultdict(str)
    for card, match in zip(cards, found, strict=True):
        if match.service_id:
            elsewhere[match.service_id] += " " + _counted(layout, card)
    return [
        names.about(_said(layout, card), _counted(layout, card), elsewhere)
        if match is NOBODY and _is_service_card(card, cards)
        else match
        for card, match in zip(cards, found, strict=True)
    ]


def _named(layout: Layout, card: Card, names: Names) -> ServiceMatch:
    """The service that the title names or leads to, or else the address of a link."""
    if card.title is None:
        return _linked(card, names)
    match = names.named(layout.said(card.title), layout.leads_to(card.title))
    if match.match == "certain":
        return match
    if match.match == "none" and not match.candidates and not _shows_a_service(layout, card):
        return NOBODY
    rivals = [id_ for piece in card.pieces for id_ in _first_line(layout, piece.block, names) if card.full]
    return replace(match, candidates=tuple(dict.fromkeys([*match.candidates, *rivals])))


def _shows_a_service(layout: Layout, card: Card) -> bool:
    """Whether a card has the parts of a service's: its labels, years, growth, link to it, or its place."""
    if card.has("label", "year", "growth") or (card.title and card.title.kind == "item"):
        return True
    calls = (flat(layout.said(piece.block)) for piece in card.pieces if piece.role == "call")
    return any(VISIT.match(call) for call in calls)


def _first_line(layout: Layout, block: Block, names: Names) -> list[str]:
    """A logo's words often stand on a line of their own above the name."""
    match = names.certain(layout.text[block.start : block.end].split("\n", 1)[0])
    return [match.service_id] if match and match.service_id else []


def _linked(card: Card, names: Names) -> ServiceMatch:
    links = [link for piece in card.pieces if piece.role in ("call", "title") for link in piece.block.links]
    found = {
        match.service_id: match for match in map(names.at, (link.url for link in links)) if match.service_id
    }
    return next(iter(found.values())) if len(found) == 1 else NOBODY


def _is_service_card(card: Card, cards: Sequence[Card]) -> bool:
    """Figures under what a service's card has, among other cards of services: a name or a logo was lost."""
    if not card.full or not card.has("item", "growth") or not card.has("call", "growth", "label", "year"):
        return False
    return any(other.title is not None for other in cards if other.section == card.section)


def _counted(layout: Layout, card: Card) -> str:
    return " ".join(
        layout.said(piece.block) for piece in card.pieces if piece.role in ("item", "growth", "words")
    )


def _said(layout: Layout, card: Card) -> str:
    return " ".join(layout.said(piece.block) for piece in card.pieces)


def mentions_in(layout: Layout, sentence: Span, links: Sequence[Link], names: Names) -> list[Mention]:
    """The services named or linked in a sentence."""
    return names.mentions(layout.text, *sentence) + [
        Mention(link.start, link.end, match)
        for link in links
        if sentence[0] <= link.start < sentence[1] and (match := names.at(link.url)).match == "certain"
    ]


def service_of(mentions: Sequence[Mention], at: int) -> ServiceMatch:
    """The service of the figure at ``at``, by the mentions around it; of several, none."""
    certain = {
        mention.match.service_id: mention.match for mention in mentions if mention.match.match == "certain"
    }
    if len(certain) == 1:
        return next(iter(certain.values()))
    if certain:
        ids = sorted(filter(None, certain), key=lambda i: _distance(mentions, i, at))
        return ServiceMatch(None, "none", tuple(ids), f"the sentence names {len(ids)} services")
    return mentions[0].match if mentions else NOBODY


def _distance(mentions: Sequence[Mention], service_id: str, at: int) -> int:
    return min(abs(mention.start - at) for mention in mentions if mention.match.service_id == service_id)
