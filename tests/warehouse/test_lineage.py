"""The way back, on both databases: what changed and when we knew it, names that fit two things, claims."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from connectors.portfolio import Phase, Portfolio, Product
from tests.warehouse.build import World, chart, metric, night, service
from tests.warehouse.publishing import hold
from warehouse import portfolios
from warehouse.archive import Archive
from warehouse.derived import portfolio_counts
from warehouse.derived.ends import last_day
from warehouse.derived.growth import _twelve_months, derive
from warehouse.derived.rules import load_cohorts
from warehouse.errors import AmbiguousFigure, UnknownFigure
from warehouse.history import add_new
from warehouse.lineage import Step, trace
from warehouse.lineage.annotation import annotation, claim_annotation
from warehouse.lineage.prov import document
from warehouse.tables import claims, criteria, observations, restatements

KNOWN = datetime(2024, 3, 5, 22, tzinfo=UTC)

CLAIM = {
    "claim_id": "c1", "edition": 2023, "service_id": "essai", "match": "certain", "text": "+73 %",
    "passage": "Une hausse de +73 % en un an.", "place": "line 12", "start": 14, "end": 19, "kind": "growth",
    "report_sha256": "f" * 64, "reader": "numbers/1", "withdrawn": False, "known_at": KNOWN,
}  # fmt: skip


@pytest.fixture
def world(engine: sa.Engine, archive: Archive) -> World:
    return World(engine, archive, service(visites=chart(nature="flow", periodicity="month")))


def way(world: World, name: str, at: datetime | None = None) -> Step:
    with world.engine.connect() as connection:
        return trace(connection, world.archive, name, at)


def test_a_restated_figure_says_so_by_both_clocks(world: World) -> None:
    world.shows("2024-03-05", visites=[("2024-01", "510"), ("2024-02", "700")])
    world.shows("2024-04-05", visites=[("2024-01", "99"), ("2024-02", "700")])
    (changed,) = world.rows(restatements)
    before, after = way(world, changed["old_observation_id"]), way(world, changed["new_observation_id"])
    assert before.restatements == after.restatements
    assert way(world, changed["id"]).id == after.id
    (told,) = before.restatements
    assert (told.old_value, told.new_value, told.known_at) == ("510", "99", changed["known_at"])
    # In March nobody knew.
    assert way(world, before.id, night("2024-03-05").at).restatements == ()
    revisions = [
        one
        for one in document(after)["wasDerivedFrom"].values()
        if one.get("prov:type", {}).get("$") == "prov:Revision"
    ]
    assert [(one["prov:generatedEntity"], one["prov:usedEntity"]) for one in revisions] == [
        (f"impact:observation.{after.id}", f"impact:observation.{before.id}")
    ]


def test_a_count_is_counted_again_with_the_cohorts_known_then(world: World) -> None:
    listed = Product("pix", "Pix", phases=(Phase("success", date(2020, 1, 1), None),))
    before, after = night("2022-12-30"), night("2022-12-31")
    with world.engine.begin() as connection:
        portfolios.keep(connection, Portfolio((listed,), (), ()), "f" * 64, before.at)
        for on in (before, after):
            portfolio_counts.derive(connection, [listed], load_cohorts(), on)
    steps = [way(world, "portfolio/2020-01-01/impact_national_total", on.at) for on in (before, after)]
    assert [(step.says.figure, step.facts["counted_again"]) for step in steps] == [
        ("0", "same number"),
        ("1", "same number"),
    ]


def test_every_figure_leads_to_its_bytes(world: World) -> None:
    world.shows("2024-03-05", visites=[("2024-01", "510")])
    (row,) = world.rows(observations)
    chain = [step.kind for step in way(world, row["id"]).all()]
    assert chain == ["observation", "extraction", "snapshot"]
    assert [step.facts.get("archive") for step in way(world, row["id"]).all()][-1] == "same bytes"


def test_a_name_that_fits_two_things_is_refused(engine: sa.Engine, archive: Archive) -> None:
    world = World(engine, archive, service(impact=metric()))
    world.shows("2024-03-05", impact="12")
    (figure,) = world.rows(observations)
    row: dict[str, Any] = {
        "id": "0" * 20, "service_id": "essai", "as_of": KNOWN.date(), "criterion": "impact", "verdict": "met",
        "evidence": [], "rule_set": "2023-01", "withdrawn": False, "known_at": KNOWN,
    }  # fmt: skip
    with engine.begin() as connection:
        add_new(connection, criteria, [row])
    with pytest.raises(AmbiguousFigure) as caught:
        way(world, "essai/impact")
    assert str(caught.value) == f"'essai/impact' may be {figure['id']} (observation), {'0' * 20} (criterion)."
    assert way(world, "0" * 20).kind == "criterion"


def test_a_chain_that_is_broken_in_the_database_is_told(world: World) -> None:
    world.shows("2024-03-05", visites=[("2024-01", "510")])
    (row,) = world.rows(observations)
    with world.engine.begin() as connection:
        connection.execute(sa.update(observations).values(extraction_id="f" * 20))
    with pytest.raises(UnknownFigure, match="the chain is broken there"):
        way(world, row["id"])


@pytest.mark.parametrize(
    ("passage", "said"),
    [
        ("Une hausse de +73 % en un an.", "Une hausse de ⟦+73 %⟧ en un an."),
        ("+73 % après +73 %", "+73 % après +73 % — ⟦+73 %⟧"),  # which of the two is for the offsets to say
    ],
)
def test_a_claim_is_marked_in_its_passage(world: World, passage: str, said: str) -> None:
    row = CLAIM | {"id": "c" * 20, "passage": passage}
    with world.engine.begin() as connection:
        add_new(connection, claims, [row])
    step = way(world, "claims/2023/essai")
    assert [str(one.says) for one in step.comes_from] == [said]
    assert str(way(world, "c" * 20).says) == said
    with pytest.raises(UnknownFigure):
        way(world, "claims/2023/essai", KNOWN.replace(year=2023))


# ------------------------------------------------------------------------- annotations


def extraction(**more: Any) -> dict[str, Any]:
    row = {
        "id": "e" * 20, "service_id": "essai", "metric_id": "dossiers", "snapshot_sha256": "0" * 64,
        "locator_kind": "css", "locator": "#a > b", "exact": "12", "prefix": "soit ", "suffix": " dossiers",
        "start": 5, "end": 7, "reader": "html/2", "spec_version": "abc", "known_at": KNOWN,
    }  # fmt: skip
    return row | more


@pytest.mark.parametrize(
    ("more", "selectors"),
    [
        (
            {},
            {"type": "CssSelector", "value": "#a > b",
             "refinedBy": {"type": "TextQuoteSelector", "exact": "12"}},
        ),
        (
            {"locator_kind": "jsonpath", "locator": "$['a'][0]"},
            {"type": "FragmentSelector", "conformsTo": "https://www.rfc-editor.org/rfc/rfc9535",
             "value": "$['a'][0]"},
        ),
        (
            {"locator_kind": "jsonpath", "locator": "chartkick#chart 1 $[1][0]"},
            {"type": "FragmentSelector", "conformsTo": "https://www.rfc-editor.org/rfc/rfc9535",
             "value": "$[1][0]", "impact:in": "chartkick#chart 1"},
        ),
        (
            {"locator_kind": "csv", "locator": "cell=4,2"},
            {"type": "FragmentSelector", "conformsTo": "https://www.rfc-editor.org/rfc/rfc7111",
             "value": "cell=4,2"},
        ),
    ],
)  # fmt: skip
def test_the_selectors_of_a_figure(more: dict[str, Any], selectors: dict[str, Any]) -> None:
    told = annotation(extraction(**more), None)
    quote = {"type": "TextQuoteSelector", "exact": "12", "prefix": "soit ", "suffix": " dossiers"}
    position = {"type": "TextPositionSelector", "start": 5, "end": 7}
    assert told["target"]["selector"] == [quote, position, selectors]
    assert "state" not in told["target"]
    # ni: names are written in base64url without padding (RFC 6920, 3).
    assert told["target"]["source"] == "ni:///sha-256;" + "A" * 43


def test_a_figure_in_an_attribute_has_no_place_in_the_text() -> None:
    row = extraction(locator="#a > b@data-value", start=5, end=5, prefix="", suffix="")
    (selector,) = annotation(row, None)["target"]["selector"]
    assert (selector["type"], selector["value"]) == ("CssSelector", "#a > b")
    assert selector["refinedBy"]["value"] == "data-value"
    assert selector["refinedBy"]["refinedBy"] == {"type": "TextQuoteSelector", "exact": "12"}


@pytest.mark.parametrize(
    ("passage", "around"),
    [
        ("soit 12 dossiers", {"prefix": "soit ", "suffix": " dossiers"}),
        ("12 dossiers, puis 12 autres", {}),  # the words around would be those of one of the two
    ],
)
def test_the_selectors_of_a_printed_claim(passage: str, around: dict[str, str]) -> None:
    row = {
        "id": "d" * 20, "edition": 2023, "service_id": "essai", "report_sha256": "0" * 64, "passage": passage,
        "text": "12", "start": 905, "end": 907, "reader": "numbers/1", "known_at": KNOWN,
    }  # fmt: skip
    told = claim_annotation(row, None)
    quote = {"type": "TextQuoteSelector", "exact": "12"} | around
    assert told["target"]["selector"] == [quote, {"type": "TextPositionSelector", "start": 905, "end": 907}]
    assert told["body"]["value"] == "claims/2023/essai"


def test_a_refused_growth_names_its_rule_and_the_reading_that_may_not_be_used(world: World) -> None:
    """Both ends were read; the later one is held back, which is why."""
    known = World(world.engine, world.archive, service(agents=metric(unit="agent")))
    known.shows("2022-12-31", agents="10")
    known.shows("2023-12-31", agents="90 000")
    first, last = sorted(known.rows(observations), key=lambda row: row["period_end"])
    hold(known, "2023-12-31", last, "Le chiffre a bondi.", first)
    with world.engine.begin() as connection:
        derive(connection, {"essai": known.service}, night("2023-12-31"))
    step = way(known, "essai/agents/2023")
    assert (step.kind, step.facts["refused_by"]) == ("refusal", "held_back")
    assert (step.facts["base_reading"], step.facts["end_reading"]) == (first["id"], last["id"])
    assert [one.id for one in step.comes_from] == [last["id"], first["id"]]
    assert step.comes_from[0].facts["held_back"] == "Le chiffre a bondi."
    told = document(step)["wasDerivedFrom"].values()
    assert {one["prov:usedEntity"] for one in told} >= {
        f"impact:observation.{row['id']}" for row in (first, last)
    }


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ([("2022-12", "5"), ("2023-12", "7")], ("2023-12-31", "2022-12-31")),  # no month but the last
        ([("2022-03", "5"), ("2023-12", "7")], ("2023-12-31", "2022-03-31")),  # the last part of its year
        ([("2021-12", "5"), ("2023-12", "7")], ("2023-12-31",)),
    ],
)
def test_the_ends_of_a_refused_growth_of_a_flow(
    world: World, printed: list[tuple[str, str]], read: tuple[str, ...]
) -> None:
    world.shows("2024-01-05", visites=printed)
    with world.engine.begin() as connection:
        derive(connection, {"essai": world.service}, night("2024-01-05"))
    ends = way(world, "essai/visites/2023").comes_from
    assert tuple(str(one.row["period_end"]) for one in ends) == read


@pytest.mark.parametrize("month", range(1, 13))
def test_the_name_of_a_period_says_its_last_day(month: int) -> None:
    last = date(2024, month, 1) + relativedelta(day=31)
    assert last_day(_twelve_months(last)) == last
    assert last_day("2024") == date(2024, 12, 31)
