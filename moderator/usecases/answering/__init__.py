"""Answer who waits: ask, watch for the decision, try without storing, count."""
