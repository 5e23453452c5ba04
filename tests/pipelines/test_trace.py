"""From anything printed to the characters on the page and the bytes in the archive."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from jsonpath_rfc9535 import find as find_json
from prov.model import ProvDerivation, ProvDocument, ProvEntity, ProvRecord

from pipelines.archived_text import passage
from tests.pipelines.world import END_OF_2022, World, evening
from warehouse.errors import UnknownFigure
from warehouse.lineage import Step, trace
from warehouse.lineage.annotation import annotation, named_by_hash
from warehouse.lineage.prov import document
from warehouse.snapshots import place_of
from warehouse.tables import extractions, growth, snapshots

Copy = Callable[[World], World]
CHAIN = ["growth", "observation", "extraction", "snapshot"]


def _trace(world: World, figure: str, at: datetime | None = None) -> Step:
    with world.connection() as connection:
        return trace(connection, world.kept(), figure, at)


def _kinds(step: Step) -> list[str]:
    """The kinds along the first way back."""
    return [step.kind, *(_kinds(step.comes_from[0]) if step.comes_from else [])]


def _last(step: Step) -> Iterator[Step]:
    """Where every way back ends."""
    for source in step.comes_from:
        yield from _last(source)
    if not step.comes_from:
        yield step


def _row(world: World, query: sa.Select[Any]) -> dict[str, Any]:
    with world.connection() as connection:
        return dict(connection.execute(query).mappings().one())


# ---------------------------------------------------------------------------- figures


def test_a_growth_leads_back_to_two_pages(demo: World) -> None:
    step = _trace(demo, "dossierfacile/dossiers_valides/2023")
    assert _kinds(step) == CHAIN
    assert str(step.says) == "dossierfacile dossiers_valides, 2022 → 2023: ⟦+160 %⟧"
    assert [source.facts["value"] for source in step.comes_from] == [218481, 83746]
    assert [str(end.facts["night"]) for end in _last(step)] == ["2023-12-31", "2022-12-31"]
    assert {end.facts["archive"] for end in _last(step)} == {"same bytes"}


REFUSED = {
    "ban/part_communes/2023": [30],
    "demarches-simplifiees.fr/dossiers_deposes_total/2023": [7_500_000],
}
"""Growth that is refused, with the values of the figures that there are."""


def test_a_refused_growth_leads_back_to_the_figures_that_there_are(demo: World) -> None:
    """Each with its sentence and its bytes."""
    told = {name: _trace(demo, name) for name in REFUSED}
    assert {name: [one.row["value"] for one in step.comes_from] for name, step in told.items()} == REFUSED
    for step in told.values():
        assert step.kind == "refusal"
        assert step.facts["refused_by"] == step.row["reason"]
        assert _trace(demo, step.id) == step
        assert {end.facts.get("archive", "") for end in _last(step)} <= {"same bytes", ""}


def test_ids_of_every_stage_have_their_way_back(demo: World) -> None:
    step = _trace(demo, "rdv-service-public/rendez_vous_pris/2023")
    for one in step.all():
        assert _trace(demo, one.id) == one


def test_a_metric_alone_is_its_last_figure(demo: World) -> None:
    step = _trace(demo, "ban/part_adresses")
    assert _kinds(step) == CHAIN[1:]
    assert step.facts["value"] == 57
    assert "no_jump" in step.facts["checks_passed"]


def test_a_service_alone_is_all_its_last_figures(demo: World) -> None:
    step = _trace(demo, "signalement")
    assert step.kind == "service"
    assert {source.id for source in step.comes_from} == {
        _trace(demo, f"signalement/{metric}").id
        for metric in ("promesses_action", "satisfaction", "signalements")
    }


@pytest.mark.parametrize(
    "name",
    [
        "ban/part_adresses/1999",
        "ban/nothing",
        "nobody",
        "0123456789abcdef0123",
        "",
        "/",
        "//",
        "portfolio/2023-02-30/impact_national_total",
        "portfolio/2023-01-01/nothing",
        "plf/x/launched",
        "claims/1999/ban",
        "incidents/nobody",
    ],
)
def test_an_unknown_name(demo: World, name: str) -> None:
    with pytest.raises(UnknownFigure):
        _trace(demo, name)


def test_what_was_known_at_a_moment(demo: World) -> None:
    then = evening(END_OF_2022)
    assert _trace(demo, "ban/part_adresses", then).facts["value"] == 39
    with pytest.raises(UnknownFigure, match=r"at 2022-12-31 22:00 UTC\.$"):
        _trace(demo, "ban/part_adresses/2023", then)
    with pytest.raises(UnknownFigure):
        _trace(demo, _trace(demo, "ban/part_adresses").id, then)


# ----------------------------------------------------------- what is judged and counted


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("ban/impact", ["criterion", "evidence", *CHAIN[1:]]),
        ("ban/deployment", ["criterion", "evidence", "service", "phase", "snapshot"]),
        ("ban/qualification", ["qualification", "criterion", "evidence", "service", "phase", "snapshot"]),
        ("portfolio/2023-01-01/services_supported", ["portfolio_count", "service", "phase", "snapshot"]),
        ("portfolio/2023-01-01/incubators", ["portfolio_count", "incubator"]),
        ("plf/2018/launched", ["plf_indicator", "service", "phase", "snapshot"]),
        ("incidents/tchap", ["service", "incident"]),
    ],
)
def test_the_way_back_of_what_is_judged_and_counted(demo: World, name: str, kinds: list[str]) -> None:
    step = _trace(demo, name)
    assert _kinds(step) == kinds
    broken = [one for one in step.all() if any(str(fact).startswith("BROKEN") for fact in one.facts.values())]
    assert broken == []


def test_a_count_lists_the_products_and_the_events_behind_it(demo: World) -> None:
    step = _trace(demo, "portfolio/2023-01-01/impact_national_total")
    assert str(step.says).endswith("⟦18⟧")
    assert step.facts["counted_again"] == "same number"
    names = [one.row["service_id"] for one in step.comes_from]
    assert len(names) == 18
    assert {"anotea", "ban", "data.gouv.fr"} <= set(names)
    events = [one for one in step.all() if one.kind == "event"]
    assert {one.row["name"] for one in events} == {"national_impact"}
    bodies = [one for one in step.all() if one.kind == "snapshot"]
    assert {one.facts["archive"] for one in bodies} == {"same bytes"}
    assert {one.row["service_id"] for one in bodies} == {None}


def test_a_count_that_no_longer_follows_from_the_portfolio_shows(demo: World, copy: Copy) -> None:
    world = copy(demo)
    with sa.create_engine(f"sqlite:///{world.database}").begin() as connection:
        connection.execute(sa.text("UPDATE portfolio_counts SET value = 19 WHERE measure = 'incubators'"))
    step = _trace(world, "portfolio/2023-01-01/incubators")
    assert step.facts["counted_again"] == "BROKEN: counted again, it is 11"


# -------------------------------------------------------------------------- characters


def _bodies(world: World) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every extraction with an exchange that gave its body."""
    same = sa.and_(
        snapshots.c.sha256 == extractions.c.snapshot_sha256,
        snapshots.c.service_id == extractions.c.service_id,
    )
    with world.connection() as connection:
        for row in connection.execute(sa.select(extractions)).mappings().all():
            query = sa.select(snapshots).join(extractions, same).where(extractions.c.id == row["id"])
            yield dict(row), dict(connection.execute(query).mappings().first() or {})


