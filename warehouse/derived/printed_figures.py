"""Printed figures: what reports print of a service, as evidence of its impact.

A claim is evidence when nothing about it waits for a person: its service is named or decided, its words
are sure, and the period that it describes was over.  What it counts (its reach) is what the declared metric
of the same words counts; where none or several are meant, the reach is not known, and nothing is guessed.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from connectors.service import Reach
from warehouse import claims
from warehouse.derived.evidence import PrintedFigure
from warehouse.derived.reconciliation.figures import days_of
from warehouse.derived.reconciliation.matching import candidates
from warehouse.derived.reconciliation.periods import is_later, is_to_come
from warehouse.derived.reconciliation.record import Record
from warehouse.derived.reconciliation.words import stems
from warehouse.history import Row
from warehouse.metrics import declared
from warehouse.night import Night
from warehouse.normalisation.units import UNITS
from warehouse.words import place

_COUNTED = ("cumulative", "flow", None)
"""The natures of a claim that can count something; a report seldom says that of a total."""

_SAME_AS_DECLARED = ("stock", "flow")
"""Natures that a figure printed without one has too; of a total, it may be a year's part."""

_UNTOLD = "aucun chiffre déclaré du service ne porte ces mots : ce qui est compté n'est pas connu"
_SEVERAL = "ces mots conviennent à plusieurs chiffres déclarés, qui ne comptent pas la même chose"


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a claim's words mean: the metrics that bear them, what these count, and their nature."""

    metrics: tuple[str, ...]
    reach: Reach | None
    nature: str | None
    doubt: str


class PrintedFigures:
    """What every report prints of each service, as known on a night."""

    def __init__(self, connection: sa.Connection, night: Night) -> None:
        asked = claims.questions(connection, night.at)
        waiting = {name for question in asked for name in question["claims"]}
        self._printed: defaultdict[str, list[Row]] = defaultdict(list)
        for claim in claims.figures(connection, night.at):
            if claim["claim_id"] not in waiting and _is_evidence(claim) and _end_of(claim) <= night.day:
                self._printed[claim["service_id"]].append(claim)
        self._metrics: defaultdict[str, list[Row]] = defaultdict(list)
        for (service_id, _), row in declared(connection, night).items() if self._printed else ():
            self._metrics[service_id].append(row)

    def of(self, service_ids: Collection[str]) -> list[PrintedFigure]:
        """The last word of the reports on each figure of a service, by the ids that it has and had."""
        metrics = [row for name in service_ids for row in self._metrics.get(name, ())]
        said = [row for name in sorted(service_ids) for row in self._printed.get(name, ())]
        told = [(claim, _meant(claim, metrics)) for claim in said]
        return [_figure(claim, meant) for claim, meant in _last_words(told)]


def _is_evidence(claim: Row) -> bool:
    """A count of a service that is sure, of a time that was over; not money, not a rate, not an aim."""
    unit = UNITS.get(claim["unit"] or "")
    return (
        claim["service_id"] is not None
        and claim["match"] in claims.CONFIRMED
        and not claim["measure"]
        and claim["nature"] in _COUNTED
        and (unit is None or unit.kind == "count")
        and not is_later(claim)
        and not is_to_come(claim)
    )


def _end_of(claim: Row) -> date:
    """The last day that a claim describes: the end of its year where no closer one is named."""
    return days_of(claim, Record.year_of(claim))[1]


def _meant(claim: Row, metrics: list[Row]) -> _Meant:
    """What the declared metrics whose words are surely those of the claim say of it."""
    sure = [one.metric for one in candidates(metrics, claim) if one.sure]
    reaches, natures = ({row[name] for row in sure} for name in ("reach", "nature"))
    own = natures.pop() if len(natures) == 1 else None
    return _Meant(
        tuple(sorted(row["metric_id"] for row in sure)),
        reaches.pop() if len(reaches) == 1 else None,
        claim["nature"] or (own if own in _SAME_AS_DECLARED else None),
        _SEVERAL if sure else _UNTOLD,
    )


def _last_words(told: Sequence[tuple[Row, _Meant]]) -> list[tuple[Row, _Meant]]:
    """Of claims about one thing, those on its last period, in the last edition that speaks of it."""
    latest: dict[object, tuple[date, int]] = {}
    for claim, meant in told:
        latest[_thing(claim, meant)] = max(latest.get(_thing(claim, meant), (date.min, 0)), _when(claim))
    return [one for one in told if _when(one[0]) == latest[_thing(*one)]]


def _thing(claim: Row, meant: _Meant) -> object:
    return meant.metrics or stems(claim["metric"]), claim["nature"]


def _when(claim: Row) -> tuple[date, int]:
    return _end_of(claim), claim["edition"]


def _figure(claim: Row, meant: _Meant) -> PrintedFigure:
    names = ("claim_id", "value", "low", "high", "qualifier")
    return PrintedFigure(
        **{name: claim[name] for name in names},
        label=claim["metric"] or " ".join(claim["passage"].split()),
        nature=meant.nature,
        reach=meant.reach,
        doubt=meant.doubt,
        source=f"Bilan {claim['edition']} ({place(claim['place'])})",
        period_end=_end_of(claim),
        metrics=meant.metrics,
    )
