"""Campaigns as they grow: within a site, across sites, in the callback; over a real database."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.checks.campaign import InCampaign
from moderator.checks.duplicate import Duplicate
from moderator.clients.redis.near_index import RedisNearIndex
from moderator.domain.events.arrival import Event
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.campaign import campaign_id
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from moderator.storage.dashboard.api import SubmissionStatusRows
from tests.builders import NOON, a_pingback, a_site, a_submission
from tests.house import Blog, House
from tests.redis_server import RedisServer
from tests.usecases.test_judging import Asks

PITCH = "Everybody can earn a fortune with {} from the sofa, ask me how it is done"
SAME = PITCH.format("this method")
SPUN = tuple(PITCH.format(name) for name in ("Alpha", "Bravo", "Delta", "Echo", "Foxtrot"))
MEMBERS = "SELECT submission_id, campaign_id, how, relative_id FROM campaign_members ORDER BY 1"


def comment(number: int, text: str = SAME, **changes: object) -> Submission:
    given: dict[str, object] = {
        "id": f"{number:032x}",
        "platform_id": str(number),
        "created_at": NOON + timedelta(minutes=number),
        "received_at": NOON + timedelta(minutes=number),
        "author": Author(name=f"Author {number}"),
    }
    return a_submission(text, **(given | changes))


@pytest.fixture
def house(database: Database) -> House:
    house = House(database)
    add_sites(house)
    return house


def add_sites(house: House) -> None:
    for name in ("other", "third"):
        callback = f"https://{name}.example.org/verdict"
        site = a_site(id=name, callback_url=callback)
        house.sites.add(site, key_prefix=name, key_digest=name, now=NOON)


def drain(house: House) -> None:
    while house.check(Duplicate(), InCampaign()):
        pass


def told(house: House) -> dict[str, object]:
    """The campaign that the blogs were told of, by the blog's id of the comment."""
    blog = Blog()
    while house.deliver(blog):
        pass
    ids = [one["comment"] for one in blog.got]
    return {
        str(each["id"]): one["campaign_id"]
        for each, one in zip(ids, blog.got, strict=True)
        if isinstance(each, dict)
    }


def findings(house: House, id_: str) -> list[Finding]:
    (row,) = house.rows(f"SELECT site_id FROM submissions WHERE id = '{id_}'")  # noqa: S608
    view = SubmissionStatusRows(house.database).find(str(row[0]), id_)
    assert view is not None
    return [finding for finding in view.findings if finding.check == "campaign"]


def test_a_single_text_is_in_no_campaign(house: House) -> None:
    house.send(comment(1), comment(2, "Something else altogether, said by one person only"))
    drain(house)
    assert house.rows(MEMBERS) == []


@pytest.mark.parametrize("size", [1, 2, 4])
def test_a_campaign_is_told_from_its_third_member_on(house: House, size: int) -> None:
    comments = [comment(number) for number in range(1, 5)]
    for start in range(0, 4, size):
        house.send(*comments[start : start + size])
        drain(house)
    first = comments[0].id
    ours = campaign_id(first)
    assert house.rows(MEMBERS) == [
        (first, ours, "first", ""),
        *((one.id, ours, "same", first) for one in comments[1:]),
    ]
    assert told(house) == {"1": None, "2": None, "3": ours, "4": ours}
    assert house.rows("SELECT members FROM campaigns") == [(4,)]


def test_a_second_judgement_moves_and_counts_nobody(house: House) -> None:
    house.send(*(comment(number) for number in range(1, 4)))
    drain(house)
    before = house.rows(MEMBERS)
    with house.database.write() as connection:
        everyone = [(comment(number).id, "blog") for number in (1, 2, 3)]
        house.queue.renew(connection, everyone, house.queue.now())
    drain(house)
    assert house.rows(MEMBERS) == before
    assert house.rows("SELECT members FROM campaigns") == [(3,)]


def test_a_late_original_joins_where_the_others_are(house: House) -> None:
    house.send(comment(5), comment(6))
    drain(house)
    house.send(comment(1))
    drain(house)
    ours = campaign_id(comment(5).id)
    assert [(row[1], row[2]) for row in house.rows(MEMBERS)] == [
        (ours, "same"), (ours, "first"), (ours, "same"),
    ]  # fmt: skip


def test_alike_texts_of_other_sites_are_one_campaign_and_no_copies(house: House) -> None:
    sites = ("blog", "other", "third")
    for number, site in enumerate(sites, 1):
        house.send(comment(number, site_id=site))
        drain(house)
    ours = campaign_id(comment(1).id)
    assert {row[1] for row in house.rows(MEMBERS)} == {ours}
    assert [house.status(comment(number).id) for number in (1, 2, 3)] == ["approved"] * 3
    (finding,) = findings(house, comment(3).id)
    assert (finding.signal, finding.weight) == (Signal.SUSPECT, 0.2)
    assert finding.reason == "One of 3 alike comments since 4 March on 3 sites"
    assert told(house)["3"] == ours
    assert sorted(house.rows("SELECT site_id, members FROM campaign_sites")) == [
        (site, 1) for site in sites
    ]


def test_with_the_setting_off_sites_do_not_see_each_other(house: House) -> None:
    house.is_across = False
    for number, site in enumerate(("blog", "other", "third"), 1):
        house.send(comment(number, site_id=site))
        drain(house)
    assert house.rows(MEMBERS) == []


