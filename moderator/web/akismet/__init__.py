"""The Akismet endpoints: routes and answers in the protocol of its clients."""
