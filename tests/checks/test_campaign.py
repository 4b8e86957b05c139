"""Alike comments raise suspicion across sites, and within one where a machine shows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.checks.campaign import ACROSS, InCampaign
from moderator.domain.check import Context, Sibling, TextScore
from moderator.domain.content.fingerprint import address_key
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.campaign import Campaign, SiteShare
from moderator.domain.history.reputation import Reputation
from moderator.domain.policy import Policy, decide
from moderator.domain.text.languages import Language
from moderator.domain.verdict import Verdict
from tests.builders import ALICE, NOON, a_context, a_sibling, a_submission


def a_share(members: int, hosts: dict[str, int] | None = None) -> SiteShare:
    return SiteShare("first", "look", NOON, NOON, members, hosts or {})


def a_campaign(**shares: SiteShare) -> Campaign:
    members = sum(share.members for share in shares.values())
    return Campaign("c1", members, NOON - timedelta(days=1), NOON, shares)


def across() -> Campaign:
    return a_campaign(blog=a_share(5), other=a_share(5))


def found(campaign: Campaign | None, context: Context | None = None) -> Finding:
    given = context or a_context()
    around = Context(
        site=given.site,
        now=given.now,
        siblings=given.siblings,
        text_score=given.text_score,
        campaign=campaign,
        hosts=given.hosts,
    )
    return InCampaign().run(a_submission(), around)


def test_no_campaign_and_a_small_one_say_nothing() -> None:
    for campaign in (None, a_campaign(blog=a_share(1), other=a_share(1))):
        finding = found(campaign)
        assert (finding.signal, finding.weight, finding.evidence) == (Signal.NEUTRAL, 0.0, {})


def test_within_a_site_it_is_told_and_weighs_nothing() -> None:
    finding = found(a_campaign(blog=a_share(14)))
    assert (finding.signal, finding.weight) == (Signal.NEUTRAL, 0.0)
    assert finding.reason == "One of 14 alike comments since 3 March"
    assert finding.evidence["campaign_id"] == "c1"


def test_across_sites_it_is_suspect_in_a_sentence() -> None:
    shares = {"blog": a_share(9, {"shop.example": 4}), "other": a_share(3), "third": a_share(2)}
    finding = found(a_campaign(**shares))
    assert (finding.signal, finding.weight) == (Signal.SUSPECT, ACROSS)
    assert finding.reason == (
        "One of 14 alike comments since 3 March on 3 sites, naming shop.example"
    )
    assert finding.evidence == {
        "campaign_id": "c1",
        "members": 14,
        "first_seen": "2026-03-03T12:00:00+00:00",
        "sites": 3,
        "hosts": {"shop.example": 4},
    }


def test_it_tells_nothing_that_other_sites_said() -> None:
    other = a_share(3, {"secret.example": 3})
    finding = found(a_campaign(other=other, blog=a_share(1)))
    assert "secret" not in finding.reason
    assert finding.evidence["hosts"] == {}


def test_many_hosts_are_counted_not_listed() -> None:
    hosts = {f"h{number}.example": 9 - number for number in range(5)}
    finding = found(a_campaign(blog=a_share(5, hosts)))
    assert finding.reason.endswith("naming h0.example, h1.example, h2.example and 2 more")


def test_another_year_is_named() -> None:
    campaign = Campaign("c", 3, NOON - timedelta(days=365), NOON, {"blog": a_share(3)})
    assert found(campaign).reason == "One of 3 alike comments since 4 March 2025"


def test_what_duplicate_weighs_is_not_weighed_twice() -> None:
    near = a_context(a_sibling("9", similarity=0.7))
    finding = found(a_campaign(blog=a_share(2), other=a_share(2)), near)
    assert (finding.signal, finding.weight) == (Signal.NEUTRAL, 0.0)
    same = a_context(a_sibling("9"))
    assert found(a_campaign(blog=a_share(2), other=a_share(2)), same).weight == ACROSS


@pytest.mark.parametrize("chance", [0.0, 0.05, 0.19, 0.3, 0.34])
def test_what_is_reprinted_on_many_sites_is_not_held_for_it(chance: float) -> None:
    text = Finding("spam_text", Signal.HAM, "Honest", "honest_text", chance)
    said = Finding("duplicate", Signal.SUSPECT, "As people do", "said_before", 0.05)
    campaign = found(across(), a_context(text_score=TextScore(chance)))
    assert decide([text, said, campaign], Policy()).verdict is Verdict.APPROVE


@pytest.mark.parametrize("chance", [0.4, 0.6, 0.75, 0.89])
def test_a_doubtful_text_is_not_made_spam_by_it(chance: float) -> None:
    text = Finding("spam_text", Signal.SUSPECT, "Reads like it", "spam_text", min(chance, 0.75))
    campaign = found(across(), a_context(text_score=TextScore(chance)))
    assert decide([text, campaign], Policy()).verdict is Verdict.HOLD


def test_with_another_sign_it_holds_and_with_a_sure_text_it_condemns() -> None:
    link = Finding("link_shape", Signal.SUSPECT, "A trick", "trick", 0.2)
    honest = found(across(), a_context(text_score=TextScore(0.05)))
    assert decide([link, honest], Policy()).verdict is Verdict.HOLD
    text = Finding("spam_text", Signal.SUSPECT, "Reads like it", "spam_text", 0.75)
    sure = found(across(), a_context(text_score=TextScore(0.98)))
    assert decide([text, sure], Policy()).verdict is Verdict.SPAM


def test_an_unknown_language_is_held_not_condemned() -> None:
    score = TextScore(0.5, is_familiar=False)
    text = Finding("spam_text", Signal.SUSPECT, "New here", "unknown_language", 0.4)
    campaign = found(across(), a_context(text_score=score))
    assert decide([text, campaign], Policy()).verdict is Verdict.HOLD


def hands(*keys: str, address: str = "") -> list[Sibling]:
    return [
        a_sibling(str(n), author_key=key, address_key=address)
        for n, key in enumerate(keys, start=1)
    ]


ALICES_ADDRESS = address_key(ALICE)
SHOP = {"shop.example": Reputation()}


def test_many_hands_that_name_one_host_are_a_machine() -> None:
    many = a_campaign(blog=a_share(5, {"shop.example": 4}))
    finding = found(many, a_context(*hands("a", "b"), hosts=SHOP))
    assert (finding.signal, finding.weight) == (Signal.SUSPECT, ACROSS)
    assert finding.reason.endswith("from many hands that name shop.example")


def test_many_hands_at_one_address_are_a_machine() -> None:
    finding = found(
        a_campaign(blog=a_share(5)), a_context(*hands("a", "b", address=ALICES_ADDRESS))
    )
    assert (finding.code, finding.weight) == ("campaign_machine", ACROSS)
    assert finding.reason.endswith("from many hands at one address")


@pytest.mark.parametrize(
    ("siblings", "hosts"),
    [
        (hands("a", "b"), {}),  # a petition
        (hands("a", "b"), {"shop.example": Reputation(approved=1, approved_now=1.0)}),
        (hands("a", "a"), SHOP),  # one hand
        (hands("", ""), SHOP),  # nobody knows whose
        (hands("a", "b", address="elsewhere"), {}),
    ],
)
def test_many_hands_alone_are_no_machine(
    siblings: list[Sibling], hosts: dict[str, Reputation]
) -> None:
    many = a_campaign(blog=a_share(5, {"shop.example": 4}))
    assert found(many, a_context(*siblings, hosts=hosts)).signal is Signal.NEUTRAL


@pytest.mark.parametrize("chance", [0.05, 0.5, 0.75, 0.89])
def test_a_machine_condemns_nothing_by_itself(chance: float) -> None:
    text = Finding("spam_text", Signal.SUSPECT, "Reads like it", "spam_text", min(chance, 0.75))
    said = Finding("duplicate", Signal.SUSPECT, "As people do", "said_before", 0.05)
    around = a_context(*hands("a", "b"), hosts=SHOP, text_score=TextScore(chance))
    campaign = found(a_campaign(blog=a_share(5, {"shop.example": 4})), around)
    verdict = decide([text, said, campaign], Policy()).verdict
    assert verdict is (Verdict.APPROVE if chance < 0.1 else Verdict.HOLD)


def test_long_ones_in_an_own_language_that_nobody_can_read_are_held_if_they_lead_away() -> None:
    score = TextScore(0.0, is_familiar=False, language=Language(("fr",)))
    text = "Gagnez de l'argent depuis votre canapé grâce à cette méthode secrète"
    context = a_context(text_score=score, hosts={"offre.test": Reputation()})
    around = replace(context, languages=frozenset({"fr"}), campaign=a_campaign(blog=a_share(3)))

    def weight(text: str, around: Context) -> float:
        return InCampaign().run(a_submission(text), around).weight

    assert weight(text, around) == Policy().hold_at
    assert weight("Merci pour cet article", around) == 0
    assert weight(text, replace(around, hosts={})) == 0
    approved = Reputation(approved=2, approved_now=2.0, since=NOON)
    assert weight(text, replace(around, hosts={"offre.test": approved})) == 0
    assert weight(text, replace(around, text_score=TextScore(0.0))) == 0
