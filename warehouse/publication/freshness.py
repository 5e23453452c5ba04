"""Freshness: for each service with a service file, when it was visited, and when it last gave a figure."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from warehouse import words
from warehouse.derived.incidents import open_now
from warehouse.history import MOMENT, Row
from warehouse.observations import witnesses
from warehouse.publication.column import SERVICE, SERVICE_ID, TRACE, Column, Table
from warehouse.publication.publication import Publication
from warehouse.tables import snapshots

RECENT = timedelta(days=31)
_WINDOWS = (timedelta(days=3), RECENT, timedelta(days=366))

_COLUMNS = (
    Column(
        "state",
        "Dernier chiffre",
        "Quand le service a donné un chiffre pour la dernière fois.",
        "When the service last gave a figure.",
        "code",
        words=words.FRESHNESS,
        required=True,
    ),
    Column(
        "last_figure",
        "Dernier relevé",
        "La dernière nuit où l'une de ses pages a donné un chiffre compris.",
        "The last night on which one of its pages gave a figure that could be understood.",
        "date",
    ),
    Column(
        "age",
        "Âge du relevé",
        "Jours entre ce relevé et la dernière nuit.",
        "Days between that night and the last one.",
        "integer",
        unit="jours",
    ),
    Column(
        "last_answer",
        "Dernière réponse",
        "Quand une de ses pages a répondu pour la dernière fois.",
        "When one of its pages last answered.",
        "moment",
        unit="UTC",
    ),
    Column("figures", "Chiffres suivis", "Combien de chiffres sont suivis.", "How many figures are followed.",
           "integer", required=True),
    Column("incidents", "Incidents en cours", "Combien d'incidents durent.", "How many incidents last.",
           "integer", required=True),
)  # fmt: skip


def _rows(publication: Publication) -> Iterator[Row]:
    """As known at the moment asked: what is stale is so whatever the checks said."""
    figures = Counter(service_id for service_id, _ in publication.metrics)
    incidents = Counter(row["service_id"] for row in open_now(publication.connection, publication.now))
    answers = _last_answers(publication)
    for service_id in sorted(figures):
        last = _last_figure(publication, service_id)
        answer = answers.get(service_id)
        age = (publication.now.day - last).days if last else None
        yield {
            "id": answer.id if answer else None,
            "service_id": service_id,
            "service": publication.name(service_id),
            "state": _state(age),
            "last_figure": last,
            "age": age,
            "last_answer": answer.fetched_at if answer else None,
            "figures": figures[service_id],
            "incidents": incidents[service_id],
        }


def _state(age: int | None) -> str:
    if age is None:
        return "never"
    if age == 0:
        return "fresh"
    return "recent" if age < RECENT.days else "old"


def _last_figure(publication: Publication, service_id: str) -> date | None:
    """Looked for among the last nights first: among all of them it takes a hundred times longer."""
    night = publication.now
    last = night.day
    for first in (*(night.day - window for window in _WINDOWS), date.min):
        found = witnesses(publication.connection, service_id, night, first, last, at_most=1)
        if found:
            return found[0]
        last = first
    return None


def _last_answers(publication: Publication) -> dict[str, sa.Row[*tuple[Any, ...]]]:
    """The last good answer of each service; one look at the whole table, which no index orders by service."""
    columns = snapshots.c
    good = columns.answer, columns.status < 300, columns.known_at < publication.now.at + MOMENT
    last = (
        sa.select(columns.service_id, sa.func.max(columns.fetched_at).label("fetched_at"))
        .where(columns.service_id.is_not(None), *good)
        .group_by(columns.service_id)
        .subquery()
    )
    same = sa.and_(columns.service_id == last.c.service_id, columns.fetched_at == last.c.fetched_at)
    query = sa.select(columns.service_id, columns.id, columns.fetched_at).join(last, same).where(*good)
    rows = publication.connection.execute(query.order_by(columns.id.desc()))
    return {row.service_id: row for row in rows}


TABLE = Table(
    "freshness",
    "Fraîcheur",
    "Pour chaque service suivi : quand sa page a répondu, et quand elle a donné un chiffre.",
    "For each service followed: when its page answered, and when it gave a figure.",
    (
        Column(
            TRACE.name,
            TRACE.label,
            "Ce que l'on donne à « impact trace » pour la dernière réponse ; vide s'il n'y en eut aucune.",
            "What `impact trace` takes for the last answer; empty when there was none.",
            technical=True,
        ),
        SERVICE_ID,
        SERVICE,
        *_COLUMNS,
    ),
    _rows,
)
