"""Which of two submissions came first: by the blog's time, then by the blog's own id."""

from datetime import datetime

Precedence = tuple[datetime, int, str]


def precedence(created_at: datetime, platform_id: str) -> Precedence:
    """A sort key; numeric ids compare as numbers, and before others."""
    if platform_id.isascii() and platform_id.isdigit() and len(platform_id) <= 18:  # noqa: PLR2004
        return (created_at, int(platform_id), "")
    return (created_at, 1 << 62, platform_id)
