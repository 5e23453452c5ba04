"""The site as files: whole, the same twice, rebuilt only where something changed, and nothing but text."""

import re
import shutil
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from filelock import FileLock

from pipelines.errors import NotASite, SiteNotWritten
from pipelines.site.files import MANIFEST, standing
from pipelines.site.fingerprint import fingerprint, program
from pipelines.site.page import HERE
from tests.pipelines.site.world import HOSTILE, Site, Small
from tests.warehouse.build import night
from tests.warehouse.publishing import hold
from warehouse.errors import NothingPublished
from warehouse.night import Night
from warehouse.publication.publication import publication_at
from warehouse.tables import extractions, metrics, observations, snapshots

FIRST, SECOND, THIRD = night("2024-01-31"), night("2024-02-29"), night("2024-03-31")
JANUARY = [("2024-01-31", "1 000")]
FEBRUARY = [*JANUARY, ("2024-02-29", "1 200")]


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a site but for the lock."""
    found = (file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != ".lock")
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found}


def pages_of(folder: Path) -> dict[str, BeautifulSoup]:
    texts = {name: body for name, body in files(folder).items() if name.endswith(".html")}
    return {name: BeautifulSoup(body, "lxml") for name, body in texts.items()}


def text_of(small: Small, name: str) -> str:
    return " ".join(BeautifulSoup((small.folder / name).read_bytes(), "lxml").get_text(" ").split())


def figure_pages(small: Small, **where: object) -> list[str]:
    rows = [
        row for row in small.rows(observations) if all(row[name] == value for name, value in where.items())
    ]
    return [f"figures/{row['id']}.html" for row in rows]


def test_nothing_is_shown_before_a_night_has_passed(small: Small) -> None:
    with pytest.raises(NothingPublished):
        small.build(FIRST.at)
    assert not small.folder.exists()


def test_the_same_twice_and_from_nothing(small: Small, tmp_path: Path) -> None:
    small.night(FIRST, dossiers=JANUARY, agents="12")
    built = small.build(FIRST.at)
    before = files(small.folder)
    assert set(built.written) == {
        name for name in before if name != MANIFEST and not name.startswith("donnees/")
    }
    again = small.build(FIRST.at)
    assert (again.written, again.removed, again.kept) == ([], [], len(built.written))
    small.build(FIRST.at, tmp_path / "another")
    assert before == files(small.folder) == files(tmp_path / "another")


def test_only_what_changed_is_written_again(small: Small, tmp_path: Path) -> None:
    small.night(FIRST, dossiers=JANUARY, agents="12")
    small.build(FIRST.at)
    (agents,) = figure_pages(small, metric_id="agents")
    small.night(SECOND, dossiers=FEBRUARY, agents="12")
    built = small.build(SECOND.at)
    (_, february) = figure_pages(small, metric_id="dossiers")
    assert february in built.written
    assert agents not in built.written
    small.build(SECOND.at, tmp_path / "another")
    assert files(small.folder) == files(tmp_path / "another")


def test_a_page_that_is_no_more_goes(small: Small) -> None:
    small.night(FIRST, dossiers=JANUARY)
    small.build(FIRST.at)
    (small.folder / "services" / "gone.html").write_text("left by a killed building")
    (small.folder / "figures" / "x.html.new").write_text("half")
    assert sorted(small.build(FIRST.at).removed) == ["figures/x.html.new", "services/gone.html"]


def test_an_unchanged_site_costs_one_read(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is exported or read page by page; a moment later is the same as long as nothing was said."""
    small.night(FIRST, dossiers=JANUARY, agents="12")
    written = small.build(FIRST.at).written
    monkeypatch.setattr("pipelines.site.site._built", None)
    again = small.build(FIRST.at + timedelta(hours=1))
    assert (again.written, again.removed, again.kept) == ([], [], len(written))


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("index.html", None),
        ("services/essai.html", b""),
        ("assets/site.css", b"other"),
        ("donnees/figures.csv", b"other"),
        ("donnees/impact.xlsx", None),
        (MANIFEST, None),
        (MANIFEST, b"{"),
    ],
)
def test_what_is_damaged_is_made_again(small: Small, name: str, damage: bytes | None) -> None:
    small.night(FIRST, dossiers=JANUARY)
    small.build(FIRST.at)
    before = files(small.folder)
    if damage is None:
        (small.folder / name).unlink()
    else:
        (small.folder / name).write_bytes(damage)
    small.build(FIRST.at)
    assert files(small.folder) == before


