"""PLF: the indicators of the State's budget documents (programme 352), year by year."""

from collections.abc import Iterator

from warehouse import words
from warehouse.derived.plf_indicators import load_indicators
from warehouse.history import Row, current
from warehouse.publication.column import TRACE, Column, Table
from warehouse.publication.portfolio import PRODUCTS, listed
from warehouse.publication.publication import Publication, in_order
from warehouse.tables import plf_indicators

_COLUMNS = (
    Column("year", "Année", "L'année civile.", "The calendar year.", "year", required=True),
    Column("indicator", "Indicateur", "Nom court de l'indicateur.", "Short name.", required=True,
           technical=True),
    Column("label", "Intitulé", "Ce que compte l'indicateur.", "What it counts (French).", required=True),
    Column(
        "previous",
        "Résultat N-1",
        "Le résultat de l'année d'avant ; vide quand aucune source publique ne le donne.",
        "Result of the year before; empty when no public source gives it.",
        "number",
    ),
    Column("target", "Cible", "La cible imprimée, quand elle est connue.", "The printed target.", "number"),
    Column(
        "value",
        "Résultat N",
        "Le résultat ; vide quand aucune source publique ne le donne.",
        "The result; empty when no public source gives it.",
        "number",
    ),
    Column("met", "Cible atteinte", "Vide quand l'un des deux manque.", "Empty when one of both is missing.",
           "boolean"),
    Column("source", "Source", "D'où vient le résultat.", "Where the result comes from.", "code",
           words=words.SOURCES, required=True),
    PRODUCTS,
)  # fmt: skip


def _rows(publication: Publication) -> Iterator[Row]:
    """As known at the moment asked: they rest on the portfolio alone."""
    indicators = {one.indicator: (place, one.label) for place, one in enumerate(load_indicators())}
    rows = current(publication.connection, plf_indicators, ("year", "indicator"), publication.now.at)
    ranked = [row | {"place": indicators.get(row["indicator"], (len(indicators), ""))[0]} for row in rows]
    for row in in_order(ranked, "year", "place", "indicator"):
        names = ("id", "year", "indicator", "previous", "target", "value", "met", "source")
        label = indicators.get(row["indicator"], (0, row["indicator"]))[1]
        yield {name: row[name] for name in names} | {"label": label, "products": listed(row["products"])}


TABLE = Table(
    "plf",
    "Indicateurs PLF",
    "Les indicateurs du budget de l'État (programme 352) : résultat de l'année d'avant, cible, résultat.",
    "Indicators of the State's budget (programme 352): last year's result, target, result.",
    (TRACE, *_COLUMNS),
    _rows,
)
