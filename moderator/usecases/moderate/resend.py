"""A person has a callback sent again that the blog refused, or that was given up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderator.domain.account import Scope
from moderator.domain.ports import Hints
from moderator.domain.queue import Job


class OutboxStore(Protocol):
    def resend(self, scope: Scope, delivery_id: str, now: datetime) -> str:
        """Queue a callback again, with all its tries; return the submission that it is about.

        Raises NotFoundError outside of `scope`; ConflictError for what waits, what the blog knows,
        and what a newer decision overtook.
        """
        ...


@dataclass(frozen=True, slots=True)
class Resend:
    store: OutboxStore
    hints: Hints

    def __call__(self, scope: Scope, delivery_id: str, *, now: datetime) -> str:
        """Return the submission that it is about. Raises NotFoundError, ConflictError."""
        submission_id = self.store.resend(scope, delivery_id, now)
        self.hints.work_is_due(Job.DELIVER)
        return submission_id
