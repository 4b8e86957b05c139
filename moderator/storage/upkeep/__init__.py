"""Whether the database and all processes are well, and what is forgotten in time."""
