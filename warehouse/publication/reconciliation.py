"""Reconciliation: each figure of a printed report beside what the warehouse derives."""

from collections.abc import Iterator

from warehouse import claims, words
from warehouse.history import Row, current
from warehouse.publication.column import SERVICE, TRACE, Column, Table
from warehouse.publication.publication import Publication, in_order
from warehouse.tables import reconciliations

_COLUMNS = (
    Column("edition", "Bilan", "Année du bilan imprimé.", "Year of the printed report.", "year",
           required=True),
    Column(
        "service_id",
        "Id. du service",
        "Identifiant du service dans le portefeuille ; vide pour le programme entier.",
        "Portfolio id of the service; empty for the whole programme.",
        technical=True,
    ),
    SERVICE,
    Column("metric", "Ce qui est compté", "Comme le bilan l'imprime.", "What is counted, as printed."),
    Column("period", "Période", "L'année comparée.", "The year compared."),
    Column(
        "comparison",
        "Comparaison",
        "Ce qui est mis en regard.",
        "What is set side by side.",
        "code",
        words=words.COMPARISONS,
        required=True,
    ),
    Column("against", "Autre édition", "L'autre bilan, s'il y en a un.", "The other edition, if any."),
    Column("printed", "Imprimé", "Ce que le bilan imprime.", "As printed.", required=True),
    Column(
        "computed",
        "Calculé",
        "Ce que l'entrepôt calcule, ou ce qu'imprime l'autre édition.",
        "As derived, or as the other edition prints it.",
    ),
    Column(
        "verdict",
        "Accord",
        "Si les deux s'accordent.",
        "Whether both agree.",
        "code",
        words=words.AGREEMENTS,
        required=True,
    ),
    Column(
        "finding",
        "Constat",
        "Ce qui explique l'écart, quand on peut le dire.",
        "What explains a difference, where it can be told.",
        "code",
        words=words.FINDINGS,
    ),
    Column("reason", "Raison", "Pourquoi.", "Why (French)."),
    Column("passage", "Phrase imprimée", "Le passage du bilan qui porte le chiffre.", "The printed passage."),
    Column("place", "Endroit", "Où, dans le bilan.", "Where in the report."),
    Column(
        "claim_id",
        "Id. de l'affirmation",
        "Nom de l'affirmation imprimée, le même quel que soit le lecteur.",
        "Name of the printed claim, the same whatever reads it.",
        required=True,
        technical=True,
    ),
)  # fmt: skip

_KEY = ("comparison", "claim_id", "against")


def _rows(publication: Publication) -> Iterator[Row]:
    """As known at the moment asked: a printed report has its own clock, and no night judges it."""
    connection, at = publication.connection, publication.now.at
    printed = {row["claim_id"]: row for row in claims.on_record(connection, at)}
    rows = current(connection, reconciliations, _KEY, at)
    for row in in_order(rows, "edition", "service_id", *_KEY):
        claim = printed.get(row["claim_id"], {})
        yield (
            {column.name: row[column.name] for column in _COLUMNS if column.name in row}
            | {"id": row["id"], "service": publication.name(row["service_id"])}
            | {"passage": claim.get("passage"), "place": words.place(claim.get("place"))}
        )


TABLE = Table(
    "reconciliation",
    "Rapprochement",
    "Chaque chiffre d'un bilan imprimé, à côté de ce que l'entrepôt calcule.",
    "Each figure of a printed report beside what the warehouse derives.",
    (TRACE, *_COLUMNS),
    _rows,
)
