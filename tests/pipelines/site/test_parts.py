"""The parts of pages: positions of charts, citations, the values that are shown, names of files."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.site import charts, citation, words
from pipelines.site.page import foreign, plain
from pipelines.site.record import file_of
from pipelines.site.values import MONTHS, Values
from warehouse.history import Row

DAY = date(2021, 1, 1)
VALUES = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@given(st.lists(VALUES, min_size=3, max_size=40))
def test_a_line_stays_in_its_frame_and_goes_up_where_the_value_does(values: list[Decimal]) -> None:
    chart = charts.line("t", [(DAY + timedelta(30 * n), value) for n, value in enumerate(values)], "dossiers")
    assert chart
    xs, ys = [float(one.x) for one in chart.marks], [float(one.y) for one in chart.marks]
    assert xs == sorted(xs)
    assert all(0 <= x <= charts.WIDTH for x in xs)
    assert all(0 <= y <= charts.HEIGHT for y in ys)
    ranked = sorted(zip(values, ys, strict=True))
    assert [y for _, y in ranked] == sorted(ys, reverse=True)


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=30))
def test_bars_stand_on_the_ground(values: list[int]) -> None:
    chart = charts.bars("t", [(str(2000 + n), value) for n, value in enumerate(values)])
    if not any(values):
        assert chart is None
        return
    assert chart
    feet = {round(float(one.y) + float(one.height), 1) for one in chart.marks}
    assert max(feet) - min(feet) <= 0.2
    assert all(float(one.height) >= 0 for one in chart.marks)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_points_make_no_line(count: int) -> None:
    assert charts.line("t", [(DAY + timedelta(n), Decimal(n)) for n in range(count)], "") is None


def cited(**more: Any) -> Row:
    return {
        "id": "0123456789abcdef0123",
        "service": "Trackdéchets",
        "label": "Tonnes de déchets traitées",
        "value": Decimal(5491633),
        "unit": "tonne",
        "period_start": None,
        "period_end": date(2023, 12, 31),
        "source_url": "https://essai.example/stats",
        "known_at": datetime(2023, 12, 31, 22, tzinfo=UTC),
        "sha256": "ab" * 32,
    } | more


def test_a_citation_names_who_when_what_where_and_the_proof() -> None:
    assert citation.in_words(cited()).replace("\u202f", " ").replace("\xa0", " ") == (
        "Trackdéchets. (2023). Tonnes de déchets traitées : 5 491 633 tonnes, depuis le lancement, au "
        "31 décembre 2023 [donnée publique]. https://essai.example/stats (relevé le 31 décembre 2023 à "
        f"23 h 00 (Paris) ; SHA-256 de la réponse archivée : {'ab' * 32} ; observation 0123456789abcdef0123)."
    )


@given(st.text(st.sampled_from("a\\{}$&#^_~% \n\t\u202e\"'<>"), max_size=40))
def test_nothing_in_a_name_ends_a_bibtex_field(name: str) -> None:
    """Braces close as often as they open, never before, and no other line begins within a field."""
    entry = citation.in_bibtex(cited(service=name, label=name, source_url=f"https://a.example/{name}"))
    depth = 0
    for place, character in enumerate(entry):
        if character in "{}" and entry[place - 1] != "\\":
            depth += 1 if character == "{" else -1
            assert depth >= 0
            assert depth > 0 or place == len(entry) - 1
    assert depth == 0
    assert len(entry.splitlines()) == 8


def value(number: int, day: date, state: str = "published") -> Row:
    return {
        "id": f"v{number}", "period_start": day, "period_end": day, "unit": "dossier", "nature": "stock",
        "definition": None, "complete": True, "state": state, "value": Decimal(number),
    }  # fmt: skip


def daily(days: int, **states: str) -> Values:
    rows = [value(n, DAY + timedelta(n), states.get(f"v{n}", "published")) for n in range(days)]
    return Values(("essai", "dossiers"), rows, frozenset({"v5"}))


def test_a_thousand_values_show_month_ends_year_ends_and_what_tables_name() -> None:
    shown = daily(1095).shown
    assert [row["id"] for row in shown][:3] == ["v5", "v364", "v729"]  # the last is of both
    assert len(shown) == 1 + 1 + MONTHS
    assert shown[-1]["id"] == "v1094"


def test_a_withdrawn_value_keeps_its_page() -> None:
    values = daily(20, v19="withdrawn", v18="replaced")
    assert [row["id"] for row in values.with_pages] == ["v5", "v17", "v19"]


def test_a_line_joins_only_what_is_alike() -> None:
    rows = [value(n, DAY + timedelta(31 * n)) for n in range(6)]
    rows[2]["unit"], rows[3]["period_start"] = "agent", DAY
    assert [row["id"] for row in Values(("essai", "d"), rows, frozenset()).alike] == ["v0", "v1", "v4", "v5"]


@pytest.mark.parametrize(
    ("key", "same"),
    [("pix", True), ("demarches-simplifiees.fr", True), ("a_b", True), ("..", False), ("a/b", False),
     ("A", False), ("é", False), ("", False), ("a" * 101, False), ("con.", False), ("\ud800", False)],
)  # fmt: skip
def test_a_file_is_named_by_an_id_or_its_hash(key: str, same: bool) -> None:
    name = file_of(key)
    assert (name == key) is same
    assert name.isascii()
    assert "/" not in name


@pytest.mark.parametrize(
    ("url", "kept"),
    [("https://a.example/é", True), ("http://a.example", True), ("javascript:alert(1)", False),
     ("//a.example", False), ("/stats", False), ("https:///x", False), ("http://[", False), (None, False)],
)  # fmt: skip
def test_only_a_web_address_is_a_link(url: str | None, kept: bool) -> None:
    assert words.address(url) == (url if kept else None)


@given(st.text())
def test_foreign_words_are_one_element_of_text(text: str) -> None:
    shown = foreign(text)
    assert not text or (shown.startswith("<bdi>") and shown.endswith("</bdi>"))
    assert "<" not in shown.removeprefix("<bdi>").removesuffix("</bdi>")
    assert not set(plain(text)) & set("\u202a\u202b\u202d\u202e\u2066\u2067")


@pytest.mark.parametrize(
    ("day", "said"), [(date(2024, 3, 1), "1er mars 2024"), (date(2023, 12, 31), "31 décembre 2023")]
)
def test_days_are_said_in_french(day: date, said: str) -> None:
    assert words.day(day).replace("\xa0", " ") == said
