from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import UNKNOWN_LANGUAGE, Policy, decide, is_settled
from moderator.domain.verdict import Verdict

UNREAD = Finding("spam_text", Signal.SUSPECT, "A new language", code=UNKNOWN_LANGUAGE, weight=0.5)
DENSE = Finding("densities", Signal.SUSPECT, "Many links", weight=0.45)
BEFORE = Finding("author_history", Signal.SUSPECT, "Spam before", code="spam_before", weight=0.5)
DENIED = Finding("lists", Signal.SPAM, "On the denylist", weight=1.0)


def test_an_unknown_language_waits_whatever_adds_up() -> None:
    decision = decide((UNREAD, DENSE, BEFORE), Policy())
    assert decision.score > 1
    assert decision.verdict is Verdict.HOLD


def test_a_text_that_can_be_read_is_spam_by_what_adds_up() -> None:
    assert decide((DENSE, BEFORE), Policy()).verdict is Verdict.SPAM


def test_what_is_spam_by_itself_is_spam_in_every_language() -> None:
    assert decide((UNREAD, DENIED), Policy()).verdict is Verdict.SPAM


def test_somebody_outside_is_still_asked_about_an_unknown_language() -> None:
    assert not is_settled((UNREAD, DENSE, BEFORE), Policy())
    assert is_settled((UNREAD, DENIED), Policy())


def test_text_links_and_author_together_hold_and_make_no_spam() -> None:
    guesses = [
        Finding("spam_text", Signal.SUSPECT, "reads like spam", weight=0.75),
        Finding("advertising_link", Signal.SUSPECT, "looks like an offer", weight=0.5),
        Finding("author_shape", Signal.SUSPECT, "is called an offer", weight=0.45),
    ]
    decision = decide(guesses, Policy())
    assert decision.verdict is Verdict.HOLD
    assert decision.score == 0.89
    assert round(sum(reason.contribution for reason in decision.reasons), 4) == decision.score
    known = Finding("host_reputation", Signal.SUSPECT, "called spam here", weight=0.3)
    assert decide([*guesses, known], Policy()).verdict is Verdict.SPAM


def test_a_text_that_is_sure_makes_spam_alone() -> None:
    sure = Finding("spam_text", Signal.SUSPECT, "reads like spam", weight=0.98)
    link = Finding("advertising_link", Signal.SUSPECT, "looks like an offer", weight=0.5)
    assert decide([sure, link], Policy()).verdict is Verdict.SPAM
