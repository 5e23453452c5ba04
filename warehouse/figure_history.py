"""Figure history: what a night's figures say beside what is on record of them.

A figure that stands already is not told again; one that differs from what was said of the same period
restates it; a period that the page shows no longer is withdrawn.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from warehouse.history import MOMENT, Row, identity
from warehouse.metrics import Figure
from warehouse.night import Night
from warehouse.restatements import COUNTED, restatement, withdrawal, withdrawn_ids
from warehouse.tables import extractions, observations, snapshots

Period = tuple[date | None, date]
"""The first day, none since launch, and the last."""

Word = tuple[Figure, Period | None]
"""What was said of a figure and of one period of it; of the day, without a period."""

SOURCE = ("snapshot_sha256", "spec_version", "period_text")
"""What is known of an observation through its extraction, and is no column of it."""

_CONTENT = ("value", "low", "high", "qualifier", *COUNTED, "complete")
_PERIOD = ("period_start", "period_end")


def figure_of(row: Row) -> Figure:
    """The service and the metric of an observation."""
    return row["service_id"], row["metric_id"]


WORDS = (
    sa.select(observations)
    .where(
        observations.c.service_id == sa.bindparam("service_id"),
        observations.c.metric_id == sa.bindparam("metric_id"),
        observations.c.period_end.between(sa.bindparam("first"), sa.bindparam("last")),
        observations.c.known_at < sa.bindparam("before", type_=observations.c.known_at.type),
    )
    .order_by(observations.c.period_end.desc(), observations.c.known_at.desc())
)
"""What was said of a figure between two ends of period before a moment, the last word first; made once."""

_ON_RECORD = WORDS.add_columns(*(extractions.c[name] for name in SOURCE)).join(
    extractions, extractions.c.id == observations.c.extraction_id
)
_LAST = _ON_RECORD.limit(1)


class FigureHistory:
    """What is on record for the figures of a night: the periods it tells again, and the last word.

    ``news`` are the observations to add, ``restated`` the restatements, ``unsettled`` what later nights may
    say otherwise if they are on record already.  Two small indexed queries per figure at most, so that a
    night costs the same after ten years.
    """

    def __init__(self, connection: sa.Connection, night: Night, candidates: Sequence[Row]) -> None:
        self.connection = connection
        self.night = night
        self.news: list[Row] = []
        self.restated: list[Row] = []
        self.unsettled: set[Word] = set()
        told: dict[Figure, list[Row]] = {}
        for row in candidates:
            told.setdefault(figure_of(row), []).append(row)
        self.rows = {figure: self._load(connection, figure, rows) for figure, rows in told.items()}
        self.gone = withdrawn_ids(connection, night.at)

    def _load(self, connection: sa.Connection, figure: Figure, told: Sequence[Row]) -> list[Row]:
        about = {"service_id": figure[0], "metric_id": figure[1], "before": self.night.at + MOMENT}
        ends = [row["period_end"] for row in told if not self._moves(row)]
        found: dict[str, Row] = {}
        if ends:
            last_day = max(*ends, self.night.day)
            again = connection.execute(_ON_RECORD, about | {"first": min(ends), "last": last_day})
            found |= {row["id"]: dict(row) for row in again.mappings()}
        if len(ends) < len(told):
            last = connection.execute(_LAST, about | {"first": date.min, "last": self.night.day})
            found |= {row["id"]: dict(row) for row in last.mappings()}
        return sorted(found.values(), key=_in_time)

    def _moves(self, row: Row) -> bool:
        """True when the period described ends on the very day, and tomorrow on the next."""
        return bool(row["period_end"] == self.night.day)

    def place(self, candidate: Row) -> Row:
        """The observation that a candidate is: one that stands, or else a new one, with what it restates."""
        known = self.rows[figure_of(candidate)]
        told = next((row for row in reversed(known) if _same_period(row, candidate)), None)
        stands = told or (self._still(known, candidate) if self._moves(candidate) else None)
        same = stands is not None and all(stands[name] == candidate[name] for name in _CONTENT)
        if stands and same and stands["id"] not in self.gone:
            return _bare(stands)
        # The same bytes read anew are news, however many later nights bear them.
        if told and told["snapshot_sha256"] != candidate["snapshot_sha256"] and self._said_since(told):
            return _bare(told)
        row = self._new(candidate, told)
        sourced = row | {name: candidate[name] for name in SOURCE}
        if stands and not same and (stands is not told or told["complete"]):
            self._restate(stands, sourced)
        known.append(sourced)
        known.sort(key=_in_time)
        self.news.append(row)
        self.unsettled.add((figure_of(row), None if self._moves(row) else _period(row)))
        return row

    def _restate(self, old: Row, new: Row) -> None:
        """A past period has another value; or what still runs is another thing from now on."""
        if _same_period(old, new) or any(old[name] != new[name] for name in COUNTED):
            self.restated.append(restatement(old, new))

    def withdraw(self, understood: Sequence[Row], gaps: Collection[Figure]) -> None:
        """Record each period that the pages showed by its date and show no longer.

        What lies before the first period shown is not withdrawn: a chart of the last twelve months
        moves on.  Nor is anything where part of the page could not be read.
        """
        shown: dict[Figure, list[Row]] = {}
        for row in understood:
            shown.setdefault(figure_of(row), []).append(row)
        for figure in shown.keys() - set(gaps):
            for row in _lost(self.rows[figure], shown[figure]):
                self._withdraw(row)

    def _withdraw(self, row: Row) -> None:
        if row["complete"] and row["id"] not in self.gone and not self._said_since(row):
            self.restated.append(withdrawal(_bare(row), self.night.at))
            self.unsettled.add((figure_of(row), _period(row)))

    def _said_since(self, told: Row) -> bool:
        """True when a page of a later night is known to say so: an older one, learned of late, is no news."""
        last = self.connection.scalar(
            sa.select(sa.func.max(snapshots.c.night)).where(
                snapshots.c.sha256 == told["snapshot_sha256"],
                snapshots.c.service_id == told["service_id"],
                snapshots.c.known_at < self.night.at + MOMENT,
            )
        )
        return last is not None and last > self.night.day

    def _still(self, known: Sequence[Row], candidate: Row) -> Row | None:
        """The last word before a candidate, while the period that it describes still runs."""
        last = next((row for row in reversed(known) if row["period_end"] <= candidate["period_end"]), None)
        if last is None or (_is_state(last) and _is_state(candidate)):
            return last
        return last if candidate["period_start"] and last["period_end"] >= candidate["period_start"] else None

    def _new(self, candidate: Row, told: Row | None) -> Row:
        at = self.night.at
        if told and told["known_at"] >= at:
            at = told["known_at"] + MOMENT / 1_000_000
        content = _bare(candidate)
        said = [content[name] for name in ("service_id", "metric_id", *_CONTENT, *_PERIOD)]
        return {"id": identity("observations", *said, at), **content, "known_at": at}


def settled(rows: Iterable[Row]) -> set[Word]:
    """What the observations of a night leave no doubt about: figures of the day, and periods shown."""
    words: set[Word] = set()
    for row in rows:
        words |= {(figure_of(row), None), (figure_of(row), _period(row))}
    return words


def _period(row: Row) -> Period:
    return row["period_start"], row["period_end"]


def _same_period(one: Row, other: Row) -> bool:
    return _period(one) == _period(other)


def _lost(known: Sequence[Row], shown: Sequence[Row]) -> list[Row]:
    """The last word on each dated period after the first one shown whose row is there no more."""
    first = min(row["period_end"] for row in shown)
    last_words = {_period(row): row for row in known if row["period_text"] and row["period_end"] > first}
    for row in shown:
        last_words.pop(_period(row), None)
    # The row of a running month ends on another day each night, and bears the same date.
    texts = {row["period_text"] for row in shown}
    return [row for row in last_words.values() if row["period_text"] not in texts]


def _is_state(row: Row) -> bool:
    """True for what is so on one day, or since launch: it lasts until it changes."""
    return row["period_start"] in (None, row["period_end"])


def _in_time(row: Row) -> tuple[date, datetime]:
    return row["period_end"], row["known_at"]


def _bare(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in SOURCE}
