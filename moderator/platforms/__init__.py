"""One blog platform per file: a decision in, the callback in its own words out."""
