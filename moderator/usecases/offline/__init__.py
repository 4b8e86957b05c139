"""Judge without a service, in memory: a stream, a site's history again, a list on trial."""
