"""What is remembered of links and counted of fetches, for all processes together."""
