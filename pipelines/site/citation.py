"""Citation: how to cite a figure, in words and as BibTeX; both name the hash, which no redesign changes."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pipelines.site.page import plain
from pipelines.site.words import amount, day, moment, period

_SPECIAL = re.compile(r"[\\{}$&#^_~%]")
_MEANT = {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}


def in_words(row: Mapping[str, Any]) -> str:
    """A reference in the manner of the APA: who, when, what, where; then what proves it."""
    said = f"{amount(row['value'], row['unit'])}, {period(row)}"
    return (
        f"{plain(row['service'])}. ({row['period_end'].year}). {plain(row['label'])} : {said} "
        "[donnée publique]. "
        f"{row['source_url']} (relevé le {moment(row['known_at'])} ; SHA-256 de la réponse archivée : "
        f"{row['sha256']} ; observation {row['id']})."
    )


def in_bibtex(row: Mapping[str, Any]) -> str:
    """The same for bibliographies."""
    fields = {
        "author": f"{{{_escaped(row['service'])}}}",
        "title": _escaped(f"{row['label']} : {amount(row['value'], row['unit'])}, {period(row)}"),
        "year": str(row["period_end"].year),
        "howpublished": rf"\url{{{_bare(row['source_url'])}}}",
        "urldate": f"{row['known_at']:%Y-%m-%d}",
        "note": f"Relevé le {day(row['known_at'].date())}. SHA-256 : {row['sha256']}",
    }
    body = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{impact-{row['id']}{body}\n}}"


def _escaped(text: str | None) -> str:
    """The text, such that TeX prints it; a line break or a brace cannot end the field."""
    line = " ".join(plain(text).split())
    return _SPECIAL.sub(lambda found: _MEANT.get(found[0], f"\\{found[0]}"), line)


def _bare(url: str | None) -> str:
    """An address within braces: what is no part of an address is written as addresses write it."""
    return quote(url or "", safe=":/?#[]@!$&'()*+,;=%-._~", errors="replace")
