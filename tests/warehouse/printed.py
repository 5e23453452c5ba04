"""Short ways to build a printed report, as the reader gives it."""

import hashlib
from dataclasses import replace
from typing import Any

from connectors.report import Claim, Place, Question, Quote, Report, ServiceMatch

PLACE = Place(page=12, path=("Les services", "Essai"), line=40)
NOBODY = ServiceMatch(None, "none")


def quote(text: str | None, start: int = 0) -> Quote | None:
    return None if text is None else Quote(text, start, start + len(text))


def claim(exact: str, words: str | None = "Dossiers", start: int = 0, **more: Any) -> Claim:
    """A claim of the service ``essai``; texts in ``more`` become quotes."""
    texts = {"unit", "period", "column", "rhythm"}
    given: dict[str, Any] = {
        "kind": "growth" if exact[:1] in "+-x" else "figure",
        "place": PLACE,
        "passage": Quote(f"{exact} {words or ''}".strip(), start, start + len(exact)),
        "service": ServiceMatch("essai", "certain"),
    }
    given |= {name: quote(value) if name in texts else value for name, value in more.items()}
    return Claim(exact=Quote(exact, start, start + len(exact)), words=quote(words), **given)


def year(exact: str, period: int, words: str = "Dossiers", **more: Any) -> Claim:
    """A figure under the column of a year."""
    about: dict[str, Any] = {"period": f"EN {period}", "period_from": "column", "column": f"EN {period}"}
    return claim(exact, words, **about | more)


def grown(exact: str, base: Claim, result: Claim, words: str = "de dossiers", **more: Any) -> Claim:
    """A growth with its two figures."""
    about: dict[str, Any] = {"base": base, "result": result, "service": result.service, "sense": "up"}
    return claim(exact, words, period="EN 2023", period_from="column", **about | more)


def spread(*claims: Claim) -> tuple[Claim, ...]:
    """The claims one after the other in the text, each where no other stands."""
    moved: dict[int, Claim] = {}

    def at(one: Claim, start: int) -> Claim:
        if id(one) not in moved:
            end = start + len(one.exact.text)
            passage = replace(one.passage, start=start, end=start + len(one.passage.text))
            moved[id(one)] = replace(one, exact=Quote(one.exact.text, start, end), passage=passage)
        return moved[id(one)]

    placed = [at(one, 100 * number) for number, one in enumerate(claims)]
    return tuple(
        replace(one, base=at(one.base, 0), result=at(one.result, 0)) if one.base and one.result else one
        for one in placed
    )


def report(
    *claims: Claim, edition: int = 2023, questions: tuple[Question, ...] = (), body: str = "", **more: Any
) -> Report:
    """A report that says this; the same body is the same report."""
    sha256 = hashlib.sha256((body or f"bilan {edition}").encode()).hexdigest()
    given: dict[str, Any] = {"indicators": (), "unplaced": (), "skipped": ()} | more
    return Report(edition, sha256, "text", "", spread(*claims), questions=questions, **given)
