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
        "Message technique",
        "Ce que le programme a constaté la première nuit, dans ses mots (en anglais le plus souvent).",
        "The evidence of the first night.",
        required=True,
        technical=True,
    ),
    Column("advice", "Que faire", "Ce qu'il faut faire.", "What a person should do (French).", required=True),
    Column(
        "mend",
        "Réparation (message technique)",
        "Ce que fait la réparation du fichier de service, quand il y en a une, en anglais.",
        "What the patch of the service file does, when one is ready.",
        technical=True,
    ),
    Column(
        "detail",
        "Détail",
        "Ce qu'un contrôle reproche au chiffre ; vide quand aucun contrôle n'est en cause.",
        "What a check says of the figure (French); empty when no check found it.",
    ),
    Column(
        "mend_ready",
        "Réparation prête",
        "Vrai quand une réparation du fichier de service est prête.",
        "True when a patch of the service file is ready.",
        "boolean",
        required=True,
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
            "advice": words.TO_DO.get(row["kind"], row["advice"]),
            "detail": row["sentence"] if row["kind"] in words.TOLD_IN_FRENCH else None,
            "mend_ready": row["mend"] is not None,
        }


TABLE = Table(
    "incidents",
    "Incidents",
    "Ce qui ne va pas, ou n'allait pas, sur une page ou pour un chiffre ; les plus récents d'abord.",
    "What is, or was, wrong with a page or a figure; the newest first.",
    (TRACE, SERVICE_ID, SERVICE, *_COLUMNS),
    _rows,
)
