"""The doors handed over: what senders are told, and what becomes a comment, once."""

import uuid
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from integrations.wordpress.e2e.blogs import Blog, Json, Lab
from integrations.wordpress.e2e.fake_service import (
    SECRET,
    SITE,
    Event,
    FakeService,
    deliver,
    verdict,
)

DOORS = "https://moderator.example.org/doors/site_blog_a"
EXCERPT = "a <b>river</b> & <script>alert(2)</script> “quoted” 😀 words"


@pytest.fixture
def handed(blog: Blog, lab: Lab, service: FakeService) -> Blog:
    lab.configure(
        "a", url=service.url, site_id=SITE, secret=SECRET, doors="1",
        doors_url="https://moderator.example.org",
    )  # fmt: skip
    return blog


@pytest.fixture
def post(handed: Blog) -> tuple[int, str]:
    return handed.new_post("Linked")


def approved(target: str, protocol: str = "pingback", **linkback: str) -> Event:
    """What the service says of a linkback that came to its own door."""
    message = verdict(0, "approved", expected="hold")
    message["data"]["comment"] = {
        "id": f"{protocol}:{uuid.uuid4().hex}",
        "type": protocol,
        "exists": False,
    }
    message["timestamp"] = "2026-03-04T05:06:07.890Z"
    message["data"]["linkback"] = {
        "protocol": protocol,
        "type": "mention",
        "source": "https://elsewhere.example/1?a=1&b=2",
        "target": target,
        "title": 'Elsewhere & <img src=x onerror="alert(3)">more',
        "excerpt": EXCERPT,
        "author": {"name": "Eve Elsewhere", "url": "https://elsewhere.example/"},
        **linkback,
    }
    return message


def later(
    message: Event, status: str, sequence: int, *, event: str = "verdict.revised", **linkback: str
) -> Event:
    data = message["data"]
    changed = {
        "status": status,
        "sequence": sequence,
        "expected_status": data["status"],
        "linkback": {**data["linkback"], **linkback},
    }
    return {**message, "type": event, "data": {**data, **changed}}


def comment(blog: Blog, comment_id: int) -> dict[str, Json]:
    found: dict[str, Json] = blog.ask("get_comment", comment_id)
    return found


def test_senders_are_told_the_services_doors(handed: Blog, post: tuple[int, str]) -> None:
    answer = httpx.get(post[1], timeout=60)
    assert answer.headers["X-Pingback"] == f"{DOORS}/pingback"
    assert f'<{DOORS}/webmention>; rel="webmention"' in answer.headers["Link"]
    assert f'<link rel="webmention" href="{DOORS}/webmention">' in answer.text
    assert answer.text.count(f'<link rel="pingback" href="{DOORS}/pingback">') == 1
    trackback = handed.ask("e2e_trackback_url", post[0])
    quoted = post[1].replace(":", "%3A").replace("/", "%2F").replace("?", "%3F").replace("=", "%3D")
    assert trackback == f"{DOORS}/trackback?target={quoted}"
    assert "/webmention" not in httpx.get(f"{handed.url}/", timeout=60).text


def test_a_post_without_pings_has_no_doors(handed: Blog, post: tuple[int, str]) -> None:
    handed.ask("wp_update_post", {"ID": post[0], "ping_status": "closed"})
    answer = httpx.get(post[1], timeout=60)
    assert "X-Pingback" not in answer.headers
    assert "webmention" not in answer.headers.get("Link", "") + answer.text


def test_the_blogs_own_door_is_closed_only_while_handed_over(
    handed: Blog, post: tuple[int, str], lab: Lab, service: FakeService
) -> None:
    with pytest.raises(xmlrpc.client.Fault) as closed:
        handed.ping("http://127.0.0.3:1/x", post[1])
    assert closed.value.faultCode == -32601
    lab.configure("a", url=service.url, site_id=SITE, secret=SECRET)
    with pytest.raises(xmlrpc.client.Fault) as looked:
        handed.ping("http://127.0.0.3:1/x", post[1])
    assert looked.value.faultCode != closed.value.faultCode
    answer = httpx.get(post[1], timeout=60)
    assert answer.headers["X-Pingback"] == f"{handed.url}/xmlrpc.php"
    assert "webmention" not in answer.headers.get("Link", "") + answer.text


@pytest.mark.parametrize("protocol", ["pingback", "trackback", "webmention"])
def test_what_is_approved_becomes_a_comment_of_its_type(
    handed: Blog, post: tuple[int, str], protocol: str
) -> None:
    message = approved(post[1], protocol)
    answer = deliver(handed.url, message)
    assert (answer.status_code, answer.json()) == (200, {"applied": True, "status": "approved"})
    assert list(handed.statuses(post[0]).values()) == ["approved"]
    [comment_id] = handed.statuses(post[0])
    stored = comment(handed, comment_id)
    assert stored["comment_type"] == protocol
    assert stored["comment_author_url"] == "https://elsewhere.example/1?a=1&amp;b=2"
    assert stored["comment_date_gmt"] == "2026-03-04 05:06:07"
    name = "Elsewhere &amp; more" if protocol == "pingback" else "Eve Elsewhere"
    assert stored["comment_author"] == name
    page = httpx.get(post[1], timeout=60).text
    assert page.count(f'id="comment-{comment_id}"') == 1
    assert "<script>alert(" not in page
    assert "onerror" not in page
    if protocol != "pingback":  # the theme shows pingbacks as a link only
        assert "a river &amp;" in stored["comment_content"].replace("&#038;", "&amp;")
    assert len(handed.lab.mails()) == 1  # to the author of the post


