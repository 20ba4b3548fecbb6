"""Runs Alembic's migrations inside the transaction that `Database.migrate` opened."""

from alembic import context

from components.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=False
)
context.run_migrations()
