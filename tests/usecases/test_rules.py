"""Rules from a wish to what the judge does, on a database: tried, live, counted, undone."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from moderator.checks.rules import Rules
from moderator.domain.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from moderator.domain.finding import Finding, Signal
from moderator.domain.queue import Job
from moderator.domain.rule import Rule, RuleKind, RuleState
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from moderator.storage.history.received import HistoryRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.rules import RuleRows
from moderator.usecases.rules.judge_again import JudgeAgain
from moderator.usecases.rules.manage import ManageRules, RuleWish
from moderator.usecases.rules.run_dry import RunDry
from moderator.usecases.rules.try_rule import TryRule
from tests.builders import NOON, a_site, a_submission
from tests.house import MOD, House
from tests.usecases.test_judging import Says

HALF = Finding("spam_text", Signal.SUSPECT, "Reads like spam", "spam_text", 0.5)
CASINO = RuleWish("blog", RuleKind.LIST, "casino", Verdict.SPAM)
EVERYBODY = None


@pytest.fixture
def house(database: Database) -> House:
    house = House(database)
    house.sites.add(a_site(id="other"), key_prefix="x", key_digest="other", now=NOON)
    return house


def comment(number: int, text: str, site: str = "blog") -> Submission:
    at = NOON + timedelta(minutes=number)
    return replace(
        a_submission(text, author=Author(name=f"Jo {number}"), site_id=site),
        id=f"{number:032x}",
        platform_id=str(number),
        created_at=at,
        received_at=at,
    )


def judged(house: House, *submissions: Submission) -> None:
    house.sites.look_again()
    house.send(*submissions)
    house.check(Says(HALF), Rules())


def manage(house: House) -> ManageRules:
    numbers = count(1)
    tries = TryRule(HistoryRows(house.database), SiteRows(house.database), Rules())
    store = RuleRows(house.database)
    again = JudgeAgain(HistoryRows(house.database), store, SiteRows(house.database))
    return ManageRules(store, tries, house.hints, again, lambda: f"rule{next(numbers)}")


def run_dry(house: House, rule: Rule) -> Rule:
    tries = TryRule(HistoryRows(house.database), SiteRows(house.database), Rules())
    step = RunDry(house.queue, RuleRows(house.database), tries, lambda _: None, house.new_token)
    while step():
        pass
    found = RuleRows(house.database).get(rule.id)
    assert found is not None
    return found


def fresh(house: House) -> None:
    """Forget what was remembered of the sites, as a worker does within two seconds."""
    house.sites = SiteRows(house.database)


def test_a_block_shows_what_it_would_have_done_and_acts_at_once(house: House) -> None:
    judged(house, comment(1, "My casino is open"), comment(2, "The casino of the town"))
    judged(house, comment(3, "A bridge"), comment(4, "A casino elsewhere", site="other"))
    house.moderate(comment(2, "").id, Verdict.APPROVE, seen=1)
    rules = manage(house)
    run = rules.tried(CASINO, MOD, NOON).dry_run
    assert run is not None
    assert (run.read, run.caught, run.right, run.wrong) == (3, 2, 0, 1)
    assert run.changes == {"hold>spam": 2}
    assert run.wrong_ids == (comment(2, "").id,)
    assert rules.store.of(EVERYBODY) == []
    live = rules.add(CASINO, MOD, scope=("blog",), now=NOON, acts=True)
    assert live.state is RuleState.LIVE
    fresh(house)
    judged(house, comment(5, "My casino again"), comment(6, "My casino", site="other"))
    assert house.status(comment(5, "").id) == "spam"
    assert house.status(comment(6, "").id) == "hold"
    assert rules.store.counts([live.id]) == {live.id: {"spam": 1}}


def test_a_block_is_taken_back_by_the_line_of_the_log(house: House) -> None:
    rules = manage(house)
    rules.add(CASINO, MOD, scope=EVERYBODY, now=NOON, acts=True)
    (line,) = rules.store.changes(EVERYBODY)
    assert line.by.name == "Maria"
    back = rules.undo(line.number, MOD, scope=("blog",), now=NOON)
    assert back.state is RuleState.EXPIRED
    fresh(house)
    judged(house, comment(1, "My casino"))
    assert house.status(comment(1, "").id) == "hold"
    with pytest.raises(ConflictError):
        rules.undo(line.number, MOD, scope=("blog",), now=NOON)
    latest = rules.store.changes(EVERYBODY)[0]
    again = rules.undo(latest.number, MOD, scope=("blog",), now=NOON)
    assert again.state is RuleState.LIVE


def test_a_pattern_is_a_draft_until_it_was_tried_on_all_that_is_kept(house: House) -> None:
    judged(house, *(comment(number, "casino" if number % 2 else "river") for number in range(1, 8)))
    rules = manage(house)
    wish = RuleWish("blog", RuleKind.PATTERN, r"cas\w+", Verdict.HOLD)
    with pytest.raises(InvalidError, match="draft first"):
        rules.add(wish, MOD, scope=EVERYBODY, now=NOON, acts=True)
    draft = rules.add(wish, MOD, scope=EVERYBODY, now=NOON)
    assert house.hints.sent[-1] is Job.DRY_RUN
    with pytest.raises(InvalidError, match="not tried"):
        rules.move(draft.id, RuleState.LIVE, MOD, scope=EVERYBODY, seen=1, now=NOON)
    tried = run_dry(house, draft)
    assert tried.dry_run is not None
    assert (tried.dry_run.read, tried.dry_run.caught, tried.dry_run.is_done) == (7, 4, True)
    live = rules.move(draft.id, RuleState.LIVE, MOD, scope=EVERYBODY, seen=1, now=NOON)
    assert live.state is RuleState.LIVE
    assert run_dry(house, live).dry_run == tried.dry_run


def test_a_pattern_that_refuses_must_have_earned_it(house: House) -> None:
    judged(house, comment(1, "casino"))
    house.moderate(comment(1, "").id, Verdict.SPAM, seen=1)
    rules = manage(house)
    wish = RuleWish("blog", RuleKind.PATTERN, "casino", Verdict.SPAM)
    draft = run_dry(house, rules.add(wish, MOD, scope=EVERYBODY, now=NOON))
    with pytest.raises(InvalidError, match=r"with 1 of 1"):
        rules.move(draft.id, RuleState.LIVE, MOD, scope=EVERYBODY, seen=1, now=NOON)
    shadow = rules.move(draft.id, RuleState.SHADOW, MOD, scope=EVERYBODY, seen=1, now=NOON)
    fresh(house)
    judged(house, comment(2, "casino"))
    assert house.status(comment(2, "").id) == "hold"
    assert rules.store.counts([shadow.id]) == {shadow.id: {"hold": 1}}


def test_a_changed_draft_is_tried_anew(house: House) -> None:
    judged(house, comment(1, "casino"), comment(2, "poker"))
    rules = manage(house)
    draft = run_dry(house, rules.add(CASINO, MOD, scope=EVERYBODY, now=NOON))
    wish = replace(CASINO, what="casino\npoker")
    changed = rules.change(draft.id, wish, MOD, scope=EVERYBODY, seen=1, now=NOON)
    assert changed.why_not_live()
    tried = run_dry(house, changed)
    assert tried.dry_run is not None
    assert tried.dry_run.caught == 2
    assert not tried.why_not_live()
    with pytest.raises(ConflictError):
        rules.change(draft.id, CASINO, MOD, scope=EVERYBODY, seen=1, now=NOON)


def test_long_histories_are_tried_a_portion_at_a_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moderator.usecases.rules.run_dry.PORTION", 2)
    judged(house, *(comment(number, "casino") for number in range(1, 6)))
    rules = manage(house)
    draft = rules.add(CASINO, MOD, scope=EVERYBODY, now=NOON)
    tries = TryRule(HistoryRows(house.database), SiteRows(house.database), Rules())
    step = RunDry(house.queue, RuleRows(house.database), tries, lambda _: None, house.new_token)
    seen = []
    while step():
        found = rules.rule(EVERYBODY, draft.id).dry_run
        assert found is not None
        seen.append((found.read, found.is_done))
    assert seen == [(2, False), (4, False), (5, True)]


def test_rules_of_every_site_are_made_by_who_sees_every_site(house: House) -> None:
    rules = manage(house)
    wish = replace(CASINO, site_id="")
    for scope in (("blog",), ()):
        with pytest.raises(ForbiddenError):
            rules.add(wish, MOD, scope=scope, now=NOON, acts=True)
    rule = rules.add(wish, MOD, scope=EVERYBODY, now=NOON, acts=True)
    assert rules.rule(("other",), rule.id) == rule
    with pytest.raises(ForbiddenError):
        rules.move(rule.id, RuleState.EXPIRED, MOD, scope=("blog",), seen=1, now=NOON)
    fresh(house)
    judged(house, comment(1, "casino"), comment(2, "casino", site="other"))
    assert [house.status(comment(number, "").id) for number in (1, 2)] == ["spam", "spam"]


def test_rules_of_other_sites_do_not_exist(house: House) -> None:
    rules = manage(house)
    rule = rules.add(CASINO, MOD, scope=("blog",), now=NOON, acts=True)
    with pytest.raises(NotFoundError):
        rules.rule(("other",), rule.id)
    assert rules.store.of(("other",)) == []
    assert rules.store.changes(("other",)) == []


@pytest.mark.parametrize("what", ["", "# only a remark", "192.0.2.x", "and/or\n192.0.2.999"])
def test_what_cannot_be_read_is_refused_with_a_sentence(house: House, what: str) -> None:
    with pytest.raises(InvalidError, match=r"\w"):
        manage(house).tried(replace(CASINO, what=what), MOD, NOON)
