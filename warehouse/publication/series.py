"""Series: every value of every figure, the last word on each period, with the place that it was read at."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from warehouse import words
from warehouse.history import MOMENT, Row
from warehouse.metrics import Figure
from warehouse.publication.column import LABEL, METRIC_ID, SERVICE, SERVICE_ID, TRACE, Column, Table
from warehouse.publication.publication import Publication, in_order
from warehouse.tables import extractions, observations, snapshots

VALUE = (
    Column("value", "Valeur", "La valeur, dans l'unité.", "The value, in the unit.", "number", in_unit=True),
    Column(
        "low",
        "Valeur basse",
        "La plus petite valeur que la précision imprimée permet ; vide quand rien ne la borne.",
        "Least value that the printed precision allows; empty when unbounded.",
        "number",
        in_unit=True,
    ),
    Column(
        "high",
        "Valeur haute",
        "La plus grande valeur que la précision imprimée permet ; vide quand rien ne la borne.",
        "Greatest value that the printed precision allows; empty when unbounded.",
        "number",
        in_unit=True,
    ),
    Column(
        "qualifier",
        "Précision annoncée",
        "Ce que la page annonce de la précision du chiffre.",
        "How sure the page says that it is.",
        "code",
        words=words.QUALIFIERS,
    ),
    Column("unit", "Unité", "L'unité de la valeur.", "Unit of the value.", required=True),
    Column("nature", "Nature", "Ce qu'est le chiffre.", "What the figure is.", "code", words=words.NATURES),
    Column(
        "period_start",
        "Depuis le",
        "Premier jour décrit ; vide pour un cumul depuis le lancement.",
        "First day described; empty for a total since launch.",
        "date",
    ),
    Column("period_end", "Jusqu'au", "Dernier jour décrit.", "Last day described.", "date"),
    Column(
        "complete",
        "Période finie",
        "Faux tant que la période décrite n'est pas finie.",
        "False while the period described is not over.",
        "boolean",
    ),
    Column(
        "printed",
        "Tel qu'imprimé",
        "Les caractères exacts de la page.",
        "The exact characters of the page.",
    ),
    Column(
        "known_at", "Connu le", "Quand nous l'avons su.", "When we knew it.", "moment", unit="UTC"
    ),
)  # fmt: skip
"""A value, with both clocks."""

PROOF = (
    Column(
        "source_url",
        "Page source",
        "L'adresse qui a imprimé le chiffre.",
        "Address that printed the figure.",
        "url",
    ),
    Column(
        "sha256",
        "Empreinte",
        "Empreinte SHA-256 de la réponse archivée.",
        "SHA-256 of the archived response.",
        technical=True,
    ),
    Column(
        "locator",
        "Emplacement",
        "La place du chiffre dans la réponse.",
        "Place of the figure in the response.",
        technical=True,
    ),
)
"""Where a value was read."""


def _address() -> sa.ScalarSelect[Any]:
    """Of an exchange that gave the body of an extraction: the first in the order of an index."""
    same_body = (
        snapshots.c.sha256 == extractions.c.snapshot_sha256,
        snapshots.c.service_id == extractions.c.service_id,
        snapshots.c.answer,
    )
    found = sa.select(snapshots.c.url).where(*same_body).order_by(snapshots.c.url, snapshots.c.night)
    return found.limit(1).scalar_subquery()


OBSERVED = sa.select(
    observations,
    observations.c.text.label("printed"),
    extractions.c.snapshot_sha256.label("sha256"),
    extractions.c.locator,
    _address().label("source_url"),
).join(extractions, extractions.c.id == observations.c.extraction_id)
"""Observations, each with the place that it was read at."""

_IN_TIME = ("period_end", "period_start", "known_at", "id")


def history(publication: Publication, figure: Figure, last: int | None = None) -> list[Row]:
    """What was said of a figure and is known, in time; what is refused or withdrawn is among it.

    Args:
        publication: what may be read.
        figure: the service and the metric.
        last: how many of the newest; all by default.
    """
    night, columns = publication.night, observations.c
    query = (
        OBSERVED.where(columns.service_id == figure[0], columns.metric_id == figure[1])
        .where(columns.known_at < night.at + MOMENT, columns.period_end <= night.day)
        .order_by(columns.period_end.desc(), columns.known_at.desc())
        .limit(last)
    )
    return in_order(map(dict, publication.connection.execute(query).mappings()), *_IN_TIME)


def described(publication: Publication, figure: Figure) -> Row:
    """What names a figure in every published table."""
    metric = publication.metrics[figure]
    return {
        "service_id": figure[0],
        "service": publication.name(figure[0]),
        "metric_id": figure[1],
        "label": metric["label"],
    }


def said(row: Row) -> Row:
    """The value of an observation, and its proof."""
    return {column.name: row[column.name] for column in (*VALUE, *PROOF)}


def _rows(publication: Publication) -> Iterator[Row]:
    """One figure after the other: there may be millions of values."""
    barred = publication.held | publication.withdrawn
    for figure in publication.metrics:
        usable = [row for row in history(publication, figure) if row["id"] not in barred]
        last_words = {(row["period_start"], row["period_end"]): row for row in usable}
        for row in last_words.values():
            yield {"id": row["id"]} | described(publication, figure) | said(row)


TABLE = Table(
    "series",
    "Historique",
    "Toutes les valeurs connues de chaque chiffre : le dernier mot sur chaque période.",
    "Every value known of each figure: the last word on each period.",
    (TRACE, SERVICE_ID, SERVICE, METRIC_ID, LABEL, *VALUE, *PROOF),
    _rows,
    in_workbook=False,
)
