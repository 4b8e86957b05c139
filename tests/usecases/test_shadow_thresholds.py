"""Thresholds in shadow: what they would do is counted beside what happens, and changes nothing."""

import pytest

from moderator.domain.errors import InvalidError
from moderator.domain.rule import RuleKind, RuleState
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from moderator.usecases.rules.manage import RuleWish
from tests.builders import NOON
from tests.house import MOD, House
from tests.usecases.test_rules import EVERYBODY, HALF, comment, judged, manage

LAX = RuleWish("blog", RuleKind.THRESHOLDS, "0,6  0.9", Verdict.HOLD)
STRICT = RuleWish("blog", RuleKind.THRESHOLDS, "0.2 0.45", Verdict.HOLD)
SAME = RuleWish("blog", RuleKind.THRESHOLDS, "0.4 0.9", Verdict.HOLD)


def counting(house: House, wish: RuleWish) -> str:
    rules = manage(house)
    made = rules.add(wish, MOD, scope=EVERYBODY, now=NOON)
    rules.move(made.id, RuleState.SHADOW, MOD, scope=EVERYBODY, seen=1, now=NOON)
    return made.id


@pytest.mark.parametrize(
    ("wish", "counted"),
    [(LAX, {"hold>approve": 2}), (STRICT, {"hold>spam": 2}), (SAME, {})],
)
def test_what_they_would_have_said_is_counted_beside_what_was_said(
    database: Database, wish: RuleWish, counted: dict[str, int]
) -> None:
    house = House(database)
    made = counting(house, wish)
    judged(house, comment(1, "My casino"), comment(2, "The river"))
    assert house.status(f"{1:032x}") == "hold"
    assert manage(house).store.counts([made]) == ({made: counted} if counted else {})
    found = [row[0] for row in house.rows("SELECT findings FROM decisions")]
    assert all(("shadow_thresholds" in str(one)) is bool(counted) for one in found)


def test_judged_again_is_counted_once_and_told_as_it_is_now(database: Database) -> None:
    house = House(database)
    made = counting(house, LAX)
    judged(house, comment(1, "My casino"))
    house.moderate(f"{1:032x}", Verdict.SPAM, seen=1)
    house.undo(f"{1:032x}", seen=2)
    assert manage(house).store.counts([made]) == {made: {"hold>approve": 1}}


def test_a_dry_run_weighs_what_was_found_by_them(database: Database) -> None:
    house = House(database)
    judged(house, *(comment(number, f"Text {number}") for number in range(1, 5)))
    house.moderate(f"{1:032x}", Verdict.APPROVE, seen=1)
    house.moderate(f"{2:032x}", Verdict.SPAM, seen=1)
    rules = manage(house)
    run = rules.tried(LAX, MOD, NOON).dry_run
    assert run is not None
    assert (run.read, run.caught, run.changes) == (4, 4, {"hold>approve": 4})
    assert (run.right, run.wrong) == (1, 1)
    assert HALF.weight == 0.5


def test_they_never_act_as_a_rule(database: Database) -> None:
    rules = manage(House(database))
    made = rules.add(LAX, MOD, scope=EVERYBODY, now=NOON)
    assert made.what == "0.6 0.9"
    rules.try_now(made.id, scope=EVERYBODY, now=NOON)
    with pytest.raises(InvalidError, match="It only counts"):
        rules.move(made.id, RuleState.LIVE, MOD, scope=EVERYBODY, seen=1, now=NOON)
    with pytest.raises(InvalidError, match="draft first"):
        rules.add(LAX, MOD, scope=EVERYBODY, now=NOON, acts=True)


@pytest.mark.parametrize(
    "what", ["", "0.4", "0.9 0.4", "nan nan", "0 1", "0.4 inf", "a b", "1 2 3"]
)
def test_what_is_no_pair_of_thresholds_is_refused(database: Database, what: str) -> None:
    wish = RuleWish("blog", RuleKind.THRESHOLDS, what, Verdict.HOLD)
    with pytest.raises(InvalidError, match="hold"):
        manage(House(database)).add(wish, MOD, scope=EVERYBODY, now=NOON)
