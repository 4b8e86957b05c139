"""The verbs of the service: accept, check, deliver, moderate."""
