"""Wires real parts together: the only file that knows stores and clients by name."""

from moderator.clients.http import GuardedFetcher
from moderator.domain.ports import Fetcher


def build_fetcher() -> Fetcher:
    """The guarded door; building it reads the system's certificates once."""
    return GuardedFetcher()
