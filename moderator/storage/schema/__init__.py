"""The tables of both databases, and how a database comes to have them."""
