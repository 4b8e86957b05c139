"""What pages and the API read of the database; nothing is written here."""
