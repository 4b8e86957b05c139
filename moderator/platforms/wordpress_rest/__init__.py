"""A WordPress with nothing of ours on it: what its REST API is asked, and what it answers."""