@pytest.mark.parametrize(
    "told", ["[]", "{}", '{"made_from": "x", "files": {"index.html": 1}}', '{"made_from": "x"}', "x"]
)
def test_a_manifest_of_another_shape_is_none(tmp_path: Path, told: str) -> None:
    (tmp_path / MANIFEST).write_text(told, "utf-8")
    assert standing(tmp_path, "x") is None


CHANGED: dict[str, tuple[sa.Table, str, object]] = {
    "a value": (observations, "value", Decimal(77_333)),
    "a label": (metrics, "label", "Autres dossiers"),
    "an address": (snapshots, "url", "https://autre.example/stats"),
    "the words around": (extractions, "prefix", "autrement"),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_row_changed_in_place_is_another_fingerprint(small: Small, case: str) -> None:
    table, column, value = CHANGED[case]
    small.night(FIRST, dossiers=JANUARY)
    before = fingerprint_of(small, FIRST)
    with small.world.engine.begin() as connection:
        connection.execute(sa.update(table).values({column: value}))
    assert fingerprint_of(small, FIRST) != before


def test_a_changed_row_shows(small: Small, tmp_path: Path) -> None:
    small.night(FIRST, dossiers=JANUARY)
    small.build(FIRST.at)
    with small.world.engine.begin() as connection:
        connection.execute(sa.update(observations).values(value=Decimal(77_333)))
    small.build(FIRST.at)
    assert "77 333" in text_of(small, "services.html")
    small.build(FIRST.at, tmp_path / "another")
    assert files(small.folder) == files(tmp_path / "another")


def fingerprint_of(small: Small, on: Night) -> str:
    with small.world.engine.connect() as connection:
        return fingerprint(publication_at(connection, on.at))


def test_a_row_that_is_not_known_yet_is_another_fingerprint_when_it_is(small: Small) -> None:
    small.night(FIRST, dossiers=JANUARY)
    small.night(SECOND, dossiers=FEBRUARY)
    assert fingerprint_of(small, FIRST) != fingerprint_of(small, SECOND)


@pytest.mark.parametrize(
    ("file", "decides"),
    [
        ("pipelines/site/templates/figure.html.j2", True),
        ("pipelines/exports/csv_file.py", True),
        ("warehouse/derived/impact_national.yml", True),
        ("connectors/services/ban.yml", False),  # the tables say what it says
        ("pipelines/README.md", False),
    ],
)
def test_what_is_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, decides: bool
) -> None:
    """A template, code or a rule."""
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text("as it was", "utf-8")
    monkeypatch.setattr("pipelines.site.fingerprint._ROOT", tmp_path)
    monkeypatch.setattr("pipelines.site.fingerprint._DATA", tmp_path / "connectors" / "services")
    before = program.__wrapped__()
    (tmp_path / file).write_text("as it is", "utf-8")
    assert (program.__wrapped__() != before) is decides


