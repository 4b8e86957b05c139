"""How work is run, not what it is."""
