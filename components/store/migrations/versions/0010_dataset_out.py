"""When the sprint publishes by itself, and who wants to be named."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Defaults of the server's for the rows that are there; new ones always say.
    op.add_column("sprint", sa.Column("publishing", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "contributors", sa.Column("credit", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
