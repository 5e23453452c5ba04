"""Printed reports from bytes to verdicts: two of a made-up programme with planted slips, and the real one."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from connectors import catalog
from connectors.catalog import Catalog
from connectors.errors import FetchError, UnreadableReport
from connectors.fetcher import Fetcher
from connectors.reports.reader import read_report
from pipelines import stages
from pipelines.errors import NothingImported, UnreadableFile
from pipelines.portfolio import take_portfolio
from pipelines.reports import Imported, import_report, names_of, reconcile
from pipelines.settings import Settings
from pipelines.warc_import import import_files
from tests.pipelines.world import World
from tests.tools.expectations import import_great_expectations
from tests.tools.foreign_warc import Shot, write
from tests.tools.server import Site, answer
from warehouse import claims, snapshots
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.errors import UnknownAnswer
from warehouse.history import Row
from warehouse.night import PARIS, Night
from warehouse.tables import claim_decisions, claim_questions, reconciliations, reports, unplaced_passages
from warehouse.tables import claims as claim_table
from warehouse.tables import snapshots as snapshot_table

REPORTS = Path(__file__).parent / "reports"
SEED = Path(__file__).parents[3] / "shared" / "seeds" / "001_d8ae26e58aa90034.txt"
FACTS = yaml.safe_load((REPORTS / "programme.yml").read_text("utf-8"))
NOW = datetime(2026, 2, 10, 9, tzinfo=PARIS)
KEPT = (
    reports,
    claim_table,
    claim_questions,
    claim_decisions,
    unplaced_passages,
    reconciliations,
    snapshot_table,
)
EDITIONS = {2024: REPORTS / "bilan_2024.txt", 2025: REPORTS / "bilan_2025.html"}

# --- a programme --------------------------------------------------------------------------


class Programme:
    """A warehouse that saw the made-up services at the end of each year, and their portfolio."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings(
            database_url=f"sqlite:///{folder}/impact.sqlite",
            archive=folder / "archive",
            portfolio=str(_portfolio(folder)),
            services=_specs(folder),
            pace=0,
        )

    def collected(self) -> "Programme":
        """The pages of three years, and what derives from them and from the portfolio."""
        import_great_expectations()
        path = self.folder / "pages.warc.gz"
        write(path, [_shot(service, year) for service in FACTS["services"] for year in (2023, 2024, 2025)])
        told = import_files(self.settings, [path], at=NOW)
        assert told.figures == sum(len(metrics) for metrics in FACTS["services"].values()) * 3
        night, services = Night.of(NOW), self.services
        engine = open_database(self.settings.database_url)
        take_portfolio(engine, Archive(self.settings.archive), Fetcher(), self.settings.portfolio, night)
        stages.derive_from_portfolio(engine, services, night)
        engine.dispose()
        return self

    def reads(
        self, edition: int, source: Path | str | None = None, at: datetime = NOW, **more: Any
    ) -> Imported:
        text = str(source or EDITIONS[edition])
        return import_report(self.settings, text, edition, at=at, who="Camille", **more)

    @property
    def services(self) -> Catalog:
        return catalog.load(self.folder / "services")

    @contextmanager
    def connected(self) -> Iterator[sa.Connection]:
        engine = open_database(self.settings.database_url)
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    def count(self) -> dict[str, int]:
        with self.connected() as connection:
            return {
                table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                for table in KEPT
            }


def _portfolio(folder: Path) -> Path:
    data = [
        {
            "id": one["id"],
            "type": "startup",
            "attributes": {
                "name": one["name"],
                "pitch": one["pitch"],
                "phases": [{"name": "acceleration", "start": "2022-01-01", "end": ""}],
                "events": [{"name": "national_impact", "date": one["national"].isoformat(), "comment": ""}],
                "sponsors": [],
            },
            "relationships": {"incubator": {"data": {"type": "incubator", "id": "dinum"}}},
        }
        for one in FACTS["products"]
    ]
    incubator = {"id": "dinum", "type": "incubator", "attributes": {"title": "Incubateur"}}
    path = folder / "portfolio.json"
    path.write_text(json.dumps({"data": data, "included": [incubator]}), "utf-8")
    return path


