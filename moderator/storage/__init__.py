"""The stores: SQLite and PostgreSQL behind one code path."""
