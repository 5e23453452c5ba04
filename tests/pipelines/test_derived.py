"""Other days and other moments: what the verbs about derived tables say."""

import json

import pytest

from tests.pipelines.world import World

FIGURE = "signalement/promesses_action"
YEAR = ("--from", "2022-12-31", "--to", "2023-12-31")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((FIGURE, *YEAR), "+198 %"),
        ((FIGURE, *YEAR, "--round"), "+199 %"),
        ((FIGURE, *YEAR, "--english"), "+198%"),
        (("ban/part_adresses", *YEAR), "+18 pts"),
        (("rdv-service-public/rendez_vous_pris", *YEAR), "x16"),
        (("conseillers-entreprises/besoins_traites", *YEAR), "+121 %"),
    ],
)
def test_growth_between_two_days(demo: World, arguments: tuple[str, ...], said: str) -> None:
    end = demo.impact("growth", *arguments)
    assert (end.status, end.err) == (0, "")
    assert end.out.strip().startswith(said)


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (
            (FIGURE, "--from", "2020-12-31", "--to", "2023-12-31"),
            1,
            "Aucun relevé autour du 31 décembre",
        ),
        (("ban/nothing", *YEAR), 2, "No service file declares ban/nothing."),
        (("ban", *YEAR), 2, "'ban' names no figure: say service/metric"),
        ((FIGURE, "--from", "hier", "--to", "2023-12-31"), 2, "--from 'hier' is no ISO date"),
    ],
)
def test_a_growth_that_cannot_be_said_says_why(
    demo: World, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    end = demo.impact("growth", *arguments)
    assert end.status == status
    assert end.sentence.startswith(sentence)


def test_the_sign_of_a_cost_is_told_in_both_languages(demo: World) -> None:
    cost = ("growth", "demarches-simplifiees.fr/cout_par_dossier", *YEAR)
    assert "Le coût monte" in demo.impact(*cost).out
    assert "The cost rises" in demo.impact(*cost, "--english").out


def test_no_moment_knows_the_future(demo: World) -> None:
    end = demo.impact("growth", FIGURE, *YEAR, "--at", "2023-06-30T12:00")
    assert end.status == 1
    assert demo.impact("revisions", FIGURE, "--at", "2023-06-30T12:00", "--json").out.count("said_on") == 1


def test_the_revisions_of_a_figure(demo: World) -> None:
    told = json.loads(demo.impact("revisions", FIGURE, "--json").out)
    assert [(row["period_end"], row["value"]) for row in told] == [
        ("2022-12-31", "58000"), ("2023-12-31", "173154")
    ]  # fmt: skip
    assert "173154" in demo.impact("revisions", FIGURE).out
    assert demo.impact("revisions", "ban/nothing").status == 1


def test_the_portfolio_on_a_day_as_known_at_two_moments(demo: World) -> None:
    known = ("--known", "2022-12-31T23:30", "--known", "2023-12-31T23:30")
    told = json.loads(demo.impact("portfolio", "--on", "2024-01-01", *known, "--json").out)
    values = {row["measure"]: [one["value"] for one in row["known"]] for row in told["measures"]}
    assert values["impact_national_total"][-1] == 24
    assert values["services_supported"][0] < values["services_supported"][1]
    assert "impact_national_new" in {row["indicator"] for row in told["plf"]}
    printed = demo.impact("portfolio", "--on", "2024-01-01", *known).out
    assert "connu le 31/12/2023" in " ".join(printed.split())
    end = demo.impact("portfolio", "--on", "2024-01-01", "--known", "2020-01-01T00:00")
    assert end.status == 1
    assert end.sentence.startswith("No portfolio was known at 2020-01-01 00:00.")


def test_any_rule_set_judges_what_any_moment_knew(demo: World) -> None:
    """An older one on the last night, and the last one on an older night; nothing is written."""
    told = {}
    for rules, at in (("2016-01", "2023-12-31T23:30"), ("2025-01", "2022-12-31T23:30")):
        end = demo.impact("qualify", "--rules", rules, "--at", at, "--json")
        said = json.loads(end.out)
        assert (said["rule_set"], said["as_of"]) == (rules, at[:10])
        told[rules] = {row["service_id"]: row for row in said["verdicts"]}
        assert {row["as_of"] for row in said["missing"]} == {at[:10]}
    assert told["2016-01"]["eva"]["designated"]
    assert not told["2025-01"]["eva"]["designated"]


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("--rules", "2000-01"), 2, "No rule set is named '2000-01': say one of 2016-01,"),
        (("nobody",), 1, "No service of the portfolio is named 'nobody'."),
        (("--at", "2019-01-01"), 1, "No portfolio was known at"),
    ],
)
def test_what_cannot_be_judged(demo: World, arguments: tuple[str, ...], status: int, sentence: str) -> None:
    end = demo.impact("qualify", *arguments)
    assert (end.status, end.sentence.startswith(sentence)) == (status, True)


def test_what_people_see_of_national_impact(demo: World) -> None:
    assert "Désaccords avec la désignation officielle" in demo.impact("qualify").out
    assert "Haute qualité" in demo.impact("qualify", "eva").out
    assert "Ce qui manque" in demo.impact("qualify", "--missing").out
