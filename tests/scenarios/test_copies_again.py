"""Who is judged again when an original, or a correction, goes: nothing hangs in the air."""

import random
from datetime import timedelta

import pytest

from moderator.domain.events.arrival import Event
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from tests.builders import NOON
from tests.house import House
from tests.scenarios.copying import (
    CORRECTED,
    PHOTO,
    SATURDAY,
    comment,
    heard,
    originals,
    settle,
    statuses,
    take,
)


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def test_a_correction_that_is_taken_back_gives_way_again(house: House) -> None:
    take(house, comment(1, SATURDAY))
    take(house, comment(2, CORRECTED))
    take(house, comment(2), event=Event.DELETED)
    assert statuses(house) == {"1": "approved", "2": "erased"}
    assert ("1", "approved") in heard(house)


def test_when_the_original_is_deleted_its_copy_is_shown(house: House) -> None:
    take(house, comment(1), comment(2), comment(3))
    assert sorted(heard(house)) == [("1", "approved"), ("2", "trash"), ("3", "trash")]
    take(house, comment(1), event=Event.DELETED)
    assert statuses(house) == {"1": "erased", "2": "approved", "3": "trash"}
    assert originals(house) == {"3": "2"}
    assert heard(house)[0] == ("2", "approved")


def test_when_the_original_is_edited_away_its_copy_is_shown(house: House) -> None:
    take(house, comment(1), comment(2))
    take(
        house,
        comment(1, "Quite another matter, about the cats of the miller."),
        event=Event.UPDATED,
    )
    assert statuses(house) == {"1": "approved", "2": "approved"}


def test_when_the_original_is_edited_to_the_same_the_copy_stays_one(house: House) -> None:
    take(house, comment(1), comment(2))
    take(house, comment(1, PHOTO.upper()), event=Event.UPDATED)
    assert statuses(house) == {"1": "approved", "2": "trash"}


@pytest.mark.parametrize(
    ("verdict", "becomes"), [(Verdict.SPAM, "spam"), (Verdict.DISCARD, "hold")]
)
def test_when_a_person_refuses_the_original_its_copy_is_judged_again(
    house: House, verdict: Verdict, becomes: str
) -> None:
    take(house, comment(1), comment(2))
    house.moderate(comment(1).id, verdict, seen=1)
    settle(house)
    assert statuses(house) == {"1": verdict.status, "2": becomes}


def test_when_the_blog_refuses_the_original_its_copy_is_judged_again(house: House) -> None:
    take(house, comment(1), comment(2))
    take(house, comment(1, status="trash"), event=Event.STATUS_CHANGED)
    assert statuses(house) == {"1": "trash", "2": "hold"}


def test_a_copy_of_what_turns_out_to_be_spam_is_no_copy(house: House) -> None:
    offer = "Everybody gets the best offer of the whole town at our new shop by the river."
    take(house, comment(1, offer), comment(2, offer), comment(3, offer))
    assert statuses(house) == {"1": "spam", "2": "spam", "3": "spam"}


TEXTS = (
    SATURDAY,
    CORRECTED,
    SATURDAY.replace("mill", "bridge"),
    "Best offer in town, by the river!",
)


@pytest.mark.parametrize("seed", range(8))
def test_after_any_events_no_copy_hangs_in_the_air(house: House, seed: int) -> None:
    """Whatever is discarded as a copy has an original that was not refused; the blog knows all."""
    chance = random.Random(seed)  # noqa: S311  # an order, not a secret
    moment, known = NOON, set[int]()
    for _ in range(30):
        moment += timedelta(seconds=1)
        number, text = chance.randrange(1, 6), chance.choice(TEXTS)
        event = chance.choice((Event.CREATED, Event.CREATED, Event.UPDATED, Event.DELETED))
        if number in known and chance.random() < 0.3:
            _moderate(house, number, chance)
        else:
            house.send(comment(number, text), event=event, timestamp=moment, has_content=True)
            known.add(number)
        if chance.random() < 0.5:
            settle(house)
    settle(house)
    rows = house.rows("SELECT id, status, duplicate_of, decided_by FROM submissions")
    standing = {row[0]: row for row in rows}
    for row in rows:
        if row[1] == "trash" and row[3] == "rule":
            _, status, copied, decider = standing[row[2]]
            assert status in ("approved", "hold") or (copied and decider == "rule")
    told: dict[object, object] = {}
    for _ in range(3):
        told |= dict(heard(house))
    shown = {id_: status for id_, status in statuses(house).items() if status != "erased"}
    assert {id_: status for id_, status in told.items() if id_ in shown} == shown


def _moderate(house: House, number: int, chance: random.Random) -> None:
    """A person decides what stands; nothing happens to what is being judged, or gone."""
    sql = (
        "SELECT id, status, sequence, content_version FROM submissions"  # noqa: S608
        f" WHERE platform_id = '{number}'"
    )
    [(id_, status, sequence, version)] = house.rows(sql)
    if status in ("queued", "erased"):
        return
    verdict = chance.choice((Verdict.APPROVE, Verdict.SPAM, Verdict.DISCARD))
    house.moderate(str(id_), verdict, seen=int(str(sequence)), version=int(str(version)))
