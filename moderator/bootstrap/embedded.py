"""What `moderator up` starts beside its own processes; nothing else is imported for it."""

from moderator.clients.redis.program import redis_command

__all__ = ["redis_command"]
