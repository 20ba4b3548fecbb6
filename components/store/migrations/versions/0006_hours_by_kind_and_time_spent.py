"""Ratings of each hour by source and kind, and how long people looked before they rated."""

from collections import Counter

import sqlalchemy as sa
from alembic import op

from components.records import HOUR_MS, Event
from components.store.tallies import spent_class, utc_day

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROWS_AT_ONCE = 1000


def upgrade() -> None:
    op.drop_table("hour_tallies")
    op.create_table(
        "hour_tallies",
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("late", sa.SmallInteger(), autoincrement=False, nullable=False),
        *_of_prompts_and_writers(),
        sa.PrimaryKeyConstraint("hour", "source", "kind", "late", "slot"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "spent_tallies",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("from_s", sa.SmallInteger(), autoincrement=False, nullable=False),
        *_of_prompts_and_writers(),
        sa.PrimaryKeyConstraint("day", "source", "kind", "from_s", "slot"),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    connection.execute(
        sa.text("""
            INSERT INTO hour_tallies (hour, source, kind, late, slot, ratings)
            SELECT decided_at / :hour_ms, source, kind, late, 0, COUNT(*) FROM ratings
            JOIN prompts ON prompts.prompt_id = ratings.prompt_id
            WHERE action = 'rated' GROUP BY 1, 2, 3, 4
        """),
        {"hour_ms": HOUR_MS},
    )
    _count_time_spent(connection)


def _of_prompts_and_writers() -> tuple[sa.Column, ...]:
    return (
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("slot", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
    )


def _count_time_spent(connection: sa.Connection) -> None:
    counted: Counter[tuple] = Counter()
    # The option belongs to the statement: on the connection it would outlast it, and turn Alembic's into cursors.
    rows = connection.execute(
        sa.text("""
            SELECT shown_ms, happened_at, received_at, source, kind FROM events
            JOIN prompts ON prompts.prompt_id = events.prompt_id
            WHERE action = 'rated' AND shown_ms IS NOT NULL
        """).execution_options(yield_per=ROWS_AT_ONCE)
    )
    for row in rows:
        event = Event("", "", "rated", row.received_at, happened_at=row.happened_at)
        counted[utc_day(event.decided_at), row.source, row.kind, spent_class(row.shown_ms)] += 1
    if counted:
        connection.execute(
            sa.text("""INSERT INTO spent_tallies (day, source, kind, from_s, slot, ratings)
                       VALUES (:day, :source, :kind, :from_s, 0, :ratings)"""),
            [
                dict(zip(("day", "source", "kind", "from_s"), key, strict=True)) | {"ratings": ratings}
                for key, ratings in sorted(counted.items())
            ],
        )
