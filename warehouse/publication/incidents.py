"""Incidents: what is, or was, wrong with a page or a figure, since when."""

from collections.abc import Iterator

from warehouse import words
from warehouse.derived.incidents import ever
from warehouse.history import Row
from warehouse.publication.column import SERVICE, SERVICE_ID, TRACE, Column, Table
from warehouse.publication.publication import Publication

_COLUMNS = (
    Column(
        "metric_id",
        "Id. du chiffre",
        "Le chiffre concerné ; vide quand c'est la page entière.",
        "The figure concerned; empty for the whole page.",
        technical=True,
    ),
    Column("label", "Chiffre", "Ce qui est mesuré ; vide pour la page entière.",
           "What is measured (French)."),
    Column("page_url", "Page", "L'adresse de la page.", "Address of the page.", "url", required=True),
    Column(
        "kind",
        "Ce qui ne va pas",
        "Ce qui ne va pas.",
        "What is wrong.",
        "code",
        words=words.REASONS | words.TROUBLES,
        required=True,
    ),
    Column("first_night", "Depuis le", "La première nuit.", "The first night.", "date", required=True),
    Column(
        "last_night",
        "Jusqu'au",
        "La dernière nuit ; vide tant que cela dure.",
        "The last night; empty while it lasts.",
        "date",
    ),
    Column(
        "sentence",
        "Détail technique",
        "Ce qui a été constaté la première nuit, en anglais.",
        "The evidence of the first night.",
        required=True,
    ),
    Column("advice", "Que faire", "Ce qu'il faut faire, en anglais.", "What a person should do.",
           required=True),
    Column(
        "mend",
        "Réparation prête",
        "Ce que fait la réparation du fichier de service, quand il y en a une.",
        "What the patch of the service file does, when one is ready.",
    ),
)  # fmt: skip


def _rows(publication: Publication) -> Iterator[Row]:
    """As known at the moment asked: a blocked night is when one wants to know what broke."""
    for row in ever(publication.connection, publication.now):
        about = row["service_id"], row["metric_id"]
        yield {column.name: row[column.name] for column in _COLUMNS if column.name in row} | {
            "id": row["id"],
            "service_id": row["service_id"],
            "service": publication.name(row["service_id"]),
            "label": publication.label(*about),
        }


TABLE = Table(
    "incidents",
    "Incidents",
    "Ce qui ne va pas, ou n'allait pas, sur une page ou pour un chiffre ; les plus récents d'abord.",
    "What is, or was, wrong with a page or a figure; the newest first.",
    (TRACE, SERVICE_ID, SERVICE, *_COLUMNS),
    _rows,
)
