"""French everywhere: what staff read has no English that is not said to be English."""

from collections.abc import Iterator

import openpyxl
import pytest
import sqlalchemy as sa

from pipelines.check_words import CHECKS
from pipelines.exports.xlsx_file import for_people
from pipelines.letters.advice import CHANGES
from pipelines.letters.letters import letters
from pipelines.trace_page import write_page
from tests.pipelines.site.world import Site
from tests.pipelines.world import END_OF_2023, evening
from tests.tools.language import english, english_lines
from warehouse import words
from warehouse.derived.refusals import _SENTENCES as REFUSALS
from warehouse.derived.troubles import KIND_OF_CHECK
from warehouse.lineage import trace
from warehouse.publication.national import TABLE as NATIONAL
from warehouse.publication.publication import publication_at
from warehouse.publication.tables import TABLES
from warehouse.restatements import COUNTED
from warehouse.tables import claims, incidents, reconciliations, restatements


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The page changed: mend the locator.", True),
        ("Unchanged since 2023-10-31.", True),
        ("at byte 895, 3695 long", True),
        ("$['bal'] is null", True),
        ("La page laisse le chiffre vide, pour un an ou plus ; « on » y dit non.", False),
        ("https://a.example/is/the-page", False),
        ("above_minimum, pass-the-line, data.by.id", False),
        ("service-by-service", False),
    ],
)
def test_english_is_told_from_french(text: str, found: bool) -> None:
    assert bool(english(text)) is found


def test_no_page_of_the_site_has_english(site: Site) -> None:
    pages = sorted(site.folder.rglob("*.html"))
    assert {page.name for page in pages} >= {"index.html", "incidents.html", "2023.html"}
    assert {page.name: lines for page in pages if (lines := english_lines(page.read_bytes()))} == {}


def test_what_is_said_in_english_says_so(site: Site) -> None:
    page = (site.folder / "incidents.html").read_text("utf-8")
    assert '<span lang="en"><bdi>the page is a login page' in page


def test_no_sheet_of_the_workbook_has_english(site: Site) -> None:
    """But for columns that programs read, and the one that is named English."""
    book = openpyxl.load_workbook(site.folder / "donnees" / "impact.xlsx")
    shown = {table.title: [column.technical for column in for_people(table)] for table in TABLES}
    found = [
        (sheet.title, cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for place, cell in enumerate(row)
        if isinstance(cell.value, str) and not _technical(sheet.title, sheet[1][place].value, shown, place)
        if english(cell.value)
    ]
    assert found == []


def _technical(title: str, heading: str, shown: dict[str, list[bool]], place: int) -> bool:
    return heading == "English" or (title in shown and shown[title][place])


def test_no_letter_has_english(site: Site) -> None:
    with site.world.connection() as connection:
        told = letters(publication_at(connection, evening(END_OF_2023)))
    assert told
    assert {name: found for name, text in told.items() if (found := english(text))} == {}


def asked(site: Site) -> Iterator[str]:
    """Names and ids that lead to steps of every kind."""
    yield from ("ban/part_adresses/2023", "ban/qualification", "signalement", "incidents/tchap")
    yield from ("portfolio/2023-01-01/impact_national_total", "portfolio/2023-01-01/incubators")
    yield from ("plf/2018/launched", "claims/2023/signalement", "nosgestesclimat")
    yield from (site.replaced, site.withdrawn, site.refused)
    with site.world.connection() as connection:
        for table in (claims, incidents, reconciliations, restatements):
            name = "new_observation_id" if table is restatements else "id"
            yield from connection.scalars(sa.select(table.c[name]).where(table.c[name].is_not(None)).limit(9))


def test_no_page_of_a_way_back_has_english(site: Site) -> None:
    archive, found = site.world.kept(), {}
    with site.world.connection() as connection:
        for name in asked(site):
            page = write_page(trace(connection, archive, name), archive, None)
            found[name] = [line for line in english_lines(page) if not line.startswith("warcio est un outil")]
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_no_description_of_a_published_table_has_english() -> None:
    told = [
        text
        for table in (*TABLES, NATIONAL)
        for text in (table.title, table.fr, *(one for column in table.columns
                     for one in (column.label, column.fr, column.unit, *column.words.values())))
    ]  # fmt: skip
    assert [text for text in told if english(text)] == []


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (words.TO_DO, words.REASONS | words.TROUBLES),
        (words.REFUSALS, REFUSALS),
        (words.COUNTED, dict.fromkeys(COUNTED)),
        (dict.fromkeys(words.TOLD_IN_FRENCH), dict.fromkeys({*KIND_OF_CHECK.values(), "scale_changed"})),
    ],
    ids=["what to do", "refused growth", "what is counted", "what checks say"],
)
def test_every_code_has_its_words(table: dict[str, str], codes: dict[str, str]) -> None:
    assert table.keys() == codes.keys()


def test_no_word_is_english() -> None:
    tables = [value for name, value in vars(words).items() if name.isupper() and isinstance(value, dict)]
    told = [text for table in tables for text in table.values() if isinstance(text, str)]
    told += [text for one in CHECKS.values() for text in one[:2]]
    told += [text for change in CHANGES.values() for text in change]
    assert len(told) > 200
    assert [text for text in told if english(text)] == []
