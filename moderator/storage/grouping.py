"""Group commit: arrivals of many requests share one transaction, and so one sync to disk.

While one group is being written the next gathers, so the group's size follows the load by itself
and a lone request waits for nobody.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future

from sqlalchemy.exc import SQLAlchemyError

from moderator.domain.arrival import Arrival, Receipt
from moderator.domain.errors import (
    ConflictError,
    ModeratorError,
    NotFoundError,
    StorageUnavailableError,
)
from moderator.storage.intake import IntakeRows

Answer = Receipt | ConflictError | NotFoundError
Waiting = tuple[Sequence[Arrival], "Future[list[Answer]]"]

MAX_GROUP = 500  # arrivals in one transaction
PATIENCE = 15.0  # seconds a request waits for its group


class GroupedIntake:
    """`usecases.accept.IntakeStore` that writes the arrivals of concurrent requests together."""

    def __init__(self, rows: IntakeRows) -> None:
        self._rows = rows
        self._waiting: list[Waiting] = []
        self._wake = threading.Condition()
        threading.Thread(target=self._run, name="intake", daemon=True).start()

    def waiting(self) -> int:
        return self._rows.waiting()

    def add(self, arrivals: Sequence[Arrival]) -> list[Answer]:
        answer: Future[list[Answer]] = Future()
        with self._wake:
            self._waiting.append((arrivals, answer))
            self._wake.notify()
        try:
            return answer.result(timeout=PATIENCE)
        except TimeoutError as error:
            # It may still be written: the sender repeats it, and is then told so.
            raise StorageUnavailableError("The database is too slow") from error

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._waiting:
                    self._wake.wait()
                group = self._take()
            self._write(group)

    def _take(self) -> list[Waiting]:
        size = 0
        group: list[Waiting] = []
        while self._waiting and (not group or size + len(self._waiting[0][0]) <= MAX_GROUP):
            group.append(self._waiting.pop(0))
            size += len(group[-1][0])
        return group

    def _write(self, group: list[Waiting]) -> None:
        try:
            answers = self._rows.add([arrival for arrivals, _ in group for arrival in arrivals])
        except ModeratorError as error:
            for _, answer in group:
                answer.set_exception(error)
            return
        except SQLAlchemyError as error:  # one request's fault must not be its neighbours'
            self._write_alone(group, error)
            return
        start = 0
        for arrivals, answer in group:
            answer.set_result(answers[start : start + len(arrivals)])
            start += len(arrivals)

    def _write_alone(self, group: list[Waiting], error: SQLAlchemyError) -> None:
        if len(group) == 1:
            group[0][1].set_exception(error)
            return
        for waiting in group:
            self._write([waiting])
