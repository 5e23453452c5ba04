"""What Datasette shows beside the SQLite warehouse: the comments of its tables, and ready questions.

The questions, in French, are in ``questions.yml``.
"""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from warehouse.tables import metadata as warehouse_tables

_QUESTIONS = Path(__file__).with_name("questions.yml")


def questions() -> dict[str, dict[str, str]]:
    """The ready questions (``title``, ``description``, ``sql``), by the name in their address."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load(_QUESTIONS.read_text("utf-8"))
    return loaded


def metadata(database: str) -> dict[str, Any]:
    """The content of ``metadata.json`` for a database of this name."""
    return {
        "title": "Impact des services publics numériques",
        "description": "L'entrepôt : tout ce qui est su, et depuis quand. Rien n'y est jamais réécrit ;"
        " les questions prêtes donnent le dernier mot sur chaque chose.",
        "license": "Licence Ouverte 2.0",
        "license_url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        "databases": {
            database: {
                "tables": {name: _described(table) for name, table in warehouse_tables.tables.items()},
                "queries": questions(),
            }
        },
    }


def _described(table: sa.Table) -> dict[str, Any]:
    return {
        "description": table.comment or "",
        "columns": {column.name: column.comment or "" for column in table.columns},
    }


def database_name(url: str) -> str:
    """The name under which Datasette serves a SQLite file: that of the file without its ending.

    >>> database_name("sqlite:///data/impact.sqlite")
    'impact'
    """
    return Path(sa.make_url(url).database or "impact").stem
