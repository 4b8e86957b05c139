"""Every way out of the process besides the database."""
