"""Rows that events speak of are stamped with the event that made or changed them, so that a backup finds them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ANY = "SELECT writer, number FROM events"


def upgrade() -> None:
    op.add_column("contributors", sa.Column("also", sa.Text(), nullable=False, server_default="[]"))
    for table in ("sprint", "prompts", "contributors", "erasures"):
        op.add_column(table, sa.Column("writer", sa.String(length=36), nullable=False, server_default=""))
        op.add_column(table, sa.Column("number", sa.BigInteger(), nullable=False, server_default="0"))
        if table != "erasures":
            op.add_column(table, sa.Column("changed_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("prompts_by_stamp", "prompts", ["writer", "number"], unique=False)
    # Which of the imports brought a prompt is not known any more; that of the last one covers it.
    for table, made_by in (
        ("sprint", "action = 'setting'"),
        ("prompts", "action = 'imported'"),
        ("contributors", "contributor = contributors.contributor_id AND action = 'joined'"),
        ("erasures", "contributor = erasures.contributor AND received_at = erasures.erased_at"),
    ):
        latest = "ORDER BY received_at DESC, writer, number DESC LIMIT 1"
        _stamp(table, f"{ANY} WHERE {made_by} {latest}")
        _stamp(table, f"{ANY} ORDER BY writer, number LIMIT 1")
    op.execute("UPDATE contributors SET changed_at = first_seen")
    op.execute(
        """UPDATE sprint SET changed_at = COALESCE((
               SELECT MAX(received_at) FROM events WHERE action = 'setting' AND received_at > sprint.created_at
           ), 0)"""
    )


def _stamp(table: str, event: str) -> None:
    """Stamp those rows of a table that have none yet, if there is such an event."""
    op.execute(f"""UPDATE {table} SET (writer, number) = ({event}) WHERE writer = '' AND EXISTS ({event})""")
