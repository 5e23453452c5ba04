"""Language: what is English in a text that should be French.

Words of English grammar that French does not have: a sentence has some, a name or a code seldom does.
"""

import re

from bs4 import BeautifulSoup

_WORDS = """
    the and of is was were with that this which from has have been not nothing where since for to by in it its
    at be are who when what why how than there their must may should would could did does into until
    unchanged became found missing expected
"""
_ENGLISH = re.compile(rf"(?<![\w./#$-])(?:{'|'.join(_WORDS.split())})(?![\w/=#-]|\.\w)", re.IGNORECASE)

_APART = "script, style, code, pre, [lang=en]"
"""What a page shows as it is: identifiers, archived text, and what it says to be English."""

_ADDRESS = re.compile(r"https?://\S+")


def english(text: str) -> list[str]:
    """The English words of a text, addresses left aside."""
    return _ENGLISH.findall(_ADDRESS.sub("", text))


def english_lines(page: str | bytes) -> list[str]:
    """The lines of a page's visible text that have English words, what is marked as English left aside."""
    soup = BeautifulSoup(page, "lxml")
    for element in soup.select(_APART):
        element.extract()
    lines = (" ".join(line.split()) for line in soup.get_text("\n").splitlines())
    return [line for line in lines if english(line)]
