"""HTML: the tree of a page in, blocks out, with the text that people see."""

import re
from collections.abc import Iterator

from bs4.element import NavigableString, Tag

from connectors.reports.layout import Block, Kind, Layout, Link, Span
from connectors.text.html_text import TEXT
from connectors.text.soup import soup_of

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = _HEADINGS.keys() | {
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl",
    "dt", "figcaption", "figure", "footer", "header", "hr", "html", "li", "main", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
}  # fmt: skip
_UNSEEN = {
    "button", "head", "nav", "noscript", "script", "select", "style", "svg", "template", "textarea",
}  # fmt: skip
_NESTED, _ITEMS = {"ul", "ol"}, {"li", "dd"}
_LISTS = {*_NESTED, "dl", "table"}
_WIDEST = 50  # columns that one cell may span
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")  # not the no-break ones, which part thousands
_NOTE = re.compile(r"\s*[\[(]?\d{1,3}[\])]?\s*")


def layout_of(html: str) -> Layout:
    """The layout of a page.

    A raised digit is the mark of a note and is left out: beside a number it would become part of it.
    The text of a picture counts, because logos stand for names.
    """
    writer = _Writer()
    for step, node in _walk(soup_of(html)):
        writer.take(step, node)
    return writer.layout()


def _walk(root: Tag) -> Iterator[tuple[str, Tag | NavigableString]]:
    """Every element that is seen, as it opens and as it closes, and every text; however deep."""
    todo: list[tuple[str, Tag | NavigableString]] = [("open", root)]
    while todo:
        step, node = todo.pop()
        yield step, node
        if step == "open" and isinstance(node, Tag):
            todo.append(("close", node))
            seen = (child for child in node.contents if isinstance(child, Tag | NavigableString))
            todo += [(("open" if isinstance(c, Tag) else "text"), c) for c in seen if _is_seen(c)][::-1]


def _is_seen(node: Tag | NavigableString) -> bool:
    if isinstance(node, NavigableString):
        return type(node) in TEXT
    if node.name in _UNSEEN or node.has_attr("hidden") or node.get("aria-hidden") == "true":
        return False
    return not (node.name == "sup" and _NOTE.fullmatch(node.get_text()))


class _Writer:
    """Writes the text, and notes the blocks on the way."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._now: list[str] = []
        self._start = self._length = 0
        self._blocks: list[Block] = []
        self._kind: tuple[Kind, int] = ("text", 0)
        self._links: list[Link] = []
        self._anchors: list[tuple[int, str]] = []
        self._cells: list[Span] = []
        self._lists = self._items = self._rows = self._headers = 0
        self._gap = True

    def take(self, step: str, node: Tag | NavigableString) -> None:
        """One step of the walk."""
        if isinstance(node, NavigableString):
            self._say(_BLANKS.sub(" ", node))
        elif step == "open":
            self._open(node, node.name)
        else:
            self._shut(node, node.name)

    def _open(self, node: Tag, name: str) -> None:
        if name in _BLOCKS:
            self._turn(name, 1)
        if name == "tr":
            self._rows += 1
        elif name in ("td", "th"):
            self._now.append("\t" * bool(self._cells))
            self._length += bool(self._cells)
            self._cells.append((self._length, self._length))
            self._headers += name == "th"
        elif name == "a":
            self._anchors.append((self._length, str(node.get("href", ""))))
        elif name == "img":
            self._say(f" {_BLANKS.sub(' ', str(node.get('alt', '')))} ")
        elif name == "br":
            self._say(" ")

    def _shut(self, node: Tag, name: str) -> None:
        if name == "a" and self._anchors:
            start, url = self._anchors.pop()
            self._links.append(Link(max(start, self._start), self._length, url))
        elif name in ("td", "th") and self._cells:
            # A header that spans columns is the header of each.
            self._cells[-1:] = [(self._cells[-1][0], self._length)] * _spanned(node)
        elif name == "tr" and self._rows:
            self._rows -= 1
        if name in _BLOCKS:
            self._turn(name, -1)

    def _turn(self, name: str, step: int) -> None:
        """A block element opens (1) or shuts (-1); those inside a cell only part words."""
        if self._rows:
            self._say(" ")
            return
        self._end()
        self._gap = self._gap or name in _LISTS or name in _HEADINGS
        self._lists += step * (name in _NESTED)
        self._items += step * (name in _ITEMS)
        heading = step == 1 and name in _HEADINGS
        kind: Kind = "heading" if heading else "item" if self._items else "text"
        self._kind = kind, _HEADINGS[name] if heading else max(self._lists - 1, 0)

    def _say(self, words: str) -> None:
        """Text of the open block, in which blanks are joined as browsers do."""
        blank = not self._now or self._now[-1][-1:] in {" ", "\t", ""}
        words = words.lstrip(" ") if blank else words
        if words:
            self._now.append(words)
            self._length += len(words)

    def _end(self) -> None:
        """The open block ends, if it holds anything."""
        words = "".join(self._now)
        if words.strip():
            kind, level = self._kind
            if len(self._cells) > 1 and self._in_cells(words):
                kind, level = "row", int(self._headers > 1)
            span, cells, links = (self._start, self._length), tuple(self._cells), tuple(self._links)
            self._blocks.append(Block(kind, *span, level, self._gap, None, cells, links))
            self._gap = kind == "heading"
            words, self._length = words + "\n", self._length + 1
        self._done.append(words)
        self._now, self._start, self._links, self._cells, self._headers = [], self._length, [], [], 0

    def _in_cells(self, words: str) -> bool:
        """Whether all words of a row are in its cells; a table inside a cell is read as running text."""
        outside = list(words)
        for start, end in self._cells:
            outside[start - self._start : end - self._start] = " " * (end - start)
        return not "".join(outside).strip()

    def layout(self) -> Layout:
        """All that was written."""
        self._end()
        return Layout("".join(self._done), self._blocks)


def _spanned(cell: Tag) -> int:
    said = str(cell.get("colspan", "1"))
    return min(int(said), _WIDEST) if said.isdecimal() and len(said) < 4 and int(said) else 1