def _specs(folder: Path) -> Path:
    specs = folder / "services"
    specs.mkdir()
    names = {one["id"]: one["name"] for one in FACTS["products"]}
    for service, metrics in FACTS["services"].items():
        page = {"url": _url(service), "protocol": "html", "metrics": _metrics(metrics)}
        file = {"id": service, "name": names[service], "incubator": "dinum", "pages": [page]}
        (specs / f"{service}.yml").write_text(yaml.safe_dump(file, allow_unicode=True), "utf-8")
    return specs


def _metrics(metrics: dict[str, Any]) -> dict[str, Any]:
    known = {"dimension": "utilisé", "kind": "usage", "reach": "things"}
    return {
        name: {key: value for key, value in metric.items() if key != "shown"}
        | known
        | {"locate": {"css": f"#{name}"}, "expect": {"min": 1, "factor": 20}}
        for name, metric in metrics.items()
    }


def _url(service: str) -> str:
    return f"https://{service}.example/stats"


def _shot(service: str, year: int) -> Shot:
    rows = "".join(
        f"<p>{metric['label']} : <b id={name}>{metric['shown'][year]}</b></p>"
        for name, metric in FACTS["services"][service].items()
    )
    words = (
        "<p>Les chiffres du service, mis à jour chaque nuit pour toutes celles et ceux qui s'en servent.</p>"
    )
    body = f"<!DOCTYPE html><title>Statistiques</title><h1>Statistiques</h1>{words}{rows}"
    return Shot(_url(service), datetime(year, 12, 31, 18, tzinfo=PARIS), body.encode())


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """The programme, with its two reports.  Nobody changes it."""
    programme = Programme(tmp_path_factory.mktemp("programme")).collected()
    for edition in EDITIONS:
        programme.reads(edition)
    return programme


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    """The portfolio and the service files, and nothing collected."""
    return Programme(tmp_path)


# --- slips --------------------------------------------------------------------------------


def _at_odds(row: Row) -> bool:
    return row["verdict"] == "inconsistent" or row["finding"] is not None


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_slip_is_found_and_nothing_sound_is_accused(both: Programme, edition: int) -> None:
    names = ("comparison", "service_id", "printed", "verdict", "finding")
    found = [
        [row[name] for name in names] for row in reconcile(both.settings, edition, at=NOW) if _at_odds(row)
    ]
    expected = yaml.safe_load((REPORTS / "expected.yml").read_text("utf-8"))[edition]
    assert sorted(map(str, found)) == sorted(map(str, expected))


@pytest.mark.parametrize(
    ("edition", "comparison", "verdicts"),
    [
        (2024, "growth", {"exact": 3, "inconsistent": 1}),
        (2024, "own_figures", {"exact": 3, "inconsistent": 1}),
        (2024, "portfolio", {"exact": 2}),
        (2024, "sum", {"exact": 1}),
        (2025, "growth", {"exact": 1, "inconsistent": 1}),
    ],
)
def test_what_is_sound_is_said_to_be(
    both: Programme, edition: int, comparison: str, verdicts: dict[str, int]
) -> None:
    rows = reconcile(both.settings, edition, at=NOW)
    assert Counter(row["verdict"] for row in rows if row["comparison"] == comparison) == verdicts


