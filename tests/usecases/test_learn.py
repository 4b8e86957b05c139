"""People's decisions teach their own site, and nobody else's."""

import pytest

from moderator.checks.host_reputation import HostReputation
from moderator.domain.arrival import Event
from moderator.domain.facts import Facts
from moderator.domain.verdict import Verdict
from moderator.judgement.model import shared_model
from moderator.judgement.scorer import Scorer
from moderator.storage.database import Database
from moderator.storage.layers import LayerRows
from moderator.usecases.learn import Learn
from tests.builders import NOON, a_site, a_submission
from tests.house import House

SPAM = [
    f"Order the blue lamp number {n} from the lamp desk tonight, the lamp desk never sleeps"
    for n in range(8)
]
NEW = "Order the green lamp number 77 from the lamp desk tonight, the lamp desk never sleeps"


@pytest.fixture
def house(database: Database) -> House:
    house = House(database)
    house.sites.add(a_site(id="other"), key_prefix="mod_y", key_digest="e", now=NOON)
    return house


def learn(house: House) -> LayerRows:
    layers = LayerRows(house.database)
    drain = Learn(house.queue, house.store, layers, house.sites, shared_model(), house.new_token)
    while drain():
        pass
    return layers


def probability(layers: LayerRows, site_id: str) -> float:
    scorer = Scorer(shared_model(), layers.get)
    return scorer.score([Facts(a_submission(NEW, site_id=site_id))])[0].probability


def decide(house: House, verdict: Verdict) -> None:
    texts = list(enumerate(SPAM, 1))
    house.send(*(a_submission(text, id=f"id{n}", platform_id=str(n)) for n, text in texts))
    house.check()
    for number, _ in texts:
        house.moderate(f"id{number}", verdict, seen=1)


def test_a_site_learns_what_its_moderators_call_spam(house: House) -> None:
    before = probability(LayerRows(house.database), "blog")
    decide(house, Verdict.SPAM)
    layers = learn(house)
    assert probability(layers, "blog") > max(0.4, before)
    assert probability(layers, "other") == before
    assert house.rows("SELECT job FROM queue WHERE job = 'learn'") == []


def test_what_is_decided_anew_is_unlearned(house: House) -> None:
    decide(house, Verdict.SPAM)
    taught = probability(learn(house), "blog")
    for number, _ in enumerate(SPAM, 1):
        house.moderate(f"id{number}", Verdict.APPROVE, seen=2)
    assert probability(learn(house), "blog") < taught


def test_what_is_thrown_away_teaches_nothing(house: House) -> None:
    before = probability(LayerRows(house.database), "blog")
    decide(house, Verdict.DISCARD)
    assert probability(learn(house), "blog") == before


def test_two_workers_do_not_overwrite_each_other(house: House) -> None:
    decide(house, Verdict.SPAM)
    layers = LayerRows(house.database)
    layer, version = layers.load("blog")
    learn(house)
    assert layers.save([], {"blog": (layer, version)}) is False
    assert layers.load("blog")[0].lessons == len(SPAM)


def test_a_site_can_be_made_to_forget(house: House) -> None:
    decide(house, Verdict.SPAM)
    layers = learn(house)
    assert layers.reset("blog") is True
    assert LayerRows(house.database).get("blog") is None
    assert layers.reset("blog") is False


SHOP = "https://shop.lamps.test/offer"


def told(house: House, site_id: str = "blog") -> str:
    key = (site_id, "lamps.test")
    past = house.store.reputations([key], house.queue.now())
    return str(past[key]).partition(" since")[0] if past else ""


def linked(house: House, verdicts: dict[int, Verdict], *, seen: int = 1) -> None:
    if seen == 1:
        texts = {n: f"Look at {SHOP}/{n} for lamps, number {n}" for n in verdicts}
        house.send(*(a_submission(t, id=f"id{n}", platform_id=str(n)) for n, t in texts.items()))
        house.check()
    for number, verdict in verdicts.items():
        house.moderate(f"id{number}", verdict, seen=seen)
    learn(house)


def test_a_host_earns_its_reputation_from_people(house: House) -> None:
    linked(house, {1: Verdict.APPROVE, 2: Verdict.APPROVE, 3: Verdict.SPAM, 4: Verdict.DISCARD})
    assert told(house) == "2 approved, 1 spam"
    assert told(house, "other") == ""


def test_what_the_machine_decided_earns_nothing(house: House) -> None:
    house.send(a_submission(f"Look at {SHOP}"))
    house.check()
    learn(house)
    assert (house.status("0001"), told(house)) == ("approved", "")


def test_a_changed_mind_counts_once(house: House) -> None:
    linked(house, {1: Verdict.SPAM, 2: Verdict.SPAM})
    linked(house, {1: Verdict.APPROVE, 2: Verdict.DISCARD}, seen=2)
    assert told(house) == "1 approved, 0 spam"


def test_what_is_erased_is_no_evidence(house: House) -> None:
    linked(house, {1: Verdict.SPAM})
    house.send(a_submission(id="id1", platform_id="1"), event=Event.DELETED)
    assert told(house) == ""


def test_the_next_comment_feels_it(house: House) -> None:
    linked(house, dict.fromkeys((1, 2, 3), Verdict.SPAM))
    house.send(a_submission(f"My lamp came from {SHOP}, it works", id="id9", platform_id="9"))
    house.check(HostReputation())
    assert house.status("id9") == "hold"
