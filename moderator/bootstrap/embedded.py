"""What `moderator up` starts beside its own processes; nothing else is imported for it."""

from moderator.clients.redis_program import redis_command

__all__ = ["redis_command"]
