"""Workers that are slow to write: what they found waits until somebody lets it through."""

from collections.abc import Callable
from functools import partial
from typing import Any  # a write is passed on as it came

from moderator.storage.base.database import Database
from moderator.storage.judging.reverify import ReverificationRows
from moderator.storage.judging.rows import JudgingRows

Write = Callable[[], object]


class Slowness:
    """Whether writes wait at this moment, and those that do."""

    def __init__(self) -> None:
        self.is_slow = False
        self.waiting: list[Write] = []

    def run(self, write: Write) -> int:
        if self.is_slow:
            self.waiting.append(write)
        else:
            write()
        return 0

    def take(self) -> list[Write]:
        taken, self.waiting = self.waiting, []
        return taken


class SlowJudging(JudgingRows):
    def __init__(self, database: Database, slowness: Slowness) -> None:
        super().__init__(database)
        self._slowness = slowness

    def finish(self, *args: Any, **kwargs: Any) -> int:  # noqa: ANN401  # passed on
        return self._slowness.run(partial(super().finish, *args, **kwargs))

    def store_source_content(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # passed on
        self._slowness.run(partial(super().store_source_content, *args, **kwargs))


class SlowLooks(ReverificationRows):
    def __init__(self, database: Database, slowness: Slowness) -> None:
        super().__init__(database)
        self._slowness = slowness

    def finish(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # passed on
        self._slowness.run(partial(super().finish, *args, **kwargs))
