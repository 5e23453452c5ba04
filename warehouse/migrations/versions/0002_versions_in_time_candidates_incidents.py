"""Versions in time, candidates, incidents."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up one version."""
    with op.batch_alter_table("metrics", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "anchor",
                sa.Text(),
                nullable=True,
                comment="The words of the page that name it, where the locator does not.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "typed",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="True when somebody types it by hand on the page.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "valid_until",
                sa.Date(),
                nullable=True,
                comment="Last night that this version serves; empty for the one of today.",
            )
        )


def downgrade() -> None:
    """Go back one version."""
    with op.batch_alter_table("metrics", schema=None) as batch_op:
        batch_op.drop_column("valid_until")
        batch_op.drop_column("typed")
        batch_op.drop_column("anchor")
