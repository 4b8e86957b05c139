"""The HTTP server: connections, what comes on them and how much, threads that answer."""
