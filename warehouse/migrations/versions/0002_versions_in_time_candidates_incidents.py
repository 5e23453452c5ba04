"""Versions in time, candidates, incidents."""

import sqlalchemy as sa
from alembic import op

import warehouse.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up one version."""
    op.create_table(
        "incidents",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("page_url", sa.Text(), nullable=False, comment="Address of the page."),
        sa.Column(
            "metric_id", sa.Text(), nullable=True, comment="The figure concerned; empty for the whole page."
        ),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="The reason of the absence, or fell, shrank, frozen, scale_changed, moved_off_site…",
        ),
        sa.Column("first_night", sa.Date(), nullable=False, comment="The first night on which it was met."),
        sa.Column("last_night", sa.Date(), nullable=True, comment="The last one; empty while it lasts."),
        sa.Column(
            "sentence", sa.Text(), nullable=False, comment="The evidence of the first night, in one sentence."
        ),
        sa.Column("advice", sa.Text(), nullable=False, comment="What a person should do."),
        sa.Column(
            "snapshot_sha256",
            sa.Text(),
            nullable=True,
            comment="SHA-256 of the body on which it was met, if there was one.",
        ),
        sa.Column("mend", sa.Text(), nullable=True, comment="What the patch does, when one is proposed."),
        sa.Column(
            "patch", sa.Text(), nullable=True, comment="The change of the service file, as a unified diff."
        ),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        comment="What went wrong with a page or a figure, from its first night to its last.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_incidents_service_id_first_night"), ["service_id", "first_night"], unique=False
        )

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

    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incidents_service_id_first_night"))

    op.drop_table("incidents")
