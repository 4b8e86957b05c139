"""Many from one address in a moment, and one name with many e-mail addresses, are held."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.checks import LOCAL
from moderator.checks.flood import BARE, HANDS, SAME_TEXT, SEVERAL, TEXTS, Flood
from moderator.domain.check import TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Verdict
from moderator.domain.weights import CIRCUMSTANCES
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.usecases.offline.stream import Stream, StreamVerdict
from tests.builders import ALICE, NOON, a_pingback, a_site, a_submission

ADDRESS = "192.0.2.99"
NAMES = ("Ada", "Ben", "Cora", "Dan", "Eva", "Finn", "Gus", "Hal", "Ida", "Jon", "Kim", "Lea")
SAID = (
    "The second photograph was taken from the bridge, I think.",
    "My grandfather worked at this mill before it burnt down.",
    "Does anybody know when the ferry stopped running?",
    "We walked along there last Sunday and saw two herons.",
    "The map in the town hall shows the old course of the river.",
    "I had never heard of the lock keeper, thank you.",
    "The station was further to the north at that time.",
    "In the dry summer one could see the foundations.",
    "The baker next door still has the sign.",
    "My aunt remembers the flood of that winter.",
    "There is a better picture in the museum.",
    "The new path is closed until the autumn.",
)


class Silent:
    """To whom every text is all right."""

    def score(self, many: Sequence[Facts]) -> list[TextScore]:
        return [TextScore(0.0)] * len(many)

    def explain(self, many: Sequence[tuple[Facts, TextScore]]) -> list[TextScore]:
        return [score for _, score in many]


def comment(number: int, seconds: float, **changes: object) -> Submission:
    """The `number`-th stranger says something of its own."""
    at = NOON + timedelta(seconds=seconds)
    name = NAMES[number % len(NAMES)]
    author = Author(name=name, email=f"{name.lower()}{number}@example.org", ip=ADDRESS)
    given_: dict[str, object] = {
        "id": f"{number:032x}",
        "platform_id": str(number),
        "created_at": at,
        "received_at": at,
        "author": author,
    }
    return a_submission(SAID[number % len(SAID)], **(given_ | changes))


def by(author: Author, number: int, seconds: float, text: str = "") -> Submission:
    said = comment(number, seconds, author=author)
    return replace(said, content=text, text=text) if text else said


def a_stream() -> Stream:
    return Stream(a_site(), LOCAL, MemoryNearIndex(), Scorer(shared_model()))


def singly(everyone: Iterable[Submission], stream: Stream | None = None) -> list[StreamVerdict]:
    stream = stream or a_stream()
    return [stream.judge([each], each.received_at)[0] for each in everyone]


def codes(judged: Iterable[StreamVerdict]) -> list[bool]:
    return [any(f.check == "flood" and f.weight for f in one.findings) for one in judged]


def verdicts(judged: Iterable[StreamVerdict]) -> list[Verdict]:
    return [one.decision.verdict for one in judged]


def test_a_flood_from_one_address_is_held_once_it_is_seen() -> None:
    said = verdicts(singly(comment(n, 3 * n) for n in range(9)))
    assert said == [Verdict.APPROVE] * (HANDS - 1) + [Verdict.HOLD] * (9 - HANDS + 1)


def test_what_comes_in_one_batch_is_held_as_a_whole_in_whatever_order() -> None:
    everyone = [comment(n, 3 * n) for n in range(8)]
    for batch in (everyone, everyone[::-1]):
        assert set(verdicts(a_stream().judge(batch, NOON))) == {Verdict.HOLD}


def test_who_was_overtaken_by_the_flood_is_held_too() -> None:
    everyone = [comment(n, n) for n in range(6)]
    assert codes(singly(everyone[::-1]))[-1]


def test_the_flood_may_come_over_one_network_of_ipv6() -> None:
    everyone = [
        comment(n, n, author=Author(name=NAMES[n], email=f"{n}@example.org", ip=f"2001:db8::{n}"))
        for n in range(6)
    ]
    assert codes(singly(everyone))[-1]


@given(st.lists(st.floats(10, 120), min_size=1, max_size=11), st.integers(0, 10_000))
def test_a_class_behind_one_address_passes(gaps: list[float], start: int) -> None:
    """Several people within minutes."""
    at, everyone = float(start), []
    for number, gap in enumerate(gaps):
        at += gap
        everyone.append(comment(number, at))
    stream = Stream(a_site(), (Flood(),), MemoryNearIndex(), Silent())
    assert not any(codes(singly(everyone, stream)))


@given(st.lists(st.floats(0, 8), min_size=TEXTS - 1, max_size=TEXTS - 1))
def test_a_quick_reader_who_answers_many_passes(gaps: list[float]) -> None:
    reader = Author(name="Ada Quick", email="ada@example.org", ip=ADDRESS)
    everyone = [by(reader, n, sum(gaps[:n])) for n in range(len(gaps))]
    assert not any(
        codes(singly(everyone, Stream(a_site(), (Flood(),), MemoryNearIndex(), Silent())))
    )


def test_a_double_click_counts_once() -> None:
    reader = Author(name="Ada Quick", email="ada@example.org", ip=ADDRESS)
    assert not any(codes(singly(by(reader, n, n, SAID[0]) for n in range(TEXTS + 2))))


@pytest.mark.parametrize("ip", ["10.0.0.1", "127.0.0.1", "172.18.0.1", "fd00::1", "", "unknown"])
def test_a_proxys_address_tells_nobody_apart(ip: str) -> None:
    everyone = [
        comment(n, n, author=Author(name=NAMES[n], email=f"{n}@example.org", ip=ip))
        for n in range(8)
    ]
    assert not any(codes(singly(everyone)))


def test_known_authors_staff_and_linkbacks_are_no_flood() -> None:
    stream = a_stream()
    singly([comment(n, n) for n in range(8)], stream)
    editor = replace(ALICE, ip=ADDRESS, role="editor", is_authenticated=True)
    trusted = replace(ALICE, ip=ADDRESS, trusted=True)
    known = replace(ALICE, ip=ADDRESS)
    singly([by(known, 20, -500)], stream)
    stream.learn(by(known, 20, -500), Verdict.APPROVE, NOON)
    ping = a_pingback("https://page.test/", author=Author(name="A page", ip=ADDRESS))
    at = NOON + timedelta(seconds=9)
    ping = replace(ping, id="f" * 32, platform_id="ping", created_at=at, received_at=at)
    own = [by(author, 30 + n, 9) for n, author in enumerate((editor, trusted, known))]
    assert not any(codes(singly([*own, ping], stream)))


def test_staff_who_answer_make_nobody_a_flood() -> None:
    editor = replace(ALICE, ip=ADDRESS, role="editor", is_authenticated=True)
    answers = [by(editor, n, n) for n in range(8)]
    assert not any(codes(singly([*answers, comment(9, 9)])))


def test_a_persons_approval_of_one_speaks_for_all() -> None:
    stream = a_stream()
    everyone = [comment(n, n) for n in range(7)]
    assert codes(singly(everyone[:6], stream))[-1]
    stream.learn(everyone[5], Verdict.APPROVE, NOON)
    assert not any(codes(singly(everyone[6:], stream)))


def test_an_address_from_which_several_wrote_before_tells_nothing() -> None:
    """A proxy that hides who visits, a school, a household."""
    stream = a_stream()
    singly([comment(n, 400 * n) for n in range(SEVERAL)], stream)
    assert not any(codes(singly([comment(3 + n, 2000 + n) for n in range(9)], stream)))


def test_nor_does_one_that_a_person_approved_something_from() -> None:
    stream = a_stream()
    [before] = singly([comment(0, 0)], stream)
    stream.learn(comment(0, 0), Verdict.APPROVE, NOON)
    assert before.decision.verdict is Verdict.APPROVE
    assert not any(codes(singly([comment(1 + n, 2000 + n) for n in range(9)], stream)))


def test_a_flood_vouches_not_for_itself_however_long_it_goes_on() -> None:
    said = codes(singly(comment(n, 5 * n) for n in range(200)))
    assert said[HANDS - 1 :] == [True] * (200 - HANDS + 1)


def test_what_was_stored_with_a_date_alone_is_no_flood() -> None:
    everyone = [comment(n, 0, received_at=NOON + timedelta(minutes=5 * n)) for n in range(8)]
    assert not any(codes(singly(everyone)))


def test_a_flood_condemns_nobody() -> None:
    assert Flood.name in CIRCUMSTANCES


def mails(name: str, texts: Iterable[str], **changes: object) -> list[Submission]:
    """One name with another e-mail address each time, an hour apart."""
    return [
        by(Author(name=name, email=f"m{n}@example.org", **changes), n, 3600 * n, text)  # type: ignore[arg-type]  # named by the test
        for n, text in enumerate(texts)
    ]


@pytest.mark.parametrize("name", ["Mark Malvin", "Malvin", "Иван Петров", "山田太郎"])
def test_nothing_but_a_name_with_three_addresses_is_held(name: str) -> None:
    said = codes(singly(mails(name, [name] * 5)))
    assert said == [False] * (SAME_TEXT - 1) + [True] * 3


def test_a_full_name_that_says_the_same_with_three_addresses_is_held() -> None:
    assert codes(singly(mails("Mark Malvin", [SAID[0]] * 4)))[-2:] == [True, True]


def test_a_first_name_that_says_what_many_say_passes() -> None:
    assert not any(codes(singly(mails("John", ["Rest in peace, dear friend"] * 8))))


@pytest.mark.parametrize("name", ["John", "Maria Silva"])
def test_namesakes_pass(name: str) -> None:
    assert not any(codes(singly(mails(name, SAID))))


@pytest.mark.parametrize("more", [{"ip": ADDRESS}, {"url": "https://shop.test/"}])
def test_one_name_many_addresses_and_one_place_is_held(more: dict[str, str]) -> None:
    assert codes(singly(mails("Mark Malvin", SAID[:4], **more))) == [False] * 3 + [True]
    assert codes(singly(mails("John", SAID[:5], **more))) == [False] * (BARE - 1) + [True]


def test_a_page_where_everybody_publishes_is_nobodys_place() -> None:
    assert not any(codes(singly(mails("Maria Silva", SAID, url="https://www.facebook.com/"))))


def test_two_addresses_of_one_person_pass() -> None:
    said = mails("Maria Silva", SAID[:8], ip=ADDRESS)
    one, two = said[0].author, said[1].author
    said = [replace(each, author=two if n % 2 else one) for n, each in enumerate(said)]
    assert not any(codes(singly(said)))


def test_another_days_namesakes_do_not_count() -> None:
    said = mails("Mark Malvin", ["Mark Malvin"] * 5)
    apart = [replace(each, created_at=NOON + timedelta(days=2 * n)) for n, each in enumerate(said)]
    assert not any(codes(singly(apart)))
