"""Laureates of FAST: how many a report says and for how much, beside the list that it prints itself.

A list may be a choice, and a total may count what no list shows.  So a difference is told and nobody is
accused, unless the amounts listed add up to the printed total: then the list is whole, and a count that
differs from it is a slip.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce

from warehouse.derived.reconciliation.record import Compared, Record
from warehouse.derived.reconciliation.values import Number, added, agreement, shown, slip
from warehouse.derived.reconciliation.words import stems
from warehouse.history import Row
from warehouse.normalisation.numbers import plain, show

_AWARD, _COUNT, _MONEY = "fast_award", "fast", "€"
_PLACE = stems("line page")
_SPENT = stems("engagés attribués accordés alloués versés octroyés distribués montant enveloppe")
"""Words that tell what was spent on all laureates together."""


@dataclass(frozen=True, slots=True)
class _List:
    """The laureates of a year as a report lists them, each with its amount."""

    year: int
    awards: Sequence[Row]

    @property
    def length(self) -> Number:
        """How many they are."""
        count = Decimal(len(self.awards))
        return {"value": count, "low": count, "high": count, "qualifier": "exact"}

    @property
    def amount(self) -> Number | None:
        """All amounts together; None where one of them is not understood."""
        if any(row["value"] is None for row in self.awards):
            return None
        amounts: Sequence[Number] = self.awards
        total: Number = reduce(added, amounts)
        return {**total, "unit": _MONEY}

    @property
    def proofs(self) -> tuple[tuple[str, str], ...]:
        return tuple(("claim", row["claim_id"]) for row in self.awards)

    def is_total(self, claim: Row) -> bool:
        """True for an amount told under the headings of the list, and no less than any listed."""
        # What a table counts is in its headers; a list counts what its heading says.
        above = (stems(row["place"] if row["role"] else row["metric"]) for row in self.awards)
        headings = frozenset[str].intersection(*above) - _PLACE
        listed = [row["value"] for row in self.awards if row["value"] is not None]
        return bool(_is_spent(claim) and stems(claim["place"]) & headings and claim["value"] >= max(listed))


def compared(record: Record) -> Iterator[Compared]:
    """Every count of laureates, and every amount spent on them, of a year whose list is printed."""
    for listed in _lists(record):
        told = [claim for claim in record.figures() if record.year_of(claim) == listed.year]
        counts = [claim for claim in told if claim["measure"] == _COUNT and claim["role"] != "target"]
        totals = [claim for claim in told if listed.is_total(claim)]
        whole = any(_agrees(claim, listed.amount) for claim in totals)
        partial = any(_agrees(claim, listed.length) for claim in counts)
        yield from (_counted(claim, listed, surely=whole and not partial) for claim in counts)
        yield from (_spent(claim, listed) for claim in totals)


def _lists(record: Record) -> list[_List]:
    """The lists of an edition, by year; an amount that is not understood is an award all the same."""
    awards: defaultdict[int, list[Row]] = defaultdict(list)
    for row in record.own:
        if row["measure"] == _AWARD and not _is_spent(row):
            awards[record.year_of(row)].append(row)
    found = (_List(year, awards[year]) for year in sorted(awards))
    return [one for one in found if any(row["value"] is not None for row in one.awards)]


def _is_spent(claim: Row) -> bool:
    """An amount of nobody in particular; the words of one under a list of laureates are its passage."""
    words = claim["passage"] if claim["measure"] == _AWARD else claim["metric"]
    return bool(claim["unit"] == _MONEY and claim["service_id"] is None and stems(words) & _SPENT)


def _agrees(claim: Row, other: Number | None) -> bool:
    return other is not None and agreement(claim, other) != "inconsistent"


def _counted(claim: Row, listed: _List, *, surely: bool) -> Compared:
    """A count beside the length of the list; ``surely`` when the list is whole and no other count is its."""
    length = shown(listed.length)
    says = f"{length} lauréats se lisent dans la liste imprimée"
    verdict = agreement(claim, listed.length)
    told = Compared("sum", claim, verdict, f"{says}, comme imprimé.", listed.year, length, listed.proofs)
    if verdict != "inconsistent":
        return told
    if surely:
        reason = f"{says}, dont les montants font le total imprimé, et non {shown(claim)}."
        return replace(told, reason=reason, finding="slip")
    reason = f"{says}, et non {shown(claim)} ; rien ne dit qu'elle soit entière."
    return replace(told, verdict="not_comparable", reason=reason)


def _spent(claim: Row, listed: _List) -> Compared:
    """An amount spent on all beside the sum of the list."""
    amount = listed.amount
    if amount is None:
        reason = "Un montant de la liste imprimée n'est pas un nombre sûr : la somme n'est pas faite."
        return Compared("sum", claim, "not_comparable", reason, listed.year, evidence=listed.proofs)
    says = f"Les {len(listed.awards)} montants imprimés font {shown(amount)}"
    verdict, typed = agreement(claim, amount), slip(claim, amount)
    told = Compared(
        "sum", claim, verdict, f"{says}, comme imprimé.", listed.year, shown(amount), listed.proofs
    )
    if verdict != "inconsistent":
        return told
    if typed:
        reason = f"{says}, et non {shown(claim)} : l'écart est celui d'une faute de frappe, {typed}."
        return replace(told, reason=reason, finding="slip")
    gap = show(plain(amount["value"] - claim["value"]), _MONEY, signed=True)
    reason = f"{says}, écart {gap} ; le total imprimé peut compter ce que la liste ne montre pas."
    return replace(told, verdict="not_comparable", reason=reason)
