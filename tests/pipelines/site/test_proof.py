"""From any figure of the demo's site to the marked characters and to the archive's bytes."""

import hashlib
import io
import re
import zipfile

from bs4 import BeautifulSoup, Tag

from pipelines.site import words
from tests.pipelines.site.world import Site
from warehouse.archive.place import Place


def soup_of(site: Site, name: str) -> BeautifulSoup:
    return BeautifulSoup((site.folder / name).read_bytes(), "lxml")


def followed(page: BeautifulSoup) -> list[Tag]:
    return [tag for tag in page.select(".site-value a[href]") if "refusé" not in tag.get_text()]


def test_every_figure_leads_to_its_bytes(site: Site) -> None:
    """Value → page → marked characters → SHA-256, equal to that of the archive's own bytes."""
    pages = sorted((site.folder / "services").glob("*.html"))
    links = [(one, tag) for one in pages for tag in followed(BeautifulSoup(one.read_bytes(), "lxml"))]
    rows = site.world.dump()
    for service, link in links:
        page = BeautifulSoup((service.parent / str(link["href"])).resolve().read_bytes(), "lxml")
        value = page.select_one("p.site-value")
        marked, printed = page.select_one("pre mark"), page.select_one("code#sha256")
        assert value, service
        assert marked, service
        assert printed, service
        assert value.get_text() == link.get_text()
        observation = rows["observations"][str(link["href"]).rpartition("/")[2].removesuffix(".html")]
        extraction = rows["extractions"][observation["extraction_id"]]
        assert _bare(extraction["exact"]) in _bare(marked.get_text())
        (exchange,) = (
            row
            for row in rows["snapshots"].values()
            if row["sha256"] == printed.get_text() and row["service_id"] == observation["service_id"]
        )
        place = Place(exchange["warc_file"], exchange["warc_offset"], exchange["warc_length"])
        body = site.world.kept().open(place).content
        assert hashlib.sha256(body).hexdigest() == printed.get_text()
        # "au moins" may stand before it.
        assert value.get_text().endswith(words.amount(observation["value"], observation["unit"]))


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_every_value_of_the_tables_to_download_has_its_page(site: Site) -> None:
    """The workbook, and the growth, lead to ``figures/<id>.html``."""
    links = re.compile(r"figures[/\\]([0-9a-f]{20})\.html")
    book = (site.folder / "donnees" / "impact.xlsx").read_bytes()
    found = set()
    for text in _parts_of(book):
        found |= set(links.findall(text))
    assert len(found) > 15
    assert [one for one in found if not (site.folder / "figures" / f"{one}.html").is_file()] == []


def _parts_of(book: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        return [
            file.read(name).decode("utf-8") for name in file.namelist() if name.endswith((".rels", ".xml"))
        ]


def test_a_refused_growth_leads_to_its_rule_and_to_both_figures(site: Site) -> None:
    """Service → refused growth → the two figures, each with its sentence, or that there is none."""
    link = soup_of(site, "services/ban.html").find("a", href=re.compile(r"\.\./evolutions/"))
    assert isinstance(link, Tag)
    page = soup_of(site, str(link["href"]).removeprefix("../"))
    text = " ".join(page.get_text(" ").split())
    assert "Aucun relevé autour du 31 décembre 2023." in text
    assert "Un relevé existe à moins de 31 jours de chaque date" in text
    assert "Aucun relevé ne tient lieu de ce chiffre." in text
    (figure,) = page.select("main section a[href^='../figures/']")
    mark = page.select_one("pre mark")
    assert mark
    assert _bare(mark.get_text()) == _bare(figure.get_text()) == "30%"
    behind = soup_of(site, str(figure["href"]).removeprefix("../"))
    assert behind.find("a", href=f"../evolutions/{str(link['href']).rpartition('/')[2]}")


def test_a_growth_refused_since_leads_to_the_figure_that_a_check_holds_back(site: Site) -> None:
    """And shows neither its value nor its text."""
    behind = soup_of(site, f"figures/{site.refused}.html")
    link = behind.find("a", href=re.compile(r"\.\./evolutions/"))
    assert isinstance(link, Tag)
    page = soup_of(site, str(link["href"]).removeprefix("../"))
    assert page.find("a", href=f"../figures/{site.refused}.html")
    assert len(page.select("pre mark")) == 1
    assert not re.search(r"2\W?156\W?695", page.get_text())
