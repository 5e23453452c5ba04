"""The facts of a step in French, for the page that auditors read.

What the program says to engineers alone, in English, is shown as such: ``lang="en"``.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from pipelines.check_words import check
from pipelines.elements import Content, tag
from pipelines.trace_sentences import day
from pipelines.trace_words import FACTS, VALUES
from warehouse.lineage import Step
from warehouse.night import PARIS
from warehouse.normalisation.numbers import show
from warehouse.words import REFUSALS, TO_DO, TOLD_IN_FRENCH, place

BROKEN = "BROKEN"
"""How a fact begins that no longer holds."""


def facts_of(step: Step) -> Iterator[tuple[str, Content]]:
    """Each fact that says something, as a title and a text."""
    for name, value in {"id": step.id, **step.facts, **_technical_message(step)}.items():
        if value not in (None, "", False):
            yield FACTS.get(name, name), _SAID.get(name, _plain)(step, value)


def moment(at: datetime) -> str:
    """A moment to the second: in Paris, and as programs write it."""
    return f"{at.astimezone(PARIS):%d/%m/%Y à %H:%M:%S} (Paris), {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _technical_message(step: Step) -> Mapping[str, Any]:
    """The sentence of an incident, where its step could not say it in French."""
    told = step.kind != "incident" or step.row["kind"] in TOLD_IN_FRENCH
    return {} if told else {"sentence": step.row["sentence"]}


def _plain(_step: Step, value: Any) -> Content:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return show(value)
    if isinstance(value, str):
        return VALUES.get(value, value)
    return "oui" if value is True else str(value)


def _verified(step: Step, value: Any) -> Content:
    """What was verified just now: it holds, or it is broken and a technical message says how."""
    before, broken, why = str(value).partition(f"{BROKEN}: ")
    return tag("span", "ROMPU. ", _technical(step, why)) if broken and not before else _plain(step, value)


def _technical(_step: Step, value: Any) -> Content:
    return tag("span", str(value), lang="en")


def _warc(step: Step, _value: Any) -> Content:
    row = step.row
    return f"{row['warc_file']}, octet {row['warc_offset']}, longueur {row['warc_length']}"


def _checks(_step: Step, value: Any) -> Content:
    return " ; ".join(map(check, str(value).split(", ")))


def _advice(step: Step, value: Any) -> Content:
    return TO_DO.get(step.row["kind"], str(value))


def _place(_step: Step, value: Any) -> Content:
    return place(value) or ""


def _refused_by(_step: Step, value: Any) -> Content:
    return REFUSALS.get(value, str(value)).capitalize()


_SAID: Mapping[str, Callable[[Step, Any], Content]] = {
    "advice": _advice,
    "archive": _verified,
    "checks_passed": _checks,
    "counted_again": _verified,
    "doubt": _technical,
    "mend": _technical,
    "place": _place,
    "refused_by": _refused_by,
    "sentence": _technical,
    "trouble": _technical,
    "warc": _warc,
}
"""How a fact is said, by its name, where it is not said as it is."""
