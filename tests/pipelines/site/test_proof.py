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