def test_the_selectors_of_every_figure_find_its_characters_again(demo: World) -> None:
    """By tools that are not ours: each selector alone, on the archived bytes."""
    kinds = set()
    for row, exchange in _bodies(demo):
        content = demo.kept().open(place_of(exchange)).content
        told = annotation(row, exchange)
        assert told["target"]["source"] == named_by_hash(exchange["sha256"])
        quote, position, place = told["target"]["selector"]
        text = _text(content, row["locator_kind"])
        exact = row["exact"]
        assert text[position["start"] : position["end"]] == exact, row["locator"]
        around = (
            text[position["start"] - len(quote["prefix"]) : position["start"]],
            text[position["end"] : position["end"] + len(quote["suffix"])],
        )
        assert around == (quote["prefix"], quote["suffix"])
        assert quote["exact"] == exact
        assert exact in _selected(content, place), row["locator"]
        kinds.add(place["type"])
    assert kinds == {"CssSelector", "FragmentSelector"}


def _text(content: bytes, kind: str) -> str:
    """The text that positions count in, as any reader can make it again."""
    if kind == "jsonpath":
        return content.decode("utf-8-sig")
    return BeautifulSoup(content, "lxml").get_text()


def _selected(content: bytes, selector: dict[str, Any]) -> str:
    if selector["type"] == "CssSelector":
        (element,) = BeautifulSoup(content, "lxml").select(selector["value"])
        return element.get_text()
    assert selector["conformsTo"].endswith("rfc9535")
    (node,) = find_json(selector["value"], json.loads(content, parse_float=str, parse_int=str))
    return str(node.value)


