"""One schema change per file."""
