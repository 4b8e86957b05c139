"""A rule that begins to act judges what waits, one that ceases what it decided."""

from datetime import timedelta

import pytest

from moderator.checks.rules import Rules
from moderator.domain.queue import Job
from moderator.domain.rule import RuleKind, RuleState
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.usecases.rules.manage import RuleWish
from tests.builders import NOON, a_site
from tests.house import MOD, Blog, House
from tests.usecases.test_judging import Says
from tests.usecases.test_rules import CASINO, EVERYBODY, HALF, comment, judged, manage

NAMED, OTHER, LATER = f"{1:032x}", f"{2:032x}", f"{3:032x}"


@pytest.fixture
def house(database: Database) -> House:
    house = House(database)
    house.sites.add(a_site(id="other"), key_prefix="x", key_digest="other", now=NOON)
    judged(house, comment(1, "My casino"), comment(2, "The river"))
    return house


def judge_due(house: House) -> int:
    """What a worker does once the rule is known and the judgements are due."""
    house.sites = SiteRows(house.database)  # which remembers nothing
    house.hurry(Job.CHECK_LOCAL)
    return house.check(Says(HALF), Rules())


def test_a_block_judges_what_waits_and_its_undo_brings_it_back(house: House) -> None:
    rules, blog = manage(house), Blog()
    house.deliver(blog)
    rules.add(CASINO, MOD, scope=EVERYBODY, now=NOON, acts=True)
    assert judge_due(house) == 1
    assert (house.status(NAMED), house.status(OTHER)) == ("spam", "hold")
    house.deliver(blog)
    assert blog.got[-1]["status"] == "spam"
    line = rules.store.changes(None)[0].number
    rules.undo(line, MOD, scope=EVERYBODY, now=NOON)
    assert judge_due(house) == 1
    assert (house.status(NAMED), house.status(OTHER)) == ("hold", "hold")


def test_it_is_not_due_before_every_worker_knows_the_rule(house: House) -> None:
    manage(house).add(CASINO, MOD, scope=EVERYBODY, now=house.queue.now(), acts=True)
    due = house.queue.oldest_due()[Job.CHECK_LOCAL]
    assert due > house.queue.now() + timedelta(seconds=1)


def test_what_people_decided_stays(house: House) -> None:
    rules = manage(house)
    house.moderate(NAMED, Verdict.APPROVE, seen=1)
    rules.add(CASINO, MOD, scope=EVERYBODY, now=NOON, acts=True)
    assert judge_due(house) == 0
    judged(house, comment(3, "A casino again"))
    assert house.status(LATER) == "spam"
    house.moderate(LATER, Verdict.SPAM, seen=1)
    rules.undo(rules.store.changes(None)[0].number, MOD, scope=EVERYBODY, now=NOON)
    assert judge_due(house) == 0
    assert (house.status(NAMED), house.status(LATER)) == ("approved", "spam")


def test_a_rule_that_is_put_live_and_ended_does_the_same(house: House) -> None:
    rules = manage(house)
    wish = RuleWish("", RuleKind.LIST, "river", Verdict.DISCARD)
    made = rules.add(wish, MOD, scope=EVERYBODY, now=NOON)
    rules.try_now(made.id, scope=EVERYBODY, now=NOON)
    rules.move(made.id, RuleState.SHADOW, MOD, scope=EVERYBODY, seen=1, now=NOON)
    assert judge_due(house) == 0  # it only counts
    rules.move(made.id, RuleState.LIVE, MOD, scope=EVERYBODY, seen=2, now=NOON)
    assert judge_due(house) == 1
    assert house.status(OTHER) == "trash"
    rules.move(made.id, RuleState.EXPIRED, MOD, scope=EVERYBODY, seen=3, now=NOON)
    assert judge_due(house) == 1
    assert house.status(OTHER) == "hold"


def test_a_site_s_rule_touches_no_other_site(house: House) -> None:
    judged(house, comment(3, "Their casino", site="other"))
    manage(house).add(CASINO, MOD, scope=EVERYBODY, now=NOON, acts=True)
    assert judge_due(house) == 1
    assert house.status(LATER) == "hold"
