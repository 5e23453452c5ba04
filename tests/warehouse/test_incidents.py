"""Incidents: what each kind of trouble looks like, when it opens, lasts, closes and comes back."""

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from tests.warehouse.build import URL, World, chart, metric, night, service, snapshot
from warehouse import held_back, nights, snapshots
from warehouse.archive import Archive
from warehouse.derived import incidents
from warehouse.derived.incidents import Mender, Patch, no_mend
from warehouse.derived.troubles import Trouble, troubles
from warehouse.held_back import Refusal
from warehouse.history import Row, current
from warehouse.night import Night
from warehouse.observations import Tonight
from warehouse.snapshots import Visit
from warehouse.tables import held_back as held_table
from warehouse.tables import incidents as table

FIRST, SECOND, THIRD, FOURTH = "2023-03-10", "2023-03-11", "2023-03-12", "2023-03-13"


def _troubles(
    connection: sa.Connection, on: Night, tonight: Tonight, frozen: Sequence[Row] = ()
) -> list[Trouble]:
    return troubles(connection, on, tonight, nights.missing(connection, on, tonight), frozen)


class Watched(World):
    """A world in which each night ends by telling of its incidents."""

    mend: Mender = staticmethod(no_mend)

    def ends(self, day: str, tonight: Tonight, frozen: Sequence[Row] = (), hour: int = 3) -> int:
        on = night(day, hour)
        with self.engine.begin() as connection:
            found = _troubles(connection, on, tonight, frozen)
            rows = nights.tally(connection, on, tonight)
            added = incidents.tell(connection, on, found, [row["service_id"] for row in rows], self.mend)
            nights.close(connection, on, CLOSED)
        return added

    def holds(self, day: str, tonight: Tonight, check: str) -> None:
        """A check refuses every figure of a night."""
        on = night(day)
        with self.engine.begin() as connection:
            judged = held_back.to_judge(connection, on, tonight.rows)
            held_back.hold(connection, on, judged, [Refusal(row["id"], check, "Refusé.") for row in judged])

    def told(self, day: str = FOURTH) -> list[tuple[Any, ...]]:
        """Each incident: metric, kind, first night, last night."""
        with self.engine.connect() as connection:
            rows = current(connection, table, incidents.KEY, night(day, 23).at)
        names = ("metric_id", "kind", "first_night", "last_night")
        return sorted(tuple(str(row[name]) if row[name] else None for name in names) for row in rows)


CLOSED = {
    "portfolio_sha256": "abc", "portfolio_trouble": None, "services": 1, "reached": 1, "read": 1,
    "figures": 1, "absent": 0, "held": 0, "state": "publishable", "reason": None,
}  # fmt: skip


@pytest.fixture
def world(engine: sa.Engine, archive: Archive) -> Watched:
    return Watched(engine, archive, service(dossiers=metric(), avis=metric()))


def loses(world: Watched, day: str, **printed: str) -> int:
    return world.ends(day, world.shows(day, "dossiers", avis="3", **printed))


def shows(world: Watched, day: str, dossiers: str = "10") -> int:
    return world.ends(day, world.shows(day, dossiers=dossiers, avis="3"))


# --- from the first night to the last -------------------------------------------------------


def test_a_figure_that_is_lost_opens_an_incident_that_lasts_until_it_returns(world: Watched) -> None:
    shows(world, FIRST)
    assert world.told() == []
    loses(world, SECOND)
    assert world.told() == [("dossiers", "not_found", SECOND, None)]
    assert loses(world, THIRD) == 0
    assert world.told() == [("dossiers", "not_found", SECOND, None)]
    shows(world, FOURTH)
    assert world.told() == [("dossiers", "not_found", SECOND, THIRD)]


def test_a_night_told_again_adds_nothing(world: Watched) -> None:
    loses(world, FIRST)
    tonight = world.shows(FIRST, "dossiers", avis="3")
    assert world.ends(FIRST, tonight, hour=4) == 0


def test_what_a_second_try_the_same_night_finds_was_no_incident(world: Watched) -> None:
    shows(world, FIRST)
    loses(world, SECOND)
    again = night(SECOND, 5)
    tonight = world.shows(again, dossiers="10", avis="3")
    world.ends(SECOND, tonight, hour=5)
    assert world.told() == []


def test_an_incident_that_closed_and_comes_back_the_same_night_goes_on(world: Watched) -> None:
    loses(world, FIRST)
    loses(world, SECOND)
    shows(world, THIRD)
    assert world.told() == [("dossiers", "not_found", FIRST, SECOND)]
    tonight = world.shows(night(THIRD, 5), "dossiers", avis="3")
    world.ends(THIRD, tonight, hour=5)
    assert world.told() == [("dossiers", "not_found", FIRST, None)]


def test_a_new_trouble_after_a_pause_is_a_new_incident(world: Watched) -> None:
    loses(world, FIRST)
    shows(world, SECOND)
    loses(world, THIRD)
    assert world.told() == [("dossiers", "not_found", FIRST, FIRST), ("dossiers", "not_found", THIRD, None)]


def test_a_night_that_did_not_visit_the_service_closes_nothing(world: Watched) -> None:
    loses(world, FIRST)
    with world.engine.begin() as connection:
        incidents.tell(connection, night(SECOND), [], tried=[])
    assert world.told() == [("dossiers", "not_found", FIRST, None)]


def test_an_older_night_told_late_changes_no_incident(world: Watched) -> None:
    shows(world, THIRD)
    tonight = world.shows(night(FOURTH, of=FIRST), "dossiers", avis="3")
    with world.engine.begin() as connection:
        late = night(FOURTH, of=FIRST)
        found = _troubles(connection, late, tonight)
        assert [one.kind for one in found] == ["not_found"]
        assert incidents.tell(connection, late, found, ["essai"]) == 0
    assert world.told() == []


