"""Letters: one per team whose page could not be read whole, with the one change; none to the others."""

from dataclasses import replace
from pathlib import Path

import pytest

from connectors.errors import FetchError, ReadingError
from pipelines.errors import NotASite
from pipelines.letters.advice import CHANGES, OURS
from pipelines.letters.letters import harmless, letters, write_letters
from tests.pipelines.world import END_OF_2023, World, evening
from warehouse.derived.troubles import ADVICE
from warehouse.history import Row
from warehouse.night import Night
from warehouse.publication.publication import publication_at
from warehouse.words import REASONS

AT = evening(END_OF_2023)


def written(world: World, folder: Path) -> dict[str, str]:
    write_letters(world.settings(), folder, AT)
    return {file.name: file.read_text("utf-8") for file in sorted(folder.iterdir())}


def lasting(world: World) -> list[Row]:
    rows = world.dump()["incidents"].values()
    return [row for row in rows if row["last_night"] is None and not row["withdrawn"]]


def test_each_team_with_an_incident_gets_one_and_no_other(demo: World, tmp_path: Path) -> None:
    due = {f"{row['service_id']}.md" for row in lasting(demo) if row["kind"] not in OURS}
    assert due
    assert set(written(demo, tmp_path)) == due


def test_a_letter_says_what_was_seen_and_the_one_change(demo: World, tmp_path: Path) -> None:
    sent = written(demo, tmp_path)
    for row in lasting(demo):
        letter = sent[f"{row['service_id']}.md"]
        change = CHANGES[row["kind"]]
        assert change.seen in letter
        assert change.change[1:] in letter
        assert letter.startswith("# Votre page de statistiques\u00a0: ")
        assert letter.count("Merci") == 2
        assert row["sentence"] not in letter


def test_letters_are_the_same_twice_and_go_when_they_are_no_longer_due(demo: World, tmp_path: Path) -> None:
    before = written(demo, tmp_path)
    (tmp_path / "mended.md").write_text("an incident that ended")
    assert written(demo, tmp_path) == before


def test_a_folder_of_other_things_is_left_alone(demo: World, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(NotASite, match=r"index\.html"):
        write_letters(demo.settings(), tmp_path, AT)


def test_before_any_incident_there_is_no_letter(demo: World) -> None:
    with demo.connection() as connection:
        publication = publication_at(connection, AT)
        before = replace(publication, now=Night.of(evening(END_OF_2023.replace(year=2021))))
        assert letters(before) == {}


def test_every_trouble_has_its_change_or_is_ours() -> None:
    """A new kind of trouble is not sent to a team before somebody wrote what to ask for."""
    expected = {"not_available"}
    assert (REASONS.keys() | ADVICE.keys()) - CHANGES.keys() - OURS - expected == set()
    assert not CHANGES.keys() & OURS


def test_every_error_of_a_page_has_its_words() -> None:
    of_reports = {"unreadable_report"}
    for root in (FetchError, ReadingError):
        assert {error.code for error in _tree(root)} <= CHANGES.keys() | OURS | of_reports


def _tree(root: type[FetchError] | type[ReadingError]) -> list[type[FetchError] | type[ReadingError]]:
    return [root, *(error for child in root.__subclasses__() for error in _tree(child))]


@pytest.mark.parametrize("change", CHANGES.values())
def test_what_is_asked_is_one_sentence_and_polite(change: tuple[str, str]) -> None:
    seen, asked = change
    assert seen.endswith(".")
    assert asked.endswith(".")
    assert asked[:1].isupper()
    assert not any(
        word in f"{seen} {asked}".lower() for word in ("erreur de votre", "vous devez", "il faut", "!")
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [("Pix", "Pix"), ("<script>", r"\<script\>"), ("a\n# b", r"a \# b"), ("[x](y)", r"\[x\](y)"), (None, "")],
)
def test_words_of_others_are_no_markup(text: str | None, said: str) -> None:
    assert harmless(text) == said
