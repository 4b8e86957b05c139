"""Runs the migrations over the engine that storage/schema/migrate.py hands in."""

from alembic import context

from moderator.storage.schema.partial import with_conditions
from moderator.storage.schema.tables import metadata

ONE_AT_A_TIME = 0x6D6F6465  # a number of our own, the same for all

with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection, target_metadata=with_conditions(metadata), render_as_batch=True
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # Several may start at once: the first changes the schema, the others find it so.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
            # A change of whole tables takes its time, and is no look-up.
            for setting in ("statement_timeout = 0", "enable_seqscan = on", "enable_hashjoin = on"):
                connection.exec_driver_sql(f"SET LOCAL {setting}")
        context.run_migrations()
    connection.commit()
