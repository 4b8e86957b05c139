import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from moderator.checks.akismet import Akismet
from moderator.domain.check import RemoteTools
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.ports import FetchedPage, LinkFate, SpamAnswer, SpamOpinion
from moderator.domain.site import Site
from moderator.domain.submission import Author, Request, Submission
from moderator.domain.verdict import Verdict
from tests.builders import a_context, a_site, a_submission

CONTEXT = a_context(site=replace(a_site(), akismet_key="0123456789ab"))


class Says:
    """A spam service that always says the same."""

    def __init__(self, opinion: SpamOpinion) -> None:
        self._opinion = opinion

    async def ask(self, submission: Submission, site: Site) -> SpamOpinion:
        return self._opinion


class NoWay:
    """A door and a memory that this check has no business with."""

    async def get(
        self, url: str, *, allowed: frozenset[tuple[str, int]] = frozenset(), head: bool = False
    ) -> FetchedPage:
        raise AssertionError(url)

    async def recall(self, urls: Iterable[str], now: datetime) -> dict[str, LinkFate]:
        raise AssertionError(urls)

    async def remember(self, fates: Sequence[LinkFate], now: datetime) -> None:
        raise AssertionError(fates)


def run(answer: SpamAnswer, detail: str = "", reference: str = "") -> Finding:
    tools = RemoteTools(NoWay(), Says(SpamOpinion(answer, detail, reference)), NoWay())
    return asyncio.run(Akismet().run(a_submission(), CONTEXT, tools))


@pytest.mark.parametrize(
    ("answer", "signal", "code", "verdict"),
    [
        (SpamAnswer.DISCARD, Signal.SPAM, "akismet_blatant", Verdict.SPAM),
        (SpamAnswer.SPAM, Signal.SPAM, "akismet_spam", Verdict.SPAM),
        (SpamAnswer.HAM, Signal.HAM, "akismet_ham", Verdict.APPROVE),
        (SpamAnswer.UNKNOWN, Signal.UNAVAILABLE, "akismet_unknown", Verdict.HOLD),
    ],
)
def test_what_an_answer_comes_to(
    answer: SpamAnswer, signal: Signal, code: str, verdict: Verdict
) -> None:
    finding = run(answer)
    assert (finding.signal, finding.code) == (signal, code)
    assert decide([finding], Policy()).verdict is verdict


def test_an_unknown_says_why_and_weighs_nothing() -> None:
    finding = run(SpamAnswer.UNKNOWN, "error 10003", "f00d")
    assert finding.reason == "Akismet gave no verdict: error 10003"
    assert finding.weight == 0
    assert finding.evidence == {"guid": "f00d"}


def test_it_applies_when_there_is_a_key_and_an_address() -> None:
    assert Akismet().applies(a_submission(), CONTEXT)
    assert not Akismet().applies(a_submission(), a_context())
    assert not Akismet().applies(a_submission(author=Author(name="Alice")), CONTEXT)


def test_what_filled_the_honeypot_is_not_sent() -> None:
    trapped = a_submission(request=Request(honeypot_name="x", honeypot_value="filled"))
    assert not Akismet().applies(trapped, CONTEXT)
