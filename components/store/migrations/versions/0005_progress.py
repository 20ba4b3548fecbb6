"""When a sprint starts and ends; ratings that came late; coverage of each cell of prompts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sprint", sa.Column("starts_at", sa.BigInteger()))
    op.add_column("sprint", sa.Column("ends_at", sa.BigInteger()))
    op.add_column("ratings", sa.Column("late", sa.SmallInteger(), nullable=False, server_default="0"))
    op.drop_table("coverage_tallies")
    op.create_table(
        "coverage_tallies",
        sa.Column("cell", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ratings", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("prompts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("cell", "ratings", "slot"),
        sqlite_with_rowid=False,
    )
    op.execute(
        """INSERT INTO coverage_tallies (cell, ratings, slot, prompts)
           SELECT cell, n1 + n2 + n3 + n4 + n5, 0, COUNT(*) FROM prompt_tallies
           GROUP BY cell, n1 + n2 + n3 + n4 + n5"""
    )
