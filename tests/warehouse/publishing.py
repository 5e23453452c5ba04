"""Short ways to judge a night, and to read what it publishes."""

from typing import Any

from tests.warehouse.build import World, night
from warehouse import nights
from warehouse.history import Row
from warehouse.night import Night
from warehouse.publication.column import Table
from warehouse.publication.publication import Publication, publication_at
from warehouse.publication.tables import TABLES
from warehouse.tables import held_back

_COUNTS = dict.fromkeys(("services", "reached", "read", "figures", "absent", "held"), 1)


def close(world: World, on: Night, state: str = "publishable") -> None:
    """The night is judged."""
    said = {"portfolio_sha256": None, "portfolio_trouble": None, **_COUNTS, "state": state, "reason": None}
    with world.engine.begin() as connection:
        nights.close(connection, on, said)


def hold(world: World, when: str, figure: Row, reason: str, good: Row | None = None) -> None:
    """A check refuses a figure, as known that night."""
    on = night(when)
    row: dict[str, Any] = {
        "id": f"held-{figure['id'][:10]}",
        "observation_id": figure["id"],
        "service_id": figure["service_id"],
        "metric_id": figure["metric_id"],
        "check_name": "some_check",
        "reason": reason,
        "value": figure["value"],
        "last_good_observation_id": good and good["id"],
        "last_good_value": good and good["value"],
        "last_good_day": good and good["period_end"],
        "night": on.day,
        "withdrawn": False,
        "known_at": on.at,
    }
    with world.engine.begin() as connection:
        connection.execute(held_back.insert(), [row])


def rows(world: World, name: str, when: str) -> list[Row]:
    """The rows of a published table, as of the night of a day."""
    (table,) = (table for table in TABLES if table.name == name)
    return rows_of(world, table, when)


def rows_of(world: World, table: Table, when: str) -> list[Row]:
    """The same, of any table."""
    with world.engine.connect() as connection:
        return list(table.rows(publication_at(connection, night(when).at)))


def published(world: World, when: str) -> Publication:
    """What may be read as of the night of a day; its connection is closed."""
    with world.engine.connect() as connection:
        return publication_at(connection, night(when).at)
