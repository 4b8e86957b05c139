"""What a blog tells us, in whatever order: its events, what is known then, what they change."""
