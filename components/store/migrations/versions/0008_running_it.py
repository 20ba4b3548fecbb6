"""Words and limits of the sprint, who is excluded, and the acts of organizers found quickly in the log."""

import sqlalchemy as sa
from alembic import op

from components.store.schema import SELDOM

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sprint", sa.Column("description", sa.Text(), nullable=False, server_default=""))
    op.add_column("sprint", sa.Column("guidelines", sa.Text()))
    op.add_column("sprint", sa.Column("ratings_per_minute", sa.Integer()))
    for table, name in (
        ("sprint", "sessions_valid_from"),
        ("contributors", "judged_at"),
        ("contributors", "role_at"),
    ):
        op.add_column(table, sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column(
        "contributors", sa.Column("excluded", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.add_column("contributors", sa.Column("excluded_reason", sa.Text()))
    op.create_table(
        "counted_out",
        sa.Column("contributor", sa.String(length=36), nullable=False),
        sa.Column("through", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("contributor"),
    )
    op.create_index(
        "events_seldom",
        "events",
        ["received_at", "writer", "number"],
        unique=False,
        sqlite_where=sa.text(SELDOM),
        postgresql_where=sa.text(SELDOM),
    )
