"""Runs migrations on the engine that ``workbench.store.database`` hands over."""

from alembic import context

from workbench.store.tables import metadata

with context.config.attributes["engine"].connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
