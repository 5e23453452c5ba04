"""Captures made by any tool become visits of their own date, and figures: alone, or beside nights of ours."""

import signal
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from connectors import catalog
from pipelines.warc_import import Imported, address_of, import_files, in_words
from tests.pipelines.world import END_OF_2022, END_OF_2023, World, added, evening
from tests.tools.foreign_warc import HTML, Shot, chunked, sha1, write
from tests.tools.replica_server import PAGES, ReplicaServer
from warehouse.night import PARIS

NOW = datetime(2026, 11, 2, 9, tzinfo=PARIS)
SERVICE = "signalement"
GROWTH = "SELECT display FROM growth WHERE metric_id = 'promesses_action' AND period = '2023'"
PATIENCE = 60.0

Shots = list[Shot]


@pytest.fixture
def world(server: ReplicaServer, tmp_path: Path) -> World:
    return World(tmp_path / "world", server)


def captured(world: World, day: date, *, at: datetime | None = None) -> Shots:
    """What a crawl of the service's pages would have captured on a day: dashboards, and their cards."""
    world.server.day = day
    service = catalog.load(world.specs)[SERVICE]
    urls = [str(page.url) for page in service.pages]
    urls += [url for page in urls if (url := _api(page)) != page]
    shots = [_shot(url, at or evening(day)) for url in urls]
    return shots + [_shot(url, at or evening(day)) for url in _cards(day, urls)]


def _api(url: str) -> str:
    return url.replace("/public/dashboard/", "/api/public/dashboard/")


def _cards(day: date, urls: list[str]) -> Iterator[str]:
    """The addresses of the cards whose results are saved."""
    for file in (PAGES / SERVICE / day.isoformat()).rglob("card/*.json"):
        dashboard, _, card = file.with_suffix("").as_posix().partition("/dashcard/")
        uuid = dashboard.rpartition("/")[2]
        home = next(url for url in urls if uuid in url and "/api/" in url)
        yield f"{home}/dashcard/{card}"


def _shot(url: str, at: datetime) -> Shot:
    try:
        with urlopen(url, timeout=10) as answer:
            body, kind = answer.read(), answer.headers["Content-Type"]
    except OSError as error:  # the page of people, which the replicas do not serve
        body, kind = str(error).encode(), "text/plain"
    return Shot(url, at, body, headers=(("Content-Type", kind),))


def warc(tmp_path: Path, name: str, shots: Shots) -> Path:
    path = tmp_path / name
    write(path, shots)
    return path


def imported(world: World, *paths: Path, at: datetime = NOW) -> Imported:
    world.folder.mkdir(exist_ok=True)
    return import_files(world.settings(), paths, at=at)


@pytest.fixture
def two_years(world: World, tmp_path: Path) -> list[Path]:
    return [warc(tmp_path, f"{day}.warc.gz", captured(world, day)) for day in (END_OF_2022, END_OF_2023)]


# --- alone --------------------------------------------------------------------------------


def test_two_captures_alone_give_a_growth(world: World, two_years: list[Path]) -> None:
    told = imported(world, *two_years)
    assert [file.refused for file in told.files] == [None, None]
    assert [file.nights for file in told.files] == [{END_OF_2022}, {END_OF_2023}]
    assert world.rows(GROWTH) == [("+198 %",)]
    periods = "SELECT DISTINCT period_end FROM observations ORDER BY 1"
    assert world.rows(periods) == [("2022-12-31",), ("2023-12-31",)]
    assert {day for (day,) in world.rows("SELECT DISTINCT substr(known_at, 1, 10) FROM observations")} == {
        "2026-11-02"
    }
    assert sum(file.figures for file in told.files) == len(world.rows("SELECT 1 FROM extractions"))
    assert told.figures == len(world.rows("SELECT 1 FROM observations"))


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=5)], ids=["at once", "later that day"])
def test_imported_twice_adds_nothing(world: World, two_years: list[Path], later: timedelta) -> None:
    imported(world, *two_years)
    before, files = world.dump(), world.warc()
    told = imported(world, *two_years, at=NOW + later)
    assert added(before, world.dump()) == {}
    assert world.warc() == files
    assert [file.kept for file in told.files] == [0, 0]
    assert all(f"  already on record: {file.known}" in "\n".join(in_words(told)) for file in told.files)
    assert [bool(file.figures) for file in told.files] == [True, True]


