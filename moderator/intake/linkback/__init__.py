"""The linkback protocols, a file for each and a line in intake/__init__.py, and what they share."""
