"""The only Flask in the project."""
