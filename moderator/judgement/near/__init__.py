"""Texts that are nearly the same: sketches, and an index of them in memory."""
