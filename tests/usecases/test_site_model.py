"""People's decisions teach their own site, and nobody else's."""

import io
import json

import numpy as np
import pytest
from sqlalchemy import insert, update

from moderator.bootstrap.event_log import StandardLog
from moderator.checks.host_reputation import HostReputation
from moderator.domain.content.facts import Facts
from moderator.domain.events.arrival import Event
from moderator.domain.verdict import Verdict
from moderator.judgement.learning.site_layer import SiteLayer
from moderator.judgement.learning.teaching import lesson, relearn
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.storage.base.database import Database
from moderator.storage.learning.site_models import SiteModelRows
from moderator.storage.schema.tables import site_layers
from moderator.usecases.learn.relearn import RetrainSiteModel
from moderator.usecases.learn.site_model import TrainSiteModel
from tests.builders import NOON, a_site, a_submission
from tests.house import House

SPAM = [
    f"Order the blue lamp number {n} from the lamp desk tonight, the lamp desk never sleeps"
    for n in range(8)
]
OPINIONS = (
    "The council should have asked the people of the town before closing the only library.",
    "Nobody asked us before they raised the price of public transport.",
    "The minister should resign, this scandal has gone on for too long.",
)
NEW = "Order the green lamp number 77 from the lamp desk tonight, the lamp desk never sleeps"


@pytest.fixture
def house(database: Database) -> House:
    house = House(database)
    house.sites.add(a_site(id="other"), key_prefix="mod_y", key_digest="e", now=NOON)
    return house


def learn(house: House) -> SiteModelRows:
    layers = SiteModelRows(house.database)
    drain = TrainSiteModel(
        house.queue, house.store, layers, house.sites, shared_model(), house.new_token
    )
    while drain():
        pass
    return layers


def probability(layers: SiteModelRows, site_id: str) -> float:
    scorer = Scorer(shared_model(), layers.get)
    return scorer.score([Facts(a_submission(NEW, site_id=site_id))])[0].probability


def decide(house: House, verdict: Verdict) -> None:
    texts = list(enumerate(SPAM, 1))
    house.send(*(a_submission(text, id=f"id{n}", platform_id=str(n)) for n, text in texts))
    house.check()
    for number, _ in texts:
        house.moderate(f"id{number}", verdict, seen=1)


def test_a_site_learns_what_its_moderators_call_spam(house: House) -> None:
    before = probability(SiteModelRows(house.database), "blog")
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
    before = probability(SiteModelRows(house.database), "blog")
    decide(house, Verdict.DISCARD)
    assert probability(learn(house), "blog") == before


def test_two_workers_do_not_overwrite_each_other(house: House) -> None:
    decide(house, Verdict.SPAM)
    layers = SiteModelRows(house.database)
    layer, version = layers.load("blog")
    learn(house)
    assert layers.save([], {"blog": (layer, version)}) is False
    assert layers.load("blog")[0].lessons == len(SPAM)


def test_a_site_can_be_made_to_forget(house: House) -> None:
    decide(house, Verdict.SPAM)
    layers = learn(house)
    assert layers.reset("blog") is True
    assert SiteModelRows(house.database).get("blog") is None
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


def layer_of(house: House) -> SiteLayer:
    return house.learn().load("blog")[0]


def test_what_is_undone_after_it_was_learned_leaves_nothing(house: House) -> None:
    """Whatever was learned before it and after it."""
    texts = {f"id{n}": f"{text} {n}" for n, text in enumerate((*SPAM[:3], *OPINIONS), 1)}
    house.send(*(a_submission(text, id=id_, platform_id=id_) for id_, text in texts.items()))
    house.check()
    said = {id_: Verdict.SPAM if id_ in ("id1", "id2", "id5") else Verdict.APPROVE for id_ in texts}
    for id_ in ("id1", "id2", "id4"):
        house.moderate(id_, said[id_], seen=1)
    layer_of(house)
    for id_ in ("id5", "id6"):
        house.moderate(id_, said[id_], seen=1)
    assert list(layer_of(house).steps) == ["id1", "id2", "id4", "id5", "id6"]
    house.undo("id2", seen=2)
    kept = ("id1", "id4", "id5", "id6")
    never = relearn(
        [lesson(id_, texts[id_], is_spam=said[id_] is Verdict.SPAM) for id_ in kept],
        shared_model(),
    )
    assert layer_of(house).to_bytes() == never.to_bytes()


