"""Growth: what changed from one year to the next, as the annual report prints it."""

from collections.abc import Collection, Iterator
from decimal import Decimal

import sqlalchemy as sa

from warehouse import words
from warehouse.history import Row, current
from warehouse.publication.column import LABEL, METRIC_ID, SERVICE, SERVICE_ID, TRACE, Column, Table
from warehouse.publication.publication import Publication, in_order
from warehouse.publication.series import described
from warehouse.tables import growth, observations, refusals

_COLUMNS = (
    Column("period", "Période", "Ce qui est comparé, par exemple 2023.", "What is compared, such as 2023.",
           required=True),
    Column("base_period", "Comparée à", "Avec quoi, par exemple 2022.", "With what, such as 2022.",
           required=True),
    Column(
        "state",
        "État",
        "« publié », ou « refusé » quand les deux valeurs ne se comparent pas.",
        "published, or refused when the two values cannot be compared.",
        "code",
        words=words.STATES | {"refused": "refusé"},
        required=True,
    ),
    Column(
        "display",
        "Évolution",
        "Comme l'imprime le bilan annuel, avec sa fourchette quand un seul nombre en dirait trop.",
        "As the annual report prints it (French), with its range where one number would claim too much.",
    ),
    Column("kind", "Sorte", "Comment l'évolution est dite.", "How it is told.", "code", words=words.GROWTHS),
    Column(
        "value",
        "Évolution (nombre)",
        "En pour cent ou en points ; pour un multiple, le multiple lui-même. Ni tronquée ni arrondie.",
        "Percent or points; of a multiple, the multiple itself. Neither truncated nor rounded.",
        "number",
    ),
    Column(
        "low",
        "Évolution basse",
        "La plus petite évolution que les précisions imprimées permettent.",
        "Least growth that the printed precisions allow; empty when unbounded.",
        "number",
    ),
    Column(
        "high",
        "Évolution haute",
        "La plus grande évolution que les précisions imprimées permettent.",
        "Greatest growth that the printed precisions allow; empty when unbounded.",
        "number",
    ),
    Column("base_value", "Valeur de départ", "La valeur de départ.", "The earlier value.", "number",
           in_unit=True),
    Column("end_value", "Valeur d'arrivée", "La valeur d'arrivée.", "The later value.", "number",
           in_unit=True),
    Column("unit", "Unité", "L'unité des deux valeurs.", "Unit of both values."),
    Column(
        "base_observation_id",
        "Id. du départ",
        "Ce que l'on donne à « impact trace » pour la valeur de départ.",
        "What `impact trace` takes for the earlier value; of several added up, the last.",
        technical=True,
    ),
    Column(
        "observation_id",
        "Id. de l'arrivée",
        "Ce que l'on donne à « impact trace » pour la valeur d'arrivée.",
        "What `impact trace` takes for the later value; of several added up, the last.",
        technical=True,
    ),
    Column("rule", "Règle", "Comment l'affichage coupe les décimales.", "How the display cuts decimals.",
           "code", words=words.RULES),
    Column(
        "meaning",
        "Sens du signe",
        "Ce que veut dire le signe quand ce n'est pas évident (un coût qui baisse).",
        "What the sign means where it is not plain (French).",
    ),
    Column(
        "note",
        "Remarque",
        "Les dates qui ne sont pas exactement celles demandées, et ce qui a été additionné.",
        "Dates that are not the exact ones, and what was added up (French).",
    ),
    Column(
        "refusal",
        "Pourquoi refusée",
        "Pourquoi aucune évolution n'est calculée.",
        "Why no growth is computed (French).",
    ),
    Column(
        "refused_by",
        "Règle qui refuse",
        "Ce qui devrait être vrai des deux valeurs pour qu'elles se comparent, et ne l'est pas.",
        "The rule that refuses: what must hold of the two values, and does not.",
        "code",
        words=words.REFUSALS,
    ),
)  # fmt: skip

_KEY = ("service_id", "metric_id", "period", "base_period")
_ENDS = ("base_observation_id", "observation_id")
_SINCE = {
    "held_back": "Un des deux relevés est retenu par un contrôle.",
    "withdrawn": "La page ne montre plus l'un des deux chiffres.",
}
"""Why a growth that was computed is refused since."""


def _rows(publication: Publication) -> Iterator[Row]:
    connection, at = publication.connection, publication.night.at
    told = [_computed(publication, row) for row in current(connection, growth, _KEY, at)]
    told += [_refused(row, row["reason"], row["sentence"]) for row in current(connection, refusals, _KEY, at)]
    for row in in_order(told, *_KEY):
        figure = row["service_id"], row["metric_id"]
        if figure in publication.metrics:
            yield row | described(publication, figure)


def _refused(row: Row, rule: str, why: str) -> Row:
    """No growth; one that was computed keeps its two observations, which lead to the proof."""
    empty: Row = {column.name: None for column in _COLUMNS}
    about = {name: row[name] for name in ("id", *_KEY, *_ENDS) if name in row}
    return empty | about | {"state": "refused", "refusal": why, "refused_by": rule}


def _computed(publication: Publication, row: Row) -> Row:
    """A growth and its two values; one of which may have been refused since."""
    before = row["base_parts"] or [row["base_observation_id"]]
    after = row["parts"] or [row["observation_id"]]
    for rule, barred in (("held_back", publication.held), ("withdrawn", publication.withdrawn)):
        if not barred.isdisjoint((*before, *after)):
            return _refused(row, rule, _SINCE[rule])
    base, _ = _added(publication.connection, before)
    end, unit = _added(publication.connection, after)
    values = {"base_value": base, "end_value": end, "unit": unit, "state": "published"}
    taken = {column.name: row.get(column.name) for column in _COLUMNS}
    return {name: row[name] for name in ("id", *_KEY)} | taken | values


def _added(connection: sa.Connection, ids: Collection[str]) -> tuple[Decimal | None, str | None]:
    """The sum of some observations, and their unit."""
    query = sa.select(observations.c.value, observations.c.unit).where(observations.c.id.in_(ids))
    found = connection.execute(query).all()
    return (sum((row.value for row in found), Decimal(0)), found[0].unit) if found else (None, None)


TABLE = Table(
    "growth",
    "Évolutions",
    "L'évolution de chaque chiffre d'une fin d'année à la suivante, comme l'imprime le bilan annuel ; ou la"
    " raison pour laquelle elle n'est pas calculée.",
    "Growth of each figure from one year's end to the next, as the annual report prints it; or the reason for"
    " which it is not computed.",
    (TRACE, SERVICE_ID, SERVICE, METRIC_ID, LABEL, *_COLUMNS),
    _rows,
)
