"""Runs the migrations over the engine that storage/schema/migrate.py hands in."""

from alembic import context

from moderator.storage.schema.tables import metadata

with context.config.attributes["engine"].connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # A change of whole tables takes its time, and is no look-up.
            for setting in ("statement_timeout = 0", "enable_seqscan = on", "enable_hashjoin = on"):
                connection.exec_driver_sql(f"SET LOCAL {setting}")
        context.run_migrations()
    connection.commit()
