"""Data that a page carries: their value, their names, and where the parts of them stand in the page."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from connectors.text.js_literal import Literal
from connectors.text.json_text import Location
from connectors.text.mapped_text import Span
from connectors.text.markup import Markup, tags


@dataclass(frozen=True, slots=True)
class Carried:
    """One piece of data: the names it goes by, its value, and where the parts of it stand.

    ``where`` gives the span of each location asked for, a string's without its quotes.  ``token`` gives
    the characters of a number that the page writes in pieces, with markup between them.
    """

    names: tuple[str, ...]
    value: object
    where: Callable[[Iterable[Location]], Mapping[Location, Span]]
    token: Callable[[Location], str] | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A named series of points, each a label (a date, a category) and the location of its value.

    A line of a table is a series only when it is asked for by name: its columns are, first.
    """

    name: str
    points: tuple[tuple[str | None, Location], ...]
    line: bool = False


@dataclass(frozen=True)
class Text:
    """The text of a page, and its tags."""

    text: str

    @cached_property
    def tags(self) -> list[Markup]:
        """Every tag, in order."""
        return list(tags(self.text))

    def scripts(self, *, data: bool) -> Iterator[tuple[Markup, Span]]:
        """The scripts that hold data, or those that hold code, with the span of what they hold."""
        for tag in self.tags:
            if tag.name == "script" and tag.inside and ("json" in (self.of(tag, "type") or "")) == data:
                yield tag, tag.inside

    def of(self, tag: Markup, attribute: str) -> str | None:
        """An attribute, decoded."""
        return tag.get(self.text, attribute)


def carried(literal: Literal, *names: str) -> Carried:
    """A literal as data of the page."""
    nowhere = (0, 0)  # of an expression, which no figure is read from
    return Carried(
        names, literal.value, lambda asked: {each: literal.spans.get(each, nowhere) for each in asked}
    )
