"""The Akismet door: routes and answers in the protocol of its clients."""
