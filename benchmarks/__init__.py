"""How fast the service is: `make bench`. Speaks HTTP to real processes and reads their tables."""
