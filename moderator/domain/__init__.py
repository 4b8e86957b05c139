"""The words and the rules of moderation: pure values and functions, no I/O, no clock."""
