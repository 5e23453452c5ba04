"""Whole reports: those that we wrote ourselves against their answers, and the real Bilan 2023."""

import re
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import ConnectorError, UnreadableReport
from connectors.portfolio import read as read_portfolio
from connectors.report import Claim, Quote, Report
from connectors.reports.names import Names
from connectors.reports.reader import LARGEST, read_report
from tests.connectors.reports.pdf import pdf
from tests.connectors.reports.values import NAMES, PORTFOLIOS, PRINTED, SEEDS, answers
from warehouse.normalisation.numbers import read as read_number

OURS = sorted(path for path in PRINTED.iterdir() if not path.name.endswith(".answers.yml"))
BILAN = SEEDS / "001_d8ae26e58aa90034.txt"
real = pytest.mark.skipif(not BILAN.exists(), reason="the real report is not on this machine")


def ours(path: Path) -> Report:
    return read_report(path.read_bytes(), None, int(path.stem[-4:]), NAMES)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_each_report_gives_its_answers(path: Path) -> None:
    assert answers(ours(path)) == yaml.safe_load(path.with_suffix(".answers.yml").read_text())


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_figure_is_one_that_the_warehouse_reads(path: Path) -> None:
    for claim in ours(path).claims:
        read_number(claim.exact.text)


def quotes(claim: Claim) -> list[Quote]:
    parts = (claim.passage, claim.exact, claim.words, claim.unit, claim.period, claim.column, claim.rhythm)
    return [part for part in parts if part is not None]


def prove(report: Report) -> None:
    """Every quote stands in the text, and every run of digits is in one of the three lists."""
    everything = [quote for claim in report.claims for quote in quotes(claim)]
    everything += [quote for left in report.unplaced for quote in (left.number, left.passage)]
    everything += [left.number for left in report.skipped]
    for quote in everything:
        assert report.text[quote.start : quote.end] == quote.text
    numbers = [claim.exact for claim in report.claims]
    numbers += [left.number for left in report.unplaced] + [left.number for left in report.skipped]
    explained = {at for number in numbers for at in range(number.start, number.end)}
    assert not [
        digits[0]
        for digits in re.finditer(r"\d+", report.text)
        if not explained.issuperset(range(*digits.span()))
    ]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_quote_stands_in_the_text_and_no_number_is_lost(path: Path) -> None:
    prove(ours(path))


SCRAPS = (
    "12 480", "3,2 millions", "31\u202f075", "+25 %", "x16", "-3 pts", "ND", "2023", "En 2024", "1", "98",
    "1 626", "<300K€", "arbres", "de trajets", "Mon Verger", "MISSION", "IMPACT", "Coût :", "lauréats",
    "contre", "dont", "soit", "entre", "et", "à", "C2I", "12²", "１２", "1er", "page 12", "(", ")", ".",
    ", ", "**", "[x](#)", "- ", "> ", "## ", "|", "\t", "\n", "\n\n", "\f", "---\n", "<p>", "</p>",
    "<li>", "<ul>", "<h3>", "<td>", "<tr>", "<table>", "<sup>1</sup>", "<td colspan=3>", "&nbsp;",
)  # fmt: skip
printed = st.lists(st.sampled_from(SCRAPS) | st.text(max_size=4), max_size=40).map(" ".join)
kinds = st.sampled_from([None, "text/plain", "text/html; charset=utf-8", "text/markdown"])
slow = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@slow
@given(printed, kinds)
def test_whatever_is_printed_no_number_is_lost(text: str, kind: str | None) -> None:
    with suppress(UnreadableReport):
        prove(read_report(text.encode(), kind, 2023, NAMES))


@slow
@given(st.binary(max_size=300), kinds | st.just("application/pdf"), st.sampled_from([b"", b"%PDF-1.4\n"]))
def test_any_bytes_give_a_report_or_a_typed_error(content: bytes, kind: str | None, start: bytes) -> None:
    with suppress(ConnectorError):
        prove(read_report(start + content, kind, 2023, NAMES))


