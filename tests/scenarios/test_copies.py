"""Copies and corrections through the service: who stays, what is heard, who is judged again."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.checks.duplicate import Duplicate
from moderator.domain.arrival import Event
from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Copies, Policy
from moderator.domain.submission import Submission
from moderator.domain.verdict import Verdict
from moderator.storage.database import Database
from tests.builders import BOB, NOON, a_pingback, a_submission
from tests.house import Blog, House

PHOTO = "We met there in 1969 and never parted, thank you for the photograph."
SATURDAY = "The reunion is on Saturday 12 June at the old mill, bring your own chairs please."
CORRECTED = SATURDAY.replace("12", "19")


class Offers:
    """A check that calls spam whatever makes an offer, and holds what is unsure."""

    name = "offers"

    def run(self, submission: Submission, context: Context) -> Finding:
        if "offer" in submission.text:
            return Finding(self.name, Signal.SPAM, "It makes an offer", weight=1.0)
        if "unsure" in submission.text:
            return Finding(self.name, Signal.SUSPECT, "It is unsure", weight=0.5)
        return Finding(self.name, Signal.NEUTRAL, "It makes no offer")


def comment(number: int, text: str = PHOTO, **changes: object) -> Submission:
    given: dict[str, object] = {
        "id": f"{number:032x}",
        "platform_id": str(number),
        "created_at": NOON + timedelta(minutes=number),
    }
    return a_submission(text, **(given | changes))


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def settle(house: House) -> None:
    while house.check(Duplicate(), Offers()):
        pass


def take(house: House, *submissions: Submission, event: Event = Event.CREATED) -> None:
    later = NOON + timedelta(days=1)
    house.send(*submissions, event=event, timestamp=later, has_content=True)
    settle(house)


def statuses(house: House) -> dict[str, str]:
    rows = house.rows("SELECT platform_id, status FROM submissions ORDER BY platform_id")
    return {str(row[0]): str(row[1]) for row in rows}


def originals(house: House) -> dict[str, str]:
    rows = house.rows("SELECT platform_id, duplicate_of FROM submissions WHERE duplicate_of <> ''")
    return {str(row[0]): str(int(str(row[1]), 16)) for row in rows}


def heard(house: House) -> list[tuple[object, object]]:
    """What the blog is told now: its id of the comment, and the status."""
    blog = Blog()
    house.deliver(blog)
    return [(got["comment"]["id"], got["status"]) for got in blog.got]  # type: ignore[index]  # JSON


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


def test_a_person_brings_a_copy_back(house: House) -> None:
    take(house, comment(1), comment(2))
    house.moderate(comment(2).id, Verdict.APPROVE, seen=1)
    take(house, comment(1), event=Event.DELETED)
    take(house, comment(3))
    assert statuses(house) == {"1": "erased", "2": "approved", "3": "trash"}


def test_a_site_may_hold_its_copies(house: House) -> None:
    house.sites.set_policy("blog", Policy(copies=Copies.HOLD))
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
