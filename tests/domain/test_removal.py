"""What is left of a submission, and of what was said about it, when a part had its time."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.content.removal import (
    addresses_of,
    email_hash,
    finding_without,
    ip_hash,
    reason_without,
    without,
)
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Author, Linkback, Request, Submission
from moderator.domain.timing.retention import Part, Retention, RetentionChoice, read_days
from moderator.domain.verdict import Reason
from tests.builders import POST, a_submission

MAIL, ADDRESS = "Anna.B+c@Mail.example.org", "2001:DB8::1"
ANNA = Author(id="anna@mail.example.org", name="Anna", email=MAIL, ip=ADDRESS, user_agent="Fox/1",
              url="https://anna.test/")  # fmt: skip
SPELLED = (MAIL, MAIL.lower(), MAIL.upper(), ADDRESS, "2001:db8::1")


def masked(key: str) -> str:
    return f"h{key}" if key else ""


def full() -> Submission:
    linkback = Linkback("pingback", "https://far.test/", POST.url, "Headline", "Quote", "<p>markup")
    request = Request("https://far.test/?q=anna", "trap", "value", "de")
    return a_submission("What she said.", author=ANNA, linkback=linkback, request=request,
                        ext={"mail": MAIL})  # fmt: skip


def test_who_gives_the_same_address_is_found_by_its_hash() -> None:
    left = without(Part.ADDRESSES, full(), 90, masked).author
    assert (left.email, left.ip, left.user_agent, left.id) == ("", "", "", "")
    assert left.email_key == masked(email_hash(f" {MAIL.swapcase()} "))
    assert left.ip_key == masked(ip_hash("2001:0db8:0:0:0:0:0:1"))
    assert left.email_key != masked(email_hash("b@mail.example.org"))
    assert (email_hash(" "), ip_hash("")) == ("", "")


def test_taking_away_twice_changes_nothing_but_the_days() -> None:
    for part in Part:
        once = without(part, full(), 7, masked)
        twice = without(part, once, 9, masked)
        assert replace(twice, removed=once.removed) == once
        assert once.removed != full().removed


def test_each_part_takes_its_own() -> None:
    words = without(Part.WORDS, full(), 1, masked)
    assert (words.text, words.content, words.author.name, words.author.url) == ("", "", "", "")
    assert (words.author.email, words.author.ip) == (MAIL, ADDRESS)
    pages = without(Part.PAGES, full(), 1, masked)
    assert pages.linkback == replace(full().linkback, source_html=None)  # type: ignore[type-var]  # it has one
    assert pages.text == "What she said."
    everything = full()
    for part in Part:
        everything = without(part, everything, 1, masked)
    said = json.dumps([str(everything)]).lower()
    for gone in ("she said", "anna", "fox/1", "quote", "headline", "markup", "far.test/?q"):
        assert gone not in said


VALUES = st.recursive(
    st.sampled_from([*(f"by {each} at" for each in SPELLED), "nothing", 1, None, True]),
    lambda parts: st.lists(parts) | st.dictionaries(st.sampled_from(["a", *SPELLED]), parts),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["at", "entries", MAIL]), VALUES))
def test_no_sentence_and_no_evidence_names_an_address(evidence: dict[str, object]) -> None:
    addresses = addresses_of(ANNA)
    finding = Finding("lists", Signal.SPAM, f"It names {MAIL.lower()}", "denied", 1.0, evidence)
    reason = Reason("denied", f"It names {ADDRESS}", 1.0, evidence)
    said = str(finding_without(Part.ADDRESSES, finding, addresses)).lower()
    said += str(reason_without(Part.ADDRESSES, reason, addresses)).lower()
    assert [each for each in SPELLED if each.lower() in said] == []


def test_what_is_said_of_words_is_a_code_and_what_counts() -> None:
    evidence: dict[str, object] = {
        "how": "exact", "duplicate_of": "0001", "original_platform_id": "7", "count": 3,
        "similar": 0.5, "is_sure": True, "name": "Anna", "parts": {"the name": 0.2},
    }  # fmt: skip
    kept = {key: evidence[key] for key in ("how", "duplicate_of", "original_platform_id",
                                           "count", "similar", "is_sure")}  # fmt: skip
    reason = Reason("advertising_author", "Anna sells", 0.4, evidence)
    left = reason_without(Part.WORDS, reason)
    assert left == Reason("advertising_author", "Advertising author", 0.4, kept)
    assert left.key == reason.key
    finding = Finding("lists", Signal.SPAM, "It names Anna", "", 1.0, evidence)
    assert finding_without(Part.WORDS, finding).reason == "Lists"


def test_a_site_s_days_go_before_the_installation_s() -> None:
    usual = Retention(1, 2, 3)
    assert RetentionChoice().over(usual) == usual
    assert RetentionChoice(words=0).over(usual) == Retention(1, 0, 3)
    assert [Retention(1, 2, 3).days(part) for part in Part] == [1, 2, 3]


@pytest.mark.parametrize(
    ("given_days", "days"), [("", None), (" 7 ", 7), ("usual", None), ("0", 0), ("3650", 3650)]
)
def test_days_are_read(given_days: str, days: int | None) -> None:
    assert read_days(given_days, "usual") == days