def test_another_style_is_written_and_no_page(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.night(FIRST, dossiers=JANUARY)
    small.build(FIRST.at)
    shutil.copytree(HERE / "assets", tmp_path / "program" / "assets")
    (tmp_path / "program" / "assets" / "site.css").write_text("p { color: red }", "utf-8")
    monkeypatch.setattr("pipelines.site.files.HERE", tmp_path / "program")
    monkeypatch.setattr("pipelines.site.fingerprint._ASSETS", tmp_path / "program" / "assets")
    assert small.build(FIRST.at).written == ["assets/site.css"]


def test_another_program_makes_every_page_again(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    small.night(FIRST, dossiers=JANUARY)
    built = small.build(FIRST.at)
    for module in ("files", "fingerprint"):
        monkeypatch.setattr(f"pipelines.site.{module}.program", lambda: "another")
    again = small.build(FIRST.at).written
    assert again == [name for name in built.written if not name.startswith("assets/")]


def test_a_folder_that_is_not_ours_is_left_alone(small: Small) -> None:
    small.night(FIRST, dossiers=JANUARY)
    small.folder.mkdir()
    (small.folder / "index.html").write_text("mine")
    with pytest.raises(NotASite, match="holds files"):
        small.build(FIRST.at)
    assert files(small.folder) == {"index.html": b"mine"}


def test_one_building_at_a_time(small: Small) -> None:
    small.night(FIRST, dossiers=JANUARY)
    small.build(FIRST.at)
    with FileLock(small.folder / ".lock"), pytest.raises(SiteNotWritten, match="under way"):
        small.build(FIRST.at)


def test_what_stands_in_the_way_of_a_file_is_said(small: Small) -> None:
    small.night(FIRST, dossiers=JANUARY)
    small.build(FIRST.at)
    (small.folder / "index.html").unlink()
    (small.folder / "index.html").mkdir()
    with pytest.raises(SiteNotWritten, match="cannot be written"):
        small.build(FIRST.at)


def test_a_blocked_night_leaves_the_last_publishable_state_and_says_so(small: Small) -> None:
    small.night(FIRST, dossiers=JANUARY)
    small.build(FIRST.at)
    (before,) = figure_pages(small)
    small.night(SECOND, "blocked", dossiers=FEBRUARY)
    built = small.build(SECOND.at)
    assert before not in built.written
    assert "La nuit du 29/02/2024 n'a pas passé les contrôles" in text_of(small, "index.html")
    assert not any("1 200" in soup.get_text() for soup in pages_of(small.folder).values())


def test_a_refused_figure_is_not_shown(small: Small) -> None:
    small.night(FIRST, dossiers=JANUARY)
    small.night(SECOND, dossiers=[*JANUARY, ("2024-02-29", "777 333")])
    good, bad = sorted(small.rows(observations), key=lambda row: row["period_end"])
    hold(small.world, "2024-02-29", bad, "Le chiffre a bondi.", good)
    small.build(SECOND.at)
    page = text_of(small, f"figures/{bad['id']}.html")
    assert "Le chiffre a bondi." in page
    assert f"{good['id']}.html" in (small.folder / f"figures/{bad['id']}.html").read_text("utf-8")
    shown = [
        name for name, soup in pages_of(small.folder).items() if re.search(r"777\W?333", soup.get_text())
    ]
    assert shown == []


def test_a_value_that_was_replaced_leads_to_the_one_that_stands(small: Small) -> None:
    small.night(FIRST, dossiers=JANUARY)
    small.night(SECOND, dossiers=[("2024-01-31", "1 050"), ("2024-02-29", "1 200")])
    small.build(SECOND.at)
    old, new = sorted(
        (row for row in small.rows(observations) if row["period_end"] == FIRST.day),
        key=lambda row: row["known_at"],
    )
    replaced = BeautifulSoup((small.folder / f"figures/{old['id']}.html").read_bytes(), "lxml")
    assert replaced.find("a", href=f"{new['id']}.html")
    assert "Révision" in text_of(small, f"figures/{new['id']}.html")


def test_a_value_that_was_withdrawn_says_so(small: Small) -> None:
    small.night(FIRST, dossiers=[("2023-12-31", "900"), ("2024-01-31", "1 000")])
    small.night(SECOND, dossiers=[("2023-12-31", "900"), ("2024-02-29", "1 200")])
    (gone,) = (row for row in small.rows(observations) if row["period_end"] == FIRST.day)
    small.build(SECOND.at)
    assert "La page ne montre plus ce chiffre." in text_of(small, f"figures/{gone['id']}.html")


def test_an_archive_that_cannot_be_read_is_said_on_the_page(small: Small) -> None:
    small.night(FIRST, dossiers=JANUARY)
    shutil.rmtree(small.settings.archive)
    small.build(FIRST.at)
    (page,) = figure_pages(small)
    assert "le corps archivé ne peut plus être lu" in text_of(small, page)
    assert "ROMPU" in text_of(small, page)


def test_the_past_is_built_as_it_was_known(small: Small, tmp_path: Path) -> None:
    small.night(FIRST, dossiers=JANUARY)
    small.build(FIRST.at)
    small.night(SECOND, dossiers=FEBRUARY)
    small.build(FIRST.at + timedelta(minutes=1), tmp_path / "then")
    then, now = files(tmp_path / "then"), files(small.folder)
    # The fingerprint is of what is known by now too, should anything read it.
    assert then.pop(MANIFEST) != now.pop(MANIFEST)
    assert then == now


def test_things_bear_the_names_that_people_give_them(site: Site) -> None:
    """Former ids, incubators, phases and sources are not shown as the portfolio codes them."""
    pages = pages_of(site.folder)
    known = {
        row.select("a")[0].get_text(): row.get_text(" ")
        for row in pages["services.html"].select("tr[data-row]")
    }
    assert "L'Incubateur de Services Numériques (DINUM)" in known["SignalConso"]
    assert "DossierFacile" in known
    assert "locatio" not in known
    assert "pérennisé" in known["Démarches Simplifiées"]
    portfolio = pages["portefeuille.html"].get_text(" ")
    assert "portefeuille du programme" in portfolio
    assert "portfolio" not in portfolio
    (proof,) = pages["services/signalement.html"].select("#t-criteres ~ tbody a[href^='../figures/']")[:1]
    assert "173\u202f154, au moins égal au seuil" in proof.get_text()


def test_incidents_of_one_cause_are_one_line_at_home(site: Site) -> None:
    rows = pages_of(site.folder)["index.html"].select("#t-casse ~ tbody tr")
    seen = [tuple(cell.get_text() for cell in row.select("td")[:2]) for row in rows]
    assert len({(name, told[:20]) for name, told in seen}) == len(seen)


def test_every_link_leads_somewhere_and_every_id_is_one(site: Site) -> None:
    soups = pages_of(site.folder)
    assert len(soups) > 60
    for name, soup in soups.items():
        ids = [str(tag["id"]) for tag in soup.find_all(id=True)]
        assert len(ids) == len(set(ids)), name
        for tag in soup.find_all(href=True):
            assert not _broken(site.folder, name, str(tag["href"]), set(ids)), (name, tag["href"])


def _broken(folder: Path, page: str, href: str, ids: set[str]) -> bool:
    parts = urlsplit(href)
    if parts.scheme:
        return parts.scheme not in ("http", "https")
    if not parts.path:
        return parts.fragment not in ids
    return not (folder / page).parent.joinpath(unquote(parts.path)).is_file()


def test_no_file_names_another_host_to_load_from(site: Site) -> None:
    for name, soup in pages_of(site.folder).items():
        loaded = [
            tag.get("src") or tag.get("href") for tag in soup.find_all(["script", "link", "img", "iframe"])
        ]
        assert all(not urlsplit(str(one)).netloc for one in loaded), name
        policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
        assert policy, name
        assert "default-src 'none'" in policy["content"]
        assert "unsafe" not in policy["content"]
    style = (site.folder / "assets" / "dsfr" / "dsfr.css").read_text("utf-8")
    sources = re.findall(r"url\(\s*[\"']?([^)\"']*)", style)
    assert sources
    assert all(one.startswith(("data:", "fonts/")) for one in sources)


def test_hostile_names_change_nothing_but_text(hostile: Small) -> None:
    on: Night = FIRST
    hostile.night(on, dossiers=JANUARY, agents="12", **{HOSTILE: "1"})
    hostile.build(on.at)
    (page,) = figure_pages(hostile, metric_id="agents")
    assert "&lt;img src=x" in (hostile.folder / page).read_text("utf-8").partition("<pre")[2]
    for name, soup in pages_of(hostile.folder).items():
        scripts = [tag.get("src") for tag in soup.find_all("script")]
        assert all("assets/" in str(one) or one == "recherche-index.js" for one in scripts), name
        assert not soup.find_all(["img", "iframe", "object", "style"]), name
        assert not [key for tag in soup.find_all(True) for key in tag.attrs if key.startswith("on")], name
        titles = [title.get_text() for title in soup.find_all("title")]
        assert titles
        assert not any("\u202e" in title for title in titles), name
        for found in soup.find_all(string=re.compile("\u202e")):
            assert found.find_parent(["bdi", "pre"]), (name, found)
    services = (hostile.folder / "services.html").read_text("utf-8")
    assert "&lt;script&gt;alert(1)" in services
    assert len(services) < 40_000
    assert 'href="javascript:' not in (hostile.folder / "services" / "essai.html").read_text("utf-8")
    index = (hostile.folder / "recherche-index.js").read_text("utf-8")
    assert index.isascii()
    assert HOSTILE[:5] in index


def test_copying_the_site_elsewhere_breaks_nothing(small: Small, tmp_path: Path) -> None:
    small.night(FIRST, dossiers=JANUARY)
    small.build(FIRST.at)
    shutil.copytree(small.folder, tmp_path / "copied")
    moved = Small(small.world, small.settings, tmp_path / "copied")
    assert moved.build(FIRST.at).written == []
