"""What a visitor leaves goes on hold, and the service hears of it once, in its own words."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from integrations.wordpress.e2e.blogs import Blog
from integrations.wordpress.e2e.fake_service import FakeService, deliver, verdict


def test_a_comment_waits_on_hold_and_is_sent_once(blog: Blog, service: FakeService) -> None:
    post_id, link = blog.new_post("Maps & words")
    answer = blog.comment(
        post_id, "West of every word 🗺️ “quoted”", url="http://reader.test/?a=1&b=2"
    )
    assert answer.status_code == 302
    assert list(blog.statuses(post_id).values()) == ["unapproved"]
    assert service.events == []

    blog.cron()
    blog.cron()
    [event] = service.events
    [comment_id] = blog.statuses(post_id)
    found = event["data"]
    assert event["type"] == "comment.created"
    assert found["site"]["id"] == "site_blog_a"
    assert found["site"]["platform"] == "wordpress"
    assert found["comment"]["id"] == str(comment_id)
    assert found["comment"]["type"] == "comment"
    assert found["comment"]["status"] == "hold"
    assert found["comment"]["content"]["raw"] == "West of every word 🗺️ “quoted”"
    assert found["comment"]["published"].endswith("Z")
    assert found["author"]["url"] == "http://reader.test/?a=1&b=2"
    assert found["author"]["ip"] == "127.0.0.1"
    assert found["post"]["url"] == link
    assert found["post"]["title"] == "Maps & words"
    assert found["linkback"] is None
    assert blog.unsent() == 0


def test_a_reply_names_its_parent(blog: Blog, service: FakeService) -> None:
    post_id, _ = blog.new_post("Parents")
    blog.comment(post_id, "First words here")
    [parent] = blog.statuses(post_id)
    blog.cron()
    deliver(blog.url, verdict(parent, "approved"))  # newer WordPress takes no reply before
    blog.comment(post_id, "An answer to them", comment_parent=str(parent))
    blog.cron()
    kinds = [
        (e["data"]["comment"]["type"], e["data"]["comment"]["parent_id"]) for e in service.events
    ]
    assert kinds == [("comment", None), ("reply", str(parent))]


def test_a_pingback_and_a_trackback_name_source_and_target(
    blog: Blog, service: FakeService
) -> None:
    post_id, link = blog.new_post("Target")
    other = Blog(blog.lab, "b")
    _, source = other.new_post(
        "Tom's list", f'<p>Before it <a href="{link}">Target</a> and after it.</p>'
    )
    blog.ping(source, link)
    form = {
        "title": "On maps",
        "url": f"{source}?tb=1&x=2",
        "blog_name": "Blog B",
        "excerpt": "By hand",
    }
    httpx.post(f"{link}trackback/", data=form, timeout=60).raise_for_status()
    blog.cron()
    pingback, trackback = (event["data"] for event in service.events)
    assert pingback["comment"]["type"] == "pingback"
    assert pingback["linkback"]["source"] == source
    assert pingback["linkback"]["target"] == link
    assert pingback["linkback"]["source_title"] == "Tom’s list – Blog B"
    assert pingback["linkback"]["excerpt"].startswith("[…] it Target")  # WordPress' cut
    assert trackback["comment"]["type"] == "trackback"
    assert trackback["linkback"]["source"] == f"{source}?tb=1&x=2"
    assert trackback["linkback"]["source_title"] == "On maps"
    assert trackback["linkback"]["excerpt"] == "By hand"
    assert set(blog.statuses(post_id).values()) == {"unapproved"}


@pytest.mark.parametrize(
    ("kept_as", "beside"),
    [
        ("like", {}),
        ("webmention", {"semantic_linkbacks_type": "like"}),
        ("webmention", {"semantic_linkbacks_type": "favorite"}),
    ],
)
def test_a_like_that_another_plugin_took_in_is_a_webmention(
    blog: Blog, service: FakeService, kept_as: str, beside: dict[str, str]
) -> None:
    """As the Webmention plugin stores it: the type says what it is, the page is not the source."""
    post_id, link = blog.new_post("Liked")
    source = "https://social.test/ann/1"
    meta = {"protocol": "webmention", "webmention_source_url": source, **beside}
    like = {
        "comment_post_ID": post_id,
        "comment_type": kept_as,
        "comment_author": "Ann",
        "comment_author_email": "",
        "comment_author_url": "https://social.test/ann",
        "comment_content": "liked this post",
        "comment_meta": meta,
    }
    blog.ask("wp_new_comment", like)
    blog.cron()
    [event] = service.events
    assert event["data"]["comment"]["type"] == "webmention"
    claim = event["data"]["linkback"]
    assert (claim["type"], claim["source"], claim["target"]) == ("like", source, link)


def test_a_comment_by_rest_is_held_too(blog: Blog, service: FakeService) -> None:
    post_id, _ = blog.new_post("REST")
    password = blog.ask("e2e_reader", "sub", "sub-pw")
    answer = httpx.post(
        f"{blog.url}/wp-json/wp/v2/comments",
        json={"post": post_id, "content": "Sent by REST"},
        auth=("sub", str(password)),
        timeout=60,
    )
    assert answer.status_code == 201
    blog.cron()
    [event] = service.events
    assert event["data"]["author"]["is_authenticated"] is True
    assert event["data"]["author"]["role"] == "subscriber"
    assert list(blog.statuses(post_id).values()) == ["unapproved"]


def test_who_may_moderate_is_not_judged(blog: Blog, service: FakeService) -> None:
    post_id, _ = blog.new_post("Mine")
    form = {"comment_post_ID": str(post_id), "comment": "By the administrator"}
    blog.admin().post("/wp-comments-post.php", data=form)
    blog.cron()
    assert list(blog.statuses(post_id).values()) == ["approved"]
    assert service.events == []


def test_what_the_blog_refused_itself_stays_refused(blog: Blog, service: FakeService) -> None:
    post_id, _ = blog.new_post("Disallowed")
    blog.ask("update_option", "disallowed_keys", "forbiddenword")
    blog.comment(post_id, "A forbiddenword in here")
    blog.ask("update_option", "disallowed_keys", "")
    blog.cron()
    assert list(blog.statuses(post_id).values()) == ["trash"]
    assert service.events == []


def test_a_filled_honeypot_is_told(blog: Blog, service: FakeService) -> None:
    post_id, link = blog.new_post("Honey")
    assert 'name="contact_by_fax"' in httpx.get(link, timeout=60).text
    blog.comment(post_id, "Filled by a machine", contact_by_fax="555")
    blog.cron()
    [event] = service.events
    assert event["data"]["request"]["honeypot"] == {"name": "contact_by_fax", "value": "555"}


def test_without_settings_nothing_changes(blog: Blog, service: FakeService) -> None:
    blog.lab.configure("a", url="", site_id="", secret="")
    post_id, _ = blog.new_post("Plain")
    blog.comment(post_id, "As ever")
    blog.cron()
    assert list(blog.statuses(post_id).values()) == ["approved"]
    assert service.events == []


def test_a_burst_is_neither_lost_nor_doubled(blog: Blog, service: FakeService) -> None:
    """40 comments at once while wp-cron runs over and over."""
    post_id, _ = blog.new_post("Burst")
    with ThreadPoolExecutor(6) as pool:
        sent = [
            pool.submit(
                blog.comment,
                post_id,
                f"Words number {n}",
                author=f"Reader {n}",
                email=f"r{n}@reader.example",
            )
            for n in range(40)
        ]
        while not all(one.done() for one in sent):
            httpx.get(f"{blog.url}/wp-cron.php?doing_wp_cron", timeout=60)
        assert {one.result().status_code for one in sent} == {302}
    blog.cron()
    ids = [int(event["data"]["comment"]["id"]) for event in service.events]
    assert sorted(ids) == list(blog.statuses(post_id))
    assert len(ids) == 40
    assert blog.unsent() == 0


def test_a_slow_service_costs_the_visitor_nothing(blog: Blog, service: FakeService) -> None:
    """No time is asserted: the service has not even been asked when the visitor has the answer."""
    post_id, _ = blog.new_post("Slow")
    service.delay = 3
    started = time.monotonic()
    blog.comment(post_id, "Quick words")
    print(f"answer to the visitor after {time.monotonic() - started:.3f} s")
    assert service.requests == []
    assert service.events == []


def test_a_dead_service_keeps_comments_waiting(blog: Blog, service: FakeService) -> None:
    post_id, _ = blog.new_post("Outage")
    service.outage = 503
    blog.comment(post_id, "While it is down")
    blog.cron()
    assert blog.unsent() == 1
    assert list(blog.statuses(post_id).values()) == ["unapproved"]
    assert blog.ask("get_option", "moderator_bridge_health")["failures"] == 1
    blog.comment(post_id, "Still down", author="Ben")
    blog.cron()
    assert service.events == []
    assert "have been waiting" not in blog.admin().get("/wp-admin/edit-comments.php").text
    [first, _] = blog.statuses(post_id)
    blog.ask("e2e_age", first, 3600)
    page = blog.admin().get("/wp-admin/edit-comments.php").text
    assert "have been waiting for 1 hour" in page
    assert "503 Out of order" in page

    service.outage = 0
    blog.ask("delete_option", "moderator_bridge_health")  # the wait is over
    blog.cron()
    assert [e["data"]["comment"]["content"]["raw"] for e in service.events] == [
        "While it is down",
        "Still down",
    ]
    assert blog.unsent() == 0


def test_a_repeated_sending_has_the_same_bytes(blog: Blog, service: FakeService) -> None:
    post_id, _ = blog.new_post("Same")
    blog.comment(post_id, "Once written")
    [row] = blog.ask("e2e_unsent_rows")
    [comment_id] = blog.statuses(post_id)
    blog.cron()
    blog.ask("e2e_put_back", comment_id, row)
    blog.cron()
    (_, first_id, first), (_, second_id, second) = service.requests
    assert (first_id, first) == (second_id, second)


def test_a_refused_event_is_shown_and_not_sent_again(blog: Blog, service: FakeService) -> None:
    post_id, _ = blog.new_post("Refused")
    service.refuse = lambda event: 422 if "bad" in str(event["data"]["comment"]["content"]) else 202
    blog.comment(post_id, "A bad one")
    blog.comment(post_id, "A fine one", author="Ben")
    blog.cron()
    bad, fine = blog.statuses(post_id)
    assert blog.record(bad)["state"] == "refused"
    assert blog.record(fine)["state"] == "checking"
    assert blog.unsent() == 0
    assert len(blog.lab.mails()) == 1  # a person has to decide now
    page = blog.admin().get("/wp-admin/edit-comments.php").text
    assert "The service did not take it" in page
    assert "422 Refused for a reason" in page
