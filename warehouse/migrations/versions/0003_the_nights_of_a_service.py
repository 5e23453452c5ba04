"""The nights of a service: found without going through those of all others."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = ("snapshots", "absences")


def upgrade() -> None:
    """Go up one version."""
    for table in _TABLES:
        op.create_index(f"ix_{table}_service_id_night", table, ["service_id", "night"])


def downgrade() -> None:
    """Go down one version."""
    for table in _TABLES:
        op.drop_index(f"ix_{table}_service_id_night", table)
