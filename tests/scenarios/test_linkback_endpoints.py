"""A claim at a door, read and judged, and what the blog is told of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import cast

import pytest

from moderator.checks import LOCAL, REMOTE
from moderator.domain.check import RemoteTools
from moderator.domain.events.arrival import Receipt
from moderator.domain.submission import Linkback
from moderator.intake.linkback import pingback, trackback, webmention
from moderator.storage.base.database import Database
from moderator.storage.intake.rows import IntakeRows
from tests.builders import NOON, POST, a_pingback
from tests.fakes import RULES
from tests.house import Blog, House
from tests.intake.calls import SOURCE, a_call, form, ping
from tests.pages import NoMemory, NoSpamService, Pages

LINK = f'<a href="{POST.url}">The river</a>'
PAGE = (
    '<title>Weekend reading</title><meta name="author" content="Rita Reader">'
    f"<p>Once a year somebody writes down what everybody at the counter says. {LINK} is it.</p>"
)


def knock(house: House, number: int = 1, source: str = SOURCE) -> Receipt:
    call = a_call(received_at=NOON + timedelta(seconds=number), new_id=lambda: f"id{number}")
    [answer] = IntakeRows(house.database).add([pingback.parse(ping(source), call)], RULES)
    assert isinstance(answer, Receipt)
    return answer


def work(house: House, pages: dict[str, str]) -> Pages:
    web = Pages(pages)
    while house.rows("SELECT id FROM queue WHERE job IN ('check', 'reach') AND due_at < 9e12"):
        handled = house.check(*LOCAL, remote=REMOTE)
        handled += house.reach(*REMOTE, ways=RemoteTools(web, NoSpamService(), NoMemory()))
        if not handled:
            break  # what is left is not due
    return web


def test_what_is_approved_carries_all_a_comment_row_needs(database: Database) -> None:
    house = House(database)
    knock(house)
    web = work(house, {SOURCE: PAGE})
    assert web.asked == [SOURCE]
    blog = Blog()
    house.deliver(blog)
    [told] = blog.got
    assert told["status"] == "approved"
    comment = cast("dict[str, object]", told["comment"])
    assert (comment["type"], comment["exists"]) == ("pingback", False)
    assert told["linkback"] == {
        "protocol": "pingback",
        "type": "mention",
        "source": SOURCE,
        "target": POST.url,
        "title": "Weekend reading",
        "excerpt": "Once a year somebody writes down what everybody at the counter says. "
        "The river is it.",
        "author": {"name": "Rita Reader", "url": SOURCE},
    }


def test_copies_under_other_addresses_are_folded_by_what_they_say(database: Database) -> None:
    house = House(database)
    for number, path in enumerate(("", "/m", "/reprint"), start=1):
        knock(house, number, SOURCE + path)
    work(house, {SOURCE + path: PAGE for path in ("", "/m", "/reprint")})
    rows = house.rows("SELECT status, duplicate_of FROM submissions ORDER BY id")
    assert rows == [("approved", ""), ("trash", "id1"), ("trash", "id1")]


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("<p>Nothing to see</p>", "spam"),
        (f"<div hidden>{LINK}</div>", "hold"),
    ],
)
def test_a_claim_that_does_not_hold(database: Database, page: str, status: str) -> None:
    house = House(database)
    knock(house)
    work(house, {SOURCE: page})
    assert house.status("id1") == status


ANSWERED = (
    '<article class="h-entry"><section class="h-cite response u-in-reply-to"><header>Replied to'
    f' <a class="p-name u-url" href="{POST.url}">The river</a> by <span class="h-card p-author">'
    '<a class="p-name u-url" href="https://blog.example.org/">Blog Owner</a></span></header>'
    '</section><div class="e-content">{}</div><span class="p-author h-card">'
    '<a class="p-name u-url" href="https://jane.example/">{}</a></span></article>'
)


def call_at(door: ModuleType, house: House, number: int, source: str) -> None:
    body = ping(source) if door is pingback else form(source=source, target=POST.url)
    call = a_call(received_at=NOON + timedelta(seconds=number), new_id=lambda: f"id{number}")
    IntakeRows(house.database).add([door.parse(body, call)], RULES)


def test_two_answers_to_one_post_are_two_texts(database: Database) -> None:
    house = House(database)
    said = {"Jane": "You forgot the otters!", "Joe": "The flood closed the mill, no council."}
    pages = {
        f"https://{name.lower()}.example/1": ANSWERED.format(said[name], name) for name in said
    }
    for number, source in enumerate(pages):
        call_at(webmention, house, number, source)
    work(house, pages)
    blog = Blog()
    house.deliver(blog)
    told = [cast("dict[str, object]", each["linkback"]) for each in blog.got]
    assert {str(each["excerpt"]) for each in told} == set(said.values())
    assert {str(cast("dict[str, str]", each["author"])["name"]) for each in told} == set(said)
    assert {each["type"] for each in told} == {"reply"}
    assert {each["status"] for each in blog.got} == {"approved"}


def test_one_source_by_two_protocols_is_one_linkback_however_short(database: Database) -> None:
    house = House(database)
    for number, door in enumerate((pingback, webmention)):
        call_at(door, house, number, SOURCE)
        work(house, {SOURCE: f'<p><a href="{POST.url}">川</a></p>'})
    assert (house.status("id0"), house.status("id1")) == ("approved", "trash")


REPOST = (
    f'<div class="h-entry"><a class="u-repost-of" href="{POST.url}">reposted this post</a></div>'
)


def test_what_a_platform_took_in_itself_is_told_by_what_its_source_says(database: Database) -> None:
    house = House(database)
    sent = a_pingback(SOURCE, "reposted this post", kind=webmention.KIND)
    house.send(sent)
    work(house, {SOURCE: REPOST})
    blog = Blog()
    house.deliver(blog)
    assert cast("dict[str, object]", blog.got[0]["linkback"])["type"] == "repost"


def test_two_reposts_that_a_platform_names_so_are_no_copies(database: Database) -> None:
    house = House(database)
    for number, source in enumerate((SOURCE, f"{SOURCE}/other")):
        linkback = Linkback(
            "webmention", source, POST.url, "", "reposted this post", None, "repost"
        )
        each = a_pingback(source, "reposted this post", kind=webmention.KIND, linkback=linkback)
        house.send(replace(each, id=f"id{number}", platform_id=str(number)))
    work(house, {SOURCE: REPOST, f"{SOURCE}/other": REPOST})
    assert (house.status("id0"), house.status("id1")) == ("approved", "approved")


def test_a_self_ping_is_never_fetched(database: Database) -> None:
    house = House(database)
    knock(house, 1, "https://blog.example.org/2026/03/your-letters")
    assert work(house, {}).asked == []
    assert house.status("id1") == "trash"


def test_a_source_that_does_not_answer_is_asked_again_and_then_held(database: Database) -> None:
    house = House(database)
    knock(house)
    for _ in range(3):
        work(house, {})
        assert house.status("id1") == "queued"
        with house.database.write() as connection:
            connection.exec_driver_sql("UPDATE queue SET due_at = 0")
    work(house, {})
    assert house.status("id1") == "hold"


def test_a_trackback_keeps_its_own_words_once_the_link_was_seen(database: Database) -> None:
    house = House(database)
    body = form(url=SOURCE, title="Mine", blog_name="The Reader", excerpt="My words on the river")
    IntakeRows(database).add([trackback.parse(body, a_call())], RULES)
    work(house, {SOURCE: PAGE})
    blog = Blog()
    house.deliver(blog)
    linkback = cast("dict[str, object]", blog.got[0]["linkback"])
    assert (linkback["title"], linkback["excerpt"]) == ("Mine", "My words on the river")
    assert linkback["author"] == {"name": "The Reader", "url": SOURCE}
    assert blog.got[0]["status"] == "approved"


@pytest.mark.parametrize("protocol", ["pingback", "webmention"])
def test_twenty_at_once_are_one_record(database: Database, protocol: str) -> None:
    House(database)
    rows = IntakeRows(database)
    mention = form(source=SOURCE, target=POST.url)

    def one(number: int) -> Receipt:
        call = a_call(new_id=lambda: f"id{number:02}")
        sent = (
            pingback.parse(ping(), call)
            if protocol == "pingback"
            else webmention.parse(mention, call)
        )
        [answer] = rows.add([sent], RULES)
        assert isinstance(answer, Receipt)
        return answer

    with ThreadPoolExecutor(20) as pool:
        receipts = list(pool.map(one, range(20)))
    assert len({receipt.id for receipt in receipts}) == 1
    assert [receipt.is_new for receipt in receipts].count(True) == 1
    with database.read() as connection:
        assert len(connection.exec_driver_sql("SELECT id FROM submissions").all()) == 1
