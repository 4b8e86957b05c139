"""One question about one submission per file. Registered here, cheapest first."""
