"""Figures: the latest value of every figure; one that a check refuses, with the last good value beside it."""

from collections.abc import Iterator

from warehouse import words
from warehouse.history import Row, current
from warehouse.normalisation.numbers import show
from warehouse.normalisation.units import UNITS
from warehouse.publication.column import LABEL, METRIC_ID, SERVICE, SERVICE_ID, TRACE, Column, Table
from warehouse.publication.publication import Publication
from warehouse.publication.series import PROOF, VALUE, described, history, said
from warehouse.tables import held_back

_MEANING = (
    Column("display", "Affichage", "La valeur et son unité, à copier.",
           "Value and unit, as French prints them."),
    Column(
        "state",
        "État",
        "« publié », ou « refusé » quand un contrôle retient le dernier chiffre relevé.",
        "published, or refused when a check holds the latest figure back.",
        "code",
        words=words.STATES,
        required=True,
    ),
    Column(
        "refusal",
        "Pourquoi refusé",
        "Ce que le contrôle reproche au chiffre refusé.",
        "What the check says of the refused figure (French).",
    ),
    Column(
        "last_good_value",
        "Dernière valeur sûre",
        "Quand le dernier chiffre est refusé : la dernière valeur que les contrôles acceptent.",
        "When the latest figure is refused: the last value that passed.",
        "number",
        in_unit=True,
    ),
    Column(
        "last_good_day",
        "Sa date",
        "Dernier jour que décrit la dernière valeur sûre.",
        "Last day that the last good value describes.",
        "date",
    ),
    Column(
        "last_good_id",
        "Id. de la valeur sûre",
        "Ce que l'on donne à « impact trace » pour la dernière valeur sûre.",
        "What `impact trace` takes for the last good value.",
        technical=True,
    ),
    Column(
        "dimension",
        "Dimension",
        "Dimension de la matrice d'impact du programme.",
        "Dimension of the programme's impact matrix.",
    ),
    Column("kind", "Usage ou impact", "Au sens du schéma national.", "As in the national schema.", "code",
           words=words.KINDS),
    Column("reach", "Ce qui est compté", "Ce que le chiffre compte.", "What the figure counts.", "code",
           words=words.REACHES),
    Column(
        "headline",
        "Chiffre phare",
        "Vrai pour le chiffre dont le bilan annuel donne l'évolution.",
        "True for the figure that the annual report grows.",
        "boolean",
    ),
)  # fmt: skip

_LOOKED_AT = 50
"""How many of the newest values: as far back as the checks look for a good one."""


def _rows(publication: Publication) -> Iterator[Row]:
    refusals = _refusals(publication)
    for figure, metric in publication.metrics.items():
        recent = history(publication, figure, _LOOKED_AT)
        told = [row for row in recent if row["id"] not in publication.withdrawn]
        if told:
            meant = {name: metric[name] for name in ("dimension", "kind", "reach", "headline")}
            yield {"id": told[-1]["id"]} | described(publication, figure) | _state(told, refusals) | meant


def _refusals(publication: Publication) -> dict[str, str]:
    """What the checks say of each figure that they refuse, by observation."""
    key = ("observation_id", "check_name")
    rows = current(publication.connection, held_back, key, publication.night.at)
    said: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: str(row["check_name"])):
        said.setdefault(row["observation_id"], []).append(row["reason"])
    return {observation: " ".join(reasons) for observation, reasons in said.items()}


def _state(told: list[Row], refusals: dict[str, str]) -> Row:
    """The latest value; a refused one leaves its value to nobody, and its reason and proof to all."""
    last = told[-1]
    if last["id"] not in refusals:
        return said(last) | _EMPTY | {"display": _display(last), "state": "published"}
    good = next((row for row in reversed(told) if row["id"] not in refusals), None)
    return (
        said(last)
        | dict.fromkeys(("value", "low", "high", "qualifier", "printed"))
        | {"display": None, "state": "refused", "refusal": refusals[last["id"]]}
        | {
            "last_good_value": good and good["value"],
            "last_good_day": good and good["period_end"],
            "last_good_id": good and good["id"],
        }
    )


_EMPTY: Row = dict.fromkeys(("refusal", "last_good_value", "last_good_day", "last_good_id"))


def _display(row: Row) -> str:
    """Such as "1 575 332 simulations", "57 %", "4,2/5", "environ 2 700 000 dossiers"."""
    unit = UNITS[row["unit"]]
    word = unit.plural if abs(row["value"]) >= 2 else unit.singular
    shown = show(row["value"], unit.code if unit.kind in ("percent", "score", "money") else word)
    return shown if row["qualifier"] == "exact" else f"{words.QUALIFIERS[row['qualifier']]} {shown}"


TABLE = Table(
    "figures",
    "Derniers chiffres",
    "Le dernier chiffre relevé de chaque indicateur de chaque service. Un chiffre qu'un contrôle refuse n'est"
    " pas montré : à sa place, la raison et la dernière valeur sûre, avec sa date.",
    "The latest figure of every metric of every service. A figure that a check refuses is not shown: its"
    " reason and the last good value with its date stand in its place.",
    (TRACE, SERVICE_ID, SERVICE, METRIC_ID, LABEL, *_MEANING[:2], *VALUE, *_MEANING[2:], *PROOF),
    _rows,
)
