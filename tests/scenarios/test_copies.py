"""Copies and corrections through the service: who stays, what is heard, who is judged again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.domain.events.arrival import Event
from moderator.domain.policy import CopyHandling, Policy
from moderator.domain.submission import Submission
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from tests.builders import BOB, NOON, a_pingback, a_submission
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


@pytest.mark.parametrize("text", ["Thanks!", "Great idea!", PHOTO, "👍", "+1"])
def test_a_double_click_is_discarded_however_short(house: House, text: str) -> None:
    take(house, comment(1, text), comment(2, text), comment(3, text))
    assert statuses(house) == {"1": "approved", "2": "trash", "3": "trash"}


def test_an_hour_later_a_few_words_may_be_meant_again(house: House) -> None:
    take(house, comment(1, "Thanks!"), comment(60, "Thanks!"), comment(2), comment(61))
    assert statuses(house) == {"1": "approved", "60": "approved", "2": "approved", "61": "trash"}


@pytest.mark.parametrize(
    "changes",
    [
        {"author": BOB},
        {"author": replace(BOB, email="", ip="")},
        {"post": replace(a_submission().post, id="8", url="https://blog.example.org/other")},
        {"parent_id": "7"},
        {"created_at": NOON + timedelta(days=2)},
    ],
)
def test_another_hand_or_place_or_day_is_another_comment(
    house: House, changes: dict[str, object]
) -> None:
    take(house, comment(1))
    take(house, comment(2, PHOTO, **changes))
    assert statuses(house) == {"1": "approved", "2": "approved"}


def test_people_without_a_name_are_not_one_hand(house: House) -> None:
    nobody = replace(BOB, name="", email="")
    take(house, comment(1, author=nobody), comment(2, author=nobody))
    assert statuses(house) == {"1": "approved", "2": "approved"}


def test_a_name_and_an_address_are_a_hand(house: House) -> None:
    walker = replace(BOB, email="")
    take(house, comment(1, "How long is it?", author=walker))
    take(house, comment(2, "How long is it?", author=walker))
    assert statuses(house) == {"1": "approved", "2": "trash"}


def test_the_later_takes_the_verdict_of_what_it_corrects(house: House) -> None:
    take(house, comment(1, SATURDAY))
    assert heard(house) == [("1", "approved")]
    take(house, comment(2, CORRECTED))
    assert statuses(house) == {"1": "trash", "2": "approved"}
    assert originals(house) == {"1": "2"}
    assert sorted(heard(house)) == [("1", "trash"), ("2", "approved")]


@pytest.mark.parametrize("together", [True, False])
def test_a_correction_counts_in_whatever_order_it_comes(house: House, *, together: bool) -> None:
    wrong, right = comment(1, SATURDAY), comment(2, CORRECTED)
    if together:
        take(house, right, wrong)
    else:
        take(house, right)
        take(house, wrong)
    assert statuses(house) == {"1": "trash", "2": "approved"}


def test_who_thanks_two_people_in_the_same_words_corrects_nothing(house: House) -> None:
    thanks = "{} Thank you for the kind words, they mean a lot to all of us here."
    take(house, comment(1, thanks.format("@Ann")), comment(2, thanks.format("@Bob")))
    assert statuses(house) == {"1": "approved", "2": "approved"}


def test_what_a_person_approved_is_shown_beside_its_correction(house: House) -> None:
    take(house, comment(1, SATURDAY))
    house.moderate(comment(1).id, Verdict.APPROVE, seen=1)
    take(house, comment(2, CORRECTED))
    assert statuses(house) == {"1": "approved", "2": "approved"}


def test_a_held_correction_replaces_nothing_until_a_person_approves_it(house: House) -> None:
    unsure = CORRECTED.replace("please", "unsure")
    take(house, comment(1, SATURDAY))
    take(house, comment(2, unsure))
    assert statuses(house) == {"1": "approved", "2": "hold"}
    house.moderate(comment(2).id, Verdict.APPROVE, seen=1)
    settle(house)
    assert statuses(house) == {"1": "trash", "2": "approved"}


def test_when_the_blog_approves_the_correction_it_is_the_same(house: House) -> None:
    take(house, comment(1, SATURDAY))
    take(house, comment(2, CORRECTED.replace("please", "unsure")))
    take(house, comment(2, status="approved"), event=Event.STATUS_CHANGED)
    assert statuses(house) == {"1": "trash", "2": "approved"}


def test_a_person_brings_a_copy_back(house: House) -> None:
    take(house, comment(1), comment(2))
    house.moderate(comment(2).id, Verdict.APPROVE, seen=1)
    take(house, comment(1), event=Event.DELETED)
    take(house, comment(3))
    assert statuses(house) == {"1": "erased", "2": "approved", "3": "trash"}


def test_a_site_may_hold_its_copies(house: House) -> None:
    house.sites.set_policy("blog", Policy(copies=CopyHandling.HOLD))
    take(house, comment(1), comment(2))
    assert statuses(house) == {"1": "approved", "2": "hold"}
    assert originals(house) == {"2": "1"}
    take(house, comment(1), event=Event.DELETED)
    assert statuses(house) == {"1": "erased", "2": "approved"}


def test_a_hundred_clicks_leave_one(house: House) -> None:
    clicks = [comment(n, created_at=NOON + timedelta(seconds=n)) for n in range(100)]
    take(house, *clicks[50:])
    take(house, *clicks[:50])
    shown = [id_ for id_, status in statuses(house).items() if status == "approved"]
    assert shown == ["0"]


def ping(number: int, protocol: str, text: str, source: str = "https://a.example/x") -> Submission:
    it = a_pingback(source, text)
    assert it.linkback is not None
    return replace(
        it,
        id=f"{number:032x}",
        platform_id=str(number),
        created_at=NOON + timedelta(days=number),
        linkback=replace(it.linkback, protocol=protocol),
    )


def test_one_source_speaks_once_by_whatever_protocols(house: House) -> None:
    take(house, ping(1, "pingback", "これ"))
    take(house, ping(40, "webmention", "A long word about the river and all its old mills."))
    assert statuses(house) == {"1": "approved", "40": "trash"}


def test_by_the_same_protocol_it_is_an_update(house: House) -> None:
    take(house, ping(1, "trackback", "The first word about the river and all its old mills."))
    take(house, ping(2, "trackback", "The last word about the bridge, which nobody has crossed."))
    assert statuses(house) == {"1": "trash", "2": "approved"}


@pytest.mark.parametrize("relation", ["like", "repost", "bookmark"])
def test_people_who_like_a_post_say_so_each_for_themselves(house: House, relation: str) -> None:
    likes = [
        ping(n, "webmention", "liked this post very much", f"https://p{n}.example/") for n in (1, 2)
    ]
    take(
        house,
        *(
            replace(like, linkback=replace(like.linkback, relation=relation))  # type: ignore[type-var]
            for like in likes
        ),
    )
    assert statuses(house) == {"1": "approved", "2": "approved"}


@pytest.mark.parametrize("times", [1, 2, 3])
def test_however_often_it_is_edited_a_refusal_stands(house: House, times: int) -> None:
    take(house, comment(1))
    house.moderate(comment(1).id, Verdict.SPAM, seen=1)
    for n in range(times):
        moment = NOON + timedelta(days=2 + n)
        edited = comment(1, PHOTO + "!" * (n + 1))
        house.send(edited, event=Event.UPDATED, timestamp=moment, has_content=True)
        settle(house)
        assert statuses(house) == {"1": "hold"}
    [row] = house.rows("SELECT reasons FROM decisions ORDER BY sequence DESC LIMIT 1")
    assert "It was edited after a person refused it" in str(row[0])
    house.moderate(comment(1).id, Verdict.APPROVE, seen=2 + times, version=1 + times)
    last = comment(1, "At last something else, about the otters in the river.")
    house.send(last, event=Event.UPDATED, timestamp=NOON + timedelta(days=9), has_content=True)
    settle(house)
    assert statuses(house) == {"1": "approved"}


def test_an_edit_of_what_the_blog_threw_away_is_held_at_most(house: House) -> None:
    take(house, comment(1))
    take(house, comment(1, status="trash"), event=Event.STATUS_CHANGED)
    for n in (1, 2):
        moment = NOON + timedelta(days=2 + n)
        edited = comment(1, PHOTO + "!" * n)
        house.send(edited, event=Event.UPDATED, timestamp=moment, has_content=True)
        settle(house)
        assert statuses(house) == {"1": "hold"}
