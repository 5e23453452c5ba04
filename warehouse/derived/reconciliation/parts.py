"""Parts: an amount of money told as a total, beside the amounts that the report lists below it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial, reduce
from itertools import takewhile

from warehouse.derived.reconciliation.record import Compared, Record
from warehouse.derived.reconciliation.values import Number, added, agreement, shown, slip
from warehouse.history import Row
from warehouse.normalisation.numbers import plain, show

_WHOLE = re.compile(r"\btotal|\bréparti|\bse décompose|\bventil", re.IGNORECASE)
_LISTED = re.compile(r"\bdont\b|\bréparti|\bse décompose|\bventil|:\s*$", re.IGNORECASE)
_LINE = re.compile(r",? line \d+$")
_MONEY = "€"


def compared(record: Record) -> Iterator[Compared]:
    """Every total that is said to be the whole of what is listed below it, under the same heading."""
    money = sorted(filter(_is_money, record.figures()), key=lambda row: row["start"])
    for at, claim in enumerate(money):
        said = f"{claim['metric']} {claim['passage']}"
        if not (_WHOLE.search(said) and _LISTED.search(claim["passage"])):
            continue
        below = (row for row in money[at + 1 :] if row["passage"] != claim["passage"])
        parts = list(takewhile(partial(_is_part, record, claim), below))
        if len(parts) > 1:
            yield _beside(record, claim, parts)


def _is_money(claim: Row) -> bool:
    unnamed = claim["service_id"] is None and not claim["measure"] and claim["role"] != "target"
    return bool(claim["unit"] == _MONEY and unnamed)


def _is_part(record: Record, total: Row, claim: Row) -> bool:
    """An amount under the heading of a total, of its year, below it and smaller."""
    same = _LINE.sub("", claim["place"]) == _LINE.sub("", total["place"])
    dated = record.year_of(claim) == record.year_of(total)
    return bool(same and dated and claim["value"] < total["value"])


def _beside(record: Record, claim: Row, parts: Sequence[Row]) -> Compared:
    """The total beside the sum; each amount may be rounded to the last digit that is printed."""
    numbers: Sequence[Number] = parts
    whole: Number = reduce(added, numbers)
    told = {**whole, "unit": _MONEY}
    says = f"Les {len(parts)} montants listés font {shown(told)}"
    proofs = tuple(("claim", row["claim_id"]) for row in parts)
    verdict, year = agreement(claim, told), record.year_of(claim)
    beside = Compared("sum", claim, verdict, f"{says}, comme imprimé.", year, shown(told), proofs)
    gap = plain(told["value"] - claim["value"])
    if verdict != "inconsistent":
        return beside
    if abs(gap) <= len(parts):
        return replace(beside, verdict="consistent", reason=f"{says}, ce que l'arrondi de chacun permet.")
    typed = slip(claim, told)
    why = (
        f"l'écart est celui d'une faute de frappe, {typed}"
        if typed
        else f"écart {show(gap, _MONEY, signed=True)}"
    )
    return replace(beside, reason=f"{says}, et non {shown(claim)} : {why}.", finding="slip")
