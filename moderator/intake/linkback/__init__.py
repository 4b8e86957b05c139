"""The linkback protocols, a file for each, and what they share."""