# --- the kinds ------------------------------------------------------------------------------


def test_a_page_that_does_not_answer_is_one_incident(world: Watched) -> None:
    world.ends(FIRST, world.is_down(FIRST))
    ((metric_id, _, first, last),) = world.told()
    assert (metric_id, first, last) == (None, FIRST, None)


def test_what_only_a_report_prints_is_no_incident_when_it_is_missing(world: Watched) -> None:
    world.service = service(dossiers=metric(evidence="report"), avis=metric())
    loses(world, FIRST)
    assert world.told() == []


@pytest.mark.parametrize(
    ("before", "now", "check", "kind"),
    [
        ("1 234 567", "1,2", "cumulative_never_falls", "scale_changed"),
        ("1,2", "1 234 567", "no_jump", "scale_changed"),
        ("12", "12 000", "no_jump", "scale_changed"),
        ("0,57", "57", "no_jump", "scale_changed"),
        ("1 000", "900", "cumulative_never_falls", "fell"),
        ("1 000", "40 000", "no_jump", "jumped"),
        ("100", "0", "above_minimum", "below_minimum"),
        ("57", "157", "ratio_within_bounds", "out_of_bounds"),
    ],
)
def test_a_figure_that_a_check_refuses_says_how_it_is_wrong(
    engine: sa.Engine, archive: Archive, before: str, now: str, check: str, kind: str
) -> None:
    world = Watched(engine, archive)
    world.ends(FIRST, world.shows(FIRST, dossiers=before))
    tonight = world.shows(SECOND, dossiers=now)
    world.holds(SECOND, tonight, check)
    world.ends(SECOND, tonight)
    assert world.told() == [("dossiers", kind, SECOND, None)]
    assert [row["check_name"] for row in world.rows(held_table)] == [check]


@pytest.mark.parametrize(("before", "now"), [("1,2 million", "1 234 567"), ("1 234 567", "1,2 million")])
def test_a_figure_written_with_another_precision_is_told_for_one_night(
    engine: sa.Engine, archive: Archive, before: str, now: str
) -> None:
    world = Watched(engine, archive)
    world.ends(FIRST, world.shows(FIRST, dossiers=before))
    world.ends(SECOND, world.shows(SECOND, dossiers=now))
    world.ends(THIRD, world.shows(THIRD, dossiers=now))
    assert world.told() == [("dossiers", "notation_changed", SECOND, SECOND)]


def test_a_figure_that_only_grew_is_nothing(engine: sa.Engine, archive: Archive) -> None:
    world = Watched(engine, archive)
    world.ends(FIRST, world.shows(FIRST, dossiers="1,2 million"))
    world.ends(SECOND, world.shows(SECOND, dossiers="1,3 million"))
    assert world.told() == []


MONTHS = [("2022-11", "5"), ("2022-12", "6"), ("2023-01", "7")]


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        (MONTHS[:2], ["shrank"]),
        ([*MONTHS[1:], ("2023-02", "8")], []),  # a window that moved
        ([*MONTHS, ("2023-02", "8")], []),
    ],
    ids=["shrank", "moved", "grew"],
)
def test_a_list_with_fewer_periods_has_shrunk(
    engine: sa.Engine, archive: Archive, now: list[tuple[str, str]], kinds: list[str]
) -> None:
    shape = chart(nature="flow", period="dated", periodicity="month")
    world = Watched(engine, archive, service(dossiers=shape))
    world.ends(FIRST, world.shows(FIRST, dossiers=MONTHS))
    world.ends(SECOND, world.shows(SECOND, dossiers=now))
    assert [kind for _, kind, _, _ in world.told()] == kinds


def test_a_figure_that_did_not_change_for_too_long_is_frozen(world: Watched) -> None:
    tonight = world.shows(FIRST, dossiers="10", avis="3")
    old = [row for row in tonight.rows if row["metric_id"] == "avis"]
    world.ends(FIRST, tonight, frozen=old)
    assert world.told() == [("avis", "frozen", FIRST, None)]


@pytest.mark.parametrize(
    ("leads_to", "kinds"),
    [
        ("https://ailleurs.example/stats", ["moved_off_site"]),
        ("https://www.essai.example/fr/stats", []),
        ("https://essai.example/fr/stats", []),
    ],
)
def test_a_page_that_leads_to_another_site_has_moved(world: Watched, leads_to: str, kinds: list[str]) -> None:
    on = night(FIRST)
    tonight = world.shows(FIRST, dossiers="10", avis="3")
    hops = (snapshot(b"", on.at, status=301), snapshot(b"{}", on.at, leads_to))
    with world.engine.begin() as connection:
        snapshots.keep(connection, world.archive, on, [Visit("essai", URL, hops)])
        found = _troubles(connection, on, tonight)
    assert [one.kind for one in found] == kinds


# --- the mend -------------------------------------------------------------------------------


def test_a_patch_is_asked_for_once_and_kept_with_the_incident(world: Watched) -> None:
    asked: list[Trouble] = []

    def mend(trouble: Trouble) -> Patch:
        asked.append(trouble)
        return Patch("The class was renamed.", "--- a\n+++ b\n")

    world.mend = mend
    loses(world, FIRST)
    loses(world, SECOND)
    assert [(one.metric_id, one.kind) for one in asked] == [("dossiers", "not_found")]
    with world.engine.connect() as connection:
        (row,) = incidents.open_now(connection, Night(night(THIRD).day, night(THIRD).at))
    assert (row["mend"], row["patch"]) == ("The class was renamed.", "--- a\n+++ b\n")
