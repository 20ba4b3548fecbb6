"""The tables of a sprint. Migrations create them; `tests/store/test_database.py` holds the two together.

`events` is the only table that is not derived (with `prompts`, `contributors` and `sprint`, whose
rows the events speak of). Rows that every replica of the app would fight over carry a `slot`: each
writer adds to its own, and readings sum over them.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()

SPRINT = Table(
    "sprint",
    METADATA,
    Column("sprint_id", Integer, primary_key=True, autoincrement=False),
    Column("epoch", String(36), nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("ratings_per_prompt", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

WRITERS = Table(
    "writers",
    METADATA,
    Column("writer", String(36), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("slot", SmallInteger, nullable=False),
    Column("started_at", BigInteger, nullable=False),
)

PROMPTS = Table(
    "prompts",
    METADATA,
    Column("prompt_id", String(32), primary_key=True),
    Column("text", Text, nullable=False),
    Column("context", Text),
    Column("source", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("metadata", Text, nullable=False),
    Column("text_hash", String(32), nullable=False),
    Column("length_class", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("status_reason", Text),
    Column("added_at", BigInteger, nullable=False),
    Index("prompts_by_text", "text_hash"),
)

EVENTS = Table(
    "events",
    METADATA,
    Column("writer", String(36), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("event_id", String(36), nullable=False),
    Column("contributor", String(36), nullable=False),
    Column("prompt_id", String(32)),
    Column("action", String(16), nullable=False),
    Column("score", SmallInteger),
    Column("reason", Text),
    Column("target", String(36)),
    Column("shown_ms", BigInteger),
    Column("happened_at", BigInteger),
    Column("local_date", String(10)),
    Column("received_at", BigInteger, nullable=False),
    Column("payload", Text),
    UniqueConstraint("contributor", "event_id", name="events_once_each"),
    Index("events_by_prompt", "prompt_id", "contributor"),
)

RATINGS = Table(
    "ratings",
    METADATA,
    Column("contributor", String(36), primary_key=True),
    Column("prompt_id", String(32), primary_key=True),
    Column("action", String(16), nullable=False),
    Column("score", SmallInteger),
    Column("decided_at", BigInteger, nullable=False),
    Column("day", String(10), nullable=False),
    Column("event_id", String(36), nullable=False),
    Index("ratings_by_prompt", "prompt_id"),
    sqlite_with_rowid=False,
)

PROMPT_TALLIES = Table(
    "prompt_tallies",
    METADATA,
    Column("prompt_id", String(32), primary_key=True),
    Column("n1", Integer, nullable=False),
    Column("n2", Integer, nullable=False),
    Column("n3", Integer, nullable=False),
    Column("n4", Integer, nullable=False),
    Column("n5", Integer, nullable=False),
    Column("skips", Integer, nullable=False),
)

CONTRIBUTOR_TALLIES = Table(
    "contributor_tallies",
    METADATA,
    Column("contributor", String(36), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("ratings", Integer, nullable=False),
    Column("skips", Integer, nullable=False),
)

SCORE_TALLIES = Table(
    "score_tallies",
    METADATA,
    Column("day", String(10), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("length_class", String(16), primary_key=True),
    Column("score", SmallInteger, primary_key=True, autoincrement=False),
    Column("slot", SmallInteger, primary_key=True, autoincrement=False),
    Column("ratings", Integer, nullable=False),
)

HOUR_TALLIES = Table(
    "hour_tallies",
    METADATA,
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("slot", SmallInteger, primary_key=True, autoincrement=False),
    Column("ratings", Integer, nullable=False),
)

COVERAGE_TALLIES = Table(
    "coverage_tallies",
    METADATA,
    Column("ratings", Integer, primary_key=True, autoincrement=False),
    Column("slot", SmallInteger, primary_key=True, autoincrement=False),
    Column("prompts", Integer, nullable=False),
)

CONTRIBUTORS = Table(
    "contributors",
    METADATA,
    Column("contributor_id", String(36), primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("username", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("picture", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("pseudonym", String(36), nullable=False),
    Column("organizer", Boolean, nullable=False),
    # The name in ORGANIZERS that this person was the first to sign in with; nobody else gets it.
    Column("appointed_as", Text),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("sessions_valid_from", BigInteger, nullable=False),
    UniqueConstraint("issuer", "subject", name="contributors_once_each"),
    UniqueConstraint("appointed_as", name="appointed_once_each"),
)

# The prompts that are open for rating; `claims` counts ratings and live leases together.
QUEUE = Table(
    "queue",
    METADATA,
    Column("prompt_id", String(32), primary_key=True),
    Column("claims", Integer, nullable=False),
    Column("shuffle", BigInteger, nullable=False),
    Index("queue_by_claims", "claims", "shuffle"),
)

LEASES = Table(
    "leases",
    METADATA,
    Column("contributor", String(36), primary_key=True),
    Column("prompt_id", String(32), primary_key=True),
    Column("expires_at", BigInteger, nullable=False),
    Index("leases_by_end", "expires_at"),
    sqlite_with_rowid=False,
)
