"""The links of a comment: found, judged by their shape, followed."""
