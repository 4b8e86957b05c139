"""Rules that people made act as they say, in shadow they only count, and contributions add up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.checks.rules import Rules
from moderator.domain.finding import Finding, Signal
from moderator.domain.judge import Case, Judge
from moderator.domain.rule import Rule, RuleKind, RuleState
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Decision, Verdict
from tests.builders import NOON, a_context, a_site, a_submission
from tests.domain.test_rule import a_rule

KNOWN = Finding("author_history", Signal.HAM, "Known here", "known_author", -0.6)
DOUBT = Finding("spam_text", Signal.SUSPECT, "Reads like spam", "spam_text", 0.6)
SHOUT = Finding("spam_text", Signal.SPAM, "Reads like spam", "spam_text", 0.95)


def live(what: str = "casino", action: Verdict = Verdict.SPAM, **changes: object) -> Rule:
    return a_rule(**({"what": what, "action": action, "state": RuleState.LIVE} | changes))


def decided(submission: Submission, *rules: Rule, known: tuple[Finding, ...] = ()) -> Decision:
    context = a_context(site=a_site(rules=rules))
    (judged,) = Judge((Rules(),))([Case(submission, context, known)])
    assert judged.decision is not None
    total = round(sum(reason.contribution for reason in judged.decision.reasons), 4)
    assert total == judged.decision.score
    return judged.decision


CASINO = a_submission("Come to my casino tonight")


@pytest.mark.parametrize("known", [(), (KNOWN,), (DOUBT,), (SHOUT,)])
@pytest.mark.parametrize("action", [Verdict.SPAM, Verdict.DISCARD])
def test_a_block_acts_whatever_speaks_for_it(action: Verdict, known: tuple[Finding, ...]) -> None:
    assert decided(CASINO, live(action=action), known=known).verdict is action


def test_a_rule_that_holds_lets_spam_be_spam() -> None:
    rule = live(action=Verdict.HOLD)
    assert decided(CASINO, rule, known=(KNOWN,)).verdict is Verdict.HOLD
    assert decided(CASINO, rule, known=(SHOUT,)).verdict is Verdict.SPAM


def test_trust_speaks_for_it_and_forces_nothing() -> None:
    rule = live(action=Verdict.APPROVE)
    assert decided(CASINO, rule, known=(DOUBT,)).verdict is Verdict.APPROVE
    assert decided(CASINO, rule, known=(SHOUT, DOUBT)).verdict is Verdict.SPAM


def test_the_strictest_of_several_answers() -> None:
    rules = [live(action=action, id=action.value) for action in Verdict]
    assert decided(CASINO, *rules).verdict is Verdict.SPAM
    assert decided(CASINO, *rules[:2]).verdict is Verdict.HOLD


def test_a_rule_in_shadow_changes_nothing_and_says_what_it_would_have_done() -> None:
    shadow = live(state=RuleState.SHADOW)
    decision = decided(CASINO, shadow, known=(DOUBT,))
    assert decision == decided(CASINO, known=(DOUBT,))
    (finding,) = Rules().run(CASINO, a_context(site=a_site(rules=(shadow,))))
    assert (finding.signal, finding.weight) == (Signal.NEUTRAL, 0.0)
    assert "casino (in the text) (spam)" in finding.reason


@pytest.mark.parametrize("state", [RuleState.DRAFT, RuleState.EXPIRED])
def test_drafts_and_expired_rules_say_nothing(state: RuleState) -> None:
    assert Rules().run(CASINO, a_context(site=a_site(rules=(live(state=state),)))) == ()


def test_a_rule_ends_by_itself() -> None:
    rules = (live(ends_at=NOON + timedelta(minutes=1)),)
    context = a_context(site=a_site(rules=rules))
    assert Rules().run(CASINO, replace(context, now=NOON)) != ()
    assert Rules().run(CASINO, replace(context, now=NOON + timedelta(minutes=1))) == ()


def test_the_blogs_own_people_pass() -> None:
    editor = replace(CASINO, author=Author(name="Ed", role="editor", is_authenticated=True))
    assert decided(editor, live()).verdict is Verdict.APPROVE


@pytest.mark.parametrize(("links", "is_held"), [(1, False), (2, True), (3, True)])
def test_so_many_links_or_more(links: int, *, is_held: bool) -> None:
    text = " ".join(f"https://a{n}.example/x" for n in range(links))
    rule = live(kind=RuleKind.LINKS, what="2", action=Verdict.HOLD)
    assert (decided(a_submission(text), rule).verdict is Verdict.HOLD) is is_held


def test_a_pattern_finds_what_it_says() -> None:
    rule = live(kind=RuleKind.PATTERN, what=r"cas\w+o", action=Verdict.HOLD, name="Gambling")
    decision = decided(CASINO, rule)
    assert decision.reasons[0].text == "A rule lets it wait for a person: Gambling (in the text)"
    evidence = decision.reasons[0].evidence["rules"]
    assert evidence == [
        {
            "rule": "r1",
            "name": "Gambling",
            "would": "hold",
            "matches": [{"entry": r"cas\w+o", "where": "text", "at": "casino"}],
        }
    ]
