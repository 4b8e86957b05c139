"""One judgement: what is decided, what must be asked first, and what is said about the text."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from moderator.checks import LOCAL
from moderator.domain.check import Context, RemoteTools, ScoredPiece, TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.campaign import MIN_SHOWN_MEMBERS, Campaign, SiteShare
from moderator.domain.judge import Case, Judge, Judged
from moderator.domain.policy import Policy
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Verdict
from tests.builders import NOON, a_context, a_site, a_submission, again_at_place

TEXT = "Buy the very best watches in the whole town today, the offer ends at midnight for all"


class Explains:
    """A text judge that keeps whom it was asked about."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def score(self, many: Sequence[Facts]) -> list[TextScore]:
        raise AssertionError(many)

    def explain(self, many: Sequence[tuple[Facts, TextScore]]) -> list[TextScore]:
        self.asked += [facts.submission.id for facts, _ in many]
        return [
            replace(score, scored_pieces=(ScoredPiece("best watches", 2.0),), theme="a shop")
            for _, score in many
        ]


class Asks:
    name = "akismet"

    def applies(self, submission: Submission, context: Context) -> bool:
        return True

    async def run(self, submission: Submission, context: Context, tools: RemoteTools) -> Finding:
        raise AssertionError


def judged(
    probability: float, *, submission: Submission | None = None, **context: object
) -> tuple[Judged, Explains]:
    text_judge = Explains()
    score = TextScore(probability, model="m")
    around = replace(a_context(text_score=score), **context)  # type: ignore[arg-type]
    case = Case(submission or a_submission(TEXT, author=Author()), around)
    (found,) = Judge(LOCAL, text_judge=text_judge)([case])
    return found, text_judge


def told(found: Judged) -> str:
    return next(finding.reason for finding in found.findings if finding.check == "spam_text")


def a_campaign(members: int, elsewhere: int = 0) -> Campaign:
    shares = {"blog": SiteShare("1", "", NOON, NOON, members=members)} if members else {}
    if elsewhere:
        shares["other"] = SiteShare("9", "", NOON, NOON, members=elsewhere)
    return Campaign("c", members + elsewhere, NOON, NOON, shares)


@pytest.mark.parametrize(("probability", "verdict"), [(0.6, Verdict.HOLD), (0.99, Verdict.HOLD)])
def test_what_a_person_will_look_at_is_explained(probability: float, verdict: Verdict) -> None:
    found, _ = judged(probability)
    assert found.decision is not None
    assert found.decision.verdict is verdict
    because = "reads like spam"
    (reason,) = (each for each in found.decision.reasons if each.code == "spam_text")
    assert because in reason.text
    assert reason.text.endswith("probably a shop: “best watches”")
    assert reason.evidence["carried_by"] == [["best watches", 2.0]]
    assert reason.text == told(found)


def test_to_explain_changes_no_weight() -> None:
    found, _ = judged(0.6)
    silent = Judge(LOCAL)(
        [Case(a_submission(TEXT, author=Author()), a_context(text_score=TextScore(0.6)))]
    )
    assert silent[0].decision is not None
    assert found.decision is not None
    assert found.decision.score == silent[0].decision.score
    assert told(silent[0]) == "The text reads like spam (60%)"


def test_spam_is_explained_for_who_doubts_it() -> None:
    phone = a_submission(f"{TEXT}, call +1 202 555 0123", author=Author())
    found, text_judge = judged(0.99, submission=phone)
    assert found.decision is not None
    assert found.decision.verdict is Verdict.SPAM
    assert text_judge.asked == [phone.id]


@pytest.mark.parametrize(
    ("probability", "context"),
    [
        (0.3, {}),  # nobody asks why it was approved
        (0.6, {"site": a_site(policy=Policy(hold_at=0.7))}),
        (0.6, {"at_place": (again_at_place(a_submission(TEXT, id="0", platform_id="0")),)}),
        (0.6, {"campaign": a_campaign(MIN_SHOWN_MEMBERS)}),  # the first two told it
    ],
)
def test_what_nobody_reads_is_not_explained(probability: float, context: dict[str, object]) -> None:
    late = a_submission(TEXT, created_at=NOON.replace(hour=13))
    found, text_judge = judged(probability, submission=late, **context)
    assert found.decision is not None
    assert text_judge.asked == []


@pytest.mark.parametrize(
    "campaign", [a_campaign(MIN_SHOWN_MEMBERS - 1), a_campaign(0, 50), a_campaign(1, 50)]
)
def test_the_first_of_a_campaign_on_a_site_are_explained(campaign: Campaign) -> None:
    _, text_judge = judged(0.6, campaign=campaign)
    assert text_judge.asked == ["0001"]


def test_who_must_be_asked_first_leaves_it_undecided_but_explained() -> None:
    """Another stage decides, and has no model at hand."""
    text_judge = Explains()
    context = a_context(text_score=TextScore(0.6))
    judge = Judge(LOCAL, (Asks(),), text_judge)
    submission = a_submission(TEXT, author=Author())
    (open_,) = judge([Case(submission, context)])
    assert open_.decision is None
    assert "best watches" in told(open_)
    answer = Finding("akismet", Signal.HAM, "not spam", weight=-0.1)
    (closed,) = judge([Case(submission, context, (answer,))])
    assert closed.decision is not None
    assert closed.findings[-1] is answer


def test_facts_of_a_batch_are_used_and_those_of_another_are_not() -> None:
    mine, other = a_submission("one"), a_submission("two")
    facts = Facts(mine)
    context = replace(a_context(), facts=facts)
    assert context.about(mine) is facts
    assert context.about(other).folded == "two"
