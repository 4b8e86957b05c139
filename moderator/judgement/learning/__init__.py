"""What lessons do to a site's own model, and what they must leave as it is."""
