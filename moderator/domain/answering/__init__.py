"""What they are told who wait for an answer, and what is counted of it."""
