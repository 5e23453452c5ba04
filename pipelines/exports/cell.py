"""Cells: what a file may hold of a text that a stranger wrote.

Services' names, labels and pages are strangers' words, and a spreadsheet runs a text that begins like a
formula.  In CSV such a text gets an apostrophe before it, as OWASP advises for CSV injection; ``restored``
takes it off again, and ``safe`` leaves no doubt which texts have one.  A number is no text: -3 stays -3.
"""

import re

_FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠]|'*[\t\r\n]")
"""What spreadsheets take for the beginning of a formula, wide forms too, with apostrophes before it."""

_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, or UTF-8."""

_APOSTROPHE = "'"


def clean(text: str) -> str:
    """The text as every format can hold it: lines end in LF, what is no character is U+FFFD."""
    if text.isprintable():  # as nearly every text is: nothing of what follows is in it
        return text
    return _NO_TEXT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_like_a_formula(text: str) -> bool:
    """True when a spreadsheet might run it."""
    return not text[:1].isalnum() and _FORMULA.match(text) is not None


def safe(text: str) -> str:
    """The text, cleaned, with an apostrophe before what begins like a formula.

    >>> safe("=1+1"), safe("+73 %"), safe("x16")
    ("'=1+1", "'+73 %", 'x16')
    """
    cleaned = clean(text)
    return _APOSTROPHE + cleaned if is_like_a_formula(cleaned) else cleaned


def restored(text: str) -> str:
    """The text before ``safe``, cleaned.

    >>> restored(safe("'=1+1"))
    "'=1+1"
    """
    marked = text.startswith(_APOSTROPHE) and is_like_a_formula(text[1:])
    return text[1:] if marked else text
