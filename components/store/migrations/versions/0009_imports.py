"""Which import brought a prompt, so that an import can be undone as a whole."""

import json

import sqlalchemy as sa
from alembic import op

from components.store.schema import SELDOM

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("prompts", sa.Column("import_id", sa.String(length=36)))
    op.create_index("prompts_by_import", "prompts", ["import_id"])
    connection = op.get_bind()
    imported = connection.execute(
        sa.text(f"SELECT writer, number, payload FROM events WHERE {SELDOM} AND action = 'imported'")
    )
    for writer, number, payload in imported.all():
        import_id = json.loads(payload or "{}").get("import")
        if import_id:
            connection.execute(
                sa.text("UPDATE prompts SET import_id = :id WHERE writer = :writer AND number = :number"),
                {"id": import_id, "writer": writer, "number": number},
            )
