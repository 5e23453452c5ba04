"""BeautifulSoup's tree of a page, built in half the time.

Finding figures costs little beside building the tree they stand in, and most of that goes into what
BeautifulSoup does for every node in case it has namespaces, is filtered, or is put between others.
A page that is read from its first byte to its last needs none of it.  The tree is the same, node by
node and link by link: ``tests/connectors/test_soup.py`` holds the one against the other.
"""

from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import Comment, Doctype, NavigableString, ProcessingInstruction, Tag

from connectors.errors import WrongFormat

_BLANKS = BeautifulSoup.ASCII_SPACES

DEEPEST = 4_000
"""Elements in one another.  Browsers nest 512; beyond 8,192 no path to a place can be matched any more."""


def soup_of(text: str) -> BeautifulSoup:
    """The tree of an HTML document, as by ``BeautifulSoup(text, "lxml", multi_valued_attributes=None)``.

    An attribute whose name begins with a brace keeps that name, where BeautifulSoup sees a namespace.

    Raises:
        WrongFormat: its elements are nested deeper than those of any page.
    """
    return BeautifulSoup(text, builder=_Builder(multi_valued_attributes=None))


class _Builder(LXMLTreeBuilder):
    """What lxml reports, each node hung behind the last one."""

    def feed(self, markup: str | bytes) -> None:
        """Build the tree under ``self.soup``."""
        assert self.soup is not None
        # The open elements, each with the kind of its texts and whether their blanks are kept.
        self._open: list[tuple[Tag, type[NavigableString], bool]] = [(self.soup, NavigableString, False)]
        self._last: Tag | NavigableString | None = None
        self._pieces: list[str] = []
        self._models: dict[str, dict[str, Any]] = {}
        super().feed(markup)
        self._end_text()

    def start(self, tag: str | bytes, attrib: Mapping[Any, Any], nsmap: object = None) -> None:  # noqa: ARG002
        """An element begins."""
        self._end_text()
        if len(self._open) > DEEPEST:
            raise WrongFormat(f"the page is more than {DEEPEST:,} elements deep")
        name = str(tag)
        element = self._element(name, attrib)
        self._hang(element)
        _, kind, kept = self._open[-1]
        kind = self.string_containers.get(name, kind)
        self._open.append((element, kind, kept or name in self.preserve_whitespace_tags))

    def _element(self, name: str, attributes: Mapping[Any, Any]) -> Tag:
        """An element like the first one of its name, which BeautifulSoup made."""
        if name not in self._models:
            namespaces = self.active_namespace_prefixes[-1]
            self._models[name] = vars(Tag(self.soup, self, name, attrs={}, namespaces=namespaces))
        element = Tag.__new__(Tag)
        vars(element).update(self._models[name], attrs=self.attribute_dict_class(attributes), contents=[])
        self.set_up_substitutions(element)
        return element

    def _hang(self, node: Tag | NavigableString) -> None:
        parent = self._open[-1][0]
        node.parent, node.previous_element = parent, self._last
        if self._last is not None:
            self._last.next_element = node
        if parent.contents:
            before = parent.contents[-1]
            node.previous_sibling, before.next_sibling = before, node
        parent.contents.append(node)
        self._last = node

    def end(self, tag: str | bytes) -> None:  # noqa: ARG002
        """The last element that is open ends: lxml ends each that it begins, however the page is written."""
        self._end_text()
        self._open.pop()

    def data(self, data: str | bytes) -> None:
        """A piece of text."""
        self._pieces.append(str(data))

    def _end_text(self) -> None:
        if self._pieces:
            self._say("".join(self._pieces), self._open[-1][1])
            self._pieces = []

    def _say(self, text: str, kind: type[NavigableString]) -> None:
        if not self._open[-1][2] and not text.strip(_BLANKS):
            text = "\n" if "\n" in text else " "
        self._hang(kind(text))

    def comment(self, text: str | bytes) -> None:
        """A comment."""
        self._end_text()
        self._say(str(text), Comment)

    def pi(self, target: str, data: str) -> None:
        """A processing instruction."""
        self._end_text()
        self._say(f"{target} {data}", ProcessingInstruction)

    def doctype(self, name: str, pubid: str, system: str) -> None:
        """The document type."""
        self._end_text()
        self._say(Doctype._string_for_name_and_ids(name, pubid, system), Doctype)
