"""What people do: sign in, read the pages, decide; and what a site may read."""
