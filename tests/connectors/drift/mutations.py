"""What redesigns do to a page, each as a function that changes a tree in place.

A mutation is given the characters of the figures that the page prints, so that it moves figures and not
years.  What it may cost is said in ``MUTATIONS``: the codes that tell rightly why a figure is lost.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

Mutation = Callable[[BeautifulSoup, Sequence[str]], None]

_GROUPED = re.compile(r"(?<!\d)(\d{1,3})([\s\u00a0\u202f]\d{3})+(?!\d)")
_NUMBER = re.compile(r"\d(?:[\d\s\u00a0\u202f]*\d)?(?:[.,]\d+)?")
_REWORDED = {
    "déposés": "transmis",
    "déposées": "transmises",
    "réalisées": "effectuées",
    "réalisés": "effectués",
    "signées": "conclues",
    "signés": "conclus",
    "enregistrés": "saisis",
    "enregistrées": "saisies",
    "inscrits": "enregistrés",
    "inscrites": "enregistrées",
    "traités": "suivis",
    "traitées": "suivies",
    "présentes": "référencées",
    "créés": "ouverts",
    "créées": "ouvertes",
    "mises": "publiées",
    "depuis": "à compter de",
    "partenaires": "associées",
    "satisfaits": "contents",
    "honoré": "effectué",
}


_ACCENTS = ("strong", "b", "em", "small", "acronym", "abbr", "a")


def _main(soup: BeautifulSoup) -> Tag:
    return soup.main or soup.body or soup


def _printed(soup: BeautifulSoup, figures: Sequence[str]) -> Iterator[tuple[NavigableString, str]]:
    """The texts that print a figure, each with its characters."""
    for text in list(_main(soup).find_all(string=True)):
        if type(text) is NavigableString:
            figure = next(
                (each for each in figures if re.search(rf"(?<![\w,]){re.escape(each)}(?!\w)", text)), None
            )
            if figure:
                yield text, figure


def _names(soup: BeautifulSoup, figures: Sequence[str]) -> Iterator[NavigableString]:
    """The texts that say something and print no figure."""
    printing = {id(text) for text, _ in _printed(soup, figures)}
    for text in list(_main(soup).find_all(string=re.compile(r"[^\W\d_]{3,}"))):
        scale = text.strip() in ("million", "millions", "milliards")
        if type(text) is NavigableString and id(text) not in printing and not scale:
            yield text


def _nodes(soup: BeautifulSoup, markup: str) -> list[Tag | NavigableString]:
    body = BeautifulSoup(markup, "lxml").body
    assert body is not None
    inside = body.p if len(body.contents) == 1 and body.p and not markup.startswith("<p") else body
    return [each.extract() for each in list(inside.contents)]  # type: ignore[misc]


def _replace(soup: BeautifulSoup, text: NavigableString, markup: str) -> None:
    text.replace_with(*_nodes(soup, markup))


def class_renamed(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """Another design system: every class and id has another name."""
    for element in _main(soup).find_all(True):
        for attribute in ("class", "id"):
            if element.get(attribute):
                said = (
                    element[attribute] if isinstance(element[attribute], list) else [str(element[attribute])]
                )
                element[attribute] = " ".join(f"nv-{each}" for each in said)


def label_prefixed(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """The name of a figure gets longer."""
    for text in [each for each in _names(soup, figures) if _begins_a_line(each)]:
        text.replace_with(f"Nombre de {text.strip()[0].lower()}{text.strip()[1:]}")


def _begins_a_line(name: NavigableString) -> bool:
    """Whether no text stands before it in its parent, and it is more than a unit."""
    before = "".join(str(each) for each in name.previous_siblings if isinstance(each, NavigableString))
    return (
        not before.strip()
        and name.parent is not None
        and name.parent.name not in _ACCENTS
        and len(name.strip()) > 3
    )


def label_reworded(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """A word of each name becomes another."""
    for text in list(_main(soup).find_all(string=re.compile(r"\w"))):
        if type(text) is NavigableString:
            text.replace_with(re.sub(r"\w+", lambda word: _REWORDED.get(word[0], word[0]), str(text)))


def order_swapped(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """The last card comes first."""
    for parent in [_main(soup), *_main(soup).find_all(True)]:
        cards = [
            each for each in parent.find_all(True, recursive=False) if each.find(string=re.compile(r"\w"))
        ]
        if len(cards) > 1 and len({(each.name, str(each.get("class"))[:14]) for each in cards}) == 1:
            for card in cards:
                card.extract()
            parent.extend(reversed(cards))


def numbers_swapped(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """The children of each card change places: what stood above stands below."""
    for text, _ in list(_printed(soup, figures)):
        for card in list(text.parents)[1:3]:
            children = card.find_all(True, recursive=False)
            if len(children) == 2 and card.name not in ("main", "body"):
                children[0].extract()
                card.append(children[0])
                break


def moved_into_span(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """The number gets an element of its own, for its colour."""
    for text, figure in list(_printed(soup, figures)):
        _replace(soup, text, str(text).replace(figure, f'<span class="nv-chiffre">{figure}</span>', 1))


def split_over_spans(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """Each group of digits gets an element of its own, inside the old one."""
    for text, figure in list(_printed(soup, figures)):
        parts = re.sub(r"\d+", lambda digits: f"<span>{digits[0]}</span>", figure)
        _replace(soup, text, str(text).replace(figure, parts, 1))


def split_beside(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """The end of the number goes into an element beside the old one."""
    for text, figure in list(_printed(soup, figures)):
        at = next((each.start() for each in re.finditer(r"(?<=\d)[\s\u00a0\u202f,.](?=\d)", figure)), None)
        if at is not None and text.parent is not None:
            holder = text.parent
            holder.name = "span"
            rest = soup.new_tag("small")
            rest.string = str(text)[str(text).index(figure) + at :]
            text.replace_with(str(text)[: str(text).index(figure) + at])
            holder.insert_after(rest)


def unit_into_label(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """What follows the digits goes into the next element: "millions", "%", "€"."""
    for text, figure in list(_printed(soup, figures)):
        unit = re.sub(r"^\D*[\d\s\u00a0\u202f]*\d(?:[.,]\d+)?", "", figure).strip()
        if unit and text.parent is not None and re.search(r"\d", figure):
            name = next((each for each in _names(soup, figures) if _follows(each, text)), None)
            text.replace_with(str(text).replace(figure, figure.removesuffix(unit).rstrip(), 1))
            if name is not None:
                name.replace_with(f"{unit} {name.strip()}" if unit != "€" else f"euros de {name.strip()}")


def _follows(name: NavigableString, text: NavigableString) -> bool:
    return any(each is name for each, _ in zip(text.next_elements, range(8), strict=False))


def in_thousands(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """A long number is rounded to thousands, and the label says so."""
    for text, figure in list(_printed(soup, figures)):
        if _GROUPED.fullmatch(figure):
            digits = int(re.sub(r"\D", "", figure))
            name = next((each for each in _names(soup, figures) if _follows(each, text)), None)
            if name is not None:
                text.replace_with(str(text).replace(figure, f"{digits / 1000:.1f}".replace(".", ","), 1))
                name.replace_with(f"{name.strip()} (en milliers)")


def counted_up(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """A script counts up to the figure from zero; an attribute holds it."""
    for text, figure in list(_printed(soup, figures)):
        digits = re.sub(r"\s", "", found[0]) if (found := _NUMBER.search(figure)) else ""
        if digits:
            zero = _NUMBER.sub("0", figure, count=1)
            span = f'<span class="count-up" data-target="{digits}">{zero}</span>'
            _replace(soup, text, str(text).replace(figure, span, 1))


def counted_up_by_script(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """A script counts up to the figure from zero, and nothing in the page holds it."""
    for text, figure in list(_printed(soup, figures)):
        text.replace_with(str(text).replace(figure, "0", 1) if re.search(r"\d", figure) else str(text))
    _main(soup).append(soup.new_tag("script", src="/assets/countUp.umd.js"))


def into_a_sentence(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """The number joins its name in one paragraph."""
    for text, figure in list(_printed(soup, figures)):
        holder = text.parent
        name = next((each for each in _names(soup, figures) if _follows(each, text)), None)
        if (
            holder is not None
            and name is not None
            and name.parent is not None
            and str(text).strip() == figure
        ):
            paragraph = soup.new_tag("p")
            paragraph.string = f"{figure} {name.strip()}"
            name.extract()
            holder.replace_with(paragraph)


def _is_alone(name: NavigableString) -> bool:
    return (
        name.parent is not None
        and name.parent.get_text().strip() == name.strip()
        and name.parent.name not in _ACCENTS
    )


def shown_twice(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """One copy for telephones, one for desks."""
    main = _main(soup)
    second = copy(main)
    second["class"] = "nv-desktop"
    main.insert_after(second)


def emptied(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """The places are there, and nothing in them."""
    for text, figure in list(_printed(soup, figures)):
        text.replace_with(str(text).replace(figure, "", 1))


def wrapped(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """Each card gets a wrapper more, and the page a section of introduction."""
    main = _main(soup)
    for text, _ in list(_printed(soup, figures)):
        if text.parent is not None and text.parent is not main:
            text.parent.wrap(soup.new_tag("div"))
    intro = soup.new_tag("section")
    intro.string = "Retrouvez ici tous nos indicateurs, mis à jour chaque nuit."
    main.insert(0, intro)


def change_added(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """The change of the year gets the dress of the figure, and stands after it."""
    for text, figure in list(_printed(soup, figures)):
        if text.parent is not None and str(text).strip() == figure:
            change = copy(text.parent)
            change.string = "+12 %"
            text.parent.insert_after(change)


def withdrawn(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """Every other figure is no longer published, nor is its name."""
    for text, figure in list(_printed(soup, figures))[::2]:
        name = next((each for each in _names(soup, figures) if _follows(each, text)), None)
        text.replace_with(str(text).replace(figure, "", 1))
        if name is not None:
            name.extract()


def skeleton(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """The figures come by a second request; until then a word stands for each."""
    for text, figure in list(_printed(soup, figures)):
        text.replace_with(str(text).replace(figure, "Chargement…", 1))


def _with(soup: BeautifulSoup, figures: Sequence[str], markup: str) -> None:
    """Something joins each number inside its element; ``{}`` is the number."""
    for text, figure in list(_printed(soup, figures)):
        if re.search(r"\d", figure):
            _replace(soup, text, str(text).replace(figure, markup.format(figure), 1))


def noted(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """A note explains the number."""
    _with(soup, figures, '{}<a href="#note-1"><sup>1</sup></a>')


def ranked(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """Each card has its rank, before the number."""
    _with(soup, figures, '<span class="nv-rang">2</span> {}')


def dated_before(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """The year stands before the number, set apart by style alone."""
    _with(soup, figures, "<b>2024</b>{}")


def struck_out(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """What stood there before is struck out."""
    _with(soup, figures, "<del>17</del> {}")


def aimed_at(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """The aim stands before what was reached."""
    _with(soup, figures, "<small>Objectif : 90 000</small> {}")


def without_script(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """For browsers without scripts, an older number stands beside."""
    _with(soup, figures, "{}<noscript>12</noscript>")


def spelt_for_ears(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """Eyes get a rounded number, screen readers the whole one."""
    _with(soup, figures, '<span aria-hidden="true">12 k</span><span class="fr-sr-only">{}</span>')


def _grouped_by(soup: BeautifulSoup, figures: Sequence[str], mark: str) -> None:
    for text, figure in list(_printed(soup, figures)):
        if _GROUPED.search(figure):
            grouped = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3})", mark, figure)
            text.replace_with(str(text).replace(figure, grouped, 1))


def in_english(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """The server's language changed: a comma parts thousands."""
    _grouped_by(soup, figures, ",")


