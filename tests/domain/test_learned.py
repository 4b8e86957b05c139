"""What is proposed as a rule: facts that people refuse again and again, and never what is said."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from moderator.domain.content.facts import Facts
from moderator.domain.history.record import PastSubmission
from moderator.domain.rules.learned import ENOUGH, Proposal, entries_of_facts, proposals
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Verdict
from tests.builders import NOON, a_submission

OWN = frozenset({"blog.example.org"})
NOBODY: frozenset[str] = frozenset()


def sent(number: int, author: Mapping[str, str], *, per_day: int = 5) -> Submission:
    email, url, ip = (author.get(name, "") for name in ("email", "url", "ip"))
    given = Author(name="Jo", email=email, url=url, ip=ip)
    submission = a_submission(f"A remark {number}", author=given)
    at = NOON - timedelta(days=number // per_day)
    return replace(submission, id=f"{number:032x}", received_at=at)


def decided(status: str, *submissions: Submission) -> list[PastSubmission]:
    return [PastSubmission(each, status) for each in submissions]


def proposed(past: list[PastSubmission], known: frozenset[str] = NOBODY) -> list[Proposal]:
    return proposals(past, OWN, known)


def test_a_host_that_is_refused_again_and_again_is_proposed() -> None:
    shop = [sent(n, {"url": f"https://shoes.example/sale/{n}"}) for n in range(ENOUGH)]
    (one,) = proposed(decided("spam", *shop))
    assert (one.entry, one.right, one.wrong, one.days) == ("shoes.example", ENOUGH, 0, 4)
    assert one.right_ids == tuple(each.id for each in shop[:5])
    assert one.action is Verdict.HOLD  # it is not earned: it raises suspicion, and no more
    low, high = one.interval
    assert 0.8 < low < 0.9 < high


@pytest.mark.parametrize(
    ("author", "entry"),
    [
        ({"email": "sale@shoes.example"}, "sale@shoes.example"),
        ({"ip": "203.0.114.9"}, "203.0.114.0/24"),
        ({"ip": "2a01:4f8:1:2::9"}, "2a01:4f8:1::/48"),
    ],
)
def test_so_are_a_mail_address_and_a_network(author: dict[str, str], entry: str) -> None:
    (one,) = proposed(decided("spam", *(sent(n, author) for n in range(ENOUGH))))
    assert one.entry == entry


def test_a_domain_is_proposed_where_its_mailboxes_change() -> None:
    many = [sent(n, {"email": f"sale{n}@shoes.example"}) for n in range(ENOUGH)]
    assert [one.entry for one in proposed(decided("trash", *many))] == ["@shoes.example"]


@pytest.mark.parametrize(
    "author",
    [
        {"email": "{n}@gmail.com"},
        {"email": "{n}@mail.ru"},
        {"url": "https://blog.example.org/{n}"},
        {"url": "https://www.facebook.com/{n}"},
        {"ip": "192.168.1.9"},
        {"ip": "not an address"},
    ],
)
def test_what_is_everybodys_is_not(author: dict[str, str]) -> None:
    many = [
        sent(n, {name: value.format(n=n) for name, value in author.items()})
        for n in range(2 * ENOUGH)
    ]
    assert proposed(decided("spam", *many)) == []


@given(text=some.text(max_size=200), name=some.text(max_size=40))
def test_no_word_and_no_name_is_ever_proposed(text: str, name: str) -> None:
    """An opinion that brings nothing has nothing by which a rule could be learned."""
    given = replace(a_submission(text.replace(".", " ")), author=Author(name=name))
    assert entries_of_facts(Facts(given, OWN), OWN) == frozenset()


def test_too_few_and_one_flood_are_not_enough() -> None:
    url = {"url": "https://shoes.example/"}
    assert proposed(decided("spam", *(sent(n, url) for n in range(ENOUGH - 1)))) == []
    flood = [sent(n, url, per_day=1_000) for n in range(300)]
    assert proposed(decided("spam", *flood)) == []


def test_one_word_for_it_is_enough_against_it() -> None:
    many = [sent(n, {"url": "https://shoes.example/"}) for n in range(100)]
    assert proposed(decided("spam", *many[1:]) + decided("approved", many[0])) == []


def test_a_thousand_with_next_to_none_for_it_are_earned() -> None:
    many = [sent(n, {"url": "https://shoes.example/"}) for n in range(1_000)]
    (one,) = proposed(decided("spam", *many[2:]) + decided("approved", *many[:2]))
    assert (one.right, one.wrong, one.action) == (998, 2, Verdict.SPAM)
    assert one.wrong_ids == (many[0].id, many[1].id)


def test_what_is_named_already_and_the_blogs_own_people_are_left_out() -> None:
    many = [sent(n, {"url": "https://shoes.example/"}) for n in range(ENOUGH)]
    assert proposed(decided("spam", *many), frozenset({"shoes.example"})) == []
    staff = [replace(one, author=replace(one.author, role="administrator", is_authenticated=True))
             for one in many]  # fmt: skip
    assert proposed(decided("spam", *staff)) == []


def test_who_catches_the_same_is_proposed_once() -> None:
    many = [
        sent(n, {"email": "x@shoes.example", "url": "https://shoes.example/", "ip": "203.0.114.9"})
        for n in range(2 * ENOUGH)
    ]
    more = [sent(n, {"url": "https://shoes.example/"}) for n in range(100, 100 + ENOUGH)]
    assert [one.entry for one in proposed(decided("spam", *more, *many))] == ["shoes.example"]
