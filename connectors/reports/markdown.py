"""Markdown that holds blocks of HTML, as pages written for a site generator do: HTML out."""

import re

from markdown_it import MarkdownIt

_BLOCK = re.compile(
    r"^[ \t]*<(?:details|div|figure|li|ol|p|section|table|ul)\b", re.IGNORECASE | re.MULTILINE
)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*\n", re.DOTALL)
# What is indented there is HTML inside HTML, and no report prints code.
_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table").disable("code")


def holds_html(text: str) -> bool:
    """Whether lines of a text open blocks of HTML."""
    return _BLOCK.search(text) is not None


def rendered(text: str) -> str:
    """The page that a text makes; front matter is no part of it."""
    return str(_MARKDOWN.render(_FRONT_MATTER.sub("", text.replace("\r\n", "\n"))))