def test_every_figure_stands_in_its_archived_text(demo: World) -> None:
    for row, exchange in _bodies(demo):
        found = passage(row, demo.kept().open(place_of(exchange)))
        assert found.found == "same"
        assert found.figure == row["exact"]


def test_a_figure_that_stands_elsewhere_is_told(demo: World) -> None:
    row, exchange = next(_bodies(demo))
    moved = row | {"start": row["start"] + 1, "end": row["end"] + 1}
    assert passage(moved, demo.kept().open(place_of(exchange))).found == "others"


def test_a_flipped_byte_in_the_archive_shows(demo: World, copy: Copy) -> None:
    world = copy(demo)
    step = _trace(world, "trackdechets/tonnes_traitees/2023")
    row = _row(world, sa.select(snapshots).where(snapshots.c.id == next(_last(step)).id))
    file = world.archive / row["warc_file"]
    data = bytearray(file.read_bytes())
    data[row["warc_offset"] + row["warc_length"] // 2] ^= 1
    file.write_bytes(data)
    newest, oldest = (end.facts["archive"] for end in _last(_trace(world, step.id)))
    assert newest.startswith("BROKEN: In 2023/impact-2023-12-31.warc.gz at byte ")
    assert oldest == "same bytes"
    end = world.impact("trace", step.id, "--html", str(world.folder / "page.html"))
    assert end.status == 0, end.err
    assert "ne se vérifient plus" in (world.folder / "page.html").read_text("utf-8")


def test_a_missing_archive_shows(demo: World, copy: Copy) -> None:
    world = copy(demo)
    (world.archive / "2022" / "impact-2022-12-31.warc.gz").unlink()
    ends = [end.facts["archive"] for end in _last(_trace(world, "trackdechets/tonnes_traitees/2023"))]
    assert ends[0] == "same bytes"
    assert ends[1].startswith("BROKEN: ")


# -------------------------------------------------------------------------------- PROV


@pytest.mark.parametrize(
    "name",
    [
        "ban/part_adresses/2023",
        "signalement",
        "ban/qualification",
        "portfolio/2023-01-01/impact_national_total",
        "plf/2018/launched",
        "incidents/tchap",
    ],
)
def test_the_way_back_is_prov(demo: World, name: str) -> None:
    step = _trace(demo, name)
    read = ProvDocument.deserialize(content=json.dumps(document(step)), format="json")
    entities = {str(one.identifier): one for one in read.get_records(ProvEntity)}
    assert entities.keys() >= {f"impact:{one.kind}.{one.id}" for one in step.all()}
    (asked,) = (key for key, one in entities.items() if dict(_attributes(one)).get("impact:asked"))
    assert asked == f"impact:{step.kind}.{step.id}"
    derived = {
        tuple(str(value) for _, value in one.formal_attributes[:2])
        for one in read.get_records(ProvDerivation)
    }
    assert derived >= {
        (f"impact:{one.kind}.{one.id}", f"impact:{source.kind}.{source.id}")
        for one in step.all()
        for source in one.comes_from
    }


def _attributes(record: ProvRecord) -> Iterator[tuple[str, object]]:
    return ((str(name), value) for name, value in record.extra_attributes)


def test_a_figure_is_a_quotation_of_its_page(demo: World) -> None:
    written = document(_trace(demo, "ban/part_adresses"))
    quoted = [
        one
        for one in written["wasDerivedFrom"].values()
        if one.get("prov:type", {}).get("$") == "prov:Quotation"
    ]
    assert len(quoted) == 1
    entity = written["entity"][quoted[0]["prov:generatedEntity"]]
    selectors = json.loads(entity["impact:annotation"]["$"])["target"]["selector"]
    assert [one["type"] for one in selectors] == ["TextQuoteSelector", "TextPositionSelector", "CssSelector"]
    assert quoted[0]["prov:usedEntity"].startswith("impact:snapshot.")
    publishers = [one for one in written["agent"] if one.startswith("impact:publisher.")]
    assert publishers == ["impact:publisher.ban"]


# ------------------------------------------------------------------------------ command


def test_the_command_prints_the_tree(demo: World) -> None:
    end = demo.impact("trace", "ban/part_adresses/2023")
    assert (end.status, end.err) == (0, "")
    assert "⟦+18 pts⟧" in end.out
    assert re.search("⟦57[\u00a0\u202f]%⟧", end.out)
    for one in _last(_trace(demo, "ban/part_adresses/2023")):
        assert one.facts["sha256"] in end.out


def test_the_command_gives_prov_json(demo: World) -> None:
    key = _row(demo, sa.select(growth).where(growth.c.service_id == "ban"))["id"]
    end = demo.impact("trace", key, "--json")
    assert (end.status, end.err) == (0, "")
    assert json.loads(end.out) == document(_trace(demo, key))


def test_the_command_says_that_it_knows_no_such_figure(demo: World) -> None:
    end = demo.impact("trace", "ban/nothing/2023")
    assert (end.status, end.out) == (1, "")
    assert end.sentence == (
        "Nothing on record is named 'ban/nothing/2023'. "
        "Give the id of a row, or a name of a form that `impact trace --help` lists."
    )


def test_the_command_refuses_a_moment_that_is_none(demo: World) -> None:
    end = demo.impact("trace", "ban/part_adresses", "--at", "yesterday")
    assert (end.status, end.out) == (2, "")


def test_the_command_says_that_a_page_cannot_be_written(demo: World, tmp_path: Path) -> None:
    end = demo.impact("trace", "ban/part_adresses", "--html", str(tmp_path / "no" / "page.html"))
    assert end.status == 1
    assert end.sentence.endswith("cannot be written: No such file or directory.")


# --------------------------------------------------------------------------------- page


class _Outline(HTMLParser):
    """Tags with their attributes, and texts by the tag they stand in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self.tags[-1][0] if self.tags else "", []).append(data)


@pytest.fixture(scope="module")
def printed(demo: World, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("page") / "page.html"
    end = demo.impact("trace", "ban/part_adresses/2023", "--html", str(file))
    assert (end.status, end.out, end.err) == (0, "", "")
    return file.read_text("utf-8")


def test_the_page_marks_the_figure_at_every_step(printed: str) -> None:
    marks = _Outline(printed).texts["mark"]
    assert marks.count("+18 pts") == 2
    assert len([one for one in marks if re.fullmatch(r"57\s%", one)]) == 3
    assert len([one for one in marks if re.fullmatch(r"39\s%", one)]) == 3


def test_the_page_asks_for_nothing_and_runs_nothing(printed: str) -> None:
    tags = _Outline(printed).tags
    policies = [each["content"] for tag, each in tags if each.get("http-equiv") == "Content-Security-Policy"]
    assert len(policies) == 1
    assert str(policies[0]).startswith("default-src 'none'; style-src 'sha256-")
    assert {tag for tag, _ in tags}.isdisjoint({"script", "img", "link", "iframe", "form", "base"})
    links = [each["href"] for tag, each in tags if tag == "a"]
    anchors = {f"#{each['id']}" for _, each in tags if "id" in each}
    assert set(links) <= anchors
    assert ("html", {"lang": "fr"}) in tags


def test_the_page_says_how_to_verify_by_hand_and_it_works(demo: World, printed: str) -> None:
    warcio = str(Path(sys.executable).with_name("warcio"))
    commands = re.findall(
        r"warcio extract --payload (\S+) (\d+) \| sha256sum\n# doit afficher (\w{64})", printed
    )
    assert len(commands) == 2
    for file, offset, sha256 in commands:
        command = f"{warcio} extract --payload {file} {offset} | sha256sum"
        end = subprocess.run(
            command, shell=True, check=True, cwd=demo.archive, capture_output=True, text=True
        )
        assert end.stdout.split()[0] == sha256
