"""One decision about a campaign: each member its own, told per member, taken back, made ahead."""

import threading
from datetime import timedelta

import pytest

from moderator.domain.decisions.moderation import SeenVersion, Shown, Together
from moderator.domain.errors import ConflictError, NotFoundError
from moderator.domain.verdict import Decider, Verdict
from moderator.storage.base.database import Database
from tests.builders import NOON
from tests.house import MOD
from tests.statements import counting
from tests.usecases.pressing import BEN, EVE, GRACE, Desk, a_desk, comment

FOURTH = (comment(4).received_at, comment(4).id)


@pytest.fixture
def desk(database: Database) -> Desk:
    return a_desk(database)


def test_each_member_gets_its_own_decision_and_callback(desk: Desk) -> None:
    done = desk.decide()
    assert done.decided == tuple(f"{number:032x}" for number in (1, 2, 3, 4))
    assert desk.statuses() == ["spam"] * 4
    assert desk.house.rows(
        "SELECT submission_id, decider_name, act FROM decisions WHERE sequence = 2 ORDER BY 1"
    ) == [(id_, "Maria", done.act) for id_ in done.decided]
    assert sorted(desk.sent()) == [(str(number), "spam") for number in (1, 2, 3, 4)]


def test_members_are_taken_out_before_and_after(desk: Desk) -> None:
    done = desk.decide(shown=Shown(without=frozenset({f"{2:032x}"})))
    assert desk.statuses() == ["spam", "hold", "spam", "spam"]
    desk.house.undo(f"{3:032x}", seen=2, grace=GRACE)
    assert desk.statuses() == ["spam", "hold", "hold", "spam"]
    assert sorted(desk.sent()) == [("1", "spam"), ("4", "spam")]
    assert len(desk.undo(done.act).decided) == 2  # what was taken back before is no conflict
    assert desk.statuses() == ["hold"] * 4


def test_what_others_decided_meanwhile_is_told_per_member_and_the_rest_is_decided(
    desk: Desk,
) -> None:
    looked = desk.house.queue.now()
    desk.house.moderate(f"{2:032x}", Verdict.APPROVE, seen=1, by=BEN)
    done = desk.decide(shown=Shown(FOURTH, looked))
    assert len(done.decided) == 3
    (refusal,) = done.refused
    assert refusal.submission_id == f"{2:032x}"
    assert refusal.words == "Ben decided meanwhile"
    assert refusal.latest is not None
    assert refusal.latest.decision.verdict is Verdict.APPROVE
    assert desk.statuses() == ["spam", "approved", "spam", "spam"]


def test_the_same_again_by_the_same_person_is_no_conflict(desk: Desk) -> None:
    looked = desk.house.queue.now()
    first = desk.decide(shown=Shown(FOURTH, looked))
    again = desk.decide(shown=Shown(FOURTH, looked))
    assert (again.decided, again.refused, again.act) == ((), (), first.act)
    theirs = desk.decide(by=BEN, shown=Shown(FOURTH, looked))
    assert (theirs.decided, len(theirs.refused)) == ((), 4)


def test_what_came_after_the_page_was_made_is_not_decided(desk: Desk) -> None:
    desk.send(5)
    assert len(desk.decide(shown=Shown(FOURTH)).decided) == 4
    assert desk.statuses()[-1] == "hold"


def test_an_edit_that_nobody_saw_is_not_decided(desk: Desk) -> None:
    looked = NOON - timedelta(days=1)
    with desk.house.database.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE submissions SET content_version = 2 WHERE id = '{3:032x}'"  # noqa: S608
        )
    done = desk.decide(shown=Shown(None, looked))
    assert [refusal.submission_id for refusal in done.refused] == [f"{3:032x}"]
    assert "edited it meanwhile" in done.refused[0].words


def test_other_sites_are_out_of_reach(desk: Desk) -> None:
    desk.send(5, site="other")
    done = desk.decide(scope=("blog",))
    assert len(done.decided) == 4
    assert desk.statuses()[-1] == "hold"
    with pytest.raises(NotFoundError):
        desk.decide(scope=("third",))
    with pytest.raises(NotFoundError):
        desk.undo(done.act, by=EVE, scope=("other",))
    assert desk.statuses()[0] == "spam"