def test_one_by_one_or_together_they_say_the_same(
    world: World, two_years: list[Path], tmp_path: Path
) -> None:
    other = World(tmp_path / "other", world.server)
    imported(world, *two_years)
    for path in reversed(two_years):
        imported(other, path)
    query = "SELECT service_id, metric_id, value, period_end FROM observations ORDER BY 1, 2, 4"
    assert other.rows(query) == world.rows(query)
    assert other.rows(GROWTH) == [("+198 %",)]


def test_addresses_that_differ_by_a_slash_or_a_fragment_are_told(world: World, tmp_path: Path) -> None:
    shots = captured(world, END_OF_2023)
    changed = [Shot(f"{shot.url}/#top", shot.at, shot.body, headers=shot.headers) for shot in shots]
    told = imported(world, warc(tmp_path, "slash.warc.gz", changed))
    assert told.files[0].figures > 0
    assert any(captured == f"{asked}/#top" for captured, asked in told.files[0].tolerated)


def test_what_two_addresses_of_a_page_share() -> None:
    assert address_of("http://a.fr/stats/?b=1#c") == address_of("https://A.fr:443/stats?b=1")
    others = ("https://b.fr/stats?b=1", "https://a.fr:8443/stats?b=1", "https://a.fr/stats", "http://[a.fr/")
    assert len({address_of(url) for url in ("https://a.fr/stats?b=1", *others)}) == 5


# --- several captures of one page ---------------------------------------------------------


ESSAI = """
id: essai
name: Essai
incubator: dinum
pages:
  - url: https://essai.example/stats
    protocol: html
    metrics:
      dossiers:
        {label: Dossiers, unit: dossier, nature: stock, dimension: utilisé, kind: usage, reach: people,
         locate: {css: b}, expect: {min: 5}}
"""
URL = "https://essai.example/stats"
FIGURES = "SELECT period_end, value FROM observations ORDER BY known_at, period_end"


def one_service(world: World, *shots: Shot) -> Imported:
    """Import these captures, where only one service has a file."""
    specs = world.folder / "one"
    specs.mkdir(parents=True, exist_ok=True)
    (specs / "essai.yml").write_text(ESSAI, encoding="utf-8")
    path = world.folder / "foreign.warc.gz"
    write(path, shots)
    return import_files(world.settings(services=specs), [path], at=NOW)


def at(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=PARIS)


def page(figure: str) -> bytes:
    words = "Nombre de dossiers déposés depuis le lancement du service, mis à jour chaque nuit : "
    return f"<!DOCTYPE html><title>Statistiques</title><p>{words}<b>{figure}</b> dossiers</p>".encode()


def shot(figure: str, when: str, url: str = URL, status: str = "200 OK") -> Shot:
    return Shot(url, at(when), page(figure), status)


def test_of_several_captures_of_one_day_the_last_good_one_speaks_and_all_are_kept(world: World) -> None:
    told = one_service(
        world,
        shot("10", "2022-03-01T18:00"),
        shot("12", "2022-03-01T12:00"),
        shot("10", "2022-03-01T08:00"),
        shot("13", "2022-03-01T23:00", status="503 Service Unavailable"),
    )
    assert world.rows(FIGURES) == [("2022-03-01", 10)]
    assert told.files[0].kept == 4
    assert len(world.rows("SELECT 1 FROM snapshots WHERE night = '2022-03-01'")) == 4


def test_a_night_is_a_day_in_paris(world: World) -> None:
    told = one_service(world, shot("10", "2022-12-31T23:59"), shot("11", "2023-01-01T00:01"))
    assert told.files[0].nights == {date(2022, 12, 31), date(2023, 1, 1)}
    assert world.rows(FIGURES) == [("2022-12-31", 10), ("2023-01-01", 11)]


def test_http_for_https_is_told(world: World) -> None:
    told = one_service(world, shot("10", "2022-03-01T18:00", url="http://essai.example/stats"))
    assert world.rows(FIGURES) == [("2022-03-01", 10)]
    assert told.files[0].tolerated == {("http://essai.example/stats", URL)}


def test_a_redirect_is_followed_to_where_it_led(world: World) -> None:
    moved = Shot(URL, at("2022-03-01T18:00"), b"", "301 Moved", (("Location", "/fr/chiffres"),))
    target = shot("10", "2022-03-01T18:01", url="https://essai.example/fr/chiffres")
    told = one_service(world, moved, target)
    assert world.rows(FIGURES) == [("2022-03-01", 10)]
    assert world.rows("SELECT hop, answer, status FROM snapshots ORDER BY hop") == [(0, 0, 301), (1, 1, 200)]
    assert told.files[0].foreign == []


