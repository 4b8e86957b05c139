"""What the text checks compute with."""
