"""Printed reports, persons' decisions and services without a file: derived again too, or named."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.reports import Imported, import_report, reconcile
from pipelines.verify import Verified, verify
from pipelines.verify_words import in_words
from tests.pipelines.world import END_OF_2023, World
from tests.tools.expectations import import_great_expectations
from tests.tools.replica_server import ReplicaServer
from warehouse.night import PARIS

Copy = Callable[[World], World]

SERVICES = ("dossierfacile", "trackdechets")
LEARNED = datetime(2024, 2, 1, 9, tzinfo=PARIS)
DECIDED = LEARNED + timedelta(hours=2)

PRINTED = """<!DOCTYPE html><html lang="fr"><body><h1>Bilan 2023</h1>
<h2>Les services</h2>
<h3>Trackdéchets</h3>
<h4>En 2023</h4>
<ul><li>5 491 633 tonnes de déchets traités</li></ul>
<h3>Dossiers Faciles</h3>
<h4>En 2023</h4>
<ul><li>218 481 dossiers validés</li></ul>
</body></html>
"""


@pytest.fixture(scope="module")
def server() -> Iterator[ReplicaServer]:
    import_great_expectations()
    with ReplicaServer(SERVICES, down=(), login=()) as server:
        yield server


@pytest.fixture(scope="module")
def printed(server: ReplicaServer, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A night that explores, a report, an answer to its question, its reconciliations.  Nobody changes it."""
    world = World(tmp_path_factory.mktemp("printed") / "world", server)
    assert world.night(END_OF_2023, explore=True).completed
    first = imported(world, LEARNED)
    reconcile(world.settings(), 2023, at=LEARNED)
    (question,) = first.questions
    imported(world, DECIDED, {question["question_id"]: "dossierfacile"})
    reconcile(world.settings(), 2023, at=DECIDED)
    return world


def imported(world: World, at: datetime, answers: dict[str, str] | None = None, **more: Any) -> Imported:
    report = world.folder / "bilan.html"
    report.write_text(PRINTED, encoding="utf-8")
    return import_report(world.settings(), str(report), 2023, at=at, answers=answers, who="Camille", **more)


def verified(world: World) -> Verified:
    return verify(world.settings())


def count(world: World, table: str) -> int:
    return int(world.rows(f"SELECT count(*) FROM {table}")[0][0])


def test_what_rests_on_a_person_is_counted_in_the_closing_line(printed: World) -> None:
    told = verified(printed)
    assert told.findings == []
    for table in ("claims", "claim_questions", "reconciliations", "candidates", "unconfigured"):
        assert count(printed, table) > 0, table
    assert told.compared.decided > 0
    *_, last = in_words(told)
    assert last.endswith(f": all equal ({told.compared.decided} of them rest on 1 decision of a person).")
    assert any("1 claim_decisions (what persons decided)" in line for line in in_words(told))


TAMPERED = {
    "an edited claim": (
        "UPDATE claims SET value = 5491634, text = '5 491 634' WHERE value = 5491633",
        "2024-02-01: claims says text 5 491 634 instead of 5 491 633 and value 5491634 instead of 5491633",
    ),
    "a claim removed": ("DELETE FROM claims WHERE value = 5491633", "2024-02-01: claims lacks the row "),
    "an edited reconciliation": (
        "UPDATE reconciliations SET verdict = 'inconsistent' WHERE verdict = 'exact'",
        "2024-02-01: reconciliations says verdict inconsistent instead of exact",
    ),
    "a deleted reconciliation": (
        "DELETE FROM reconciliations WHERE id IN (SELECT id FROM reconciliations LIMIT 1)",
        "2024-02-01: reconciliations lacks the row ",
    ),
    "a question removed": ("DELETE FROM claim_questions", "2024-02-01: claim_questions lacks the row "),
    "a report's edition": (
        "UPDATE reports SET edition = 2022",
        "2024-02-01: the row ",
    ),
    "a report removed": ("DELETE FROM reports", "2024-02-01: reports lacks the row "),
    "another answer of a person": (
        "UPDATE claim_decisions SET answer = 'trackdechets'",
        " of claim_decisions does not say what its id does.",
    ),
    "an edited candidate": (
        "UPDATE candidates SET value = 613, exact = '613' WHERE exact = '612'",
        "2023-12-31: candidates says exact 613 instead of 612 and value 613 instead of 612",
    ),
    "a candidate removed": (
        "DELETE FROM candidates WHERE exact = '612'",
        "2023-12-31: candidates lacks the row ",
    ),
    "an address said to give nothing": (
        "UPDATE unconfigured SET outcome = 'failed', sentence = 'Nothing.' WHERE outcome = 'figures'",
        "2023-12-31: unconfigured says outcome failed instead of figures",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_done_to_it_is_found(what: str, printed: World, copy: Copy) -> None:
    world = copy(printed)
    statement, words = TAMPERED[what]
    world.say(statement)
    found = [str(finding) for finding in verified(world).findings]
    assert any(words in sentence for sentence in found), found


def test_the_archive_alone_says_what_was_printed(printed: World, copy: Copy) -> None:
    """The report's own bytes gone from the archive: its claims rest on nothing, and are named."""
    world = copy(printed)
    shutil.rmtree(world.archive / "2024")
    found = [str(finding) for finding in verified(world).findings]
    assert any("claims has the row " in sentence for sentence in found), found
    assert "2024/impact-2024-02-01" in found[0]


def test_claims_of_another_reader_are_taken_as_they_are(printed: World, copy: Copy) -> None:
    world = copy(printed)
    world.say("UPDATE claims SET reader = 'claims/0'")
    told = verified(world)
    assert told.findings == []
    assert told.older == sum(count(world, name) for name in ("reports", "claims", "claim_questions"))


def test_a_file_that_came_later_accuses_nobody(printed: World, copy: Copy) -> None:
    """A service that was explored, of which a file now says that nothing can be read."""
    world = copy(printed)
    services = Path(shutil.copytree(world.specs, world.folder / "one-more"))
    unread = "id: benefriches\nname: Benefriches\nincubator: ademe\nunread: Nobody can.\npages: []\n"
    (services / "benefriches.yml").write_text(unread, encoding="utf-8")
    assert verify(world.settings(services=services)).findings == []


@pytest.mark.parametrize("allowed", [True, False], ids=["with a portfolio", "without"])
def test_a_report_before_any_night(server: ReplicaServer, tmp_path: Path, allowed: bool) -> None:
    """It takes the portfolio for its names, where it can; no night has judged that."""
    world = World(tmp_path, server)
    imported(world, LEARNED, allow_hosts=server.hosts if allowed else ())
    assert verified(world).findings == []
    assert count(world, "verdicts") == 0
    assert (count(world, "services") > 0) is allowed
