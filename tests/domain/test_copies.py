"""Another number, name, "not" or author is another comment; case and disguise are not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.checks.duplicate import Duplicate
from moderator.domain.check import TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.content.fingerprint import address_key, hand_key, place_key
from moderator.domain.copies.rules import is_corrected
from moderator.domain.ports import NearIndex
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Verdict
from moderator.judgement.near.index import MemoryNearIndex
from moderator.usecases.offline.stream import Stream
from tests.builders import ALICE, BOB, NOON, a_pingback, a_site, a_submission

SENTENCE = "After {} years I {}vote for {} because she has kept her word in this town, not once."
NAMES = ("Miller", "Muller", "Müller", "Möller", "Novák", "Novak", "上げる", "下げる")
NOTS = ("", "do not ", "would never ", "cannot ")
NUMBERS = st.integers(0, 2000)
AUTHORS = st.sampled_from(
    [
        ALICE,
        BOB,
        replace(ALICE, email=""),
        replace(ALICE, name="Alicia"),
        Author(),
        Author("", "Al"),
    ]
)
Said = tuple[int, str, str]
SAID = st.tuples(NUMBERS, st.sampled_from(NOTS), st.sampled_from(NAMES))


class NoOpinion:
    """A text judge that never minds."""

    def score(self, many: list[Facts]) -> list[TextScore]:
        return [TextScore(0.0) for _ in many]

    def explain(self, many: list[tuple[Facts, TextScore]]) -> list[TextScore]:
        return [score for _, score in many]


def verdicts(*texts: tuple[str, Author], near: NearIndex | None = None) -> list[Verdict]:
    stream = Stream(a_site(), (Duplicate(),), near or MemoryNearIndex(), NoOpinion())  # type: ignore[arg-type]
    found = []
    for number, (text, author) in enumerate(texts):
        at = NOON + timedelta(seconds=number)
        comment = a_submission(
            text, id=f"{number:032x}", platform_id=str(number), author=author, created_at=at
        )
        [judged] = stream.judge([comment], at)
        found.append(judged.decision.verdict)
    return found


@given(first=SAID, second=SAID, author=AUTHORS)
def test_no_swapped_number_name_or_negation_is_discarded(
    first: Said, second: Said, author: Author
) -> None:
    if first == second:
        return
    both = [(SENTENCE.format(*said), author) for said in (first, second)]
    assert verdicts(*both) == [Verdict.APPROVE, Verdict.APPROVE]


@given(said=SAID, authors=st.lists(AUTHORS, min_size=2, max_size=4, unique=True))
def test_nobody_is_discarded_for_what_another_said(said: Said, authors: list[Author]) -> None:
    found = verdicts(*((SENTENCE.format(*said), author) for author in authors))
    assert set(found) == {Verdict.APPROVE}


def zero_width(text: str) -> str:
    return "\u200b".join(text)


def look_alike(text: str) -> str:
    return text.translate(str.maketrans("aeocp", "аеоср"))


@pytest.mark.parametrize("disguise", [str.upper, str.title, zero_width, look_alike, "{}!!".format])
@pytest.mark.parametrize("text", [SENTENCE.format(3, "", "Miller"), "Thanks!", "So schön hier"])
def test_case_and_disguise_of_the_same_hand_are_copies(disguise: type[str], text: str) -> None:
    assert verdicts((text, ALICE), (disguise(text), ALICE))[-1] is Verdict.DISCARD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+1", "-1"),
        ("👍", "👎"),
        ("I write in C", "I write in C++"),
        ("Mi hijo tiene un ano", "Mi hijo tiene un año"),
        ("It is 5 degrees", "It is -5 degrees"),
        ("schon da", "schön da"),
        ("यह मेरा बेटा है", "यह मेरी बेटी है"),
        ("ฉันเห็นมา", "ฉันเห็นม้า"),
        ("5 % of them", "5 of them"),
        ("Here: https://a.example/1", "Here: https://a.example/2"),
        ("Look: https://a.example/abc", "Look: https://a.example/ABC"),
        ("You were there.", "You were there?"),
        ("هل هذا صحيح", "هل هذا صحيح؟"),
        ("支持", "反对"),
        ("Yes", "No"),
    ],
)
def test_a_few_signs_may_be_all_that_differs(one: str, other: str) -> None:
    assert verdicts((one, ALICE), (other, ALICE)) == [Verdict.APPROVE, Verdict.APPROVE]


@pytest.mark.parametrize(
    ("words", "others", "is_one"),
    [
        ("see you on saturday 12 june at noon", "see you on saturday 19 june at noon", True),
        ("thank you ann for all your kind words", "thank you bob for all your kind words", False),
        ("ann thank you for all your kind words", "bob thank you for all your kind words", False),
        ("dear ann thanks for your kind words", "dear bob thanks for your kind words", False),
        ("i bid 120 euros for the blue bicycle", "i bid 150 euros for the blue bicycle", True),
        ("see you on saturday at the mill", "the soup was far too cold for me", False),
    ],
)  # fmt: skip
def test_a_correction_is_nearly_the_same_and_for_the_same_ears(
    words: str, others: str, *, is_one: bool
) -> None:
    assert is_corrected(words, others) is is_one


def test_a_long_text_is_compared_by_equality_alone() -> None:
    long = "the mill by the river " * 300
    assert not is_corrected(long, long + "and")
    assert is_corrected(long, long)


def test_a_hand_is_an_account_a_name_with_its_mail_or_with_its_address() -> None:
    account = Author(id="7", provider="github", is_authenticated=True)
    keys = [
        hand_key(author)
        for author in (account, replace(account, provider="x"), ALICE, replace(ALICE, email=""))
    ]
    assert len(set(keys)) == len(keys)
    assert "" not in keys
    assert hand_key(replace(ALICE, name="ALICE", ip="203.0.113.9")) == hand_key(ALICE)
    assert hand_key(replace(ALICE, name="Alicia")) != hand_key(ALICE)
    for unknown in (Author(), Author(name="Ann"), Author(ip="192.0.2.1"), Author(id="7")):
        assert hand_key(unknown) == ""


def test_a_place_is_a_post_and_parent_and_for_a_linkback_its_two_ends() -> None:
    here = a_submission()
    other_post = replace(here.post, url="https://blog.example.org/other")
    places: list[Submission] = [
        here,
        replace(here, parent_id="7"),
        replace(here, post=other_post),
        a_pingback("https://a.example/"),
        a_pingback("https://b.example/"),
    ]
    assert len({place_key(each) for each in places}) == len(places)
    owner = replace(ALICE, role="Editor", is_authenticated=True)
    assert place_key(replace(here, author=owner)) == ""
    again = a_pingback("https://a.example/", "Other words", platform_id="8")
    assert place_key(again) == place_key(places[3])


def test_an_address_is_one_or_in_ipv6_a_network_of_sixty_four_bits() -> None:
    one, two = (address_key(Author(ip=f"2001:db8::{n}")) for n in (1, 2))
    assert one == two != ""
    one, two = (address_key(Author(ip=f"192.0.2.{n}")) for n in (1, 2))
    assert one != two
    assert address_key(Author(ip="somewhere")) == ""
