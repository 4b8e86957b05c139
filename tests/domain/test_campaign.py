"""Who joins whom: decided once, by the order of arrival, however the work was cut into batches."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.finding import Finding, Signal
from moderator.domain.history.campaign import (
    MAX_RELATIVES,
    MAX_SHAPE_CHARACTERS,
    MAX_SITE_HOSTS,
    MIN_SHOWN_MEMBERS,
    Campaign,
    CampaignMatcher,
    CampaignMember,
    JoinKind,
    Membership,
    Relative,
    campaign_id,
    campaign_in,
    campaign_of,
    nearest,
    shape,
    site_share_of,
)
from moderator.domain.links.find import bare_links
from tests.builders import NOON

COUNT = 12
Likeness = dict[tuple[int, int], float]


def name(number: int) -> str:
    return f"{number:04x}"


@st.composite
def likenesses(draw: st.DrawFn) -> Likeness:
    """How much some of COUNT texts resemble one another."""
    pairs = [(a, b) for b in range(COUNT) for a in range(b)]
    values = draw(
        st.lists(st.sampled_from((0.0, 0.0, 0.0, 0.6, 0.8, 1.0)), min_size=66, max_size=66)
    )
    return {pair: value for pair, value in zip(pairs, values, strict=True) if value}


def batches(sizes: Sequence[int]) -> Iterator[range]:
    start = 0
    for size in sizes:
        end = min(start + size, COUNT)
        yield range(start, end)
        start = end
    yield range(start, COUNT)


def judged(likeness: Likeness, sizes: Sequence[int]) -> tuple[CampaignMatcher, list[Membership]]:
    """Judge all in batches; each knows those before it, and those of its batch, which wait."""
    matcher = CampaignMatcher()
    joined: list[Membership] = []
    for batch in batches(sizes):
        for one in batch:
            relatives = [
                Relative(name(other), alike, is_waiting=other > one)
                for other in range(batch.stop)
                if (alike := likeness.get((min(one, other), max(one, other)), 0))
            ]
            joined += matcher.join(name(one), nearest(name(one), relatives))
    return matcher, joined


SIZES = st.lists(st.integers(1, COUNT), max_size=COUNT)


@given(likenesses(), SIZES)
def test_batches_change_nothing(likeness: Likeness, sizes: list[int]) -> None:
    alone, _ = judged(likeness, [1] * COUNT)
    together, _ = judged(likeness, sizes)
    for number in range(COUNT):
        assert together.campaign_of(name(number)) == alone.campaign_of(name(number))


def test_who_waits_takes_nobodys_place() -> None:
    waiting = [Relative(f"z{number:02}", is_waiting=True) for number in range(3 * MAX_RELATIVES)]
    assert nearest("m", [*waiting, Relative("a", 0.6), Relative("b", 0.6)]) == [
        Relative("a", 0.6),
        Relative("b", 0.6),
    ]
    assert nearest("a", waiting) == waiting[:MAX_RELATIVES]


@given(likenesses(), SIZES)
def test_everybody_joins_once_and_is_explained(likeness: Likeness, sizes: list[int]) -> None:
    matcher, joined = judged(likeness, sizes)
    assert len({each.submission_id for each in joined}) == len(joined)
    for each in joined:
        assert each.campaign_id == matcher.campaign_of(each.submission_id)
        if each.how is JoinKind.FIRST:
            assert each.campaign_id == campaign_id(each.submission_id)
        else:
            assert matcher.campaign_of(each.relative_id) == each.campaign_id
            pair = sorted((int(each.submission_id, 16), int(each.relative_id, 16)))
            assert likeness[pair[0], pair[1]] == each.similarity
            assert (each.similarity == 1) == (each.how is JoinKind.SAME)


@given(likenesses(), st.permutations(range(COUNT)))
def test_a_second_run_in_any_order_moves_nobody(likeness: Likeness, order: list[int]) -> None:
    matcher, _ = judged(likeness, [5, 5])
    before = [matcher.campaign_of(name(number)) for number in range(COUNT)]
    for one in order:
        relatives = [
            Relative(name(other), alike)
            for other in range(COUNT)
            if (alike := likeness.get((min(one, other), max(one, other)), 0))
        ]
        matcher.join(name(one), relatives)
    after = [matcher.campaign_of(name(number)) for number in range(COUNT)]
    assert [now for was, now in zip(before, after, strict=True) if was] == [w for w in before if w]


@given(likenesses())
def test_whoever_resembles_an_earlier_one_is_in_a_campaign(likeness: Likeness) -> None:
    matcher, _ = judged(likeness, [1] * COUNT)
    assert all(matcher.campaign_of(name(later)) for _, later in likeness)


def test_a_late_original_moves_nobody() -> None:
    matcher = CampaignMatcher()
    matcher.join("b2", [Relative("b1")])
    before = matcher.campaign_of("b1")
    matcher.join("a0", [Relative("b1"), Relative("b2")])
    assert matcher.campaign_of("a0") == matcher.campaign_of("b1") == before == campaign_id("b1")


def test_the_closest_counts_then_who_is_in_one_then_the_earliest() -> None:
    matcher = CampaignMatcher({"b": "B", "c": "C", "e": "E"})
    relatives = [Relative("a", 0.9), Relative("b", 0.8), Relative("c", 0.9), Relative("e", 0.9)]
    joined, alone = matcher.join("f", relatives)
    assert (joined.campaign_id, joined.relative_id, joined.how) == ("C", "c", JoinKind.NEAR)
    assert (alone.submission_id, alone.campaign_id, alone.relative_id) == ("a", "C", "f")


def test_who_comes_later_and_waits_joins_by_itself() -> None:
    matcher = CampaignMatcher()
    assert matcher.join("a", [Relative("b", is_waiting=True)]) == ()
    assert [each.submission_id for each in matcher.join("b", [Relative("a")])] == ["a", "b"]


def test_nobody_is_a_relative_of_itself() -> None:
    assert CampaignMatcher().join("a", [Relative("a")]) == ()


def a_member(id_: str = "a", *, site: str = "blog", hosts: tuple[str, ...] = (), minutes: int = 0,
             shape: str = "look") -> CampaignMember:  # fmt: skip
    when = NOON + timedelta(minutes=minutes)
    return CampaignMember(Membership(id_, "c", JoinKind.FIRST), site, when, when, hosts, shape)


def test_a_campaign_counts_members_sites_and_hosts() -> None:
    first = a_member(hosts=("shop.example",))
    second = a_member("b", site="other", minutes=5, shape="their look")
    third = a_member("c", hosts=("shop.example", "more.example"), minutes=-2, shape="")
    campaign = campaign_of(first)
    for member in (first, second, third):
        assert not campaign.is_shown
        campaign = campaign.after(member)
    assert campaign.is_shown
    assert campaign.members == MIN_SHOWN_MEMBERS == 3
    assert (campaign.first_seen, campaign.last_seen) == (third.received_at, second.received_at)
    own = campaign.shares["blog"]
    assert (own.members, own.first_id, own.shape) == (2, "a", "look")
    assert own.hosts == {"shop.example": 2, "more.example": 1}
    assert campaign.shares["other"].hosts == {}


def test_without_other_sites_only_the_own_share_is_left() -> None:
    campaign = campaign_of(a_member()).after(a_member()).after(a_member("b", site="other"))
    own = campaign.within("blog")
    assert own == Campaign("c", 1, NOON, NOON, {"blog": campaign.shares["blog"]})
    assert campaign.within("third") is None


def test_hosts_are_capped_at_the_first() -> None:
    share = site_share_of(a_member())
    for number in range(3 * MAX_SITE_HOSTS):
        share = share.after(a_member(str(number), hosts=("x.example", f"h{number}.example")))
    assert len(share.hosts) == MAX_SITE_HOSTS
    assert share.hosts["x.example"] == 3 * MAX_SITE_HOSTS
    assert f"h{MAX_SITE_HOSTS}.example" not in share.hosts


def test_leaving_undoes_joining_and_the_look_goes_with_the_first() -> None:
    first, second = a_member(hosts=("x.example",)), a_member("b", hosts=("x.example", "y.example"))
    one = site_share_of(first).after(first)
    both = one.after(second)
    assert both.without("b", second.hosts) == one
    left = both.without("a", first.hosts)
    assert (left.shape, left.members, left.hosts) == ("", 1, {"x.example": 1, "y.example": 1})


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Loans!  Visit https://shop.example/a?b=1 NOW", "loans! visit [link] now"),
        ("write to Jane.Doe@mail.example today", "write to [address] today"),
        ("call +1 (202) 555-0123, or 0800/99", "call [number], or [number]"),
        ("send it to bc1qxy2kgdygjrsqtzq2n0yrf24", "send it to [number]"),
        ("The bridge is closed", "the bridge is closed"),
        ("", ""),
    ],
)
def test_a_shape_is_folded_and_masked(text: str, seen: str) -> None:
    assert shape(text) == seen


@given(st.text(max_size=3000))
def test_a_shape_is_short_and_names_no_number(text: str) -> None:
    found = shape(text)
    assert len(found) <= MAX_SHAPE_CHARACTERS
    assert not any(letter in "0123456789" for letter in found)
    assert not bare_links(found)


def test_the_campaign_that_is_told_is_the_one_that_was_found() -> None:
    quiet = Finding("campaign", Signal.NEUTRAL, "None")
    assert campaign_in([quiet]) == ""
    assert campaign_in([quiet, replace(quiet, evidence={"campaign_id": "c"})]) == "c"


def test_an_id_does_not_say_whose_the_first_is() -> None:
    assert campaign_id("a" * 32) != "a" * 32
    assert len(campaign_id("a")) == 32
