"""Markdown and flattened text: lines in, blocks out.  Each line keeps its number.

One reader for both, because the texts that are saved from slides carry Markdown here and there.
"""

import html
import re
from collections.abc import Callable
from dataclasses import replace

from connectors.reports.layout import Block, Kind, Layout, Link, Span

Line = tuple[str, list[Link]]
"""Words without markup, and the links among them."""

_INLINE = re.compile(
    r"!?\[(?P<label>[^\[\]\n]*)\]\((?P<url>[^()\s]*)[^()\n]*\)"
    r"|</?[a-zA-Z][^<>]{0,300}>"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,10});)"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|\{%[^%\n]*%\}"
    r"|(?<!\w):[a-z_]{2,30}:(?!\w)"
    r"|\*+(?=\S)|(?<=\S)\*+|(?<!\w)_+(?=\w)|(?<=[\w.])_+(?!\w)|`+"
)
_QUOTED = re.compile(r"^\s*(?:>\s?)+")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+")
# Not "+", which stands before numbers, nor an em dash, which continues a sentence.
_ITEM = re.compile(r"^(\s*)(?:[-*•·▪◦‣●–]|[0-9]{1,2}[.)])\s+(?=\S)")
_RULE = set("|:-=_* \t")
_PIPE, _TAB, _WIDE = re.compile(r"\|"), re.compile(r"\t"), re.compile(r" {3,}")
_STRANGE = dict.fromkeys(map(ord, "\x0b\x1c\x1d\x1e\x85\u2028\u2029"), "\n")


def layout_of(text: str, *, paged: bool = False, loose: Callable[[str, str], bool] | None = None) -> Layout:
    """The layout of a text.

    Args:
        text: Markdown, or text that once had columns; form feeds part pages.
        paged: pages are known, and counted from 1.
        loose: of two lines that follow one another, whether they are two blocks (a PDF has no blank lines).
    """
    writer = _Writer(paged, loose)
    pages = text.replace("\r\n", "\n").replace("\r", "\n").translate(_STRANGE).split("\f")
    for number, page in enumerate(pages, start=1):
        writer.turn(number)
        for line in page.split("\n"):
            writer.line(line)
    return writer.layout()


class _Writer:
    """Writes the text without markup, and notes the blocks on the way."""

    def __init__(self, paged: bool, loose: Callable[[str, str], bool] | None) -> None:
        self._paged, self._loose = paged, loose
        self._page: int | None = None
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._open: Block | None = None
        self._gap = True
        self._meta = False

    def turn(self, page: int) -> None:
        """A page begins."""
        self._close()
        self._gap, self._page = True, page if self._paged else None

    def line(self, raw: str) -> None:
        """One more line."""
        if self._is_meta(raw):
            self._one("meta", (raw, []))
        elif not raw.strip() or _is_rule(raw):
            self._close()
            self._append("\n")
            self._gap = True
        elif cells := _cells(raw, wide=self._loose is not None):
            self._row(raw, cells)
        elif heading := _HEADING.match(raw):
            self._one("heading", clean(raw[heading.end() :].rstrip("# ")), level=len(heading[1]))
            self._gap = True
        else:
            self._running(_QUOTED.sub("", raw))

    def _is_meta(self, raw: str) -> bool:
        """Front matter: between two lines of dashes at the very top."""
        if raw.strip() == "---" and (self._meta or not self._length):
            self._meta = not self._meta
            return True
        return self._meta

    def _running(self, raw: str) -> None:
        """A line of an item or of a paragraph."""
        if item := _ITEM.match(raw):
            self._close()
            self._begin("item", clean(raw[item.end() :]), level=len(item[1].expandtabs(4)) // 2)
            return
        words, links = clean(raw)
        if self._open and self._loose and self._loose(self._parts[-1].strip(), words.strip()):
            self._close()
        if self._open is None:
            self._begin("text", (words, links))
        else:
            at = self._append(words + "\n")
            links = [*self._open.links, *_moved(links, at)]
            self._open = replace(self._open, end=at + len(words), links=tuple(links))

    def _begin(self, kind: Kind, line: Line, level: int = 0) -> None:
        words, links = line
        at = self._append(words + "\n")
        span = at, at + len(words)
        self._open = Block(kind, *span, level, self._gap, self._page, (), tuple(_moved(links, at)))
        self._gap = False

    def _one(self, kind: Kind, line: Line, level: int = 0) -> None:
        """A block of exactly one line."""
        self._close()
        self._begin(kind, line, level)
        self._close()

    def _row(self, raw: str, cells: list[Span]) -> None:
        self._close()
        start, spans, links = self._length, [], []
        for index, cell in enumerate(cells):
            words, found = clean(raw[slice(*cell)].strip())
            at = self._append("\t" * bool(index) + words) + bool(index)
            spans.append((at, at + len(words)))
            links += _moved(found, at)
        block = Block("row", start, self._length, 0, self._gap, self._page, tuple(spans), tuple(links))
        self._blocks.append(block)
        self._append("\n")
        self._gap = False

    def _close(self) -> None:
        if self._open is not None:
            self._blocks.append(self._open)
        self._open = None

    def _append(self, text: str) -> int:
        at = self._length
        self._parts.append(text)
        self._length += len(text)
        return at

    def layout(self) -> Layout:
        """All that was written."""
        self._close()
        return Layout("".join(self._parts), self._blocks)


def clean(line: str) -> Line:
    """A line without its inline markup, and its links by their place in what remains."""
    parts: list[str] = []
    links: list[Link] = []
    at = length = 0
    for match in _INLINE.finditer(line):
        parts.append(line[at : match.start()])
        length += match.start() - at
        shown = _shown(match)
        if match["url"]:
            links.append(Link(length, length + len(shown), match["url"]))
        parts.append(shown)
        length += len(shown)
        at = match.end()
    return "".join([*parts, line[at:]]), links


def _shown(match: re.Match[str]) -> str:
    if match["label"] is not None:
        return clean(match["label"])[0]
    if match["entity"]:
        return html.unescape(match["entity"])
    return match["escaped"] or ""


def _moved(links: list[Link], by: int) -> list[Link]:
    return [Link(link.start + by, link.end + by, link.url) for link in links]


def _is_rule(raw: str) -> bool:
    """A line drawn with signs, under a title or between the rows of a table."""
    return set(raw) <= _RULE and sum(raw.count(sign) for sign in "-=_*") > 1


def _cells(raw: str, *, wide: bool) -> list[Span] | None:
    """The spans of a row's cells: between pipes, tabs, or (where a page was set in columns) wide blanks."""
    if len(raw.strip().strip("|").split("|")) >= 2 and raw.count("|") >= 2:
        start = raw.index("|") + 1 if raw.lstrip().startswith("|") else 0
        return _between(_PIPE, raw, start, len(raw.rstrip().rstrip("|")))
    if "\t" in raw.strip():
        return _between(_TAB, raw, 0, len(raw))
    columns = _between(_WIDE, raw, len(raw) - len(raw.lstrip()), len(raw)) if wide else []
    return columns if len(columns) >= 3 else None


def _between(mark: re.Pattern[str], raw: str, start: int, end: int) -> list[Span]:
    marks = list(mark.finditer(raw, start, end))
    return list(zip([start, *(m.end() for m in marks)], [*(m.start() for m in marks), end], strict=True))