def test_a_reconciliation_says_why_in_french_and_what_proves_it(both: Programme) -> None:
    rows = {(row["comparison"], row["printed"]): row for row in reconcile(both.settings, 2024, at=NOW)}
    slip = rows["own_figures", "+19 %"]
    assert slip["reason"] == "Le bilan imprime « 88 214 », puis « 97 035 », soit +9 %, et non +19 %."
    assert [proof["kind"] for proof in slip["evidence"]] == ["claim", "claim", "claim"]
    grown = rows["growth", "+227 %"]
    assert [proof["kind"] for proof in grown["evidence"]] == ["claim", "growth", "observation", "observation"]
    assert "faute de frappe : un facteur 10" in rows["observation", "24,50€"]["reason"]
    assert "2024 est à lire" in rows["period", "460"]["reason"]


def test_reconciled_twice_nothing_is_added(both: Programme) -> None:
    reconcile(both.settings, 2025, at=NOW)
    before = both.count()
    reconcile(both.settings, 2025, at=NOW + timedelta(hours=1))
    assert both.count() == before


def test_before_it_was_imported_an_edition_is_not_known(both: Programme) -> None:
    with pytest.raises(NothingImported, match="No report of 2024"):
        reconcile(both.settings, 2024, at=NOW - timedelta(days=1))


# --- importing ----------------------------------------------------------------------------


def test_a_claim_leads_back_to_its_characters(both: Programme) -> None:
    with both.connected() as connection:
        night = Night.of(NOW)
        names = names_of(connection, both.services, night)
        for claim in claims.on_record(connection, NOW, 2024):
            row = claims.proof(connection, claim)
            assert row is not None
            kept = Archive(both.settings.archive).open(snapshots.place_of(row))
            assert kept.content == EDITIONS[2024].read_bytes()
            text = read_report(kept.content, kept.content_type, 2024, names).text
            assert text[claim["start"] : claim["end"]] == claim["text"]


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=5)], ids=["at once", "later that day"])
def test_the_same_report_twice_adds_nothing(programme: Programme, later: timedelta) -> None:
    assert programme.reads(2024).added > 0
    before = programme.count()
    assert programme.reads(2024, at=NOW + later).added == 0
    assert programme.count() == before


def test_a_report_is_no_portfolio(programme: Programme) -> None:
    programme.reads(2024)
    night = Night.of(NOW + timedelta(days=1))
    engine = open_database(programme.settings.database_url)
    taken = take_portfolio(
        engine, Archive(programme.settings.archive), Fetcher(), programme.settings.portfolio, night
    )
    engine.dispose()
    assert (len(taken.portfolio.products), taken.trouble) == (len(FACTS["products"]), None)


def test_the_same_bytes_told_under_another_edition_are_of_that_one(programme: Programme) -> None:
    programme.reads(2023, EDITIONS[2024])
    programme.reads(2024, at=NOW + timedelta(hours=1))
    with programme.connected() as connection:
        assert set(claims.editions(connection, NOW + timedelta(hours=2))) == {2024}
        assert set(claims.editions(connection, NOW)) == {2023}
        assert claims.on_record(connection, NOW + timedelta(hours=2), 2023) == []


def test_from_an_address(programme: Programme) -> None:
    body = EDITIONS[2025].read_bytes()
    page = answer(body, headers=[("Content-Type", "text/html; charset=utf-8")])
    with Site({"/bilan": page}) as site:
        host = site.url().removeprefix("http://").rstrip("/")
        told = programme.reads(2025, site.url("/bilan"), allow_hosts=[host])
        assert told.report.format == "html"
        again = programme.reads(2025, site.url("/bilan"), allow_hosts=[host], at=NOW + timedelta(hours=1))
        assert again.added == 0
        with pytest.raises(FetchError):
            programme.reads(2025, site.url("/nothing"), allow_hosts=[host])


