"""Copies are found, and only copies; the earliest survives in whatever order they arrive."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.checks import duplicate
from moderator.checks.duplicate import COMPARED, Duplicate
from moderator.domain.content.fingerprint import author_key, page_key
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import CopyHandling, Policy, decide
from moderator.domain.submission import Author, Kind, Linkback, Submission
from moderator.domain.verdict import Verdict
from tests.builders import (
    ALICE,
    BOB,
    NOON,
    POST,
    a_context,
    a_pingback,
    a_sibling,
    a_submission,
    again_at_place,
)

LONG = "It is about a classroom, a paper map, and the patience to walk across a language."
SHORT = "Thank you for writing this!"
HOUR = timedelta(hours=1)
ALICES = author_key(ALICE)
BOBS = author_key(BOB)


def later(text: str = LONG, **changes: object) -> Submission:
    given: dict[str, object] = {"id": "id-9", "platform_id": "9", "created_at": NOON + HOUR}
    return a_submission(text, **(given | changes))


def earlier(text: str = LONG, **changes: object) -> Submission:
    return a_submission(text, **({"id": "id-17", "platform_id": "17"} | changes))


def test_a_double_click_is_redundant_and_names_the_original() -> None:
    finding = Duplicate().run(later(), a_context(at_place=[again_at_place(earlier())]))
    assert finding.signal is Signal.REDUNDANT
    assert finding.code == "duplicate"
    assert finding.weight == 0
    assert finding.reason == "The same text as comment 17 of 2026-03-04 12:00, which came first"
    assert finding.evidence == {
        "duplicate_of": "id-17",
        "how": "again",
        "original_platform_id": "17",
        "original_created_at": "2026-03-04T12:00:00+00:00",
        "similarity": 1.0,
    }
    decision = decide([finding], Policy())
    assert (decision.verdict, decision.duplicate_of) == (Verdict.DISCARD, "id-17")


def test_a_site_may_want_to_look_at_copies() -> None:
    finding = Duplicate().run(later(), a_context(at_place=[again_at_place(earlier())]))
    decision = decide([finding], Policy(copies=CopyHandling.HOLD))
    assert (decision.verdict, decision.duplicate_of) == (Verdict.HOLD, "id-17")
    own_ping = Finding("self_ping", Signal.REDUNDANT, "The blog links to itself")
    assert decide([own_ping], Policy(copies=CopyHandling.HOLD)).verdict is Verdict.DISCARD


def test_another_person_may_say_the_same() -> None:
    original = a_sibling("17", author_key=BOBS, status="approved")
    finding = Duplicate().run(later(), a_context(original))
    assert (finding.signal, finding.code) == (Signal.SUSPECT, "said_before")
    assert finding.reason == "Comment 17 of 2026-03-04 12:00 says the same, as people do"
    assert decide([finding], Policy()).verdict is Verdict.APPROVE


def test_own_staff_may_say_a_thing_as_often_as_they_like() -> None:
    owner = Author(name="Owner", id="1", role="administrator", is_authenticated=True)
    thanks, spam = later(author=owner), a_sibling("16", status="spam", by_person=True)
    at_place = [again_at_place(earlier(author=owner))]
    finding = Duplicate().run(thanks, a_context(spam, at_place=at_place))
    assert (finding.signal, finding.code) == (Signal.NEUTRAL, "own_staff")


def test_a_correction_says_what_it_corrects_and_is_not_weighed() -> None:
    right = later(LONG.replace("paper", "linen"))
    near = a_sibling("17", similarity=0.9, status="approved")
    finding = Duplicate().run(right, a_context(near, at_place=[again_at_place(earlier())]))
    assert (finding.signal, finding.code, finding.weight) == (Signal.NEUTRAL, "corrects", 0)
    assert finding.reason == "It corrects comment 17 of 2026-03-04 12:00"
    assert finding.evidence == {
        "corrects": ["id-17"],
        "similar_to": "id-17",
        "same_words": False,
    }


def test_what_was_corrected_gives_way_to_the_correction() -> None:
    right = again_at_place(later(LONG.replace("paper", "linen")))
    finding = Duplicate().run(earlier(), a_context(at_place=[right]))
    assert finding.signal is Signal.REDUNDANT
    assert finding.reason == "Corrected by comment 9 of 2026-03-04 13:00, which stays"
    assert (finding.evidence["duplicate_of"], finding.evidence["how"]) == ("id-9", "corrected")


def test_a_source_speaks_once_for_a_target_whatever_its_protocol() -> None:
    source = "https://other.example.org/copy"
    ping = a_pingback(source, "A short word", id="id-17", platform_id="17")
    mention = replace(
        a_pingback(source, LONG, id="id-9", platform_id="9", created_at=NOON + HOUR),
        kind=Kind("webmention"),
        linkback=Linkback("webmention", source, POST.url, relation="reply"),
    )
    finding = Duplicate().run(mention, a_context(at_place=[again_at_place(ping)]))
    assert finding.reason.startswith("The same source and target as comment 17 of")
    assert finding.signal is Signal.REDUNDANT
    finding = Duplicate().run(ping, a_context(at_place=[again_at_place(mention)]))
    assert finding.signal is Signal.NEUTRAL


def test_a_later_one_by_the_same_protocol_is_an_update() -> None:
    before = a_linkback(LONG)
    after = replace(a_linkback(LONG.upper() + " Or so."), id="id-10", platform_id="10")
    assert Duplicate().run(after, a_context(at_place=[again_at_place(before)])).code == "corrects"
    finding = Duplicate().run(before, a_context(at_place=[again_at_place(after)]))
    assert finding.evidence["duplicate_of"] == "id-10"


def test_the_earliest_excerpt_is_no_copy_of_what_came_later() -> None:
    copy = a_sibling("10", created_at=NOON + 2 * HOUR)
    assert Duplicate().run(a_linkback(LONG), a_context(copy)).signal is Signal.NEUTRAL


def test_of_two_at_the_same_moment_the_lower_number_came_first() -> None:
    nine, ten = later(created_at=NOON), later(platform_id="10", id="id-10", created_at=NOON)
    beside_nine, beside_ten = [again_at_place(ten)], [again_at_place(nine)]
    assert Duplicate().run(nine, a_context(at_place=beside_nine)).signal is Signal.NEUTRAL
    assert Duplicate().run(ten, a_context(at_place=beside_ten)).signal is Signal.REDUNDANT


@pytest.mark.parametrize("status", ["trash", "erased"])
def test_what_was_turned_away_is_no_original(status: str) -> None:
    finding = Duplicate().run(later(), a_context(a_sibling("17", status=status)))
    assert finding.signal is Signal.NEUTRAL


def test_text_that_a_person_called_spam_is_spam() -> None:
    spam = a_sibling("17", status="spam", by_person=True)
    finding = Duplicate().run(later(), a_context(spam, a_sibling("16")))
    assert (finding.signal, finding.code) == (Signal.SPAM, "known_spam")
    assert decide([finding], Policy()).verdict is Verdict.SPAM


def test_text_that_a_person_approved_is_not_spam_for_another_persons_word() -> None:
    spam = a_sibling("17", status="spam", by_person=True)
    approved = a_sibling("16", status="approved", by_person=True)
    assert Duplicate().run(later(), a_context(approved, spam)).code == "said_before"
    earliest = later(created_at=NOON - HOUR)
    assert Duplicate().run(earliest, a_context(approved, spam)).signal is Signal.NEUTRAL


def test_text_that_only_the_machine_called_spam_waits_for_a_person() -> None:
    finding = Duplicate().run(later(), a_context(a_sibling("17", status="spam")))
    assert (finding.signal, finding.code) == (Signal.SUSPECT, "suspected_spam")
    assert decide([finding], Policy()).verdict is Verdict.HOLD


def test_text_that_a_person_threw_away_waits_for_a_person() -> None:
    gone = a_sibling("17", status="trash", by_person=True)
    assert decide([Duplicate().run(later(), a_context(gone))], Policy()).verdict is Verdict.HOLD


def test_two_people_may_say_the_same_short_thing() -> None:
    finding = Duplicate().run(later(SHORT), a_context(a_sibling("17", author_key=BOBS)))
    assert (finding.signal, finding.code) == (Signal.SUSPECT, "said_before")
    assert decide([finding], Policy()).verdict is Verdict.APPROVE


def test_a_short_excerpt_of_a_linkback_is_redundant() -> None:
    ping = a_pingback(
        "https://other.example.org/copy", "a short excerpt", platform_id="9", created_at=NOON + HOUR
    )
    assert Duplicate().run(ping, a_context(a_sibling("1", id="x"))).signal is Signal.REDUNDANT


def test_two_links_to_one_host_are_no_copies() -> None:
    link = later("https://news.example.org/2026/one-story")
    finding = Duplicate().run(link, a_context(a_sibling("17", author_key=ALICES)))
    assert finding.code == "said_before"


@pytest.mark.parametrize("author", [ALICE, BOB])
def test_a_near_copy_of_a_comment_only_weighs(author: Author) -> None:
    """People quote, correct and contradict one another in nearly the same words."""
    near = a_sibling("17", similarity=0.98, author_key=ALICES, text=LONG, page="")
    finding = Duplicate().run(later(LONG.replace("is", "isn't"), author=author), a_context(near))
    assert (finding.signal, finding.code) == (Signal.SUSPECT, "nearly_same")
    assert decide([finding], Policy()).verdict is Verdict.APPROVE


def a_linkback(text: str) -> Submission:
    source = "https://other.example.org/copy"
    return a_pingback(source, text, id="id-9", platform_id="9", created_at=NOON + HOUR)


PAGE = page_key(a_pingback("https://other.example.org/"))


@pytest.mark.parametrize(
    ("earlier", "excerpt"),
    [
        (LONG, f"[…] {LONG[6:-6]} […]"),
        (f"{LONG[:-9]}…", LONG),
        (f"... {LONG[4:]} https://elsewhere.example.org/", LONG),
        (LONG, f"{LONG[3:-3].upper()} [...]"),
    ],
)
def test_an_excerpt_that_was_cut_is_a_copy_of_the_whole(earlier: str, excerpt: str) -> None:
    near = a_sibling("17", similarity=0.8, text=earlier, page=PAGE)
    finding = Duplicate().run(a_linkback(excerpt), a_context(near))
    assert finding.signal is Signal.REDUNDANT
    assert finding.reason.startswith("Nearly the same text as comment 17")
    assert (finding.evidence["how"], finding.evidence["similarity"]) == ("near", 0.8)


@pytest.mark.parametrize(
    ("earlier", "excerpt", "page"),
    [
        (LONG, LONG[6:-6], PAGE),  # nothing marks the cut
        (LONG, f"[…] {LONG.replace('paper', 'linen')} […]", PAGE),  # it says something else
        (LONG, f"[…] {LONG[6:-6]} […]", "blog.example.org/another-page"),
        (LONG[:12], f"{LONG}…", PAGE),  # too short to be known again
    ],
)
def test_other_excerpts_only_weigh(earlier: str, excerpt: str, page: str) -> None:
    near = a_sibling("17", similarity=0.8, text=earlier, page=page)
    finding = Duplicate().run(a_linkback(excerpt), a_context(near))
    assert finding.code == "nearly_same"


def test_of_several_wholes_the_first_is_the_original() -> None:
    second = a_sibling("18", similarity=0.9, text=LONG, page=PAGE, created_at=NOON + HOUR / 2)
    first = a_sibling("17", similarity=0.8, text=f"So: {LONG}", page=PAGE)
    finding = Duplicate().run(a_linkback(f"[…] {LONG[6:-6]} […]"), a_context(first, second))
    assert finding.evidence["duplicate_of"] == "id-17"


def test_of_a_hot_campaign_only_the_closest_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def counting(text: str) -> str:
        compared.append(text)
        return text

    monkeypatch.setattr(duplicate, "comparable", counting)
    near = [
        a_sibling(str(n), similarity=0.9, text=f"Number {n} {LONG}", page=PAGE) for n in range(40)
    ]
    Duplicate().run(a_linkback(f"[…] {LONG[6:-6]} […]"), a_context(*near))
    assert len(compared) == COMPARED


def test_a_text_that_is_half_the_same_is_approved_with_a_note() -> None:
    finding = Duplicate().run(later(), a_context(a_sibling("17", similarity=0.6)))
    assert (finding.signal, finding.code) == (Signal.SUSPECT, "nearly_same")
    assert finding.reason == "60% the same text as comment 17 of 2026-03-04 12:00"
    assert decide([finding], Policy()).verdict is Verdict.APPROVE


def test_an_exact_excerpt_counts_before_a_near_one() -> None:
    near = a_sibling("3", created_at=NOON - HOUR, similarity=0.9)
    finding = Duplicate().run(a_linkback(LONG), a_context(near, a_sibling("17")))
    assert finding.evidence["duplicate_of"] == "id-17"


def test_a_reply_may_quote_what_it_answers() -> None:
    reply = later(kind=Kind.REPLY, parent_id="17")
    near = a_context(a_sibling("17", similarity=0.9))
    assert Duplicate().run(reply, near).signal is Signal.NEUTRAL


def test_near_repetition_of_few_words_says_nothing() -> None:
    near = a_context(a_sibling("17", similarity=0.9))
    assert Duplicate().run(later("waka waka eh eh"), near).signal is Signal.NEUTRAL


def test_a_text_near_to_known_spam_waits_for_a_person() -> None:
    near = a_sibling("17", similarity=0.7, status="spam", by_person=True)
    finding = Duplicate().run(later(), a_context(near))
    assert finding.code == "near_known_spam"
    assert decide([finding], Policy()).verdict is Verdict.HOLD


def test_silence_of_the_near_index_is_said_and_holds_nothing() -> None:
    finding = Duplicate().run(later(), a_context(is_near_known=False))
    assert finding.signal is Signal.UNAVAILABLE
    assert decide([finding], Policy()).verdict is Verdict.APPROVE


def test_it_is_no_copy_of_itself() -> None:
    assert Duplicate().run(later(), a_context(a_sibling("9"))).signal is Signal.NEUTRAL
