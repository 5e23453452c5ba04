"""Growth as printed: beside the growth that the warehouse derives, and beside its own two figures."""

import re
from collections.abc import Iterator
from contextlib import suppress

from warehouse.derived.comparison import Comparison, Figure, agree, compare, compare_with_flow
from warehouse.derived.reconciliation.matching import Candidate, candidates
from warehouse.derived.reconciliation.record import About, Compared, Finding, Record, Verdict
from warehouse.derived.reconciliation.values import agreement, shown, shown_text
from warehouse.errors import NotComparable
from warehouse.history import Row

_ENDS = (("base_parts", "base_observation_id"), ("parts", "observation_id"))
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")
_UNITS = {"percent": "%", "points": "pts", "multiple": "x"}
_RANK: dict[str, int] = {"exact": 0, "consistent": 1, "inconsistent": 2, "not_comparable": 3, "no_data": 4}


def compared(record: Record) -> Iterator[Compared]:
    """Every printed growth, beside what is derived, and beside the figures printed with it."""
    for claim in record.growths():
        yield _with_the_warehouse(record, claim)
        base, result = record.sides(claim)
        if base and result:
            yield _with_its_figures(record, claim, base, result)


# --- beside the warehouse -----------------------------------------------------------------


def _with_the_warehouse(record: Record, claim: Row) -> Compared:
    about, year = record.service_of(claim), record.year_of(claim)
    if about is None:
        reason = "Le service n'est pas nommé dans le bilan, et ses chiffres n'en désignent aucun."
        return Compared("growth", claim, "no_data", reason, year)
    found = candidates(record.metrics.get(about.service_id, []), claim)
    told = [_with_metric(record, claim, about, candidate, year) for candidate in found]
    if not told:
        reason = "Aucun chiffre relevé pour ce service ne porte ces mots."
        return Compared("growth", claim, "no_data", reason, year, service_id=about.service_id)
    # Words alone may fit several metrics: the one that says the same is the one meant.
    return min(told, key=lambda one: _RANK[one.verdict])


def _with_metric(record: Record, claim: Row, about: About, candidate: Candidate, year: int) -> Compared:
    metric = candidate.metric
    growth, refusal = record.growth_of(metric, year)
    label = f"« {metric['label']} »"
    if growth is None:
        reason = refusal["sentence"] if refusal else f"Aucune évolution n'est calculée pour fin {year}."
        proofs = (("refusal", refusal["id"]),) if refusal else ()
        refused = refusal is not None and refusal["reason"] != "no_data"
        verdict: Verdict = "not_comparable" if refused else "no_data"
        sentence = f"{label} : {reason}{about.how}"
        return Compared(
            "growth", claim, verdict, sentence, year, evidence=proofs, service_id=about.service_id
        )
    ends = [_parts(record, growth, *names) for names in _ENDS]
    # A side summed from several readings has no one figure to show.
    sums = [shown(end[0]) for end in ends if len(end) == 1]
    says = f"{label} : de {sums[0]} à {sums[1]}" if len(sums) == len(ends) else label
    computed = Comparison(
        growth["kind"], growth["value"], growth["low"], growth["high"], growth["display"], growth["rule"]
    )
    verdict, reason = _verdict(claim, computed, says)
    doubt = _doubt(claim, about, candidate)
    if verdict == "inconsistent" and doubt:
        verdict, reason = "not_comparable", f"{reason} Mais {doubt}."
    readings = [("observation", str(one["id"])) for end in ends for one in end]
    decided = (("growth", str(growth["id"])), *readings)
    return Compared(
        "growth",
        claim,
        verdict,
        reason + about.how,
        year,
        growth["display"],
        decided,
        service_id=about.service_id,
    )


def _parts(record: Record, growth: Row, parts: str, last: str) -> list[Row]:
    """The observations that one side of a growth was made of."""
    return [record.observation(one) for one in growth[parts] or [growth[last]]]


def _doubt(claim: Row, about: About, candidate: Candidate) -> str | None:
    """Why the warehouse's growth may be that of something else."""
    if not about.sure:
        return "le service n'est que probable : c'est à confirmer"
    if not candidate.sure:
        return "les mots du bilan ne sont pas ceux du relevé"
    return "les mots du bilan ont été rapprochés par leur ordre" if claim["doubt"] else None


# --- beside its own figures ---------------------------------------------------------------


