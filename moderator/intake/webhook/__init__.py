"""Our own webhook: one event or many, from bytes to an Arrival."""