def test_taken_back_in_time_nothing_was_sent_and_nothing_learned(desk: Desk) -> None:
    act = desk.decide().act
    desk.undo(act)
    assert desk.statuses() == ["hold"] * 4
    assert desk.sent() == []
    desk.house.learn()
    assert desk.house.rows("SELECT * FROM lessons") == []


def test_taken_back_later_each_blog_hears_exactly_one_revision_and_all_is_unlearned(
    desk: Desk,
) -> None:
    act = desk.decide().act
    assert len(desk.sent()) == 4
    desk.house.learn()
    assert len(desk.house.rows("SELECT * FROM lessons")) == 4
    desk.undo(act)
    assert sorted(desk.sent()) == [(str(number), "hold") for number in (1, 2, 3, 4)]
    desk.house.learn()
    assert desk.house.rows("SELECT * FROM lessons") == []
    assert desk.house.rows("SELECT * FROM host_rulings WHERE host <> ''") == []
    assert desk.sent() == []


def test_undo_twice_is_undo_once(desk: Desk) -> None:
    act = desk.decide().act
    assert len(desk.undo(act).decided) == 4
    again = desk.undo(act, by=BEN)
    assert (again.decided, again.refused) == ((), ())
    assert desk.house.rows("SELECT DISTINCT sequence FROM submissions") == [(3,)]


def test_two_undos_at_once_are_one(desk: Desk) -> None:
    act = desk.decide().act
    done: list[Together] = []
    ready = threading.Barrier(2)

    def take_back(by: Decider) -> None:
        ready.wait()
        done.append(desk.undo(act, by=by))

    threads = [threading.Thread(target=take_back, args=(by,)) for by in (MOD, BEN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(one.decided) for one in done) == 4
    assert not any(one.refused for one in done)
    assert desk.house.rows("SELECT DISTINCT sequence FROM submissions") == [(3,)]


def test_undo_after_somebody_decided_again_is_told_and_takes_back_the_rest(desk: Desk) -> None:
    act = desk.decide().act
    desk.house.moderate(f"{2:032x}", Verdict.APPROVE, seen=2, by=BEN)
    done = desk.undo(act)
    assert len(done.decided) == 3
    (refusal,) = done.refused
    assert "Ben decided meanwhile: approved" in refusal.words
    assert desk.statuses() == ["hold", "approved", "hold", "hold"]


def test_undo_of_one_twice_is_undo_once(desk: Desk) -> None:
    id_ = f"{1:032x}"
    desk.house.moderate(id_, Verdict.SPAM, seen=1)
    moderate = desk.house.moderation()
    given = {"seen": SeenVersion(2), "now": desk.house.queue.now()}
    assert moderate.undo(id_, MOD, **given)  # type: ignore[arg-type]  # as named
    assert not moderate.undo(id_, BEN, **given)  # type: ignore[arg-type]  # as named
    desk.house.moderate(id_, Verdict.APPROVE, seen=3, by=BEN)
    with pytest.raises(ConflictError, match="Ben decided meanwhile"):
        moderate.undo(id_, MOD, **given)  # type: ignore[arg-type]  # as named


def test_a_person_puts_it_back_to_held_and_it_is_unlearned(desk: Desk) -> None:
    id_ = f"{1:032x}"
    desk.house.moderate(id_, Verdict.SPAM, seen=1)
    desk.sent()
    desk.house.learn()
    assert len(desk.house.rows("SELECT * FROM lessons")) == 1
    assert desk.house.moderate(id_, Verdict.HOLD, seen=2)
    assert desk.statuses()[0] == "hold"
    assert desk.sent() == [("1", "hold")]
    desk.house.learn()
    assert desk.house.rows("SELECT * FROM lessons") == []


def test_a_large_campaign_takes_as_many_statements_as_a_small_one_per_portion(desk: Desk) -> None:
    with counting(desk.house.database) as few:
        desk.decide()
    desk.undo("act0")
    desk.send(*range(5, 101))
    with counting(desk.house.database) as many:
        assert len(desk.decide().decided) == 100
    assert len(many) <= 2 * len(few)
