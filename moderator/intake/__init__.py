"""One protocol per file: bytes in, Submission out."""
