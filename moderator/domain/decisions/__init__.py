"""What follows from a verdict: who may decide, what is written with it, what the blog is told."""
