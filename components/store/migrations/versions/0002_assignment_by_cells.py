"""Flags, undo, quotas and erasure; the queue knows what its prompts have in common."""

import json

import sqlalchemy as sa
from alembic import op

from components.records import Cell, Prompt

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PROMPTS_AT_ONCE = 1000


def upgrade() -> None:
    number = {"nullable": False, "server_default": "0"}
    op.add_column("sprint", sa.Column("extra_rating", sa.Boolean(), **number))
    op.add_column("sprint", sa.Column("quotas", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("ratings", sa.Column("reason", sa.Text()))
    # Nothing that has to be quick looked through it, and every rating had to find its place in it.
    op.drop_index("ratings_by_prompt", "ratings")
    _rebuild(
        "prompt_tallies",
        "prompt_id, n1, n2, n3, n4, n5, skips",
        sa.Column("prompt_id", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("n1", "n2", "n3", "n4", "n5", "skips")),
        *(
            sa.Column(name, sa.Integer(), **number)
            for name in (
                "discards",
                "spam",
                "personal_data",
                "wrong_language",
                "harmful",
                "duplicate",
                "broken",
            )
        ),
        sa.Column("cell", sa.BigInteger(), **number),
        sa.PrimaryKeyConstraint("prompt_id"),
    )
    _rebuild(
        "contributor_tallies",
        "contributor, day, source, ratings, skips",
        sa.Column("contributor", sa.String(length=36), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.Column("skips", sa.Integer(), nullable=False),
        sa.Column("discards", sa.Integer(), **number),
        sa.Column("flags", sa.Integer(), **number),
        sa.PrimaryKeyConstraint("contributor", "day", "source"),
    )
    _rebuild(
        "score_tallies",
        "day, source, kind, length_class, score, slot, ratings",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("length_class", sa.String(length=16), nullable=False),
        sa.Column("score", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "source", "kind", "length_class", "score", "slot"),
    )
    op.add_column("contributors", sa.Column("events_valid_from", sa.BigInteger(), **number))
    op.add_column("contributors", sa.Column("daily_goal", sa.Integer(), nullable=False, server_default="30"))
    op.create_table(
        "cells",
        sa.Column("cell", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("length_class", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.PrimaryKeyConstraint("cell"),
    )
    op.create_table(
        "erasures",
        sa.Column("subject_hash", sa.String(length=64), nullable=False),
        sa.Column("contributor", sa.String(length=36), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("subject_hash"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "new_queue",
        sa.Column("prompt_id", sa.String(length=32), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("shuffle", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prompt_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "queue_levels",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cell", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("prompts", sa.Integer(), nullable=False),
        sa.Column("claims", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("level", "cell", "slot"),
        sqlite_with_rowid=False,
    )
    _sort_into_cells(op.get_bind())
    op.execute(
        """INSERT INTO new_queue (prompt_id, cell, claims, level, shuffle)
           SELECT queue.prompt_id, prompt_tallies.cell, claims, claims, shuffle
           FROM queue JOIN prompt_tallies ON prompt_tallies.prompt_id = queue.prompt_id"""
    )
    op.drop_table("queue")
    op.rename_table("new_queue", "queue")
    op.create_index("queue_by_level", "queue", ["level", "shuffle"])
    op.create_index("queue_by_cell", "queue", ["cell", "level", "shuffle"])
    op.execute(
        """INSERT INTO queue_levels (level, cell, slot, prompts, claims)
           SELECT level, cell, 0, COUNT(*), SUM(claims) FROM queue GROUP BY level, cell"""
    )


def _rebuild(table: str, kept: str, *columns: object) -> None:
    """Make a table anew whose rows SQLite keeps in its key: one tree to search instead of two."""
    op.create_table(f"new_{table}", *columns, sqlite_with_rowid=False)
    op.execute(f"INSERT INTO new_{table} ({kept}) SELECT {kept} FROM {table}")
    op.drop_table(table)
    op.rename_table(f"new_{table}", table)


def _sort_into_cells(connection: sa.Connection) -> None:
    found: set[Cell] = set()
    last = ""
    while True:
        rows = connection.execute(
            sa.text("""SELECT prompt_id, source, kind, metadata, length_class FROM prompts
                       WHERE prompt_id > :last ORDER BY prompt_id LIMIT :most"""),
            {"last": last, "most": PROMPTS_AT_ONCE},
        ).all()
        if not rows:
            return
        last = rows[-1].prompt_id
        cells = {}
        for row in rows:
            language = Prompt("", row.source, row.kind, metadata=json.loads(row.metadata)).language
            cells[row.prompt_id] = Cell(row.source, row.kind, row.length_class, language)
        new = set(cells.values()) - found
        if new:
            connection.execute(
                sa.text("""INSERT INTO cells (cell, source, kind, length_class, language)
                           VALUES (:cell, :source, :kind, :length_class, :language)"""),
                [
                    {
                        "cell": cell.cell_id,
                        "source": cell.source,
                        "kind": cell.kind,
                        "length_class": cell.length_class,
                        "language": cell.language,
                    }
                    for cell in new
                ],
            )
            found |= new
        connection.execute(
            sa.text("UPDATE prompt_tallies SET cell = :cell WHERE prompt_id = :prompt_id"),
            [{"prompt_id": prompt_id, "cell": cell.cell_id} for prompt_id, cell in cells.items()],
        )
