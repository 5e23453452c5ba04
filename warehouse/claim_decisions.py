"""Decisions: what a person answered about printed claims, with who and when.

A decision is about the words of a claim, not about one reading of it: it holds when the report is
read again, and can be taken back by deciding otherwise.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from warehouse.errors import UnknownAnswer
from warehouse.history import Row, append_changes, current
from warehouse.tables import claim_decisions, claim_questions, claims

Decisions = Mapping[tuple[str, str], str | None]
"""By claim and field (service, words): the answer; None for "none of them"."""

NONE = "none"
"""The answer that says: none of the candidates, and no other."""

_KEY = ("claim_id", "field")


def standing(connection: sa.Connection, at: datetime) -> Decisions:
    """Every decision, as known at a moment."""
    return {
        (row["claim_id"], row["field"]): row["answer"]
        for row in current(connection, claim_decisions, _KEY, at)
    }


def decide(
    connection: sa.Connection, about: str, answer: str, who: str, services: frozenset[str], at: datetime
) -> int:
    """Record an answer; return how many claims it is news for.

    Args:
        connection: an open transaction.
        about: a question, or one claim, by its name or the first characters of it.
        answer: a service's portfolio id (or words, for a question about words), or ``none``.
        who: the person.
        services: the portfolio ids that there are.
        at: the moment.

    Raises:
        UnknownAnswer: nothing has this name, or two things have; or no service has this id.
    """
    field, names = _asked(connection, about)
    if field == "service" and answer != NONE and answer not in services:
        raise UnknownAnswer(f"No service of the portfolio has the id {answer!r}.")
    told = {"field": field, "answer": None if answer == NONE else answer, "decided_by": who}
    added = 0
    for name in names:
        same = sa.and_(claim_decisions.c.claim_id == name, claim_decisions.c.field == field)
        row = {"claim_id": name, **told}
        added += append_changes(connection, claim_decisions, _KEY, [row], at, same, quiet=("decided_by",))
    return added


def _asked(connection: sa.Connection, about: str) -> tuple[str, list[str]]:
    """The field and the claims that a name stands for; an answered question is still known by its name."""
    asked = _beginning(connection, claim_questions, "question_id", about)
    if len(asked) == 1:
        row = max(asked.popitem()[1], key=lambda one: len(one["claims"]))
        return row["kind"], list(row["claims"])
    found = _beginning(connection, claims, "claim_id", about)
    if len(found) == 1 and not asked:
        return "service", list(found)
    several = "Several questions or claims begin" if asked or found else "No question and no claim begins"
    raise UnknownAnswer(f"{several} with {about!r}.")


def _beginning(connection: sa.Connection, table: sa.Table, name: str, start: str) -> dict[str, list[Row]]:
    column = table.c[name]
    query = sa.select(table).where(column.startswith(start, autoescape=True)) if start else None
    rows = [dict(row) for row in connection.execute(query).mappings()] if query is not None else []
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row[name], []).append(row)
    return grouped
