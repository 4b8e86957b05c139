"""The page this project started from: one text reprinted under three addresses, and a self-ping."""

import html
import os
import random
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.checks import LOCAL, REMOTE
from moderator.clients.redis.near_index import RedisNearIndex
from moderator.domain.check import RemoteTools
from moderator.domain.ids import new_id
from moderator.domain.submission import Format, Linkback, Submission
from moderator.intake.linkback import pingback
from moderator.storage.base.database import Database
from tests.builders import BOB, NOON, POST, a_pingback, a_submission
from tests.house import Blog, House
from tests.pages import NoMemory, NoSpamService, Pages

READER = "https://reader.example.net"
OWN = "https://blog.example.org/2026/03/your-letters"
SOURCES = [f"{READER}/weekend", f"{READER}/m/weekend", f"{READER}/reprint/march"]
LINK = f'<a href="{POST.url}">The river</a>'
PRAISE = f"Once a year somebody writes down what everybody at the counter says. {LINK} is that text"
LETTERS = f"After {LINK} appeared, letters came from four towns, and most of them were furious"
EXCERPT = "[&#8230;] a year somebody writes down what everybody at the counter says. The river is"


def page(title: str, paragraph: str) -> str:
    return f"<title>{title}</title><h1>{title}</h1><p>Before.</p><p>{paragraph}.</p>"


WEB = {
    SOURCES[0]: page("Weekend reading", PRAISE),
    SOURCES[1]: page("Weekend reading (mobile edition)", PRAISE),
    SOURCES[2]: page("Reprint: what we liked in March", PRAISE),
    OWN: page("Your letters", LETTERS),
}


def ping(number: int, source: str, excerpt: str) -> Submission:
    """As WordPress sends it: entities in the text, the cut marked with [&#8230;]."""
    content = f"{excerpt} [&#8230;]"
    return replace(
        a_pingback(source, html.unescape(content), id=f"id{number}", platform_id=str(number)),
        kind=pingback.KIND,
        content=content,
        format=Format.HTML,
        linkback=Linkback("pingback", source, POST.url, excerpt=content),
        created_at=NOON + timedelta(seconds=number),
    )


def the_four() -> list[Submission]:
    copies = [ping(number + 1, source, EXCERPT) for number, source in enumerate(SOURCES)]
    return [*copies, ping(4, OWN, "[&#8230;] The river appeared, letters came from four towns")]


def work_until_quiet(house: House, sending: threading.Event) -> None:
    ways = RemoteTools(Pages(WEB), NoSpamService(), NoMemory())
    waiting = "SELECT id FROM queue WHERE job IN ('check', 'reach')"
    while not sending.is_set() or house.rows(waiting):
        house.check(*LOCAL, remote=REMOTE)
        house.reach(*REMOTE, ways=ways)