REASONS = "SELECT night, reason, sentence FROM absences ORDER BY night"


def test_a_capture_that_is_no_answer_is_an_absence_with_its_reason(world: World) -> None:
    one_service(
        world,
        shot("10", "2022-03-01T18:00", status="404 Not Found"),
        Shot(URL, at("2022-03-02T18:00"), b"", "302 Found", (("Location", "https://other.example/"),)),
    )
    assert world.rows(FIGURES) == []
    assert world.rows(REASONS) == [
        ("2022-03-01", "gone", f"essai.example answered 404 Not Found: there is no page at {URL}."),
        (
            "2022-03-02",
            "not_visited",
            f"{URL} redirects to https://other.example/, which nobody captured on 2022-03-02.",
        ),
    ]


def test_a_figure_that_a_check_refuses_is_held_back(world: World) -> None:
    told = one_service(world, shot("3", "2022-03-01T18:00"), shot("7", "2022-03-02T18:00"))
    assert (told.figures, told.held) == (2, 1)
    assert world.rows("SELECT check_name, value FROM held_back") == [("above_minimum", 3)]
    assert world.rows("SELECT * FROM nights") == []


def test_what_is_not_kept_is_told_with_its_reason(world: World) -> None:
    told = one_service(
        world,
        shot("10", "2022-03-01T18:00"),
        shot("10", "2022-03-01T18:00", url="https://foreign.example/"),
        shot("10", "2099-03-01T18:00"),
        Shot(URL, at("2022-03-02T18:00"), b"not gzip", headers=(HTML, ("Content-Encoding", "gzip"))),
        Shot(URL, at("2022-03-03T18:00"), kind="revisit", more={"WARC-Payload-Digest": sha1(b"nothing")}),
    )
    file = told.files[0]
    assert (file.records, file.captures, file.kept) == (6, 5, 1)
    assert file.foreign == ["https://foreign.example/"]
    assert [line.partition("): ")[2] for line in file.aside] == [
        "its date is in the future",
        "its body announces gzip and is something else",
        "it repeats a capture that is in none of these files, nor in the archive",
    ]
    words = "\n".join(in_words(told))
    assert "6 records, 5 captures, 1 kept, 1 night (2022-03-01 to 2022-03-01), 1 figure found." in words
    assert "  not in any service file: 1\n    https://foreign.example/" in words


def test_chunks_and_what_repeats(world: World) -> None:
    body = page("10")
    one_service(
        world,
        Shot(URL, at("2022-03-01T18:00"), chunked(body), headers=(HTML, ("Transfer-Encoding", "chunked"))),
        Shot(URL, at("2022-03-05T18:00"), body),
        Shot(URL, at("2022-04-01T18:00"), kind="revisit", more={"WARC-Payload-Digest": sha1(body)}),
    )
    assert world.rows("SELECT night, bytes FROM snapshots ORDER BY night") == [
        (day, len(body)) for day in ("2022-03-01", "2022-03-05", "2022-04-01")
    ]
    assert world.rows(FIGURES) == [("2022-03-01", 10)]


# --- beside nights of ours ----------------------------------------------------------------


@pytest.fixture(scope="module")
def later(server: ReplicaServer, tmp_path_factory: pytest.TempPathFactory) -> World:
    """After the night of 2023-12-31 alone.  Nobody changes it."""
    world = World(tmp_path_factory.mktemp("later"), server)
    assert world.night(END_OF_2023, only=[SERVICE]).completed
    return world


@pytest.fixture
def before(later: World, tmp_path: Path) -> Path:
    return warc(tmp_path, "2022.warc.gz", captured(later, END_OF_2022))


OF_2023 = "SELECT id, value, known_at FROM observations WHERE period_end = '2023-12-31' ORDER BY 1"


def test_history_learned_of_later_gives_the_growth_and_overrules_nothing(
    later: World, before: Path, copy: Callable[[World], World]
) -> None:
    world = copy(later)
    assert world.rows(GROWTH) == []
    told, last = world.dump(), world.rows(OF_2023)
    imported(world, before)
    assert world.rows(GROWTH) == [("+198 %",)]
    assert world.rows(OF_2023) == last
    assert world.rows("SELECT * FROM restatements") == []
    grown = added(told, world.dump())
    assert {"snapshots", "extractions", "observations", "growth"} <= grown.keys()
    assert not {"nights", "verdicts", "portfolios", "services"} & grown.keys()


