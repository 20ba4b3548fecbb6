"""Leases are looked through about once a second; an index of their ends cost every rating more than that."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("leases_by_end", table_name="leases")