def test_without_a_portfolio_the_service_files_give_the_names(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.settings.portfolio = str(tmp_path / "nothing.json")
    told = programme.reads(2024)
    assert told.trouble is not None
    assert "nothing.json" in told.trouble
    assert {row["service_id"] for row in told.claims} - {None} == set(FACTS["services"])


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("empty.txt", b"", UnreadableReport),
        ("zeros.txt", b"a\0b", UnreadableReport),
        ("picture.png", b"\x89PNG\r\n\x1a\n", UnreadableReport),
        ("torn.pdf", b"%PDF-1.7\n", UnreadableReport),
        ("gone.txt", None, UnreadableFile),
    ],
)
def test_what_cannot_be_read_leaves_nothing(
    programme: Programme, tmp_path: Path, name: str, content: bytes | None, error: type[Exception]
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(error) as caught:
        programme.reads(2024, tmp_path / name)
    assert "\n" not in str(caught.value)
    counted = programme.count()
    assert [counted[table] for table in ("reports", "claims", "claim_questions")] == [0, 0, 0]


# --- questions ----------------------------------------------------------------------------

MISSPELT = """<!DOCTYPE html><html lang="fr"><body><h1>Bilan 2024</h1>
<h2>Les services</h2>
<h3>Cantine Ouverte</h3>
<h4>En 2024</h4>
<ul><li>40 912 menus publiés (en cumulé)</li></ul>
</body></html>
"""


@pytest.fixture
def asked(programme: Programme, tmp_path: Path) -> tuple[Programme, Path, Imported]:
    path = tmp_path / "misspelt.html"
    path.write_text(MISSPELT, "utf-8")
    return programme, path, programme.reads(2024, path)


def test_a_likely_match_is_a_question_until_somebody_answers(
    asked: tuple[Programme, Path, Imported],
) -> None:
    programme, path, first = asked
    (question,) = first.questions
    assert question["candidates"] == ["cantines-ouvertes"]
    assert {row["match"] for row in first.claims} == {"likely"}
    later = NOW + timedelta(hours=1)
    told = programme.reads(2024, path, at=later, answers={question["question_id"]: "cantines-ouvertes"})
    assert (told.questions, {row["match"] for row in told.claims}) == ((), {"decided"})
    with programme.connected() as connection:
        decided = connection.execute(sa.select(claim_decisions)).mappings().one()
        assert (decided["answer"], decided["decided_by"]) == ("cantines-ouvertes", "Camille")
        assert claims.figures(connection, NOW, service_id="cantines-ouvertes") == []
        assert len(claims.figures(connection, later, service_id="cantines-ouvertes")) == 1
    assert programme.reads(2024, path, at=later).added == 0


def test_an_answer_can_be_changed_and_can_be_none(asked: tuple[Programme, Path, Imported]) -> None:
    programme, path, first = asked
    question = first.questions[0]["question_id"]
    for hours, (said, service) in enumerate([("sentiers", "sentiers"), ("none", None)], start=1):
        told = programme.reads(2024, path, at=NOW + timedelta(hours=hours), answers={question[:6]: said})
        assert {(row["service_id"], row["match"]) for row in told.claims} == {(service, "decided")}


@pytest.mark.parametrize(
    ("about", "answer", "sentence"),
    [
        ("{question}", "nobody", "No service of the portfolio has the id 'nobody'."),
        ("ffffffffffff", "sentiers", "No question and no claim begins with 'ffffffffffff'."),
        ("{claim}", "nobody", "No service of the portfolio has the id 'nobody'."),
    ],
)
def test_an_answer_that_fits_nothing_changes_nothing(
    asked: tuple[Programme, Path, Imported], about: str, answer: str, sentence: str
) -> None:
    programme, path, first = asked
    before = programme.count()
    named = about.format(question=first.questions[0]["question_id"], claim=first.claims[0]["claim_id"])
    with pytest.raises(UnknownAnswer, match=sentence):
        programme.reads(2024, path, at=NOW + timedelta(hours=1), answers={named: answer})
    assert programme.count() == before


# --- the real report ----------------------------------------------------------------------


@pytest.mark.skipif(not SEED.exists(), reason="The real report is not beside this checkout.")
def test_bilan_2023_beside_the_demo(demo: World, copy: Callable[[World], World]) -> None:
    world = copy(demo)
    end = world.impact("import-report", str(SEED), "--edition", "2023", IMPACT_SERVICES=str(world.specs))
    assert (end.status, end.err) == (0, "")
    end = world.impact("reconcile", "--edition", "2023", "--json", IMPACT_SERVICES=str(world.specs))
    assert (end.status, end.err) == (0, "")
    rows = json.loads(end.out)
    grown = Counter(row["verdict"] for row in rows if row["comparison"] == "growth")
    assert grown == {"exact": 7, "consistent": 1}
    sums = {" ".join(row["printed"].split()): row for row in rows if row["comparison"] == "sum"}
    total = sums["24"]["reason"]
    assert total.startswith("12 au 1er janvier 2022 + 6 en 2022 = 18 ; 18 au 1er janvier 2023 + 6")
    assert {printed: row["verdict"] for printed, row in sums.items()} == {
        "24": "exact",
        "18": "exact",
        "4,16 millions d'euros": "not_comparable",  # the eighteen amounts are 3,93 millions
    }
    odd = [(row["service_id"], row["printed"], row["finding"]) for row in rows if _at_odds(row)]
    assert odd == [("conseillers-entreprises", "25 036", "slip")]


# --- the command --------------------------------------------------------------------------


def _command(programme: Programme, world: World, *arguments: str) -> Any:
    return world.impact(
        *arguments,
        IMPACT_DATABASE_URL=programme.settings.database_url,
        IMPACT_ARCHIVE=str(programme.settings.archive),
        IMPACT_PORTFOLIO=programme.settings.portfolio,
        IMPACT_SERVICES=str(programme.settings.services),
    )


@pytest.fixture
def world(tmp_path: Path, server: Any) -> World:
    return World(tmp_path / "world", server)


def test_the_command_says_what_was_read(asked: tuple[Programme, Path, Imported], world: World) -> None:
    programme, path, first = asked
    question = first.questions[0]["question_id"]
    end = _command(programme, world, "import-report", str(path), "--edition", "2024")
    assert end.status == 0
    assert "1 claims (1 figures, 0 growths): 0 of a service named there, 1 of a likely one" in end.out
    assert f"{question}  Which service" in end.out
    assert "candidates: cantines-ouvertes" in end.out
    answered = f"--answer={question}=cantines-ouvertes"
    end = _command(
        programme, world, "import-report", str(path), "--edition", "2024", answered, "--by", "Ange"
    )
    assert "Questions: 0" in end.out


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("import-report", "nothing.txt", "--edition", "2024"), 2, "There is no report 'nothing.txt'."),
        (
            ("import-report", "{path}", "--edition", "2024", "--answer", "sentiers"),
            2,
            "--answer 'sentiers' is not QUESTION=SERVICE.",
        ),
        (
            ("reconcile", "--edition", "2019"),
            1,
            f"No report of 2019 is on record. {NothingImported.advice}",
        ),
    ],
)
def test_mistakes_are_told_in_one_sentence(
    asked: tuple[Programme, Path, Imported],
    world: World,
    arguments: tuple[str, ...],
    status: int,
    sentence: str,
) -> None:
    programme, path, _ = asked
    end = _command(programme, world, *(part.format(path=path) for part in arguments))
    assert (end.status, end.sentence) == (status, sentence)


def test_an_edition_must_be_a_year(programme: Programme, world: World) -> None:
    end = _command(programme, world, "reconcile", "--edition", "24")
    assert end.status == 2


def test_a_report_that_cannot_be_read_ends_in_one_sentence(
    programme: Programme, world: World, tmp_path: Path
) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    end = _command(programme, world, "import-report", str(path), "--edition", "2024")
    assert end.status == 1
    assert end.sentence == (
        "The report is image/png, which is not read. "
        "Save the report as HTML, Markdown, plain text in UTF-8, or a PDF with a text layer."
    )
