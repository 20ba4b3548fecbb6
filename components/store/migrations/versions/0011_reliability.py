"""How reliable ratings are: prompts that come again, reference scores, and how much one person is to give."""

import sqlalchemy as sa
from alembic import op

from components.store.schema import AGAIN, SELDOM

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, value in (
        ("repeat_every", "0"),
        ("repeat_after", "50"),
        ("repeat_after_days", "0"),
        ("ratings_per_contributor", "0"),
    ):
        op.add_column("sprint", sa.Column(name, sa.Integer(), nullable=False, server_default=value))
    op.add_column(
        "sprint", sa.Column("gold_feedback", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.add_column("prompts", sa.Column("gold", sa.SmallInteger()))
    # What is rated again is no less frequent than what else leaves this index out.
    op.drop_index("events_seldom", "events")
    for name, columns, where in (
        ("events_seldom", ["received_at", "writer", "number"], SELDOM),
        ("events_again", ["contributor"], AGAIN),
    ):
        op.create_index(name, "events", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
