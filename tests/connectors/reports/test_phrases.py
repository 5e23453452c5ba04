"""What a figure in a sentence counts, and when: one line, one answer."""

import pytest

from connectors.reports.reader import read_report
from tests.connectors.reports.values import NAMES

Said = tuple[str, str | None, str | None]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("190 000 utilisateurs actifs", [("190 000", "utilisateurs actifs", None)]),
        ("Coût par mois : 1,30€ (payé)", [("1,30€", "Coût par mois", None)]),
        ("Budget 2022 : 500 000 euros", [("500 000 euros", "Budget", "2022")]),
        ("4,2/5 : note des usagers", [("4,2/5", "note des usagers", None)]),
        (
            "39 % des 26,06 millions d'adresses",
            [("39 %", "des 26,06 millions d'adresses", None), ("26,06 millions", "d'adresses", None)],
        ),
        (
            "83 dossiers validés en 2022, 218 en 2023",
            [("83", "dossiers validés", "en 2022"), ("218", "dossiers validés", "en 2023")],
        ),
        (
            "On passe de 12 à 15 usagers en 2023",
            [("12", "usagers", None), ("15", "usagers", "en 2023")],
        ),
        (
            "18 régions, contre 12 en 2022",
            [("18", "régions", None), ("12", "régions", "en 2022")],
        ),
        (
            "En 2023, 6 services sont nés. Puis 4 fermés",
            [("6", "services sont nés", "En 2023"), ("4", "fermés", None)],
        ),
        ("La satisfaction atteint 92 %", [("92 %", "La satisfaction atteint", None)]),
        (
            "68 intrapreneurs (dont 9 en 2023)",
            [("68", "intrapreneurs", None), ("9", "intrapreneurs", "en 2023")],
        ),
        ("75 % des agents (sondage 2022)", [("75 %", "des agents", "2022")]),
    ],
)
def test_words_and_dates(sentence: str, expected: list[Said]) -> None:
    report = read_report(sentence.encode(), "text/plain", 2023, NAMES)
    assert [
        (c.exact.text, c.words and c.words.text, c.period and c.period.text) for c in report.claims
    ] == expected


@pytest.mark.parametrize(
    ("sentence", "base", "result"),
    [
        ("De 12 à 15 usagers, soit +25 %", "12", "15"),
        ("15 usagers contre 12 en 2022, soit +25 %", "12", "15"),
        ("12 usagers en 2022, 15 en 2023, soit +25 %", "12", "15"),
        ("15 usagers en 2023, 12 en 2022 (+25 %)", "12", "15"),
        ("Les usagers satisfaits passent de 12 % à 15 %, soit +3 points", "12 %", "15 %"),
        ("15 usagers, 12 agences et +25 % de dossiers", None, None),
        ("+25 % d'usagers", None, None),
        ("12 % d'usagers en 2022, 15 % en 2023, soit +25 %", None, None),
    ],
)
def test_the_two_figures_of_a_growth(sentence: str, base: str | None, result: str | None) -> None:
    report = read_report(sentence.encode(), "text/plain", 2023, NAMES)
    (growth,) = [claim for claim in report.claims if claim.kind == "growth"]
    compared = [claim and claim.exact.text for claim in (growth.base, growth.result)]
    assert compared == [base, result]


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("24\n\nservices numériques à impact national", "impact_national_total"),
        ("24 services à impact national au total en 2023", "impact_national_total"),
        ("6 nouveaux services à impact national en 2023", "impact_national_new"),
        ("24 services à impact national en 2023", None),
        ("36 investigations en cours", "investigations"),
        ("32 phases d'investigations", None),
        ("17 incubateurs partenaires", "incubators"),
        ("4 incubateurs en cours de création", None),
        (
            "145 services en portefeuille, dont 12 sont devenus des services à impact national",
            "services_supported",
        ),
    ],
)
def test_figures_of_the_programme(text: str, measure: str | None) -> None:
    assert read_report(text.encode(), "text/plain", 2023, NAMES).claims[0].measure == measure
