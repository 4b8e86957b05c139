"""Look again at what links lead to: sources of linkbacks, links that a site shows."""
