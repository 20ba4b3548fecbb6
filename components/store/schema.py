"""The tables of a sprint. Migrations create them; `tests/store/test_database.py` holds the two together.

`events` is the only table that is not derived (with `prompts`, `contributors` and `sprint`, whose
rows the events speak of). Such a row is stamped with the event that made or changed it: `writer`, `number`,
and `changed_at`, which stays 0 as long as a prompt or the sprint is as it came. Rows that every replica of the app would fight over carry a `slot`: each
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
    text,
)

METADATA = MetaData()

# Of an index that leaves out what happens often. Who wants to use it has to spell this as it stands here,
# and so do the stores that have it already.
SELDOM = """action NOT IN ('rated', 'skipped', 'discarded', 'flagged', 'withdrawn', 'undone', 'erased', 'repeated',
                          'joined', 'profile', 'rated_again')"""
AGAIN = "action = 'rated_again'"
SKIPPED = "action = 'skipped'"

SPRINT = Table(
    "sprint",
    METADATA,
    Column("sprint_id", Integer, primary_key=True, autoincrement=False),
    Column("epoch", String(36), nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("ratings_per_prompt", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("extra_rating", Boolean, nullable=False),
    Column("quotas", Text, nullable=False),
    Column("starts_at", BigInteger),
    Column("ends_at", BigInteger),
    Column("points", Boolean, nullable=False, default=True),
    Column("teams", Boolean, nullable=False, default=True),
    Column("ranking", Boolean, nullable=False, default=True),
    Column("description", Text, nullable=False, default=""),
    # In Markdown; none: those in assets/.
    Column("guidelines", Text),
    # Where snapshots go by themselves, and when, as JSON; empty as long as nobody has said.
    Column("publishing", Text, nullable=False, default=""),
    # None only until the sprint is opened for the first time.
    Column("ratings_per_minute", Integer),
    # Everybody has to sign in again who did so before.
    Column("sessions_valid_from", BigInteger, nullable=False, default=0),
    # Of prompts that come again: one in how many, after how many ratings and days.
    Column("repeat_every", Integer, nullable=False, default=0),
    Column("repeat_after", Integer, nullable=False, default=50),
    Column("repeat_after_days", Integer, nullable=False, default=0),
    Column("gold_feedback", Boolean, nullable=False, default=False),
    Column("ratings_per_contributor", Integer, nullable=False, default=0),
    Column("writer", String(36), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
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
    Column("writer", String(36), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    # Which import brought it; None for what another way brought.
    Column("import_id", String(36)),
    # The score it should be given, where organizers say one.
    Column("gold", SmallInteger),
    Index("prompts_by_import", "import_id"),
    Index("prompts_by_text", "text_hash"),
    Index("prompts_by_stamp", "writer", "number"),
)

# What prompts have in common, spelled out once. Rows are never changed, and their ids follow from them.
CELLS = Table(
    "cells",
    METADATA,
    Column("cell", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("length_class", String(16), nullable=False),
    Column("language", String(3), nullable=False),
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
    # Few among many: what organizers did is listed without looking through all that was rated.
    Index(
        "events_seldom",
        "received_at",
        "writer",
        "number",
        sqlite_where=text(SELDOM),
        postgresql_where=text(SELDOM),
    ),
    Index("events_again", "contributor", sqlite_where=text(AGAIN), postgresql_where=text(AGAIN)),
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
    Column("reason", Text),
    Column("late", SmallInteger, nullable=False),
    # What it earns points for, 1 or 0, as the event was marked when it came in.
    Column("completes", SmallInteger, nullable=False),
    Column("thin", SmallInteger, nullable=False),
    # Whoever wants to see what they skipped once more begins with the oldest.
    Index(
        "ratings_skipped",
        "contributor",
        "decided_at",
        "prompt_id",
        sqlite_where=text(SKIPPED),
        postgresql_where=text(SKIPPED),
    ),
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
    Column("discards", Integer, nullable=False),
    # One for each reason to flag a prompt.
    Column("spam", Integer, nullable=False),
    Column("personal_data", Integer, nullable=False),
    Column("wrong_language", Integer, nullable=False),
    Column("harmful", Integer, nullable=False),
    Column("duplicate", Integer, nullable=False),
    Column("broken", Integer, nullable=False),
    Column("cell", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

CONTRIBUTOR_TALLIES = Table(
    "contributor_tallies",
    METADATA,
    Column("contributor", String(36), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("ratings", Integer, nullable=False),
    Column("skips", Integer, nullable=False),
    Column("discards", Integer, nullable=False),
    Column("flags", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What standings are made of: ratings by their contributor's own day, and by the day in UTC (since the epoch),
# which is the same for everybody; how many of them completed a prompt, and how many served a thin source.
STANDING_TALLIES = Table(
    "standing_tallies",
    METADATA,
    Column("contributor", String(36), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("utc_day", Integer, primary_key=True, autoincrement=False),
    Column("ratings", Integer, nullable=False),
    Column("completed", Integer, nullable=False),
    Column("thin", Integer, nullable=False),
    sqlite_with_rowid=False,
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
    sqlite_with_rowid=False,
)

HOUR_TALLIES = Table(
    "hour_tallies",
    METADATA,
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, primary_key=True),
    Column("kind", String(16), primary_key=True),
    # 1 for ratings that came in after the sprint had closed, else 0.
    Column("late", SmallInteger, primary_key=True, autoincrement=False),
    Column("slot", SmallInteger, primary_key=True, autoincrement=False),
    Column("ratings", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# How long people looked at prompts before they rated them, by the classes of `SPENT_FROM_S`: of every
# rating in the log, also those that were changed since.
SPENT_TALLIES = Table(
    "spent_tallies",
    METADATA,
    Column("day", String(10), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("from_s", SmallInteger, primary_key=True, autoincrement=False),
    Column("slot", SmallInteger, primary_key=True, autoincrement=False),
    Column("ratings", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# How many prompts of each cell have so many ratings.
COVERAGE_TALLIES = Table(
    "coverage_tallies",
    METADATA,
    Column("cell", BigInteger, primary_key=True, autoincrement=False),
    Column("ratings", Integer, primary_key=True, autoincrement=False),
    Column("slot", SmallInteger, primary_key=True, autoincrement=False),
    Column("prompts", Integer, nullable=False),
    sqlite_with_rowid=False,
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
    # Of somebody who deleted their account and came back: what happened before is not taken any more.
    Column("events_valid_from", BigInteger, nullable=False),
    Column("daily_goal", Integer, nullable=False),
    # How others see them, one of `VISIBILITIES`; empty as long as they have not said.
    Column("visibility", String(16), nullable=False, default=""),
    Column("nickname", Text, nullable=False, default=""),
    Column("team", Text, nullable=False, default=""),
    # Whether they want to be named in the published dataset.
    Column("credit", Boolean, nullable=False, default=False),
    # Whether an organizer has their ratings counted out, why, and when that was last decided.
    Column("excluded", Boolean, nullable=False, default=False),
    Column("excluded_reason", Text),
    Column("judged_at", BigInteger, nullable=False, default=0),
    # When they were last appointed or dismissed.
    Column("role_at", BigInteger, nullable=False, default=0),
    # Ids the same person has in other stores, as a JSON list: events of theirs may still come from there.
    Column("also", Text, nullable=False),
    Column("writer", String(36), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    UniqueConstraint("issuer", "subject", name="contributors_once_each"),
    UniqueConstraint("appointed_as", name="appointed_once_each"),
)

# How far the ratings of somebody excluded are counted out: those of prompts up to this one, in the order of
# their ids. What is after it still counts.
COUNTED_OUT = Table(
    "counted_out",
    METADATA,
    Column("contributor", String(36), primary_key=True),
    Column("through", String(32), nullable=False),
)

# Who deleted their account, as a keyed hash, and whether all of it is gone already.
ERASURES = Table(
    "erasures",
    METADATA,
    Column("subject_hash", String(64), primary_key=True),
    Column("contributor", String(36), nullable=False),
    Column("erased_at", BigInteger, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("writer", String(36), nullable=False),
    Column("number", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# The prompts that may be handed out. `claims` counts ratings and live leases together; `level` is the
# same, less one for a prompt whose scores are so far apart that it wants a rating more.
QUEUE = Table(
    "queue",
    METADATA,
    Column("prompt_id", String(32), primary_key=True),
    Column("cell", BigInteger, nullable=False),
    Column("claims", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Column("shuffle", BigInteger, nullable=False),
    Index("queue_by_place", "level", "cell", "shuffle"),
    sqlite_with_rowid=False,
)

# How many prompts of each cell stand at each level of the queue, and their claims together.
QUEUE_LEVELS = Table(
    "queue_levels",
    METADATA,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("cell", BigInteger, primary_key=True, autoincrement=False),
    Column("slot", SmallInteger, primary_key=True, autoincrement=False),
    Column("prompts", Integer, nullable=False),
    Column("claims", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

LEASES = Table(
    "leases",
    METADATA,
    Column("contributor", String(36), primary_key=True),
    Column("prompt_id", String(32), primary_key=True),
    Column("expires_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What is computed of the whole sprint in the background, as JSON; `findings` says why it is in no backup.
FINDINGS = Table(
    "findings",
    METADATA,
    Column("name", String(32), primary_key=True),
    Column("version", String(32), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("took_ms", BigInteger, nullable=False),
    Column("content", Text, nullable=False),
)

# What only one of several replicas does at a time. No migration makes it: migrations are such a duty.
DUTIES = Table(
    "duties",
    METADATA,
    Column("name", String(16), primary_key=True),
    Column("holder", String(36), nullable=False),
    Column("until", BigInteger, nullable=False),
)