def test_the_same_text_by_two_hands_is_two_lessons(house: House) -> None:
    """And each is taken back alone."""
    text = "Our lamp desk never sleeps, order the blue lamp"
    house.send(*(a_submission(text, id=f"id{n}", platform_id=str(n)) for n in (1, 2)))
    house.check()
    house.moderate("id1", Verdict.SPAM, seen=1)
    once = layer_of(house).to_bytes()
    house.moderate("id2", Verdict.SPAM, seen=1)
    assert layer_of(house).lessons == 2
    house.undo("id2", seen=2)
    assert layer_of(house).to_bytes() == once


def old_state(layer: SiteLayer, keys: list[str]) -> bytes:
    """A layer as older versions stored it: whole steps, known by the digests of texts."""
    steps = dict.fromkeys(keys, 6.0)
    numbers = {"format": 1, "bias": 0.3, "lessons": len(keys), "refused": 0, "steps": steps}
    file = io.BytesIO()
    np.savez_compressed(
        file,
        places=layer.over.places,
        weights=(layer.over.values / 2**20).astype(np.float32) * 9,
        words=layer.over.places,
        seen=layer.over.places,
        numbers=np.frombuffer(json.dumps(numbers).encode(), dtype=np.uint8),
    )
    return file.getvalue()


def an_old_layer(house: House) -> SiteLayer:
    """What the site taught, stored as an older version did; returns what it should become."""
    decide(house, Verdict.SPAM)
    layer = layer_of(house)
    rows = house.rows("SELECT submission_id, text FROM lessons")
    digests = {str(row[0]): str(row[1]) for row in rows}
    state = old_state(layer, [digests[id_] for id_ in layer.steps])
    with house.database.write() as connection:
        connection.execute(update(site_layers).values(state=state, basis=""))
    return layer


def test_an_older_version_s_layer_is_learned_anew(house: House) -> None:
    layer = an_old_layer(house)
    layers = SiteModelRows(house.database)
    old = layers.load("blog")[0]
    assert old.bias == 0.3
    assert probability(layers, "blog") > 0.4  # it judges until its turn comes
    relearning = RetrainSiteModel(layers, shared_model(), StandardLog())
    assert [relearning(), relearning(), relearning()] == [1, 0, 0]
    assert layers.load("blog")[0].to_bytes() == layer.to_bytes()
    assert RetrainSiteModel(SiteModelRows(house.database), shared_model(), StandardLog())() == 0


def test_a_lesson_that_comes_first_finds_an_old_layer_and_learns_it_anew(house: House) -> None:
    layer = an_old_layer(house)
    house.send(a_submission(OPINIONS[0], id="id99", platform_id="99"))
    house.check()
    house.moderate("id99", Verdict.APPROVE, seen=1)
    now = layer_of(house)
    assert list(now.steps) == [*layer.steps, "id99"]
    assert now.basis == layer.basis


def test_a_layer_that_cannot_be_read_holds_nobody_up(house: House) -> None:
    layer = an_old_layer(house)
    with house.database.write() as connection:
        row = {"site_id": "other", "version": 1, "state": b"broken", "changed_at": 0}
        connection.execute(insert(site_layers).values(row))
    layers = SiteModelRows(house.database)
    relearning = RetrainSiteModel(layers, shared_model(), StandardLog())
    assert [relearning() for _ in range(3)] == [1, 1, 0]
    assert layers.load("blog")[0].to_bytes() == layer.to_bytes()
