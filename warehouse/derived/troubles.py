"""Troubles: what went wrong tonight with a page or a figure, told apart by kind.

A trouble is of one night; ``incidents.py`` follows it from its first night to its last.  Its kind is
the ``reason`` of an absence, or one of those below, which only the history shows.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from warehouse import extractions, held_back, nights
from warehouse.history import MOMENT, Row
from warehouse.metrics import Figure, declared
from warehouse.night import Night
from warehouse.observations import Tonight
from warehouse.snapshots import night_before
from warehouse.tables import extractions as extraction_table
from warehouse.tables import observations, snapshots

OF_A_FIGURE = {
    "not_found",
    "ambiguous",
    "empty",
    "count_up",
    "split_figure",
    "scale_unclear",
    "reading_error",
}
"""Reasons that concern one figure; any other, met by every figure of a page, concerns the page."""

POWERS = (2, 3, 6, 9)
"""Powers of ten by which a figure is off when its unit moved: percent, thousands, millions, milliards."""

NEAR = 0.25
"""How near a ratio must be to such a power, as a difference of decimal logarithms (a factor of 1.8)."""

ADVICE = {
    "moved_off_site": "If the page there is the service's own, put its address in the service file.",
    "frozen": "Ask the service whether its page is still updated; raise max_age_days if this is its pace.",
    "fell": "Ask the service what changed; if what is counted changed, declare a new metric.",
    "shrank": "Look at the list on the page: what it no longer shows stays on record.",
    "scale_changed": "Compare the unit on the page with that of the service file, and mend the file.",
    "notation_changed": "Nothing to do when both ways of writing say the same; look once.",
    "jumped": "Look at the page; if the figure is right, widen `factor` in the service file.",
    "not_turned": "Nothing to do: the figure is published once the page shows the new year or month.",
    "below_minimum": "Look at the page; if the figure is right, lower `min` in the service file.",
    "above_maximum": "Look at the page; if the figure is right, raise `max` in the service file.",
    "out_of_bounds": "A share outside 0 to 100 % is another figure: mend the locator.",
}
"""What a person should do, for the kinds that are no reason of an absence."""

KIND_OF_CHECK = {
    "cumulative_never_falls": "fell",
    "above_minimum": "below_minimum",
    "ratio_within_bounds": "out_of_bounds",
    "no_jump": "jumped",
    "period_turned": "not_turned",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong tonight; without ``metric_id`` it concerns the whole page."""

    service_id: str
    page_url: str
    metric_id: str | None
    kind: str
    sentence: str
    advice: str
    snapshot_sha256: str | None = None


def troubles(
    connection: sa.Connection,
    night: Night,
    tonight: Tonight,
    missing: Sequence[Row],
    frozen: Iterable[Mapping[str, Any]],
) -> list[Trouble]:
    """Everything that is wrong with the pages and figures of a night.

    Args:
        connection: the warehouse.
        night: the night.
        tonight: what its pages say.
        missing: what ``nights.missing`` gives.
        frozen: figures older than their service file allows (``service_id``, ``metric_id``,
            ``period_end``), as the checks found them.
    """
    pages = {figure: row["page_url"] for figure, row in declared(connection, night).items()}
    found = [
        *_missing(missing, pages),
        *_held(connection, night, tonight, pages),
        *_frozen(frozen, pages),
        *_moved(connection, night, pages),
        *_rewritten(connection, night, tonight, pages),
        *_shrunk(connection, night, pages),
    ]
    return sorted(found, key=lambda one: (one.service_id, one.page_url, one.metric_id or "", one.kind))


def _missing(missing: Sequence[Row], pages: Mapping[Figure, str]) -> Iterator[Trouble]:
    by_page: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in missing:
        if not nights.is_expected(row):
            by_page[row["service_id"], pages[row["service_id"], row["metric_id"]]].append(row)
    sizes = Counter((service_id, url) for (service_id, _), url in pages.items())
    for (service_id, url), rows in by_page.items():
        yield from _of_page(service_id, url, rows, whole=len(rows) == sizes[service_id, url])


def _of_page(service_id: str, url: str, rows: Sequence[Row], *, whole: bool) -> Iterator[Trouble]:
    """One trouble for a page that gave nothing for one reason; else one for each figure."""
    reasons = {row["reason"] for row in rows}
    if whole and len(reasons) == 1 and not reasons & OF_A_FIGURE:
        yield _absent(service_id, url, None, rows[0])
        return
    for row in rows:
        yield _absent(service_id, url, row["metric_id"], row)


def _absent(service_id: str, url: str, metric_id: str | None, row: Row) -> Trouble:
    reason, sentence, advice = row["reason"], row["sentence"], row["advice"]
    return Trouble(service_id, url, metric_id, reason, sentence, advice, row["snapshot_sha256"])


