"""What somebody skipped, oldest first: without an index all they ever answered was sorted for each prompt."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SKIPPED = "action = 'skipped'"


def upgrade() -> None:
    op.create_index(
        "ratings_skipped",
        "ratings",
        ["contributor", "decided_at", "prompt_id"],
        sqlite_where=sa.text(SKIPPED),
        postgresql_where=sa.text(SKIPPED),
    )
