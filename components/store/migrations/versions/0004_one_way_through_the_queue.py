"""One index leads through the queue: each prompt that is handed out had to be moved in two."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("queue_by_level", "queue")
    op.drop_index("queue_by_cell", "queue")
    op.create_index("queue_by_place", "queue", ["level", "cell", "shuffle"])
