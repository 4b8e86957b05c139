"""A few words that were spam of one are not spam of everybody."""

import pytest

from moderator.checks.duplicate import Duplicate
from moderator.domain.check import AuthorHistory
from moderator.domain.content.fingerprint import address_key, author_key
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Author
from moderator.domain.verdict import Verdict
from tests.builders import ALICE, BOB, a_context, a_sibling, a_submission

FEW = ("Great article", "Thanks for sharing this!", "感谢分享这篇文章,写得真好")
LONG = "It is about a classroom, a paper map, and the patience to walk across a language."
REFUSALS = (("spam", True), ("spam", False), ("trash", True))
ALICES = author_key(ALICE)
OFFERS = Author(name="Alice", email="alice@example.org", url="https://offers.test/")


def said(
    text: str, author: Author = ALICE, past: AuthorHistory | None = None, **of: object
) -> Finding:
    given: dict[str, object] = {"status": "spam", "by_person": True, "author_key": author_key(BOB)}
    spam = a_sibling("17", **(given | of))
    return Duplicate().run(a_submission(text, author=author), a_context(spam, history=past))


def verdict(finding: Finding) -> Verdict:
    return decide([finding], Policy()).verdict


@pytest.mark.parametrize("text", FEW)
@pytest.mark.parametrize(("status", "by_person"), REFUSALS)
def test_a_few_words_are_anybodys(text: str, status: str, *, by_person: bool) -> None:
    finding = said(text, status=status, by_person=by_person)
    assert finding.signal is Signal.NEUTRAL


def test_a_few_words_nearly_the_same_are_anybodys_too() -> None:
    assert said("Thanks for sharing this!", similarity=0.8).signal is Signal.NEUTRAL


@pytest.mark.parametrize("text", FEW)
def test_a_stranger_with_a_page_beside_them_waits(text: str) -> None:
    assert verdict(said(text, OFFERS)) is Verdict.HOLD
    assert verdict(said(f"{text} https://offers.test/")) is Verdict.HOLD
    known = AuthorHistory(approved=1, approved_by_person=1)
    assert verdict(said(text, OFFERS, known)) is Verdict.APPROVE


@pytest.mark.parametrize("text", FEW)
def test_of_the_same_hand_they_are_spam(text: str) -> None:
    assert said(text, author_key=ALICES).code == "known_spam"
    assert said(text, author_key="", address_key=address_key(ALICE)).code == "known_spam"


def test_more_words_are_spam_of_whomever() -> None:
    assert verdict(said(LONG)) is Verdict.SPAM


def test_the_same_link_is_spam_whatever_few_words_stand_beside_it() -> None:
    assert verdict(said("Look https://offers.test/")) is Verdict.SPAM
