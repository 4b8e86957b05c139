from dataclasses import replace

import pytest

from moderator.checks.spam_text import ReadsLikeSpam
from moderator.domain.check import Carrier, TextScore
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.verdict import Verdict
from tests.builders import a_context, a_submission

PHRASES = (Carrier("check out my channel", 4.2), Carrier("subscribe", 1.5))
SPAM = TextScore(0.999, carriers=PHRASES, model="tried")


def run(score: TextScore | None, text: str = "Check out my channel, subscribe") -> Finding:
    return ReadsLikeSpam().run(a_submission(text), replace(a_context(), text_score=score))


def verdict(*findings: Finding) -> Verdict:
    return decide(findings, Policy()).verdict


def test_text_alone_holds_but_never_condemns() -> None:
    assert verdict(run(SPAM)) is Verdict.HOLD


def test_text_that_wants_to_be_contacted_is_spam() -> None:
    assert verdict(run(SPAM, "Check out my channel, write to me@sub.example")) is Verdict.SPAM
    assert verdict(run(SPAM, "Call our support number +1-888-222-3333 now")) is Verdict.SPAM


def test_a_link_is_no_evidence() -> None:
    assert verdict(run(SPAM, "Check out my channel at http://sub.example/")) is Verdict.HOLD


def test_other_evidence_makes_it_spam() -> None:
    disposable = Finding("disposable_email", Signal.SUSPECT, "Thrown away after use", weight=0.2)
    assert verdict(run(SPAM), disposable) is Verdict.SPAM


@pytest.mark.parametrize("chance", [0.0, 0.05, 0.2, 0.39])
def test_what_is_hardly_spam_is_approved(chance: float) -> None:
    finding = run(TextScore(chance))
    assert verdict(finding) is Verdict.APPROVE
    assert finding.weight == chance


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_an_unknown_language_waits_whatever_the_score(chance: float) -> None:
    finding = run(TextScore(chance, is_familiar=False), "Ring 0800 222 3333 000 now")
    assert finding.code == "unknown_language"
    assert verdict(finding) is Verdict.HOLD


def test_the_reason_quotes_what_carried_the_score() -> None:
    assert "“check out my channel”, “subscribe”" in run(SPAM).reason


def test_without_a_model_there_is_nothing_to_say() -> None:
    assert run(None).signal is Signal.NEUTRAL


@pytest.mark.parametrize("text", ["+1", "10/10", ":-)", "https://paper.example/story", "?!"])
def test_where_there_are_no_words_there_is_nothing_to_judge(text: str) -> None:
    assert run(SPAM, text).signal is Signal.NEUTRAL


@pytest.mark.parametrize(
    "text",
    [
        "See https://www.facebook.com/328161397316808/posts/1598558580277077 about it",
        "The spammer came from 40.31.189.179 and 30.83.37.97",
    ],
)
def test_numbers_of_addresses_are_no_telephone_numbers(text: str) -> None:
    assert verdict(run(SPAM, text)) is Verdict.HOLD
