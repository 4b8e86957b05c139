"""Tests mirror moderator/ and workers/."""
