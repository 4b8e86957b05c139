"""Rules that people made: what they find, what they would have done, and where they come from."""