def _held(
    connection: sa.Connection, night: Night, tonight: Tonight, pages: Mapping[Figure, str]
) -> Iterator[Trouble]:
    bodies = {row["id"]: row["extraction_id"] for row in tonight.rows}
    for row in held_back.standing(connection, night, tonight):
        kind = KIND_OF_CHECK[row["check_name"]]
        if kind in ("jumped", "fell", "below_minimum") and _another_scale(
            row["last_good_value"], row["value"]
        ):
            kind = "scale_changed"
        sha256 = _body_of(connection, bodies.get(row["observation_id"]))
        yield _trouble(row, pages, kind, row["reason"], sha256)


def _another_scale(before: Decimal | None, now: Decimal | None) -> bool:
    """True when the two are about a power of ten apart that a unit makes."""
    if not before or not now or before <= 0 or now <= 0:
        return False
    apart = abs(math.log10(now / before))
    return any(abs(apart - power) <= NEAR for power in POWERS)


def _body_of(connection: sa.Connection, extraction_id: str | None) -> str | None:
    query = sa.select(extraction_table.c.snapshot_sha256).where(extraction_table.c.id == extraction_id)
    body: str | None = connection.scalar(query)
    return body


def _frozen(frozen: Iterable[Mapping[str, Any]], pages: Mapping[Figure, str]) -> Iterator[Trouble]:
    for row in frozen:
        yield _trouble(row, pages, "frozen", f"Unchanged since {row['period_end']}.")


def _trouble(
    row: Mapping[str, Any], pages: Mapping[Figure, str], kind: str, sentence: str, sha256: str | None = None
) -> Trouble:
    service_id, metric_id = row["service_id"], row["metric_id"]
    advice = ADVICE.get(kind, "Look at the page.")
    return Trouble(service_id, pages[service_id, metric_id], metric_id, kind, sentence, advice, sha256)


def _moved(connection: sa.Connection, night: Night, pages: Mapping[Figure, str]) -> Iterator[Trouble]:
    """Pages that answer from another site than the one asked."""
    query = (
        sa.select(snapshots.c.service_id, snapshots.c.asked_url, snapshots.c.url, snapshots.c.sha256)
        .where(
            snapshots.c.night == night.day,
            snapshots.c.service_id.is_not(None),
            snapshots.c.answer,
            snapshots.c.hop > 0,
            snapshots.c.status < 300,
            snapshots.c.known_at < night.at + MOMENT,
        )
        .distinct()
    )
    known = {(service_id, url) for (service_id, _), url in pages.items()}
    for service_id, asked, url, sha256 in connection.execute(query):
        if (service_id, asked) in known and _site(asked) != _site(url):
            sentence = f"The address now leads to {url}, on another site."
            yield Trouble(
                service_id, asked, None, "moved_off_site", sentence, ADVICE["moved_off_site"], sha256
            )


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _rewritten(
    connection: sa.Connection, night: Night, tonight: Tonight, pages: Mapping[Figure, str]
) -> Iterator[Trouble]:
    """Figures of tonight that say the last one with another precision: "1,2 M", then all its digits."""
    held = held_back.held_ids(connection, night.at)
    for row in tonight.rows:
        if row["known_at"] < night.at or row["id"] in held:
            continue
        last = _before(connection, row)
        if last is not None and _same_amount(last, row):
            sentence = f"The page now writes {row['text']!r} where it wrote {last['text']!r}."
            yield _trouble(row, pages, "notation_changed", sentence)


def _before(connection: sa.Connection, row: Row) -> Row | None:
    query = (
        sa.select(observations)
        .where(
            observations.c.service_id == row["service_id"],
            observations.c.metric_id == row["metric_id"],
            observations.c.period_end < row["period_end"],
            observations.c.known_at < row["known_at"],
        )
        .order_by(observations.c.period_end.desc(), observations.c.known_at.desc())
        .limit(1)
    )
    found = connection.execute(query).mappings().first()
    return dict(found) if found else None


def _same_amount(last: Row, now: Row) -> bool:
    """True when one of the two is rounded, the other is not, and they agree."""
    if None in (last["low"], last["high"], now["low"], now["high"]):
        return False
    last_rounded, now_rounded = last["low"] < last["high"], now["low"] < now["high"]
    return bool(last_rounded != now_rounded and last["low"] <= now["high"] and now["low"] <= last["high"])


def _shrunk(connection: sa.Connection, night: Night, pages: Mapping[Figure, str]) -> Iterator[Trouble]:
    """Series that show fewer periods than on the last night before."""
    before = night_before(connection, night.day)
    if before is None:
        return
    now, then = (_lengths(connection, Night(day, night.at)) for day in (night.day, before))
    for figure, length in sorted(now.items()):
        if figure in pages and 1 < length < then.get(figure, 0):
            row = {"service_id": figure[0], "metric_id": figure[1]}
            yield _trouble(
                row, pages, "shrank", f"{length} periods are shown where there were {then[figure]}."
            )


def _lengths(connection: sa.Connection, night: Night) -> Counter[Figure]:
    """How many dated figures the pages of a night show of each metric."""
    return Counter(
        (row["service_id"], row["metric_id"])
        for row in extractions.seen(connection, night)
        if row["period_text"] is not None
    )