def test_a_night_after_an_import_finds_its_place(
    later: World, before: Path, copy: Callable[[World], World]
) -> None:
    world = copy(later)
    imported(world, before, at=evening(END_OF_2023) + timedelta(minutes=30))
    told = world.dump()
    assert world.night(END_OF_2023, only=[SERVICE]).completed
    assert not {"observations", "snapshots", "extractions"} & added(told, world.dump()).keys()


# --- killed, refused, busy ----------------------------------------------------------------


def facts(world: World) -> list[list[tuple[object, ...]]]:
    """What an import leaves, whenever it was."""
    return [
        world.rows("SELECT id, sha256, warc_file, warc_offset FROM snapshots ORDER BY 1"),
        world.rows("SELECT id FROM extractions ORDER BY 1"),
        world.rows("SELECT metric_id, period_end, value FROM observations ORDER BY 1, 2"),
        world.rows("SELECT metric_id, period, display FROM growth ORDER BY 1, 2"),
        world.rows("SELECT night, metric_id, reason FROM absences ORDER BY 1, 2"),
    ]


def test_bytes_written_and_never_recorded_are_written_again(
    world: World, two_years: list[Path], tmp_path: Path
) -> None:
    whole = World(tmp_path / "whole", world.server)
    imported(whole, *two_years)
    name, data = next(iter(whole.warc().items()))
    (world.archive / name).parent.mkdir(parents=True)
    (world.archive / name).write_bytes(data[:-50])
    imported(world, *two_years)
    assert world.proven() == whole.proven()


@pytest.mark.parametrize("moment", ["snapshots", "extractions", "observations"])
def test_a_killed_import_done_again_ends_as_if_it_had_not_been(
    world: World, two_years: list[Path], tmp_path: Path, moment: str
) -> None:
    arguments = ["import-warc", *map(str, two_years)]
    services = str(world.specs)
    with world.start(*arguments, IMPACT_SERVICES=services) as process:
        deadline = time.monotonic() + PATIENCE
        while not world.rows(f"SELECT 1 FROM {moment}"):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
    assert world.impact(*arguments, IMPACT_SERVICES=services).status == 0
    whole = World(tmp_path / "whole", world.server)
    imported(whole, *two_years)
    assert facts(world) == facts(whole)


def test_a_file_that_is_not_sound_is_refused_and_the_others_imported(
    world: World, two_years: list[Path], tmp_path: Path
) -> None:
    torn = tmp_path / "torn.warc.gz"
    offsets = write(torn, captured(world, date(2023, 12, 31), at=evening(date(2023, 6, 1))))
    torn.write_bytes(torn.read_bytes()[:-20])
    services = str(world.specs)
    end = world.impact("import-warc", str(torn), *map(str, two_years), IMPACT_SERVICES=services)
    assert end.status == 1
    assert end.sentence == (
        f"{torn} is no sound WARC file: at byte {offsets[-1]}, the gzip member is torn. "
        "Nothing of the file was kept. Get a sound copy of it from where it was made."
    )
    assert f"{torn}: refused." in end.out.replace("\n", "")
    assert world.rows("SELECT DISTINCT night FROM snapshots ORDER BY 1") == [("2022-12-31",), ("2023-12-31",)]
    assert world.rows(GROWTH) == [("+198 %",)]


def test_files_that_are_all_refused_change_nothing(world: World, tmp_path: Path) -> None:
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(b"\x1f\x8b")
    told = imported(world, torn)
    assert list(in_words(told)) == [f"{torn}: refused."]
    assert world.warc() == {}
    assert not any(world.dump().values())


def test_wrong_use(world: World, tmp_path: Path) -> None:
    assert world.impact("import-warc").status == 2
    assert world.impact("import-warc", str(tmp_path / "nothing.warc")).status == 2


def test_an_import_that_meets_a_night_says_so(world: World, two_years: list[Path]) -> None:
    with world.kept().lock(".night"):
        end = world.impact("import-warc", str(two_years[0]), IMPACT_SERVICES=str(world.specs))
    assert end.status == 1
    assert end.sentence.startswith("Another night is writing to the archive")
