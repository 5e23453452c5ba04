"""The portfolio reader: both real files whole, every quirk on small files of our own."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import InvalidPortfolio
from connectors.portfolio import PHASES, Event, Phase, Product, classify_url, phase_at, read

REAL = Path(__file__).parents[2].parent / "shared" / "data"


def startup(product_id: str = "essai", incubator: str = "dinum", **attributes: Any) -> dict[str, Any]:
    """One product as the API prints it."""
    complete: dict[str, Any] = {"name": "Essai", "pitch": "", "stats_url": "", "contact": "a@essai.fr"}
    complete |= {"phases": [{"name": "construction", "start": "2023-01-01", "end": ""}], "events": []}
    return {
        "id": product_id,
        "type": "startup",
        "attributes": complete | attributes,
        "relationships": {"incubator": {"data": {"type": "incubator", "id": incubator}}},
    }


def document(*products: dict[str, Any]) -> dict[str, Any]:
    included = [{"id": "/incubators/dinum", "type": "incubator", "attributes": {"title": " La Dinum "}}]
    return {"links": {}, "data": list(products), "included": included}


def content(*products: dict[str, Any]) -> bytes:
    return json.dumps(document(*products), ensure_ascii=False).encode()


def only(**attributes: Any) -> tuple[Product, dict[str, str]]:
    """The product with these attributes, and the remarks by field."""
    portfolio = read(content(startup(**attributes)))
    return portfolio.products[0], {remark.field: remark.sentence for remark in portfolio.remarks}


def refused(broken: bytes) -> str:
    with pytest.raises(InvalidPortfolio) as caught:
        read(broken)
    return str(caught.value)


# --- the real files -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "products", "incubators", "phases", "events", "undated", "remarks"),
    [
        ("startups-2024-02-10.json", 474, 20, 1128, 113, 41, 88),
        ("startups-2026-08-20.json", 662, 23, 1695, 562, 0, 33),
    ],
)
def test_a_real_file_loads_whole(
    name: str, products: int, incubators: int, phases: int, events: int, undated: int, remarks: int
) -> None:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    portfolio = read(path.read_bytes())
    assert len(portfolio.products) == products
    assert len(portfolio.incubators) == incubators
    every = [phase for product in portfolio.products for phase in product.phases]
    assert len(every) == phases
    assert sum(len(product.events) for product in portfolio.products) == events
    assert sum(phase.start is None for phase in every) == undated
    assert {phase.name for phase in every} <= set(PHASES)
    assert len(portfolio.remarks) == remarks
    known = {incubator.id for incubator in portfolio.incubators}
    assert {product.incubator for product in portfolio.products} <= known


def test_the_two_real_files_agree_on_who_had_left_by_2020() -> None:
    paths = [REAL / "startups-2024-02-10.json", REAL / "startups-2026-08-20.json"]
    if not all(path.exists() for path in paths):
        pytest.skip("startups-2024-02-10.json and startups-2026-08-20.json are not here")
    for path in paths:
        product = next(one for one in read(path.read_bytes()).products if one.id == "mes-aides")
        phase = phase_at(product.phases, date(2024, 1, 1))
        assert phase
        assert (phase.meaning, phase.start) == ("stopped", date(2020, 3, 3))


# --- values -------------------------------------------------------------------------------


def test_texts_lose_outer_blanks_and_empty_ones_are_none() -> None:
    product, remarks = only(repository="https://code.essai.fr/x ", budget_url=" ", impact_url="")
    assert product.repository == "https://code.essai.fr/x"
    assert product.budget_url is None
    assert product.impact_url is None
    assert set(remarks) == {"budget_url"}


def test_incubators_join_in_both_shapes() -> None:
    older, newer = startup("older"), startup("newer")
    newer["relationships"]["incubators"] = {"data": [{"id": "dinum"}, {"id": "anct"}]}
    portfolio = read(content(older, newer))
    assert portfolio.incubators[0].id == "dinum"
    assert portfolio.incubators[0].title == "La Dinum"
    assert [product.incubators for product in portfolio.products] == [("dinum",), ("dinum", "anct")]


def test_an_incubator_left_out_of_the_file_is_kept_and_remarked() -> None:
    portfolio = read(content(startup(incubator="hidden")))
    assert portfolio.products[0].incubator == "hidden"
    assert [remark.field for remark in portfolio.remarks] == ["incubator"]


def test_no_address_of_a_person_is_kept() -> None:
    comment = "Écrire à jeanne.dupont@essai.gouv.fr avant le comité"
    event = {"name": "committee", "date": "2024-01-02", "comment": comment}
    product, remarks = only(events=[event], contact="secret@essai.fr")
    assert product.events == (Event("committee", date(2024, 1, 2), "Écrire à [adresse] avant le comité"),)
    assert "@" not in repr(product)
    assert set(remarks) == {"events.0.comment"}


@pytest.mark.parametrize(
    ("phase", "expected", "field"),
    [
        (("hibernation", "2023-01-01", ""), Phase("hibernation", date(2023, 1, 1), None), "phases.0"),
        (("success", "", ""), Phase("success", None, None), "phases.0"),
        (
            ("investigation", "2023-01-01", "2022-04-01"),
            Phase("investigation", date(2023, 1, 1), None),
            "phases.0",
        ),
        (("investigation", "2023-13-01", ""), Phase("investigation", None, None), "phases.0.start"),
        (
            ("investigation", "2120-06-01", ""),
            Phase("investigation", date(2120, 6, 1), None),
            "phases.0.start",
        ),
    ],
)
def test_an_odd_phase_is_kept_and_remarked(phase: tuple[str, str, str], expected: Phase, field: str) -> None:
    product, remarks = only(phases=[dict(zip(("name", "start", "end"), phase, strict=True))])
    assert product.phases == (expected,)
    assert field in remarks


@pytest.mark.parametrize(("name", "day"), [("", "2021-09-01"), ("end", "")])
def test_an_event_without_name_or_date_is_kept_and_remarked(name: str, day: str) -> None:
    product, remarks = only(events=[{"name": name, "date": day, "comment": ""}])
    assert len(product.events) == 1
    assert any(field.startswith("events.0") for field in remarks)


def test_a_product_without_any_phase_is_remarked() -> None:
    product, remarks = only(phases=[])
    assert product.phases == ()
    assert "phases" in remarks


def test_control_characters_and_broken_unicode_never_reach_the_values() -> None:
    raw = content(startup(pitch="PITCH")).replace(b"PITCH", rb"a\u0000b\ud800c")
    portfolio = read(raw)
    assert portfolio.products[0].pitch == "a b c"
    assert [remark.field for remark in portfolio.remarks] == ["pitch"]


# --- the phase in force -------------------------------------------------------------------


def phases(*named: tuple[str, str]) -> tuple[Phase, ...]:
    return tuple(Phase(name, date.fromisoformat(start) if start else None, None) for name, start in named)


@pytest.mark.parametrize(
    ("declared", "day", "expected"),
    [
        ((), "2024-01-01", None),
        ((("investigation", "2024-01-02"),), "2024-01-01", None),
        ((("investigation", "2024-01-01"),), "2024-01-01", "investigation"),
        # the order of the file means nothing
        ((("acceleration", "2022-11-01"), ("construction", "2022-04-01")), "2024-01-01", "acceleration"),
        # two on one day: the later in rank
        ((("construction", "2018-01-01"), ("investigation", "2018-01-01")), "2018-01-01", "construction"),
        ((("abandon", "2022-11-30"), ("transfere", "2022-11-30")), "2024-01-01", "abandon"),
        # no start: with the last dated phase, and not before
        ((("construction", "2017-06-01"), ("alumni", "")), "2024-01-01", "alumni"),
        (
            (("investigation", "2017-01-01"), ("construction", "2018-01-01"), ("success", "")),
            "2017-06-01",
            "investigation",
        ),
        ((("alumni", ""),), "2013-01-01", "alumni"),
        # a future phase is not in force
        ((("construction", "2023-03-01"), ("acceleration", "2027-05-01")), "2024-01-01", "construction"),
        # a name nobody knows gives way on one day, and counts alone
        ((("hibernation", "2023-01-01"), ("investigation", "2023-01-01")), "2024-01-01", "investigation"),
        ((("hibernation", "2023-02-01"), ("investigation", "2023-01-01")), "2024-01-01", "hibernation"),
    ],
)
def test_phase_at(declared: tuple[tuple[str, str], ...], day: str, expected: str | None) -> None:
    found = phase_at(phases(*declared), date.fromisoformat(day))
    assert (found.name if found else None) == expected


@given(
    st.permutations(phases(("construction", "2020-01-01"), ("investigation", "2020-01-01"), ("alumni", "")))
)
def test_phase_at_never_depends_on_order(shuffled: list[Phase]) -> None:
    assert phase_at(shuffled, date(2021, 1, 1)) == Phase("alumni", None, None)


# --- URLs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "link", "url", "kind"),
    [
        (None, None, None, "empty"),
        ("  ", None, None, "empty"),
        ("https://a.fr/stats", None, "https://a.fr/stats", "plain"),
        ("/stats", None, None, "relative"),
        ("/stats", "https://a.fr/", "https://a.fr/stats", "relative"),
        ("https://a.fr//stats", "https://a.fr/", "https://a.fr/stats", "mended"),
        ("https://a.fr/x//stats?u=//b", None, "https://a.fr/x/stats?u=//b", "mended"),
        ("https:&#x2F;&#x2F;a.fr&#x2F;b", None, "https://a.fr/b", "mended"),
        ("https://a.fr/front; ", None, "https://a.fr/front", "mended"),
        ("http://a.fr/stats", None, "http://a.fr/stats", "http"),
        ("http://51.210.250.115:3000/d", None, "http://51.210.250.115:3000/d", "raw_ip"),
        ("https://[2001:db8::1]/d", None, "https://[2001:db8::1]/d", "raw_ip"),
        ("https://a.fr/#/stats", None, "https://a.fr/#/stats", "fragment_route"),
        (
            "https://a.fr/index.php?idSite=4#?idSite=4",
            None,
            "https://a.fr/index.php?idSite=4#?idSite=4",
            "plain",
        ),
        ("a.fr/stats", None, None, "unusable"),
        ("//a.fr/stats", None, None, "unusable"),
        ("ftp://a.fr/", None, None, "unusable"),
        ("javascript:alert(1)", None, None, "unusable"),
        ("https://me:secret@a.fr/", None, None, "unusable"),
        ("https://a.fr:port/", None, None, "unusable"),
        ("https://[oops/", None, None, "unusable"),
        ("https:///stats", None, None, "unusable"),
        ("https://a.fr/ou ailleurs", None, None, "unusable"),
    ],
)
def test_classify_url(text: str | None, link: str | None, url: str | None, kind: str) -> None:
    assert classify_url(text, link) == (url, kind)


@given(st.text(max_size=60) | st.builds("https://{}".format, st.text(max_size=60)))
def test_classify_url_answers_any_text_and_what_it_mends_stays_mended(text: str) -> None:
    url, kind = classify_url(text)
    assert (url is None) == (kind in {"empty", "relative", "unusable"})
    if url is not None:
        assert classify_url(url).url == url


def test_each_understanding_of_a_url_is_remarked() -> None:
    _, remarks = only(stats_url="/stats", repository="ftp://a.fr", impact_url="https://a.fr//i")
    assert "no link" in remarks["stats_url"]
    assert "not used" in remarks["repository"]
    assert remarks["impact_url"].endswith("https://a.fr/i.")


# --- refusals -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<!doctype html><title>503</title>", "HTML"),
        (b'{"data": [{"id": "un "mot""}]}', "line 1, column 23"),
        (b'{"data": [\n{"id": "a\nb"}]}', "line 2, column 10"),
        (b'{"data": [NaN]}', "NaN"),
        (b"\xff\xfe{}", "byte 0"),
        (b"[" * 200_000, "nested"),
        (b'{"data": [' + b"9" * 5000 + b"]}", "cannot be read"),
        (b"[]", "top level"),
        (b'{"data": []}', "data"),
        (b'{"links": {}}', "data"),
        (content(startup("../etc")), "data.0.id"),
        (content(startup("")), "data.0.id"),
        (content(startup(name=3)), "data.0.attributes.name"),
        (content(startup("a"), startup(phases={})), "data.1.attributes.phases"),
        (content(startup("a"), startup("b"), startup("a")), "data.0, data.2"),
        (content(startup()).replace(b'"type"', b'"id"'), "'id' twice"),
    ],
)
def test_a_file_that_is_not_a_portfolio_is_refused_with_its_place(broken: bytes, said: str) -> None:
    message = refused(broken)
    assert said in message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_byte_order_mark_is_not_an_error() -> None:
    assert len(read(b"\xef\xbb\xbf" + content(startup())).products) == 1


WHOLE = content(startup("un", pitch="À l'écoute"), startup("deux"))


@given(st.integers(0, len(WHOLE)))
def test_a_truncated_file_never_reads(length: int) -> None:
    if length == len(WHOLE):
        assert len(read(WHOLE).products) == 2
    else:
        refused(WHOLE[:length])


def test_the_table_of_phases_gives_every_meaning_in_both_vocabularies() -> None:
    for vocabulary in ("older", "newer"):
        meanings = Counter(
            name.meaning for name in PHASES.values() if name.vocabulary in ("both", vocabulary)
        )
        assert set(meanings) == {"investigation", "construction", "acceleration", "sustained", "stopped"}
