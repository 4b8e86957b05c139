"""What judging looks up and writes, for a batch at a time."""