def _with_its_figures(record: Record, claim: Row, base: Row, result: Row) -> Compared:
    year = record.year_of(claim)
    proofs = (("claim", base["claim_id"]), ("claim", result["claim_id"]))
    says = f"Le bilan imprime {shown_text(base)}, puis {shown_text(result)}"
    found = record.service_of(claim)
    service = found.service_id if found else None
    outcomes = [_outcome(claim, computed, says) for computed in _growths_of(claim, base, result)]
    if not outcomes and base["qualifier"] == result["qualifier"] == "at_least":
        outcomes = _of_minimums(claim, base, result, says)
    if not outcomes:
        reason = f"{says} : aucune évolution ne s'en calcule."
        return Compared(
            "own_figures", claim, "not_comparable", reason, year, evidence=proofs, service_id=service
        )
    verdict, reason, computed = min(outcomes, key=lambda one: _RANK[one[0]])
    doubtful = next((row["doubt"] for row in (claim, base, result) if row["doubt"]), None)
    if verdict == "inconsistent" and doubtful:
        verdict, reason = "not_comparable", f"{reason} Mais les chiffres ont été rapprochés par leur ordre."
    finding: Finding | None = "slip" if verdict == "inconsistent" else None
    return Compared(
        "own_figures", claim, verdict, reason, year, computed, proofs, finding=finding, service_id=service
    )  # fmt: skip


def _of_minimums(claim: Row, base: Row, result: Row, says: str) -> list[tuple[Verdict, str, str]]:
    """Two figures of which only the least is told, taken as they stand: the growth they give is possible."""
    base, result = (
        {**row, "qualifier": "exact", "low": row["value"], "high": row["value"]} for row in (base, result)
    )
    told = (_outcome(claim, computed, says) for computed in _growths_of(claim, base, result))
    return [
        ("consistent", f"{says}, soit {display} si l'on s'en tient à ces minimums.", display)
        for verdict, _, display in told
        if verdict in ("exact", "consistent")
    ]


def _growths_of(claim: Row, base: Row, result: Row) -> Iterator[Comparison]:
    """The growths that two printed figures can give: from one to the other, or with new ones added.

    A percentage may also be said to grow by a percentage of itself.
    """
    adds = result["nature"] == "flow" and base["nature"] in (None, "cumulative")
    if not (adds and base["nature"] == "cumulative"):
        with suppress(NotComparable):
            yield compare(_figure(base, result, "stock"), _figure(result, base, "stock"))
    if claim["unit"] == "%" and base["nature"] == result["nature"] == "ratio":
        plain_ones = ({**row, "nature": None, "unit": ""} for row in (base, result))
        with suppress(NotComparable):
            yield compare(*(_figure(row, row, "stock") for row in plain_ones))
    if adds:
        with suppress(NotComparable):
            yield compare_with_flow(_figure(base, result, "cumulative"), _figure(result, base, "flow"))


def _figure(row: Row, other: Row, nature: str) -> Figure:
    """A printed figure, in the unit that either of the two says."""
    unit = row["unit"] or other["unit"] or ""
    said = row["nature"] if row["nature"] in ("ratio", "score") else nature
    return Figure(row["value"], row["low"], row["high"], row["qualifier"] or "exact", unit, said)


def _outcome(claim: Row, computed: Comparison, says: str) -> tuple[Verdict, str, str]:
    verdict, reason = _verdict(claim, computed, says)
    return verdict, reason, computed.display


def _verdict(claim: Row, computed: Comparison, says: str) -> tuple[Verdict, str]:
    """How a printed growth stands to a computed one, and the sentence that says so."""
    printed = _as_growth(claim)
    try:
        verdict: Verdict = agree(printed, computed)
    except NotComparable as error:
        return "not_comparable", str(error)
    if claim["qualifier"] != "exact" and claim["unit"] == _UNITS[computed.kind]:
        own = {"value": computed.value, "low": computed.low, "high": computed.high, "qualifier": "exact"}
        verdict = agreement(claim, own)
    said = {
        "exact": f"{says}, soit {computed.display}, comme imprimé.",
        "consistent": f"{says}, soit {computed.display} : {printed} est possible à l'arrondi près.",
        "inconsistent": f"{says}, soit {computed.display}, et non {printed}.",
    }
    return verdict, said[verdict]


def _as_growth(claim: Row) -> str:
    """The growth in the notation of ``agree``: told in words, it has the sign and the symbol they mean."""
    text = "".join(claim["text"].split())
    digits = _DIGITS.search(text)
    if digits is None or claim["value"] is None:
        return text
    if claim["unit"] == "x":
        return f"x{digits[0]}"
    return f"{'-' if claim['value'] < 0 else '+'}{digits[0]} {claim['unit'] or ''}"
