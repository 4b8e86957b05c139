"""A judgement for trial: nothing of it is stored, counted or learned from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from moderator.domain.submission import Submission
from moderator.domain.verdict import Decision


@dataclass(frozen=True, slots=True)
class Trial:
    submission: Submission

    @property
    def id(self) -> str:
        return self.submission.id


class Trials(Protocol):
    """Hands trials to the workers and their answers back; forgets both within seconds."""

    def ask(self, trial: Trial) -> bool:
        """Return whether it was handed on; never raises."""
        ...

    def take(self, limit: int) -> list[Trial]: ...

    def answer(self, answers: Sequence[tuple[Trial, Decision]]) -> None: ...
