"""A page that could not be read, its service file mended, its night replayed: told, and derived again."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipelines.night import run_night
from pipelines.replay import Change, Replayed, in_words, replay
from pipelines.settings import Settings
from pipelines.verify import verify
from tests.pipelines.world import evening
from tests.tools.expectations import import_great_expectations
from tests.tools.server import Site, Wire, answer

MARCH = {day: date(2024, 3, day) for day in range(18, 25)}

HEAD = "id: essai\nname: Essai\nincubator: dinum\npages:"
PAGE = """
  - url: {url}
    protocol: html
    {until}
    metrics:
      dossiers:
        {{label: Dossiers, unit: dossier, nature: cumulative, dimension: utile, kind: usage, reach: uses,
        locate: {{css: {css}}}}}
"""
OLD, OTHER = "p.old", "p.new"
ENDED = {OLD: "valid_until: 2024-03-19"}
"""The last night before the page changed, as the mended file says."""

PORTFOLIO = {
    "links": {},
    "included": [],
    "data": [
        {
            "id": "essai",
            "type": "startup",
            "attributes": {
                "name": "Essai",
                "pitch": "Essai",
                "stats_url": "https://essai.example/stats",
                "phases": [{"name": "acceleration", "start": "2023-01-01", "end": ""}],
            },
            "relationships": {"incubator": {"data": {"type": "incubator", "id": "dinum"}}},
        }
    ],
}


class Essai:
    """One service: its page, its file, and the nights of both."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.page = ""
        self.site = Site({"/stats": self._stats, "/portfolio": answer(json.dumps(PORTFOLIO).encode())})

    def _stats(self, wire: Wire) -> None:
        answer(f"<main>{self.page}</main>".encode(), [("Content-Type", "text/html; charset=utf-8")])(wire)

    @property
    def settings(self) -> Settings:
        return Settings(
            database_url=f"sqlite:///{self.folder / 'impact.sqlite'}",
            archive=self.folder / "archive",
            portfolio=self.site.url("/portfolio"),
            services=self.folder / "services",
            pace=0.0,
            explore=False,
        )

    def file(self, *pages: str) -> None:
        """Write the service file, a version of the page for each selector."""
        (self.folder / "services").mkdir(exist_ok=True)
        url, several = self.site.url("/stats"), len(pages) > 1
        said = [PAGE.format(url=url, css=css, until=ENDED.get(css, "") if several else "") for css in pages]
        (self.folder / "services/essai.yml").write_text("".join((HEAD, *said)), encoding="utf-8")

    def night(self, day: int, page: str) -> None:
        self.page = page
        run_night(self.settings, at=evening(MARCH[day]), allow_hosts=[self.site.authority])

    def replay(self, **options: object) -> Replayed:
        return replay(self.settings, at=evening(MARCH[24]), **options)  # type: ignore[arg-type]

    def verified(self) -> list[str]:
        return [str(finding) for finding in verify(self.settings).findings]


@pytest.fixture
def essai(tmp_path: Path) -> Iterator[Essai]:
    """After a night that was read, and one on which the page had changed."""
    import_great_expectations()
    one = Essai(tmp_path)
    with one.site:
        one.file(OLD)
        one.night(19, "<p class='old'>1 000</p>")
        one.night(20, CHANGED)
        yield one


CHANGED = "<p class='new'>1 100</p>"
ADDED = Change("observations", "essai/dossiers 2024-03-20", None, "1100")


def test_what_a_later_night_read_of_the_same_bytes_is_told_of_the_first(essai: Essai) -> None:
    essai.file(OLD, OTHER)
    essai.night(21, CHANGED)
    dry, told = essai.replay(dry_run=True), essai.replay()
    for replayed in (dry, told):
        assert ADDED in replayed.changes
        assert replayed.extractions == 0
    *_, last = in_words(told, dry_run=False)
    assert "1 were told of a night for the first time; 1 published" in last
    assert essai.verified() == []


def test_the_same_version_changed(essai: Essai) -> None:
    """The nights before were read with a version that is here no more: nothing is said of their figures."""
    essai.file(OTHER)
    essai.night(21, CHANGED)
    told = essai.replay()
    assert ADDED in told.changes
    assert essai.verified() == []


@pytest.mark.parametrize("mended", [True, False])
def test_one_of_the_nights_only(essai: Essai, mended: bool) -> None:
    """Others bear the same bytes, and were not asked for."""
    essai.night(21, CHANGED)
    essai.night(22, CHANGED)
    essai.file(OLD, OTHER)
    if mended:
        essai.night(23, CHANGED)
    told = essai.replay(since=MARCH[21], until=MARCH[21])
    assert told.changes == [Change("observations", "essai/dossiers 2024-03-21", None, "1100")]
    assert essai.verified() == []