def test_what_was_gathered_across_sites_is_not_told_once_it_is_off(house: House) -> None:
    house.send(comment(1), comment(2, site_id="other"), comment(3, site_id="other"))
    drain(house)
    house.is_across = False
    house.send(comment(4, site_id="other"), comment(5))
    drain(house)
    (theirs,), (mine,) = findings(house, comment(4).id), findings(house, comment(5).id)
    assert theirs.reason == "One of 3 alike comments since 4 March"
    assert (theirs.weight, mine.evidence) == (0.0, {})


def test_what_another_site_s_comments_name_is_not_told(house: House) -> None:
    text = f"{SAME} at https://secret.example/a"
    house.send(*(comment(number, text) for number in (1, 2)))
    house.send(comment(3, text.replace("secret", "own"), site_id="other"))
    drain(house)
    (finding,) = findings(house, comment(3).id)
    assert finding.evidence["hosts"] == {"own.example": 1}
    house.deliver(blog := Blog())
    sent = [data for data in blog.got if data["site"] == {"id": "other"}]
    assert len(sent) == 1
    for word in ("secret", comment(1).id, comment(2).id):
        assert word not in json.dumps(sent)


def test_near_texts_on_other_sites_count_too(database: Database, redis_server: RedisServer) -> None:
    house = House(database, RedisNearIndex(redis_server.url, patience=9))
    add_sites(house)
    for number, (site, text) in enumerate(
        zip(("blog", "other", "third", "other"), SPUN, strict=False), 1
    ):
        house.send(comment(number, text, site_id=site))
        drain(house)
    assert len({row[1] for row in house.rows(MEMBERS)}) == 1
    assert [row[2] for row in house.rows(MEMBERS)] == ["first", "near", "near", "near"]
    # Only the second on `other` resembles one of its own site: that is what duplicate weighs.
    (third,), (fourth,) = findings(house, comment(3).id), findings(house, comment(4).id)
    assert (third.weight, fourth.weight) == (0.2, 0.0)
    shown = SubmissionStatusRows(database).find("third", comment(3).id)
    assert shown is not None
    near = [finding for finding in shown.findings if finding.check == "duplicate"]
    assert [finding.signal for finding in near] == [Signal.NEUTRAL]


def test_a_moderator_s_callback_names_the_campaign_too(house: House) -> None:
    house.send(*(comment(number) for number in (1, 2, 3)))
    drain(house)
    told(house)
    house.moderate(comment(1).id, Verdict.SPAM, seen=1)
    assert told(house) == {"1": campaign_id(comment(1).id)}


def test_what_needs_the_network_joins_at_once_and_is_told_later(house: House) -> None:
    remote = Asks(Finding("asks", Signal.NEUTRAL, "nothing"))
    house.send(*(comment(number) for number in (1, 2, 3)))
    house.check(InCampaign(), remote=(remote,))
    assert len(house.rows(MEMBERS)) == 3
    house.reach(remote)
    assert told(house)["3"] == campaign_id(comment(1).id)


def test_the_site_reads_the_campaign_of_its_submission(house: House) -> None:
    house.send(*(comment(number) for number in (1, 2)))
    drain(house)
    views = SubmissionStatusRows(house.database)
    small = views.find("blog", comment(1).id)
    house.send(comment(3))
    drain(house)
    large = views.find("blog", comment(1).id)
    assert small is not None
    assert large is not None
    assert (small.campaign_id, large.campaign_id) == ("", campaign_id(comment(1).id))


def test_what_was_erased_is_in_no_campaign_any_more(house: House) -> None:
    text = f"{SAME} at https://shop.example/a"
    house.send(*(comment(number, text) for number in (1, 2, 3)))
    drain(house)
    shares = "SELECT members, shape, hosts FROM campaign_sites"
    ((members, shape, hosts),) = house.rows(shares)
    assert (members, json.loads(str(hosts))) == (3, {"shop.example": 3})
    assert str(shape).startswith("everybody can earn")
    house.send(comment(1, text), event=Event.DELETED)
    ((members, shape, hosts),) = house.rows(shares)
    assert (members, shape, json.loads(str(hosts))) == (2, "", {"shop.example": 2})
    assert [row[0] for row in house.rows(MEMBERS)] == [comment(2).id, comment(3).id]
    for number in (2, 3):
        house.send(comment(number, text), event=Event.DELETED)
    for table in ("campaigns", "campaign_sites", "campaign_members"):
        assert house.rows(f"SELECT * FROM {table}") == []  # noqa: S608  # our own words


def test_who_was_erased_is_nobody_s_relative(house: House) -> None:
    house.send(comment(1))
    drain(house)
    house.send(comment(1), event=Event.DELETED)
    house.send(comment(2))
    drain(house)
    assert house.rows(MEMBERS) == []


def test_a_linkback_belongs_to_the_page_it_names(house: House) -> None:
    excerpt = "The very same excerpt, long enough to count for something here"
    for number in (1, 2, 3):
        source = f"https://farm{number}.example/a"
        given = a_pingback(source, excerpt, id=f"{number:032x}", platform_id=str(number))
        house.send(replace(given, created_at=NOON + timedelta(minutes=number)))
    drain(house)
    ((hosts,),) = house.rows("SELECT hosts FROM campaign_sites")
    assert set(json.loads(str(hosts))) == {f"farm{number}.example" for number in (1, 2, 3)}
