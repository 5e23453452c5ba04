"""PDF: the text layer in, blocks out, page by page.

A text layer has no blank lines and no tables.  Where a page prints rows of at least three columns it is
read as set; elsewhere in the order in which its text was written, which follows its columns.
"""

import io
import re
from typing import TYPE_CHECKING

from connectors.errors import UnreadableReport
from connectors.reports.layout import Layout
from connectors.reports.plain import layout_of as plain_layout

if TYPE_CHECKING:
    from pypdf import PageObject

_COLUMNS = re.compile(r"\S {3,}\S.* {3,}\S")
_GOES_ON = re.compile(r"[a-zà-ÿœ(%€]|d'|l'")
_MOST_PAGES = 1000
_TWO_BYTES = re.compile(rb"begincodespacerange\s*<0000>\s*<ffff>\s*endcodespacerange", re.IGNORECASE)


def layout_of(content: bytes) -> Layout:
    """The layout of a PDF.

    Raises:
        UnreadableReport: the library is missing, the file is broken or locked, or no page has a text layer.
    """
    text = "\f".join(_pages(content))
    if not text.strip():
        raise UnreadableReport("the PDF has no text layer: its pages are pictures")
    return plain_layout(text, paged=True, loose=_parts)


def _pages(content: bytes) -> list[str]:
    try:
        from pypdf import PdfReader
    except ImportError:
        raise UnreadableReport("reading a PDF needs the package pypdf, which is not installed") from None
    try:
        pages = PdfReader(io.BytesIO(content)).pages
        if len(pages) > _MOST_PAGES:
            raise UnreadableReport(
                f"the PDF has {len(pages)} pages, and no report has more than {_MOST_PAGES}"
            )
        return [_page(page) for page in pages]
    except UnreadableReport:
        raise
    except Exception as error:  # noqa: BLE001  # a broken file breaks pypdf in ways that it does not declare
        raise UnreadableReport(f"the PDF cannot be read: {type(error).__name__}: {error}") from None


def _page(page: "PageObject") -> str:
    _name_encodings(page)
    set_in_columns = page.extract_text(extraction_mode="layout")
    if sum(bool(_COLUMNS.search(line)) for line in set_in_columns.split("\n")) >= 2:
        return set_in_columns
    return page.extract_text()


def _name_encodings(page: "PageObject") -> None:
    """Give fonts that bring a table of their codes the common one that says the same of their width.

    pypdf reads the codes of such a font one byte at a time, also where each has two; what a code stands for
    it takes from ``ToUnicode`` in any case.
    """
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    resources = page.get("/Resources", {}).get_object()
    for reference in resources.get("/Font", {}).get_object().values():
        font = reference.get_object()
        if not isinstance(font, DictionaryObject) or not {"/Encoding", "/ToUnicode"} <= font.keys():
            continue
        codes, own = font["/ToUnicode"].get_object(), font["/Encoding"].get_object()
        if not isinstance(codes, StreamObject) or not isinstance(own, StreamObject):
            continue
        if _TWO_BYTES.search(codes.get_data()):
            font[NameObject("/Encoding")] = NameObject("/Identity-H")


def _parts(line: str, following: str) -> bool:
    """Whether a line begins another block: a sentence goes on in lower case or after a word that binds."""
    if _GOES_ON.match(following):
        return False
    return not re.search(r"[,'’-]$|(?<!\w)(?:de|des|du|la|le|les|et|à|en|pour|par)$", line)
