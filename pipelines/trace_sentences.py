"""Each step of a way back as a French sentence with its figure marked, for the page that auditors read."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pipelines.trace_words import CRITERIA, INDICATORS, MEASURES
from warehouse.lineage import Said, Step
from warehouse.normalisation.numbers import show
from warehouse.words import VERDICTS, reason

Row = Mapping[str, Any]


def in_french(step: Step) -> Said:
    """The sentence of a step; what a page or a report prints is said as printed."""
    tell = _SENTENCES.get(step.kind)
    return tell(step, step.row) if tell and step.row else step.says


def day(value: date | None) -> str:
    """A day as French readers write it."""
    return f"{value:%d/%m/%Y}" if value else "une date inconnue"


def _growth(step: Step, row: Row) -> Said:
    label = step.facts.get("label") or row["metric_id"]
    return Said(f"{row['service_id']}, {label}, de {row['base_period']} à {row['period']} : ", row["display"])


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
    return Said(f"{row['service_id']}, {CRITERIA[row['criterion']]} : ", VERDICTS[row["verdict"]])


def _incident(_step: Step, row: Row) -> Said:
    about = "/".join(filter(None, (row["service_id"], row["metric_id"])))
    return Said(f"{about} : ", reason(row["kind"]), f" ({row['sentence']})")


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


_SENTENCES: Mapping[str, Callable[[Step, Row], Said]] = {
    "growth": _growth,
    "observation": _observation,
    "qualification": _qualification,
    "criterion": _criterion,
    "incident": _incident,
    "portfolio_count": _count,
    "plf_indicator": _indicator,
    "phase": _phase,
    "event": _event,
    "service": _product,
}
