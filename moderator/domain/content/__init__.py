"""What is seen in one submission: facts that all checks share, keys of its text and its author."""
