"""Periods that a report cannot speak of yet: a whole year after its own."""

import re
from collections.abc import Iterator

from warehouse.derived.reconciliation.record import Compared, Record
from warehouse.derived.reconciliation.values import shown_text
from warehouse.history import Row

_TO_COME = re.compile(
    r"\bpour (?:l['’]année |la rentrée |fin )?20\d\d|\bd['’]ici\b|\b(?:objectif|cible|perspective)s?\b"
    r"|\bprév\w+|\bprochain\w*|\bhorizon\b|\bvise(?:nt|é|ée|és|ées)?\b|\bprogrammé\w*|\brentrée\b"
    r"|\bà venir\b|\bfutur\w*|\battendu\w*|\b\w{3,}(?:era|eront|ira|iront|dra|dront)\b",
    re.IGNORECASE,
)
"""What is said of a year to come."""

_AIM = re.compile(r"^\W*(?:objectif|cible)s?\b[^.]{0,40}:", re.IGNORECASE)
_WHOLE_YEAR = re.compile(r"\d{4}")


def compared(record: Record) -> Iterator[Compared]:
    """Every figure told of a whole year that was not over when the report was written.

    A month of the next year is not one of them: a report is published some weeks after its year.
    """
    for claim in record.own:
        if is_later(claim) and not is_to_come(claim):
            yield _told(record, claim)


def is_to_come(claim: Row) -> bool:
    """True for a target or a forecast: a later year, or an aim, said as such."""
    said = f"{claim['period_text'] or ''} {claim['passage']}"
    return bool(claim["role"] == "target" or (is_later(claim) and _TO_COME.search(said)) or _AIM.search(said))


def is_later(claim: Row) -> bool:
    """True for a whole year that was not over when the report was written."""
    period = claim["period"] or ""
    return bool(_WHOLE_YEAR.fullmatch(period)) and int(period) > claim["edition"]


def _told(record: Record, claim: Row) -> Compared:
    about = record.service_of(claim)
    service = about.service_id if about else None
    period, column = claim["period"], claim["column_year"]
    says = f"{shown_text(claim)} est donné pour {period} dans le bilan {claim['edition']}"
    if column and column <= claim["edition"]:
        reason = f"{says}, sous la colonne {column} : l'année imprimée est une faute, {column} est à lire."
        return Compared(
            "period",
            claim,
            "inconsistent",
            reason,
            int(period),
            str(column),
            finding="slip",
            service_id=service,
        )
    reason = f"{says}, avant la fin de cette année : faute de frappe ou prévision, le bilan ne le dit pas."
    return Compared("period", claim, "not_comparable", reason, int(period), service_id=service)