def in_swiss(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """The server's language changed: an apostrophe parts thousands."""
    _grouped_by(soup, figures, "\u2019")


def invisibly_grouped(soup: BeautifulSoup, figures: Sequence[str]) -> None:
    """Thousands are parted by what nobody sees."""
    _grouped_by(soup, figures, "\u200b")


@dataclass(frozen=True, slots=True)
class Redesign:
    """A mutation, the codes that rightly tell why it loses a figure, and whether it still says it."""

    name: str
    mutate: Mutation
    codes: frozenset[str]
    still_there: bool


_GARBLED = (
    ranked, dated_before, struck_out, aimed_at, without_script, spelt_for_ears,
    in_english, in_swiss, invisibly_grouped,
)  # fmt: skip
_GONE = (counted_up_by_script, withdrawn, skeleton, emptied, *_GARBLED)
_MOVED = ("not_found",)
_LOST = ("not_found", "ambiguous", "empty")
MUTATIONS = tuple(
    Redesign(mutate.__name__, mutate, frozenset(codes), mutate not in _GONE)
    for mutate, codes in (
        (class_renamed, _MOVED),
        (label_prefixed, _MOVED),
        (label_reworded, _MOVED),
        (order_swapped, _MOVED),
        (numbers_swapped, ("split_figure", *_LOST)),
        (moved_into_span, _LOST),
        (split_over_spans, ("split_figure", *_LOST)),
        (split_beside, ("split_figure", *_LOST)),
        (unit_into_label, ("scale_unclear", *_MOVED)),
        (in_thousands, ("scale_unclear", "split_figure", *_MOVED)),
        (counted_up, ("count_up", *_MOVED)),
        (counted_up_by_script, ("count_up", *_MOVED)),
        (into_a_sentence, _LOST),
        (shown_twice, ("ambiguous", *_MOVED)),
        (change_added, ("unreadable", *_LOST)),
        (skeleton, ("unreadable", *_MOVED)),
        (withdrawn, ("cookie_wall", *_LOST)),  # a page of one figure and a wall is then the wall
        (emptied, ("empty", *_MOVED)),
        (wrapped, _LOST),
        (noted, _LOST),
        *((mutate, ("split_figure", "scale_unclear", "unreadable", *_LOST)) for mutate in _GARBLED),
    )
)

_TILE = '<div class="fr-tile"><p class="fr-tile__title">{}</p><p class="fr-tile__desc">{}</p></div>'


def _page(title: str, body: str) -> str:
    head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
    return f'<!DOCTYPE html><html lang="fr">{head}<body>{body}</body></html>'


REPLACED = {
    "login_page": _page(
        "Connexion", '<h1>Connexion</h1><form method="post"><input name="u"><input type="password"></form>'
    ),
    "challenge_page": _page("Just a moment...", "<p>Checking your browser before access. Ray 8c1f204</p>"),
    "maintenance_page": _page(
        "Maintenance", "<h1>Maintenance en cours</h1><p>Le site sera de retour à 14 h.</p>"
    ),
    "cookie_wall": _page(
        "Vos choix",
        "<p>Ce site dépose des cookies de mesure d'audience.</p><button>Tout accepter</button>",
    ),
    "soft_404": _page("Oups", "<h1>Page introuvable</h1><p>La page demandée n'existe plus.</p>"),
    "empty_shell": _page("Statistiques", '<div id="root"></div><script src="/assets/main.js"></script>'),
    "not_found": _page(
        "Un autre service",
        "<main><h1>Nos résultats</h1>"
        + _TILE.format("12 408", "aidants formés")
        + _TILE.format("87 %", "des stagiaires recommandent la formation")
        + "</main>",
    ),
}
"""Pages in the place of the statistics, by the code that tells them rightly; the last is another's."""
