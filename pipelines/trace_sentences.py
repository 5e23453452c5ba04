"""Each step of a way back as a French sentence with its figure marked, for the page that auditors read."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pipelines.trace_words import INDICATORS
from warehouse.lineage import Said, Step
from warehouse.normalisation.numbers import show
from warehouse.words import AGREEMENTS, CRITERIA, MEASURES, TOLD_IN_FRENCH, VERDICTS, trouble

Row = Mapping[str, Any]


def in_french(step: Step) -> Said:
    """The sentence of a step; what a page or a report prints is said as printed."""
    tell = (_SENTENCES if step.row else _WITHOUT_A_ROW).get(step.kind)
    return tell(step, step.row) if tell else step.says


def day(value: date | None) -> str:
    """A day as French readers write it."""
    return f"{value:%d/%m/%Y}" if value else "une date inconnue"


def _growth(step: Step, row: Row) -> Said:
    label = step.facts.get("label") or row["metric_id"]
    return Said(f"{row['service_id']}, {label}, de {row['base_period']} à {row['period']} : ", row["display"])


def _refusal(step: Step, row: Row) -> Said:
    label = step.facts.get("label") or row["metric_id"]
    about = f"{row['service_id']}, {label}, de {row['base_period']} à {row['period']} : "
    return Said(about, "pas d'évolution", f". {row['sentence']}")


def _observation(step: Step, row: Row) -> Said:
    start, end = row["period_start"], row["period_end"]
    if start is None:
        when = f"depuis le lancement, au {day(end)}"
    else:
        when = f"au {day(end)}" if start == end else f"du {day(start)} au {day(end)}"
    label = step.facts.get("label") or row["metric_id"]
    return Said(f"{row['service_id']}, {label} : ", show(row["value"], row["unit"]), f", {when}")


def _qualification(_step: Step, row: Row) -> Said:
    return Said(f"{row['service_id']}, impact national selon les règles : ", VERDICTS[row["verdict"]])


def _criterion(_step: Step, row: Row) -> Said:
    return Said(f"{row['service_id']}, critère « {CRITERIA[row['criterion']]} » : ", VERDICTS[row["verdict"]])


def _incident(_step: Step, row: Row) -> Said:
    about = "/".join(filter(None, (row["service_id"], row["metric_id"])))
    found = f" ({row['sentence'].rstrip('.')})" if row["kind"] in TOLD_IN_FRENCH else ""
    return Said(f"{about} : ", trouble(row["kind"]), found)


def _count(_step: Step, row: Row) -> Said:
    measure, _, of = row["measure"].partition(":")
    told = " ".join(filter(None, (MEASURES.get(measure, measure), of)))
    return Said(f"Portefeuille au {day(row['as_of'])}, {told} : ", str(row["value"]))


def _indicator(_step: Step, row: Row) -> Said:
    value = "aucune source publique" if row["value"] is None else str(row["value"])
    told = INDICATORS.get(row["indicator"], row["indicator"])
    return Said(f"Programme 352 en {row['year']}, {told} : ", value)


def _phase(_step: Step, row: Row) -> Said:
    end = f" jusqu'au {day(row['end'])}" if row["end"] else ""
    return Said(f"{row['service_id']}, phase ", row["name"], f" depuis {_since(row['start'])}{end}")


def _since(value: date | None) -> str:
    return f"le {day(value)}" if value else day(value)


def _event(_step: Step, row: Row) -> Said:
    when = f" le {day(row['date'])}" if row["date"] else ", sans date"
    return Said(f"{row['service_id']}, événement ", row["name"], when)


def _product(step: Step, row: Row) -> Said:
    cohort = step.facts.get("cohort")
    known = f", promotion {cohort}" if cohort else ""
    return Said(f"{row['service_id']} : {row['name']}, incubateur {row['incubator'] or 'inconnu'}{known}")


def _reconciliation(_step: Step, row: Row) -> Said:
    return Said(
        f"{row['service_id'] or 'le programme'}, imprimé {row['printed']} : ", AGREEMENTS[row["verdict"]]
    )


def _group(step: Step, _row: Row) -> Said:
    """A service asked by its name alone, with all that is behind it; or one that the portfolio lost."""
    behind = step.comes_from[0].kind if step.comes_from else ""
    about = {"incident": " : ses incidents", "observation": " : ses derniers chiffres"}.get(behind, "")
    return Said(f"{step.id}{about}")


def _report(step: Step, _row: Row) -> Said:
    several = "affirmations" if len(step.comes_from) > 1 else "affirmation"
    return Said(f"bilan {step.id} : {len(step.comes_from)} {several}")


def _incubator(step: Step, _row: Row) -> Said:
    return Said("incubateur ", step.says.figure)


_SENTENCES: Mapping[str, Callable[[Step, Row], Said]] = {
    "growth": _growth,
    "refusal": _refusal,
    "observation": _observation,
    "qualification": _qualification,
    "criterion": _criterion,
    "incident": _incident,
    "portfolio_count": _count,
    "plf_indicator": _indicator,
    "phase": _phase,
    "event": _event,
    "service": _product,
    "reconciliation": _reconciliation,
}
"""How a row is told, by the kind of its step; any other is as printed, in whatever language that is."""

_WITHOUT_A_ROW: Mapping[str, Callable[[Step, Row], Said]] = {
    "service": _group,
    "report": _report,
    "incubator": _incubator,
}
"""The same of what no table holds."""
