"""The plugin against real blogs: its own tests, and the whole journey with the real service."""