@pytest.mark.parametrize(
    ("content", "kind", "why"),
    [
        (b"", None, "no text"),
        (b" \n\t\n", "text/plain", "no text"),
        (b"<html><body><script>1</script></body></html>", "text/html", "no text"),
        (b"GIF89a\0\0", None, "zero bytes"),
        (b"{}", "application/json", "application/json, which is not read"),
        (b"%PDF-1.7 nothing more", None, "the PDF cannot be read"),
        (pdf([]), None, "no text layer"),
        (b"a" * (LARGEST + 1), None, f"at most {LARGEST} are read"),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else None,
)
def test_what_cannot_be_read_says_why(content: bytes, kind: str | None, why: str) -> None:
    with pytest.raises(UnreadableReport, match=re.escape(why)):
        read_report(content, kind, 2023, NAMES)


def test_without_the_library_a_pdf_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(UnreadableReport, match="needs the package pypdf"):
        read_report(pdf(["12 arbres"]), None, 2023, NAMES)


def test_a_pdf_knows_its_pages() -> None:
    report = read_report(
        pdf(
            ["Bilan 2025", "Page 2", "Le portefeuille"],
            [
                "LES SERVICES EN 2025", "MON VERGER", "MISSION", "Tenir l'inventaire", "des arbres", "IMPACT",
                "• 31 075 arbres recensés", "CARNET DE BORD", "EN 2024", "• 3,2 millions de trajets",
                "EN 2025",
                "• 4 millions de trajets", "+25 %", "de trajets",
            ],
            [
                "RÉSULTATS 2025",
                ((0, "Indicateurs"), (300, "Réalisé 2024"), (430, "Objectif 2025"), (560, "Réalisé 2025")),
                ((0, "Produits lancés par la DINUM"), (300, "5"), (430, "6"), (560, "9")),
            ],
        ),
        "application/pdf",
        2025,
        NAMES,
    )  # fmt: skip
    said = [
        (c.place.page, c.service.service_id, c.exact.text, c.period and c.period.text) for c in report.claims
    ]
    assert said == [
        (2, "mon-verger", "31 075", "EN 2025"),
        (2, "carnet", "3,2 millions", "EN 2024"),
        (2, "carnet", "4 millions", "EN 2025"),
        (2, "carnet", "+25 %", "EN 2025"),
        (3, None, "5", "2024"),
        (3, None, "6", "2025"),
        (3, None, "9", "2025"),
    ]
    assert report.indicators[0].code == "launched_dinum"
    assert report.claims[3].base == report.claims[1]
    prove(report)


# ----------------------------------------------------------------------------- the real reports


@pytest.fixture(scope="module")
def names() -> Names:
    new, old = (
        read_portfolio((PORTFOLIOS / f"startups-{day}.json").read_bytes()).products
        for day in ("2026-08-20", "2024-02-10")
    )
    return Names(new, former=old)


@pytest.fixture(scope="module")
def bilan(names: Names) -> Report:
    return read_report(BILAN.read_bytes(), "text/plain", 2023, names)


@real
@pytest.mark.parametrize(
    ("service", "match", "printed", "base", "result"),
    [
        ("demarches-simplifiees.fr", "certain", "+10 %", "2,7 millions", "3 millions"),
        ("ban", "certain", "+18 pts", "39 %", "57 %"),
        ("dossierfacile", "certain", "+160 %", "83 746", "218 481"),
        ("signalement", "certain", "+198 %", "58 000", "173 154"),
        ("nosgestesclimat", "likely", "+73 %", "906 399", "1 575 332"),
        ("rdv-service-public", "likely", "x16", "128 747", "2 156 695"),
        ("trackdechets", "likely", "+76 %", "3 113 222", "5 491 633"),
        ("conseillers-entreprises", "likely", "+121 %", "20 660", "25 036"),
    ],
)
def test_the_growths_of_bilan_2023(
    bilan: Report, service: str, match: str, printed: str, base: str, result: str
) -> None:
    growth = next(c for c in bilan.claims if c.kind == "growth" and c.exact.text == printed)
    assert (growth.service.service_id, growth.service.match) == (service, match)
    assert growth.base in bilan.claims
    assert growth.result in bilan.claims
    assert growth.base is not None
    assert growth.result is not None
    assert (growth.base.exact.text, growth.result.exact.text) == (base, result)
    assert (growth.base.column or growth.base.exact).text == "EN 2022"
    assert (growth.result.column or growth.result.exact).text == "EN 2023"


@real
@pytest.mark.parametrize(
    ("service", "figures"),
    [
        ("jeveuxaider", ["510 000", "500", "12 750", "15 000"]),
        ("preuve-de-covoiturage", ["800 000", "107", "23"]),
        ("tchap", ["190 000", "1,30€"]),
        ("l-immersion-facile", ["Plus de 10 000", "plus de 400"]),
        ("domifa", ["95%", "Plus 400 000", "86 %", "4,2/5", "1 626"]),
        ("eva", ["Plus de 95 000", "4 200", "9 500", "75 %"]),
    ],
)
def test_the_services_of_national_impact_of_bilan_2023(
    bilan: Report, service: str, figures: list[str]
) -> None:
    section = "LES SERVICES NUMÉRIQUES À IMPACT NATIONAL EN 2023"
    of_service = [
        c for c in bilan.claims if c.service.service_id == service and c.place.path[0].startswith(section)
    ]
    assert [claim.exact.text for claim in of_service] == figures
    assert {claim.service.match for claim in of_service} == {"certain"}


@real
def test_the_table_of_bilan_2023(bilan: Report) -> None:
    assert answers(bilan)["indicators"] == [
        ["fast", "10", "12", "18"],
        ["launched_dinum", "8", "8", "7"],
        [None, "165", "210", "154"],
        [None, "47%", "50%", "53%"],
        ["impact_national_new", "6", "6", "6"],
    ]


@real
def test_the_portfolio_of_bilan_2023(bilan: Report) -> None:
    state = {
        c.measure: c.exact.text
        for c in bilan.claims
        if c.measure and c.role is None and c.measure != "fast_award"
    }
    assert state == {
        "investigations": "36",
        "services_supported": "213",
        "impact_national_total": "24",
        "impact_national_new": "6",
        "incubators": "17",
        "fast": "18",
    }


@real
def test_the_laureates_of_bilan_2023(bilan: Report) -> None:
    awards = {c.service.service_id: c.exact.text for c in bilan.claims if c.measure == "fast_award"}
    assert awards == {
        "demarches-simplifiees.fr": "30 000 €", "signalement": "300 000 €", "nosgestesclimat": "230 000 €",
        "mon-suivi-justice": "30 000 €", "bases.adresses.locales": "270 000 €",
        "preuve-de-covoiturage": "300 000 €",
        "tchap": "30 000 €", "mon-diagnostic-artificialisation": "210 000 €", "dossierfacile": "300 000 €",
        "docurba": "250 000 €", "a-just": "300 000 €", "lannuaire.des.collectivites": "300 000 €",
        "refugies.info": "250 000 €", "data-subvention": "280 000 €", "envergo": "200 000 €",
        "ma-cantine-egalim": "250 000 €", "mano": "100 000 €", "mobilic": "300 000 €",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["Inconnu", "inconnu", "INCONNU"])
def test_under_laureates_the_next_card_gives_no_words_to_an_amount(name: str) -> None:
    """The name above the second card, of nobody's portfolio, stands below the first one's amount."""
    cards = (
        "MON VERGER\n\nMISSION\n\nPlanter\n\n30 000 €",
        f"{name}\n\nINCONNU\n\nMISSION\n\nFaire\n\n20 000 €",
    )
    text = "\n\n".join(("FAST / LAURÉATS FAST 12 (2/5)", *cards))
    report = read_report(text.encode(), "text/plain", 2023, NAMES)
    told = [(c.service.service_id, c.exact.text, c.measure, c.doubt) for c in report.claims]
    assert told == [("mon-verger", "30 000 €", "fast_award", ""), (None, "20 000 €", "fast_award", "")]
    assert [question.kind for question in report.questions] == ["service"]


@real
def test_a_year_that_contradicts_its_column_is_kept_beside_it(bilan: Report) -> None:
    claim = next(c for c in bilan.claims if c.exact.text == "25 036")
    assert claim.period is not None
    assert claim.column is not None
    assert (claim.period.text, claim.column.text) == ("en 2024", "EN 2023")


@real
def test_what_a_person_must_decide_of_bilan_2023(bilan: Report) -> None:
    asked = [(q.candidates[:1], len(q.claims)) for q in bilan.questions if q.kind == "service"]
    assert asked == [
        (("nosgestesclimat",), 4),
        (("rdv-service-public",), 3),
        (("trackdechets",), 7),
        (("conseillers-entreprises",), 4),
        (("tous.a.bord",), 1),
        (("bases.adresses.locales",), 1),
    ]


@real
@pytest.mark.parametrize(
    ("seed", "claims", "unplaced"),
    [("000", 9, 3), ("001", 136, 13), ("002", 13, 1), ("003", 5, 0), ("004", 0, 0)],
)
def test_nothing_is_lost_of_any_real_text(names: Names, seed: str, claims: int, unplaced: int) -> None:
    report = read_report(next(SEEDS.glob(f"{seed}_*")).read_bytes(), None, 2023, names)
    prove(report)
    assert (len(report.claims), len(report.unplaced)) == (claims, unplaced)


@real
def test_prose_names_its_services(names: Names) -> None:
    report = read_report(next(SEEDS.glob("003_*")).read_bytes(), None, 2017, names)
    assert [(c.service.service_id, c.service.match, c.exact.text) for c in report.claims] == [
        ("api-entreprise", "certain", "20 millions"),
        ("la-bonne-boite", "certain", "24 000"),
        ("mes-aides", "certain", "6 000"),
        ("mes-aides", "certain", "27"),
        ("pix", "certain", "Plus de 4 millions"),
    ]


def test_lines_that_lost_the_signs_of_their_list() -> None:
    """A name that nobody knows ends what is said of the service above it."""
    said = (
        "Tri Facile\n\nTrier ses déchets.\n\nEn 2022\n\n12 bacs\n\nEn 2023\n\n18 bacs\n\n+50 % de bacs\n\n"
        "Quincaillerie du Nord\n\nVendre des vis.\n\nSon impact :\n\n700 vis\n\n"
    )
    report = read_report(said.encode(), "text/plain", 2023, NAMES)
    told = [(c.exact.text, c.service.service_id, c.column and c.column.text) for c in report.claims]
    assert told == [
        ("12", "tri-facile", "En 2022"),
        ("18", "tri-facile", "En 2023"),
        ("+50 %", "tri-facile", "En 2023"),
        ("700", None, None),
    ]
