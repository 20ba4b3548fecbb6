"""The first tables: events, prompts, contributors, the sprint, and all that is derived from them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contributor_tallies",
        sa.Column("contributor", sa.String(length=36), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.Column("skips", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("contributor", "day", "source"),
    )
    op.create_table(
        "contributors",
        sa.Column("contributor_id", sa.String(length=36), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("pseudonym", sa.String(length=36), nullable=False),
        sa.Column("organizer", sa.Boolean(), nullable=False),
        sa.Column("appointed_as", sa.Text(), nullable=True),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("sessions_valid_from", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("contributor_id"),
        sa.UniqueConstraint("appointed_as", name="appointed_once_each"),
        sa.UniqueConstraint("issuer", "subject", name="contributors_once_each"),
    )
    op.create_table(
        "coverage_tallies",
        sa.Column("ratings", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("prompts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ratings", "slot"),
    )
    op.create_table(
        "events",
        sa.Column("writer", sa.String(length=36), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("contributor", sa.String(length=36), nullable=False),
        sa.Column("prompt_id", sa.String(length=32), nullable=True),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("target", sa.String(length=36), nullable=True),
        sa.Column("shown_ms", sa.BigInteger(), nullable=True),
        sa.Column("happened_at", sa.BigInteger(), nullable=True),
        sa.Column("local_date", sa.String(length=10), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("writer", "number"),
        sa.UniqueConstraint("contributor", "event_id", name="events_once_each"),
    )
    op.create_index("events_by_prompt", "events", ["prompt_id", "contributor"], unique=False)
    op.create_table(
        "hour_tallies",
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "slot"),
    )
    op.create_table(
        "leases",
        sa.Column("contributor", sa.String(length=36), nullable=False),
        sa.Column("prompt_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("contributor", "prompt_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("leases_by_end", "leases", ["expires_at"], unique=False)
    op.create_table(
        "prompt_tallies",
        sa.Column("prompt_id", sa.String(length=32), nullable=False),
        sa.Column("n1", sa.Integer(), nullable=False),
        sa.Column("n2", sa.Integer(), nullable=False),
        sa.Column("n3", sa.Integer(), nullable=False),
        sa.Column("n4", sa.Integer(), nullable=False),
        sa.Column("n5", sa.Integer(), nullable=False),
        sa.Column("skips", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prompt_id"),
    )
    op.create_table(
        "prompts",
        sa.Column("prompt_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=32), nullable=False),
        sa.Column("length_class", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prompt_id"),
    )
    op.create_index("prompts_by_text", "prompts", ["text_hash"], unique=False)
    op.create_table(
        "queue",
        sa.Column("prompt_id", sa.String(length=32), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("shuffle", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prompt_id"),
    )
    op.create_index("queue_by_claims", "queue", ["claims", "shuffle"], unique=False)
    op.create_table(
        "ratings",
        sa.Column("contributor", sa.String(length=36), nullable=False),
        sa.Column("prompt_id", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("contributor", "prompt_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ratings_by_prompt", "ratings", ["prompt_id"], unique=False)
    op.create_table(
        "score_tallies",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("length_class", sa.String(length=16), nullable=False),
        sa.Column("score", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "source", "kind", "length_class", "score", "slot"),
    )
    op.create_table(
        "sprint",
        sa.Column("sprint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.String(length=36), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ratings_per_prompt", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sprint_id"),
    )
    op.create_table(
        "writers",
        sa.Column("writer", sa.String(length=36), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("writer"),
    )
