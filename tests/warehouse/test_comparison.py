"""Growth: the truth table of Bilan 2023, tables of examples, and laws of intervals."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from warehouse.derived.comparison import Comparison, Figure, add, agree, compare, compare_with_flow
from warehouse.derived.display import Rule
from warehouse.errors import DerivationError, NotComparable
from warehouse.normalisation.numbers import read


def figure(
    value: str | None,
    low: str | None = None,
    high: str | None = None,
    *,
    qualifier: str = "exact",
    unit: str = "dossier",
    nature: str = "flow",
    definition: str = "",
) -> Figure:
    point, least, most = (None if end is None else Decimal(end) for end in (value, low, high))
    return Figure(point, least, most, qualifier, unit, nature, definition)


def growth(before: str, after: str, *, rule: Rule = "truncate", **kind: Any) -> str:
    return compare(figure(before, **kind), figure(after, **kind), rule=rule).display


# --- Bilan 2023 ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "nature", "printed"),
    [
        ("39", "57", "ratio", "+18 pts"),  # ban
        ("83746", "218481", "flow", "+160 %"),  # dossierfacile
        ("58000", "173154", "cumulative", "+198 %"),  # signalement
        ("906399", "1575332", "cumulative", "+73 %"),  # nosgestesclimat
        ("128747", "2156695", "cumulative", "x16"),  # rdv-service-public
        ("3113222", "5491633", "flow", "+76 %"),  # trackdechets
    ],
)
def test_bilan_2023(before: str, after: str, nature: str, printed: str) -> None:
    comparison = compare(figure(before, nature=nature), figure(after, nature=nature))
    assert comparison.display == printed
    assert agree(printed, comparison) == "exact"


def test_bilan_2023_a_total_beside_a_flow() -> None:
    comparison = compare_with_flow(figure("20660", nature="cumulative"), figure("25036"))
    assert comparison.display == "+121 %"
    assert comparison.kind == "percent"


def test_bilan_2023_rounded_figures_show_their_range_and_are_consistent_with_the_print() -> None:
    before = figure("2700000", "2650000", "2750000", qualifier="about")
    comparison = compare(before, figure("3000000", "2500000", "3500000", qualifier="about"))
    assert comparison.display == "+11 % (entre -9 % et +32 %)"
    assert (comparison.value, comparison.low, comparison.high) == (
        Decimal("11.111111"),
        Decimal("-9.090910"),
        Decimal("32.075472"),
    )
    assert agree("+10 %", comparison) == "consistent"
    assert agree("+11 %", comparison) == "consistent"
    assert agree("+34 %", comparison) == "inconsistent"


# --- display ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "nature", "truncated", "rounded"),
    [
        ("100", "105", "stock", "+5 %", "+5 %"),
        ("100", "95", "stock", "-5 %", "-5 %"),
        ("1000", "1055", "stock", "+5 %", "+6 %"),
        ("1000", "945", "stock", "-5 %", "-6 %"),
        ("1000", "944", "stock", "-5 %", "-6 %"),
        ("1000", "996", "stock", "0 %", "0 %"),
        ("1000", "1000", "stock", "0 %", "0 %"),
        ("1000", "0", "stock", "-100 %", "-100 %"),
        ("10", "99.99", "stock", "+899 %", "+900 %"),
        ("10", "100", "stock", "x10", "x10"),
        ("10", "167.5", "stock", "x16", "x17"),
        ("0.42", "0.5", "cost", "+19 %", "+19 %"),
        ("39", "40", "ratio", "+1 pt", "+1 pt"),
        ("40", "39", "ratio", "-1 pt", "-1 pt"),
        ("39", "41", "ratio", "+2 pts", "+2 pts"),
        ("39.5", "57", "ratio", "+17 pts", "+18 pts"),
        ("0", "3", "ratio", "+3 pts", "+3 pts"),
        ("4.2", "4.5", "score", "+0,3 pt", "+0,3 pt"),
        ("4.2", "4.2", "score", "0 pt", "0 pt"),
        ("5.0", "6.5", "score", "+1,5 pt", "+1,5 pt"),
        ("5", "7", "score", "+2,0 pts", "+2,0 pts"),
        ("4.25", "4.20", "score", "0 pt", "-0,1 pt"),
    ],
)
def test_display(before: str, after: str, nature: str, truncated: str, rounded: str) -> None:
    assert growth(before, after, nature=nature) == truncated
    assert growth(before, after, nature=nature, rule="round") == rounded


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (figure("80000"), figure("95000", "95000", qualifier="at_least"), "au moins +18 %"),
        (figure("80000"), figure("95000", qualifier="at_least"), "au moins +18 %"),
        (figure("100"), figure("94.5", qualifier="at_least"), "au moins -6 %"),
        (figure("95000", qualifier="at_least"), figure("120000"), "au plus +27 %"),
        (figure("95000", qualifier="at_most"), figure("120000"), "au moins +26 %"),
        (figure("100", "0", "150"), figure("200"), "au moins +33 %"),
        (figure("100", "99.9", "100.1"), figure("150", "149.9", "150.1"), "+50 % (entre +49 % et +50 %)"),
        (figure("100", "99.9", "100.1"), figure("150.5", "150.4", "150.6"), "+50 %"),
    ],
)
def test_display_says_what_is_known(before: Figure, after: Figure, expected: str) -> None:
    assert compare(before, after).display == expected


@pytest.mark.parametrize(
    ("before", "after", "nature", "english"),
    [
        ("58000", "173154", "cumulative", "+198%"),
        ("39", "57", "ratio", "+18 pts"),
        ("39", "40", "ratio", "+1 pt"),
        ("4.2", "4.5", "score", "+0.3 pts"),
        ("5.0", "6.0", "score", "+1.0 pt"),
        ("128747", "2156695", "cumulative", "x16"),
    ],
)
def test_display_in_english(before: str, after: str, nature: str, english: str) -> None:
    assert compare(figure(before, nature=nature), figure(after, nature=nature)).display_en == english


def test_what_is_known_is_said_in_english_too() -> None:
    before = figure("2700000", "2650000", "2750000", qualifier="about")
    after = figure("3000000", "2500000", "3500000", qualifier="about")
    assert compare(before, after).display_en == "+11% (between -9% and +32%)"
    more = compare(figure("80000"), figure("95000", qualifier="at_least"))
    less = compare(figure("95000", qualifier="at_least"), figure("120000"))
    assert (more.display_en, less.display_en) == ("at least +18%", "at most +27%")


CHEAPER, DEARER = "Le coût baisse : c'est une amélioration.", "Le coût monte : c'est une dégradation."


@pytest.mark.parametrize(
    ("before", "after", "nature", "said"),
    [
        (figure("0.72"), figure("0.50"), "cost", CHEAPER),
        (figure("0.42"), figure("0.5"), "cost", DEARER),
        (figure("0.42"), figure("5"), "cost", DEARER),  # told as a multiple
        (figure("0.5"), figure("0.5"), "cost", None),
        (figure("0.5"), figure("0.55", "0.45", "0.65"), "cost", None),  # the sign is not sure
        (figure("0.72"), figure("0.50"), "stock", None),
    ],
)
def test_the_sign_of_a_cost_is_explained(
    before: Figure, after: Figure, nature: str, said: str | None
) -> None:
    assert compare(replace(before, nature=nature), replace(after, nature=nature)).meaning == said


@pytest.mark.parametrize("other", [figure("1", unit="€"), figure("1", definition="actifs"), figure(None)])
def test_what_is_not_the_same_thing_does_not_add_up(other: Figure) -> None:
    with pytest.raises(NotComparable):
        add([figure("1"), other])


# --- refusals -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (figure("1", unit="€"), figure("2", unit="%"), "unit_changed"),
        (figure("1", nature="stock"), figure("2", nature="flow"), "nature_changed"),
        (figure("1", definition="inscrits"), figure("2", definition="actifs"), "definition_changed"),
        (figure(None), figure("2"), "not_available"),
        (figure("1"), figure(None), "not_available"),
        (figure("1"), figure("NaN"), "not_available"),
        (figure("0"), figure("2"), "from_zero"),
        (figure("-1"), figure("2"), "negative_base"),
        (figure("1"), figure("-2"), "sign_changed"),
        (figure("1", qualifier="at_least"), figure("2", qualifier="at_least"), "undetermined"),
        (figure("1", qualifier="about"), figure("2"), "undetermined"),
    ],
)
def test_not_comparable(before: Figure, after: Figure, code: str) -> None:
    with pytest.raises(NotComparable) as caught:
        compare(before, after)
    assert caught.value.code == code
    assert str(caught.value).endswith(".")
    assert isinstance(caught.value, DerivationError)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (figure("1", nature="cumulative"), figure("2", nature="cumulative"), "nature_changed"),
        (figure("1", nature="stock"), figure("2"), "nature_changed"),
        (figure("1", nature="cumulative", unit="€"), figure("2"), "unit_changed"),
        (figure("0", nature="cumulative"), figure("2"), "from_zero"),
    ],
)
def test_a_flow_adds_to_a_total_of_the_same_thing_only(before: Figure, after: Figure, code: str) -> None:
    with pytest.raises(NotComparable) as caught:
        compare_with_flow(before, after)
    assert caught.value.code == code


def test_a_figure_outside_its_own_interval_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="outside"):
        compare(figure("5", "6", "7"), figure("8"))


# --- agreement with the print -------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "before", "after", "expected"),
    [
        ("+160 %", "83746", "218481", "exact"),
        ("+ 160\u202f%", "83746", "218481", "exact"),
        ("+161 %", "83746", "218481", "consistent"),  # rounded
        ("+160,8 %", "83746", "218481", "consistent"),
        ("+160,9 %", "83746", "218481", "consistent"),
        ("+160,7 %", "83746", "218481", "inconsistent"),
        ("+159 %", "83746", "218481", "inconsistent"),
        ("160 %", "83746", "218481", "consistent"),  # without its sign
        ("×16", "128747", "2156695", "exact"),
        ("x17", "128747", "2156695", "consistent"),
        ("x18", "128747", "2156695", "inconsistent"),
        ("+1575 %", "128747", "2156695", "consistent"),
        ("x5", "100", "500", "consistent"),
        ("+5 pts", "100", "105", "inconsistent"),
        ("-5 %", "100", "95", "exact"),
        ("−5 %", "1000", "945", "exact"),
        ("-6 %", "1000", "945", "consistent"),
        ("-5 %", "100", "94", "inconsistent"),
        ("-5 %", "1000", "955", "consistent"),  # -4,5 rounds away from zero
    ],
)
def test_agree(printed: str, before: str, after: str, expected: str) -> None:
    assert agree(printed, compare(figure(before), figure(after))) == expected


@pytest.mark.parametrize("printed", ["", "doublé", "12", "x5 %", "+5 €", "++5 %"])
def test_a_print_that_is_no_growth_is_refused(printed: str) -> None:
    with pytest.raises(NotComparable) as caught:
        agree(printed, compare(figure("1"), figure("2")))
    assert caught.value.code == "unreadable_growth"


# --- laws ---------------------------------------------------------------------------------

amounts = st.decimals(min_value="0.01", max_value="1000000000", places=2)
rules: st.SearchStrategy[Rule] = st.sampled_from(["truncate", "round"])


@st.composite
def figures(draw: st.DrawFn, nature: str) -> tuple[Figure, Decimal]:
    """A figure, and a number that it may really be."""
    low, value, high = sorted(draw(st.tuples(amounts, amounts, amounts)))
    inside = draw(st.decimals(min_value=low, max_value=high, places=2))
    return Figure(value, low, high, "about", "dossier", nature), inside


def told(comparison: Comparison, base: Decimal, now: Decimal) -> Fraction:
    """The growth of two plain numbers, in the terms of a comparison."""
    ratio = Fraction(now) / Fraction(base)
    terms = {"percent": (ratio - 1) * 100, "multiple": ratio, "points": Fraction(now) - Fraction(base)}
    return terms[comparison.kind]


@given(st.sampled_from(["flow", "stock", "cumulative", "cost", "ratio", "score"]), st.data())
def test_the_interval_holds_its_value_and_every_growth_that_may_be_true(
    nature: str, data: st.DataObject
) -> None:
    (base, x), (now, y) = data.draw(figures(nature)), data.draw(figures(nature))
    comparison = compare(base, now)
    assert comparison.low is not None
    assert comparison.high is not None
    assert comparison.low <= comparison.value <= comparison.high
    assert Fraction(comparison.low) <= told(comparison, x, y) <= Fraction(comparison.high)


@given(figures("cumulative"), figures("flow"))
def test_the_interval_of_a_total_and_a_flow_holds_every_growth(
    total: tuple[Figure, Decimal], flow: tuple[Figure, Decimal]
) -> None:
    comparison = compare_with_flow(total[0], flow[0])
    assert comparison.low is not None
    assert comparison.high is not None
    true = told(comparison, total[1], total[1] + flow[1])
    assert Fraction(comparison.low) <= true <= Fraction(comparison.high)


@st.composite
def printed_alike(draw: st.DrawFn) -> tuple[str, Decimal, Decimal]:
    """A printed number, and two values that a page would print so."""
    place = draw(st.sampled_from([Decimal("0.01"), Decimal("0.1")]))
    steps = draw(st.integers(min_value=1, max_value=10**4))
    inside = st.decimals(min_value="-0.49", max_value="0.49", places=2)
    one, other = ((steps + draw(inside)) * place * 10**6 for _ in range(2))
    return f"{format(steps * place, 'f').replace('.', ',')} millions", one, other


def understood(text: str, nature: str) -> Figure:
    printed = read(text)
    return Figure(printed.value, printed.low, printed.high, printed.qualifier, "dossier", nature)


@given(printed_alike(), printed_alike(), st.sampled_from(["stock", "cumulative", "flow", "cost", "ratio"]))
def test_values_that_print_the_same_have_their_growth_in_the_interval(
    before: tuple[str, Decimal, Decimal], after: tuple[str, Decimal, Decimal], nature: str
) -> None:
    comparison = compare(understood(before[0], nature), understood(after[0], nature))
    for base, now in product(before[1:], after[1:]):
        true = told(comparison, base, now)
        assert comparison.low is None or Fraction(comparison.low) <= true
        assert comparison.high is None or true <= Fraction(comparison.high)


@given(amounts, amounts, amounts, rules)
def test_a_larger_growth_never_shows_less(base: Decimal, one: Decimal, other: Decimal, rule: Rule) -> None:
    smaller, larger = sorted((one, other))
    shown = [compare(figure(str(base)), figure(str(now)), rule=rule) for now in (smaller, larger)]
    assert as_percent(shown[0]) <= as_percent(shown[1])


def as_percent(comparison: Comparison) -> Decimal:
    """The number shown, in percent: "x10" is 900."""
    number = Decimal(comparison.display.removesuffix(" %").removeprefix("x"))
    return (number - 1) * 100 if comparison.kind == "multiple" else number


UNITS = {"percent": (" %", "%"), "points": (" pt", " pts")}


@given(amounts, amounts, st.sampled_from(["stock", "flow", "cost", "ratio", "score"]), rules)
def test_points_percent_and_multiples_never_mix(
    before: Decimal, after: Decimal, nature: str, rule: Rule
) -> None:
    comparison = compare(figure(str(before), nature=nature), figure(str(after), nature=nature), rule=rule)
    assert (comparison.kind == "points") == (nature in ("ratio", "score"))
    assert (comparison.kind == "multiple") == (comparison.kind != "points" and after >= 10 * before)
    for shown in (comparison.display, comparison.display_en):
        assert shown.startswith("x") == (comparison.kind == "multiple")
        for kind, units in UNITS.items():
            assert shown.endswith(units) == (comparison.kind == kind)


@given(st.lists(st.tuples(figures("flow"), st.booleans()), min_size=1, max_size=12))
def test_a_sum_holds_every_sum_of_what_its_parts_may_be(
    parts: list[tuple[tuple[Figure, Decimal], bool]],
) -> None:
    """An open part opens the sum on its side."""
    flows = [replace(flow, high=None) if opened else flow for (flow, _), opened in parts]
    total = add(flows)
    true = sum(inside for (_, inside), _ in parts)
    assert total.low is not None
    assert total.low <= true
    assert (total.high is None) == any(opened for _, opened in parts)
    assert total.high is None or true <= total.high


@given(amounts, amounts)
def test_truncation_never_claims_more_than_the_growth(before: Decimal, after: Decimal) -> None:
    comparison = compare(figure(str(before)), figure(str(after)))
    shown = Decimal(comparison.display.removesuffix(" %").removeprefix("x"))
    assert abs(shown) <= abs(told(comparison, before, after))
    assert abs(told(comparison, before, after)) - abs(Fraction(shown)) < 1


@given(amounts, amounts, rules)
def test_a_display_reads_back_as_itself(before: Decimal, after: Decimal, rule: Rule) -> None:
    comparison = compare(figure(str(before)), figure(str(after)), rule=rule)
    assert agree(comparison.display, comparison) == "exact"


@given(amounts, amounts, rules)
def test_what_either_rule_prints_is_never_inconsistent(before: Decimal, after: Decimal, rule: Rule) -> None:
    printed = compare(figure(str(before)), figure(str(after)), rule=rule).display
    assert agree(printed, compare(figure(str(before)), figure(str(after)))) in ("exact", "consistent")


@given(amounts, amounts)
def test_a_growth_is_never_consistent_with_its_opposite(before: Decimal, after: Decimal) -> None:
    comparison = compare(figure(str(before)), figure(str(after)))
    assume(comparison.kind == "percent" and comparison.display != "0 %")
    sign, rest = comparison.display[0], comparison.display[1:]
    assert agree(("-" if sign == "+" else "+") + rest, comparison) == "inconsistent"