@pytest.mark.parametrize("seed", range(10))
def test_one_is_published_two_are_folded_one_is_dropped(database: Database, seed: int) -> None:
    """In whatever order they arrive, and with two workers at it while they do."""
    house = House(database)
    arrivals = the_four()
    random.Random(seed).shuffle(arrivals)  # noqa: S311  # an order, not a secret
    sent = threading.Event()
    workers = [threading.Thread(target=work_until_quiet, args=(house, sent)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for submission in arrivals:
        house.send(submission)
    sent.set()
    for worker in workers:
        worker.join()
    final = {row[0]: row[1] for row in house.rows("SELECT platform_id, status FROM submissions")}
    assert final == {"1": "approved", "2": "trash", "3": "trash", "4": "trash"}
    originals = house.rows("SELECT platform_id, duplicate_of FROM submissions ORDER BY platform_id")
    assert originals == [("1", ""), ("2", "id1"), ("3", "id1"), ("4", "")]


def test_the_blog_is_told_why(database: Database) -> None:
    house = House(database)
    house.send(*the_four())
    done = threading.Event()
    done.set()
    work_until_quiet(house, done)
    blog = Blog()
    house.deliver(blog)
    told = {str(got["comment"]["id"]): got for got in blog.got}  # type: ignore[index]  # JSON
    reasons = {id_: got["reasons"][0]["text"] for id_, got in told.items()}  # type: ignore[index]
    assert told["1"]["status"] == "approved"
    assert [told[id_]["duplicate_of"] for id_ in "234"] == ["1", "1", None]
    assert "same text as comment 1" in reasons["2"]
    assert "links to itself" in reasons["4"]
    assert [told[id_]["status_native"] for id_ in "1234"] == ["approve", "trash", "trash", "trash"]


def test_a_source_that_does_not_link_is_not_published(database: Database) -> None:
    house = House(database)
    house.send(ping(1, f"{READER}/elsewhere", EXCERPT))
    house.check(*LOCAL, remote=REMOTE)
    pages = Pages({f"{READER}/elsewhere": page("Elsewhere", "Nothing about it")})
    house.reach(*REMOTE, ways=RemoteTools(pages, NoSpamService(), NoMemory()))
    assert house.status("id1") == "spam"


def test_a_source_that_is_silent_waits_for_a_person(database: Database) -> None:
    house = House(database)
    house.send(ping(1, f"{READER}/silent", EXCERPT))
    house.check(*LOCAL, remote=REMOTE)
    house.reach(*REMOTE, ways=RemoteTools(Pages({}), NoSpamService(), NoMemory()))
    assert house.status("id1") == "hold"


def test_a_repeated_opinion_is_discarded_but_never_spam(database: Database) -> None:
    house = House(database)
    text = "They $old u.$. the river, both parties did it, and nobody at the R-desk dared to ask!"
    first = a_submission(text, id="id1", platform_id="1")
    house.send(first, replace(first, id="id2", platform_id="2"))
    house.check(*LOCAL)
    assert (house.status("id1"), house.status("id2")) == ("approved", "trash")


def test_a_reprint_cut_elsewhere_is_folded_into_the_earliest(
    database: Database, redis_url: str
) -> None:
    """WordPress cuts around the link: a longer page gives another piece of the same paragraph."""
    house = House(database, RedisNearIndex(redis_url))
    first = replace(ping(1, SOURCES[0], EXCERPT), id=new_id(NOON, os.urandom(10)))
    other = replace(
        ping(2, SOURCES[1], f"[&#8230;] {EXCERPT[22:]}"), id=new_id(NOON, os.urandom(10))
    )
    house.send(first, other)
    work = threading.Event()
    work.set()
    work_until_quiet(house, work)
    assert [house.status(s.id) for s in (first, other)] == ["approved", "trash"]


def test_what_another_says_in_nearly_the_same_words_is_no_copy(
    database: Database, redis_url: str
) -> None:
    house = House(database, RedisNearIndex(redis_url))
    text = (
        "Every spring the town council promises to mend the bridge, and every autumn the river"
        " rises through the same three holes while the same three members look the other way."
    )
    first = a_submission(text, id=new_id(NOON, os.urandom(10)), platform_id="1")
    edited = replace(first, text=text.replace("autumn", "winter"), platform_id="2")
    edited = replace(edited, id=new_id(NOON, os.urandom(10)), author=BOB)
    house.send(first, edited)
    house.check(*LOCAL)
    house.check(*LOCAL)
    assert [house.status(s.id) for s in (first, edited)] == ["approved", "approved"]
    assert house.found(edited.id, "duplicate").code == "nearly_same"


def test_the_same_excerpt_under_another_article_is_no_copy(
    database: Database, redis_url: str
) -> None:
    """Whoever praises two articles in the same words is shown under both."""
    house = House(database, RedisNearIndex(redis_url))
    first = replace(ping(1, SOURCES[0], EXCERPT), id=new_id(NOON, os.urandom(10)))
    target = f"{POST.url}-again"
    other = replace(
        ping(2, SOURCES[1], EXCERPT),
        id=new_id(NOON, os.urandom(10)),
        post=replace(POST, url=target),
        linkback=Linkback("pingback", SOURCES[1], target, excerpt=EXCERPT),
    )
    web = {**WEB, SOURCES[1]: page("Praise", PRAISE.replace(POST.url, target))}
    house.send(first, other)
    house.check(*LOCAL, remote=REMOTE)
    house.reach(*REMOTE, ways=RemoteTools(Pages(web), NoSpamService(), NoMemory()))
    assert (house.status(first.id), house.status(other.id)) == ("approved", "approved")
