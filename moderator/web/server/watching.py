"""Who hears of what the server answers, and of proxies that it does not know."""

from typing import Protocol

ROUTE = "moderator.route"  # in the environment: the rule that the application answered by
NONE = "none"  # what no rule was found for


class Watcher(Protocol):
    def answered(self, route: str, status: int) -> object: ...

    def unnamed_proxy(self, address: str) -> object:
        """A neighbour says for whom it asks, and is not believed."""
        ...


class Unwatched:
    """Nobody."""

    def answered(self, route: str, status: int) -> None:
        return None

    def unnamed_proxy(self, address: str) -> None:
        return None


UNWATCHED = Unwatched()