def test_many_callbacks_at_once_make_one_comment(handed: Blog, post: tuple[int, str]) -> None:
    message = approved(post[1])
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: deliver(handed.url, message), range(6)))
    assert [answer.json().get("applied") for answer in answers].count(True) == 1
    assert {answer.status_code for answer in answers} <= {200, 503}
    again = deliver(handed.url, message)
    assert (again.status_code, again.json()["reason"]) == (200, "not_newer")
    assert list(handed.statuses(post[0]).values()) == ["approved"]
    assert len(handed.lab.mails()) == 1


def test_it_lives_on(handed: Blog, post: tuple[int, str]) -> None:
    first = approved(post[1])
    deliver(handed.url, first)
    [comment_id] = handed.statuses(post[0])
    edited = later(first, "approved", 2, event="linkback.updated", title="New title", excerpt="new")
    assert deliver(handed.url, edited).json()["applied"]
    stored = comment(handed, comment_id)
    assert stored["comment_author"] == "New title"
    assert stored["comment_content"] == "[&#8230;] new [&#8230;]"
    removed = later(edited, "trash", 3, event="linkback.removed")
    assert deliver(handed.url, removed).json()["applied"]
    assert handed.statuses(post[0]) == {comment_id: "trash"}
    assert deliver(handed.url, edited).json()["reason"] == "not_newer"
    back = later(removed, "approved", 4, event="linkback.updated")
    assert deliver(handed.url, back).json()["applied"]
    assert deliver(handed.url, later(back, "spam", 5)).json()["applied"]
    assert handed.statuses(post[0]) == {comment_id: "spam"}
    assert len(handed.lab.mails()) == 1
    assert handed.unsent() == 0  # nothing of this is a person's decision


def test_what_is_not_approved_makes_no_comment(handed: Blog, post: tuple[int, str]) -> None:
    message = approved(post[1])
    held = later(message, "hold", 1, event="verdict.issued")
    answer = deliver(handed.url, held)
    assert (answer.status_code, answer.json()) == (200, {"applied": False, "reason": "no_comment"})
    revised = later(message, "spam", 3)
    assert deliver(handed.url, revised).json()["applied"] is False
    late = later(message, "approved", 2)
    assert deliver(handed.url, late).json()["reason"] == "not_newer"
    assert handed.statuses(post[0]) == {}
    assert deliver(handed.url, later(revised, "approved", 4)).json()["applied"]
    assert list(handed.statuses(post[0]).values()) == ["approved"]


def test_a_person_here_is_told_by_the_services_id(
    handed: Blog, post: tuple[int, str], service: FakeService
) -> None:
    message = approved(post[1])
    deliver(handed.url, message)
    [comment_id] = handed.statuses(post[0])
    handed.ask("e2e_edit", comment_id, {"comment_approved": "spam"})
    assert deliver(handed.url, later(message, "approved", 2)).status_code == 409
    handed.cron()
    handed.ask("wp_delete_comment", comment_id, 1)
    handed.cron()
    told = {event["type"]: event["data"]["comment"]["id"] for event in service.events}
    door_id = message["data"]["comment"]["id"]
    assert told == {"comment.status_changed": door_id, "comment.deleted": door_id}
    assert deliver(handed.url, later(message, "approved", 3)).status_code == 404
    assert handed.statuses(post[0]) == {}


def test_only_on_posts_that_take_them(handed: Blog, post: tuple[int, str], lab: Lab) -> None:
    nowhere = approved(f"{handed.url}/?p=99999999")
    assert deliver(handed.url, nowhere).json() == {"applied": False, "reason": "unknown_post"}
    other_name = post[1].replace(handed.host, "www.blog.example")
    assert deliver(handed.url, approved(other_name)).json()["applied"] is True
    handed.ask("wp_update_post", {"ID": post[0], "ping_status": "closed"})
    closed = deliver(handed.url, approved(post[1]))
    assert (closed.status_code, closed.json()["reason"]) == (404, "pings_closed")
    handed.ask("wp_update_post", {"ID": post[0], "ping_status": "open", "post_status": "draft"})
    assert deliver(handed.url, approved(post[1])).json()["reason"] == "unknown_post"
    handed.ask("wp_update_post", {"ID": post[0], "post_status": "publish"})
    saved = handed.ask("get_option", "moderator_bridge")
    lab.configure("a", **{**saved, "doors": ""})
    assert deliver(handed.url, approved(post[1])).status_code == 404
    assert len(handed.statuses(post[0])) == 1


def test_strange_linkbacks_are_refused_or_cut(handed: Blog, post: tuple[int, str]) -> None:
    script = approved(post[1], source="javascript:alert(1)")
    unknown = approved(post[1])
    unknown["data"]["linkback"]["protocol"] = "comment"
    empty = {**approved(post[1])}
    empty["data"] = {**empty["data"], "linkback": None}
    shapes = [script, unknown, empty]
    assert [deliver(handed.url, shape).status_code for shape in shapes] == [422] * 3
    long = approved(post[1], "webmention", source=f"https://long.example/{'x' * 900}",
                    title="t" * 900, excerpt="", type="like", author={})  # type: ignore[arg-type]  # fmt: skip
    assert deliver(handed.url, long).json()["applied"]
    [comment_id] = handed.statuses(post[0])
    stored = comment(handed, comment_id)
    assert stored["comment_author_url"] == "https://long.example/"
    assert stored["comment_author"] == "t" * 200
    assert stored["comment_content"] == "likes this."
    for title in ("漢" * 900, "&" * 900):
        assert deliver(handed.url, approved(post[1], title=title)).json()["applied"]
