"""Identifiers that sort by time (UUID version 7, RFC 9562 section 5.7), as 32 hex digits."""

from datetime import datetime


def new_id(now: datetime, entropy: bytes) -> str:
    """Return a UUIDv7 in hex; `entropy` is 10 random bytes."""
    milliseconds = int(now.timestamp() * 1000)
    rand_a = int.from_bytes(entropy[:2], "big") & 0x0FFF | 0x7000
    rand_b = int.from_bytes(entropy[2:10], "big") & (1 << 62) - 1 | 1 << 63
    return f"{milliseconds:012x}{rand_a:04x}{rand_b:016x}"


def accepted_ms(id_: str) -> int:
    """The time in an id, in milliseconds since 1970; 0 where there is none."""
    try:
        return int(id_[:12], 16)
    except ValueError:
        return 0
