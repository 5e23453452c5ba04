"""Figures as printed, beside what machines observed of the same thing at the same time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from warehouse.derived.reconciliation.matching import Candidate, candidates
from warehouse.derived.reconciliation.periods import is_to_come
from warehouse.derived.reconciliation.portfolio import MEASURES
from warehouse.derived.reconciliation.record import About, Compared, Record
from warehouse.derived.reconciliation.values import agreement, shown, significant, slip
from warehouse.history import Row

_MONTH, _YEAR = range(28, 32), range(335, 367)
_TELLING = 3
_NAMED = ("sentence", "column", "table")
_RHYTHMS = {"mois": "month", "mensuel": "month", "an": "year", "année": "year", "annuel": "year"}


def compared(record: Record) -> Iterator[Compared]:
    """Every figure that is not the portfolio's, beside the observations of its service."""
    for claim in record.own:
        if claim["kind"] == "figure" and not claim["role"] and claim["measure"] not in MEASURES:
            yield compared_one(record, claim)


def compared_one(record: Record, claim: Row) -> Compared:
    """One figure, beside the observations of its service."""
    year, about = record.year_of(claim), record.service_of(claim)
    if claim["value"] is None:
        return Compared("observation", claim, "not_comparable", _unread(claim), year)
    if is_to_come(claim):
        return Compared("observation", claim, "no_data", "C'est un objectif ou une prévision.", year)
    if claim["measure"]:
        return Compared("observation", claim, "no_data", "Aucune source publique ne donne ce montant.", year)
    if about is None:
        return Compared("observation", claim, "no_data", "Aucun service n'est nommé pour ce chiffre.", year)
    return _with_observations(record, claim, about, year)


def _unread(claim: Row) -> str:
    if claim["qualifier"] == "not_available":
        return "Le bilan dit lui-même que le chiffre n'est pas disponible."
    return "Les caractères imprimés ne sont pas un nombre sûr."


def _with_observations(record: Record, claim: Row, about: About, year: int) -> Compared:
    found = []
    for candidate in candidates(record.metrics.get(about.service_id, []), claim):
        observed = record.observed(candidate.metric, *days_of(claim, year))
        if observed:
            found.append((candidate, observed))
    if found:
        return _beside(claim, about, found, year)
    reason = "Aucun relevé de ce service ne porte ces mots à cette date."
    return Compared("observation", claim, "no_data", reason, year, service_id=about.service_id)


def days_of(claim: Row, year: int) -> tuple[date, date]:
    """The days that a claim describes: the month, the day or the span that it names, else its year."""
    named = claim["period"] or ""
    if "/" in named:
        start, _, end = named.partition("/")
        return date.fromisoformat(start), date.fromisoformat(end)
    if len(named) == len("2023-12-31"):
        day = date.fromisoformat(named)
        return day, day
    if len(named) == len("2023-12"):
        start = date.fromisoformat(f"{named}-01")
        return start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return date(year, 1, 1), date(year, 12, 31)


_Found = list[tuple[Candidate, Row]]


def _beside(claim: Row, about: About, found: _Found, year: int) -> Compared:
    """Beside the observation that says the same, else beside the one whose words are nearest."""
    agreeing = [(agreement(claim, observed), candidate, observed) for candidate, observed in found]
    agreeing = [one for one in agreeing if one[0] != "inconsistent"]
    verdict, candidate, observed = min(
        agreeing, key=lambda one: one[0] != "exact", default=("inconsistent", *found[0])
    )
    said = f"« {candidate.metric['label']} » : {shown(observed)} {_when(observed)}"
    endings = {
        "exact": "comme imprimé",
        "consistent": "compatible avec la précision imprimée",
        "inconsistent": f"et non {shown(claim)}",
    }
    told = Compared(
        "observation",
        claim,
        verdict,
        f"{said}, {endings[verdict]}.{about.how}",
        year,
        shown(observed),
        (("observation", observed["id"]),),
        service_id=about.service_id,
    )
    return told if agreeing else _difference(told, claim, about, found, said)


def _difference(told: Compared, claim: Row, about: About, found: _Found, said: str) -> Compared:
    """A slip where the digits show one; else a difference, unless something may explain it."""
    for candidate, observed in found:
        typed = slip(claim, observed) if candidate.sure else None
        if typed and _same_nature(claim, candidate.metric):
            reason = f"{told.reason} L'écart est celui d'une faute de frappe : {typed}."
            return replace(told, reason=reason, finding="slip")
    doubt = _doubt(claim, about, found)
    if doubt:
        return replace(told, verdict="not_comparable", reason=f"{said}, mais {doubt}.")
    return told


def _same_nature(claim: Row, metric: Row) -> bool:
    """Where the report leaves the nature unsaid, round numbers may be ten times others by chance."""
    if claim["nature"] is None:
        return significant(claim) >= _TELLING
    return bool(claim["nature"] == metric["nature"])


def _doubt(claim: Row, about: About, found: _Found) -> str | None:
    """Why the difference may be none: the first thing that can be read in two ways."""
    (candidate, observed), nature = found[0], claim["nature"]
    metric = candidate.metric
    doubts = (
        (not about.sure, "le service n'est que probable : c'est à confirmer"),
        (not candidate.sure, "les mots du bilan ne sont pas tout à fait ceux du relevé"),
        (claim["doubt"], "les mots du bilan ont été rapprochés par leur ordre"),
        (sum(one.sure for one, _ in found) > 1, "plusieurs relevés du service portent ces mots"),
        (nature and nature != metric["nature"], "ce qui est compté n'est pas de même nature"),
        (not nature and metric["nature"] == "cumulative", "le bilan ne dit pas si c'est un cumul"),
        (not _same_rhythm(claim, observed), "la durée comptée n'est pas la même"),
        (claim["period_from"] not in _NAMED, "le bilan ne dit pas à quelle date"),
    )
    return next((why for doubtful, why in doubts if doubtful), None)


def _same_rhythm(claim: Row, observed: Row) -> bool:
    """Whether a count by period is over as long a time as the report says (a year, when it says none)."""
    if observed["period_start"] in (None, observed["period_end"]):
        return not claim["rhythm"] or claim["nature"] == "cumulative"
    words = (claim["rhythm"] or "").casefold().split()
    wanted = next((_RHYTHMS[word] for word in words if word in _RHYTHMS), None if words else "year")
    days = (observed["period_end"] - observed["period_start"]).days + 1
    return (wanted == "month" and days in _MONTH) or (wanted == "year" and days in _YEAR)


def _when(observed: Row) -> str:
    start, end = observed["period_start"], observed["period_end"]
    if start in (None, end):
        return f"au {end:%d/%m/%Y}"
    return f"du {start:%d/%m/%Y} au {end:%d/%m/%Y}"
