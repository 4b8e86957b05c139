"""One operator's command per file."""
