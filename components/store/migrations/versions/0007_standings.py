"""Standings: what ratings earn points for, how people are seen, teams, and what organizers can switch off."""

import sqlalchemy as sa
from alembic import op

from components.records import DAY_MS

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for switch in ("points", "teams", "ranking"):
        op.add_column(
            "sprint", sa.Column(switch, sa.Boolean(), nullable=False, server_default=sa.text("true"))
        )
    op.add_column(
        "contributors", sa.Column("visibility", sa.String(length=16), nullable=False, server_default="")
    )
    for chosen in ("nickname", "team"):
        op.add_column("contributors", sa.Column(chosen, sa.Text(), nullable=False, server_default=""))
    for mark in ("completes", "thin"):
        op.add_column("ratings", sa.Column(mark, sa.SmallInteger(), nullable=False, server_default="0"))
    op.create_table(
        "standing_tallies",
        sa.Column("contributor", sa.String(length=36), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("utc_day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("thin", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("contributor", "day", "utc_day"),
        sqlite_with_rowid=False,
    )
    op.get_bind().execute(
        sa.text("""
            INSERT INTO standing_tallies (contributor, day, utc_day, ratings, completed, thin)
            SELECT contributor, day, decided_at / :day_ms, COUNT(*), 0, 0 FROM ratings
            WHERE action = 'rated' GROUP BY 1, 2, 3
        """),
        {"day_ms": DAY_MS},
    )
