"""What clients that know only yes and no are told of four verdicts."""

import pytest

from moderator.domain.answering.replies import Reply, is_asked, later_answer, reply
from moderator.domain.queue import LATE, Acknowledged, StoredSubmission
from moderator.domain.verdict import Decider, DeciderKind, Decision, RecordedDecision, Verdict
from tests.builders import NOON, a_submission

MODEL = Decider(DeciderKind.RULE, "policy", "policy")


def a_decision(verdict: Verdict, score: float = 0.5) -> Decision:
    return Decision(verdict, MODEL, score=score)


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (Verdict.APPROVE, Reply("false")),
        (Verdict.SPAM, Reply("true")),
        (Verdict.DISCARD, Reply("true", is_discarded=True)),
    ],
)
@pytest.mark.parametrize("can_wait", [True, False])
def test_a_clear_verdict_is_told_as_it_is(verdict: Verdict, told: Reply, *, can_wait: bool) -> None:
    assert reply(a_decision(verdict), plain_at=0.6, can_wait=can_wait) == told


def test_who_can_wait_is_asked_to() -> None:
    assert reply(a_decision(Verdict.HOLD, 0.89), plain_at=0.6, can_wait=True) == Reply(
        "false", is_held=True
    )
    assert reply(None, plain_at=0.6, can_wait=True) == Reply("false", is_held=True)


@pytest.mark.parametrize(
    ("score", "plain_at", "body"),
    [(0.59, 0.6, "false"), (0.6, 0.6, "true"), (0.5, 0.45, "true"), (0.0, 0.6, "false")],
)
def test_for_who_cannot_a_threshold_decides(score: float, plain_at: float, body: str) -> None:
    decision = a_decision(Verdict.HOLD, score)
    assert reply(decision, plain_at=plain_at, can_wait=False) == Reply(body)


def test_who_cannot_wait_is_told_no_where_nothing_is_known() -> None:
    assert reply(None, plain_at=0.1, can_wait=False) == Reply("false")


def later(
    verdict: Verdict, sequence: int = 1, heard: int = 0, url: str = "http://b.example/"
) -> bytes | None:
    said = a_submission(platform_id="akismet:1", answer_url=url)
    standing = StoredSubmission(
        said, sequence - 1, "queued", acknowledged=Acknowledged("hold" if heard else "", "", heard)
    )
    recorded = RecordedDecision("1", "0001", sequence, NOON, "queued", a_decision(verdict))
    return later_answer(standing, recorded)


def test_the_first_decision_is_the_answer_itself() -> None:
    assert later(Verdict.SPAM) is None


def test_what_came_too_late_is_told_later() -> None:
    assert later(Verdict.SPAM, heard=LATE) == b"true"
    assert later(Verdict.APPROVE, heard=LATE) == b"false"
    assert later(Verdict.DISCARD, heard=LATE) == b"true"


def test_every_later_decision_is_told_but_another_hold() -> None:
    assert later(Verdict.APPROVE, sequence=2) == b"false"
    assert later(Verdict.HOLD, sequence=2) is None


def test_who_named_no_address_is_told_nothing() -> None:
    assert later(Verdict.APPROVE, sequence=2, url="") is None


def test_only_what_such_a_client_asked_about_is_told_so() -> None:
    assert is_asked(a_submission(platform_id="akismet:1"))
    assert not is_asked(a_submission(platform_id="1"))
