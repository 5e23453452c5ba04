"""From a printed growth to the characters on the page and the bytes in the archive."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from tests.pipelines.world import World
from warehouse.errors import UnknownFigure
from warehouse.lineage import Step, trace
from warehouse.snapshots import place_of
from warehouse.tables import extractions, growth, snapshots

Copy = Callable[[World], World]
CHAIN = ["growth", "observation", "extraction", "snapshot"]


def _trace(world: World, figure: str) -> Step:
    with world.connection() as connection:
        return trace(connection, world.kept(), figure)


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


def test_a_growth_leads_back_to_two_pages(demo: World) -> None:
    step = _trace(demo, "dossierfacile/dossiers_valides/2023")
    assert _kinds(step) == CHAIN
    assert step.says == "dossierfacile dossiers_valides, 2022 → 2023: +160 %"
    assert [source.facts["value"] for source in step.comes_from] == [218481, 83746]
    assert [str(end.facts["night"]) for end in _last(step)] == ["2023-12-31", "2022-12-31"]
    assert {end.facts["archive"] for end in _last(step)} == {"same bytes"}


def test_its_id_says_the_same(demo: World) -> None:
    named = _trace(demo, "dossierfacile/dossiers_valides/2023")
    assert _trace(demo, named.id) == named


def test_ids_of_every_stage_have_their_way_back(demo: World) -> None:
    step = _trace(demo, "rdv-service-public/rendez_vous_pris/2023")
    observation = step.comes_from[0]
    assert _trace(demo, observation.id) == observation
    extraction = observation.comes_from[0]
    assert _trace(demo, extraction.id) == extraction


def test_a_metric_alone_is_its_last_figure(demo: World) -> None:
    step = _trace(demo, "ban/part_adresses")
    assert _kinds(step) == CHAIN[1:]
    assert step.facts["value"] == 57


def test_a_service_alone_is_all_its_last_figures(demo: World) -> None:
    step = _trace(demo, "signalement")
    assert step.kind == "service"
    assert {source.id for source in step.comes_from} == {
        _trace(demo, f"signalement/{metric}").id
        for metric in ("promesses_action", "satisfaction", "signalements")
    }


@pytest.mark.parametrize(
    "name", ["ban/part_adresses/1999", "ban/nothing", "nobody", "0123456789abcdef0123", ""]
)
def test_an_unknown_name(demo: World, name: str) -> None:
    with pytest.raises(UnknownFigure):
        _trace(demo, name)


def _text(content: bytes, kind: str) -> str:
    """The text that positions count in, as any reader can make it again."""
    if kind == "jsonpath":
        return content.decode("utf-8-sig")
    return BeautifulSoup(content, "lxml").get_text()


def test_every_figure_is_the_characters_on_its_archived_page(demo: World) -> None:
    same = sa.and_(
        snapshots.c.sha256 == extractions.c.snapshot_sha256,
        snapshots.c.service_id == extractions.c.service_id,
    )
    with demo.connection() as connection:
        found = connection.execute(sa.select(extractions)).mappings().all()
        for row in found:
            query = sa.select(snapshots).join(extractions, same).where(extractions.c.id == row["id"])
            place = place_of(dict(connection.execute(query).mappings().first() or {}))
            text = _text(demo.kept().open(place).content, row["locator_kind"])
            assert text[row["start"] : row["end"]] == row["exact"], row["locator"]
    assert {row["locator_kind"] for row in found} == {"css", "jsonpath"}


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


def test_a_missing_archive_shows(demo: World, copy: Copy) -> None:
    world = copy(demo)
    (world.archive / "2022" / "impact-2022-12-31.warc.gz").unlink()
    ends = [end.facts["archive"] for end in _last(_trace(world, "trackdechets/tonnes_traitees/2023"))]
    assert ends[0] == "same bytes"
    assert ends[1].startswith("BROKEN: ")


# ------------------------------------------------------------------------------ command


def test_the_command_prints_the_tree(demo: World) -> None:
    end = demo.impact("trace", "ban/part_adresses/2023")
    assert (end.status, end.err) == (0, "")
    assert "+18 pts" in end.out
    assert "⟦57\u00a0%⟧" in end.out or "⟦57\u202f%⟧" in end.out
    for row in _sha256_of(demo, "ban/part_adresses/2023"):
        assert row in end.out


def _sha256_of(world: World, figure: str) -> list[str]:
    return [end.facts["sha256"] for end in _last(_trace(world, figure))]


def test_the_command_gives_json(demo: World) -> None:
    key = _row(demo, sa.select(growth).where(growth.c.service_id == "ban"))["id"]
    end = demo.impact("trace", key, "--json")
    assert (end.status, end.err) == (0, "")
    expected = json.loads(json.dumps(_trace(demo, key).as_json(), default=str))
    assert json.loads(end.out) == expected


def test_the_command_says_that_it_knows_no_such_figure(demo: World) -> None:
    end = demo.impact("trace", "ban/nothing/2023")
    assert (end.status, end.out) == (1, "")
    assert end.sentence == (
        "Nothing on record is named 'ban/nothing/2023'. "
        "Give an id of the tables growth or observations, or service/metric/year."
    )
