"""Callbacks: what is sent, how an answer is read, and when to try again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Seconds until the next try, after the first, second, ... failure (Standard Webhooks).
SCHEDULE = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
FINAL = frozenset({404, 409, 410})  # gone, changed by a person, endpoint disabled
MAX_RETRY_AFTER = 86_400


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUSED = "refused"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"  # a newer decision took its place


@dataclass(frozen=True, slots=True)
class Callback:
    """One row of the outbox: `body` is frozen, `id` is the webhook-id of every try.

    `is_overtaken` says that a newer decision stands: it must not be sent any more. `url` and
    `guids` are of a client that named where it wants to be told, '' and none of all others.
    """

    id: str
    site_id: str
    body: bytes
    tries: int
    is_overtaken: bool = False
    url: str = ""
    guids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What came back: `status` 0 if nothing did; `refusal` is why the blog did not apply it.

    `error` is what went wrong, with any status: an answer may not come to its end.
    """

    status: int
    error: str = ""
    refusal: str = ""
    retry_after: int | None = None

    @property
    def is_taken(self) -> bool:
        """Whether this is a 2xx that came whole."""
        return 200 <= self.status < 300 and not self.error  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Attempt:
    state: DeliveryState
    status: int
    error: str = ""
    retry_at: datetime | None = None


OVERTAKEN = Attempt(DeliveryState.WITHDRAWN, 0, "a newer decision took its place")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One callback and how it fares."""

    id: str
    decision_id: str
    event: str
    state: DeliveryState
    tries: int
    last_status: int
    last_error: str
    created_at: datetime
    finished_at: datetime | None


def judge_answer(
    answer: CallbackAnswer,
    tries: int,
    *,
    now: datetime,
    jitter: float,
    schedule: Sequence[int] = SCHEDULE,
) -> Attempt:
    """Read an answer to try number `tries` (from 1). `jitter` is 0..1 and spreads retries by 20 %.

    A whole 2xx is success (or a refusal that the blog explains), 404/409/410 are final refusals,
    anything else, redirects included, is tried again by schedule and then a dead letter.
    """
    if answer.is_taken:
        state = DeliveryState.REFUSED if answer.refusal else DeliveryState.DELIVERED
        return Attempt(state, answer.status, answer.refusal)
    if answer.status in FINAL:
        return Attempt(DeliveryState.REFUSED, answer.status, answer.error or "refused by the blog")
    if tries > len(schedule):
        return Attempt(DeliveryState.DEAD, answer.status, answer.error)
    wait = schedule[tries - 1] * (1 + 0.2 * jitter)
    if answer.retry_after is not None:
        wait = max(wait, min(answer.retry_after, MAX_RETRY_AFTER))
    return Attempt(
        DeliveryState.WAITING, answer.status, answer.error, now + timedelta(seconds=wait)
    )
