"""Whether a linkback is true: its source read, the link found and seen, looked at again later."""
