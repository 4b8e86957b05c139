"""What the entries of a site's denylist and allowlist mean, and what they name."""
