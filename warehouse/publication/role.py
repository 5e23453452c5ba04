"""A PostgreSQL role that may read the warehouse and change nothing."""

import re

from warehouse.errors import InvalidRole

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")

_SCRIPT = """\
-- A role that may read the warehouse and change nothing.  Run it in the warehouse's database, as the role
-- that owns its tables:  impact role {name} | psql "$IMPACT_DATABASE_URL"
-- Run again, it changes nothing.  Give the role a password with  \\password {name}
BEGIN;
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN
        CREATE ROLE "{name}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO "{name}"', current_database());
END
$$;
GRANT USAGE ON SCHEMA public TO "{name}";
GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{name}";
-- The tables that a later version adds, made by the role that runs this.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO "{name}";
-- A night must not wait for somebody's forgotten query.
ALTER ROLE "{name}" SET default_transaction_read_only = on;
ALTER ROLE "{name}" SET statement_timeout = '5min';
ALTER ROLE "{name}" SET idle_in_transaction_session_timeout = '5min';
COMMIT;
"""


def script(name: str) -> str:
    """The SQL that makes the role, or gives it its rights again.

    Raises:
        InvalidRole: the name would need quoting, or is one that PostgreSQL keeps for itself.
    """
    if not _NAME.fullmatch(name) or name.startswith("pg_") or name in ("public", "none"):
        raise InvalidRole(f"{name!r} cannot be the name of the role.")
    return _SCRIPT.format(name=name)
