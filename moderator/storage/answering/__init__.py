"""What they read who wait for an answer, and what was counted of it."""
