"""What an Akismet client is told: yes or no, or that it must wait for a person.

Such a client knows no verdict but spam and not spam, and no submission of ours: it names its own
guids. One that named an address (the WordPress plugin) holds what we hold, and is told there of
later decisions; any other publishes or throws away at once, so for it a threshold decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from moderator.domain.queue import StoredSubmission
from moderator.domain.submission import Submission
from moderator.domain.verdict import Decision, RecordedDecision, Verdict

PREFIX = "akismet:"  # of our ids for what such clients ask about, and of their guids' keys
HOLD_SECONDS = 15 * 24 * 3600  # the plugin publishes by itself after twice that
GUIDS_KEPT = 2 * HOLD_SECONDS + 24 * 3600
SPAM, HAM = "true", "false"
REFUSED = frozenset({Verdict.SPAM, Verdict.DISCARD})


@dataclass(frozen=True, slots=True)
class Reply:
    """`body` is exactly what is answered; `is_held` asks to wait for a later answer."""

    body: str
    is_held: bool = False
    is_discarded: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A later answer: to whom, about which guids, with the key that proves it is ours."""

    url: str
    key: str
    guids: tuple[str, ...]
    result: str


def is_asked(submission: Submission) -> bool:
    """Whether it came from a client that asks, and has no comment of ours to be told about."""
    return submission.platform_id.startswith(PREFIX)


def reply(decision: Decision | None, *, plain_at: float, can_wait: bool) -> Reply:
    """What to answer by a decision, None where there is none in time."""
    if decision is None:
        return Reply(HAM, is_held=can_wait)
    match decision.verdict:
        case Verdict.APPROVE:
            return Reply(HAM)
        case Verdict.SPAM:
            return Reply(SPAM)
        case Verdict.DISCARD:
            return Reply(SPAM, is_discarded=True)
        case Verdict.HOLD if can_wait:
            return Reply(HAM, is_held=True)
        case _:
            return Reply(SPAM if decision.score >= plain_at else HAM)


def later_answer(stored: StoredSubmission, recorded: RecordedDecision) -> bytes | None:
    """What is to be told of a decision; None where who asked is waiting for it, or still waits.

    The first decision is the answer itself, unless it came too late for that.
    """
    is_answered = recorded.sequence == 1 and not stored.acknowledged.sequence
    verdict = recorded.decision.verdict
    if not stored.submission.answer_url or is_answered or verdict is Verdict.HOLD:
        return None
    return (SPAM if verdict in REFUSED else HAM).encode()


def guid_key(guid: str) -> str:
    return f"{PREFIX}{guid}"


def guids_of(keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(key.removeprefix(PREFIX) for key in keys)
