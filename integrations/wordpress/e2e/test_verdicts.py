"""Callbacks: only genuine ones, only newer ones, and never over a person's head."""

import time

import httpx
import pytest

from integrations.wordpress.e2e.blogs import Blog
from integrations.wordpress.e2e.fake_service import (
    OTHER,
    SECRET,
    SITE,
    deliver,
    verdict,
)


@pytest.fixture
def comment_id(blog: Blog) -> int:
    """One comment that is being checked."""
    post_id, _ = blog.new_post("Judged")
    blog.comment(post_id, f"Words of {time.monotonic_ns()}")
    blog.cron()
    [found] = blog.statuses(post_id)
    return found


def status(blog: Blog, comment_id: int) -> str:
    return str(blog.ask("wp_get_comment_status", comment_id))


@pytest.mark.parametrize(
    ("said", "native"),
    [("approved", "approved"), ("hold", "unapproved"), ("spam", "spam"), ("trash", "trash")],
)
def test_each_verdict_in_wordpress_words(
    blog: Blog, comment_id: int, said: str, native: str
) -> None:
    assert blog.lab.mails() == []
    answer = deliver(blog.url, verdict(comment_id, said))
    assert (answer.status_code, answer.json()) == (200, {"applied": True, "status": said})
    assert status(blog, comment_id) == native
    told = {"approved": "New comment on your post", "hold": "is waiting for your approval"}
    assert len(blog.lab.mails()) == (1 if said in told else 0)
    assert all(told[said] in mail for mail in blog.lab.mails())


def test_spam_and_trash_can_be_undone_in_wordpress(blog: Blog, comment_id: int) -> None:
    deliver(blog.url, verdict(comment_id, "spam"))
    blog.ask("wp_unspam_comment", comment_id)
    assert status(blog, comment_id) == "unapproved"


def test_a_revised_verdict_follows_the_first(blog: Blog, comment_id: int) -> None:
    deliver(blog.url, verdict(comment_id, "spam", sequence=1))
    deliver(blog.url, verdict(comment_id, "approved", sequence=2, expected="spam"))
    assert status(blog, comment_id) == "approved"
    deliver(blog.url, verdict(comment_id, "hold", sequence=3, expected="approved"))
    deliver(blog.url, verdict(comment_id, "approved", sequence=4, expected="hold"))
    assert len([m for m in blog.lab.mails() if "New comment on your post" in m]) == 1


def test_a_replay_changes_nothing(blog: Blog, comment_id: int) -> None:
    first = verdict(comment_id, "approved", sequence=1)
    deliver(blog.url, first, message_id="msg_one")
    deliver(blog.url, verdict(comment_id, "spam", sequence=2, expected="approved"))
    again = deliver(blog.url, first, message_id="msg_one")
    assert (again.status_code, again.json()["applied"]) == (200, False)
    assert status(blog, comment_id) == "spam"


def test_the_same_callback_twice_is_applied_once(blog: Blog, comment_id: int) -> None:
    message = verdict(comment_id, "hold")
    answers = [deliver(blog.url, message, message_id="msg_same").json() for _ in range(2)]
    assert answers == [
        {"applied": True, "status": "hold"},
        {"applied": True, "status": "hold", "reason": "replay"},
    ]
    assert len(blog.lab.mails()) == 1


def test_forgeries_are_refused(blog: Blog, comment_id: int) -> None:
    message = verdict(comment_id, "approved")
    answers = [
        deliver(blog.url, message, secret=OTHER),
        deliver(blog.url, message, timestamp=int(time.time()) - 301),
        deliver(blog.url, message, timestamp=int(time.time()) + 310),
        httpx.post(f"{blog.url}/wp-json/moderator/v1/verdict", json=message, timeout=60),
        httpx.post(
            f"{blog.url}/wp-json/moderator/v1/verdict",
            json=message,
            headers={
                b"webhook-id": b"x",
                b"webhook-timestamp": "١٧٩٥٣٤٢٧١٧".encode(),
                b"webhook-signature": b"v1,\xff",
            },
            timeout=60,
        ),
    ]
    assert [answer.status_code for answer in answers] == [401] * 5
    assert status(blog, comment_id) == "unapproved"


def test_an_older_secret_is_accepted_while_it_is_replaced(blog: Blog, comment_id: int) -> None:
    service_url = str(blog.ask("get_option", "moderator_bridge")["url"])
    blog.lab.configure("a", url=service_url, site_id=SITE, secret=SECRET, old_secret=OTHER)
    assert deliver(blog.url, verdict(comment_id, "approved"), secret=OTHER).status_code == 200


def test_an_empty_secret_opens_nothing(blog: Blog, comment_id: int) -> None:
    blog.lab.configure("a", url="http://127.0.0.1:9", site_id=SITE, secret="whsec_")
    answer = deliver(blog.url, verdict(comment_id, "approved"), secret="whsec_")
    assert answer.status_code == 401


def test_what_is_not_understood_is_refused_for_good(blog: Blog, comment_id: int) -> None:
    strange = verdict(comment_id, "banished")
    other_site = verdict(comment_id, "approved")
    other_site["data"]["site"]["id"] = "site_of_another"
    other_type = {**verdict(comment_id, "approved"), "type": "item.erased"}
    shapes = [strange, other_site, other_type, {"type": "verdict.issued", "data": 7}]
    assert [deliver(blog.url, shape).status_code for shape in shapes] == [422] * 4
    assert deliver(blog.url, verdict(99999999, "approved")).status_code == 404


def test_a_person_is_never_overruled(blog: Blog, comment_id: int) -> None:
    blog.ask("e2e_edit", comment_id, {"comment_approved": "spam"})
    answer = deliver(blog.url, verdict(comment_id, "approved"))
    assert answer.status_code == 409
    assert answer.json() == {"applied": False, "status": "spam", "reason": "changed_by_human"}
    assert status(blog, comment_id) == "spam"
    # The service judges again and knows what the blog says: still only a machine.
    again = verdict(comment_id, "approved", sequence=2, expected="spam")
    assert deliver(blog.url, again).status_code == 409
    # A moderator at the service has seen the blog's decision and overrules it.
    later = verdict(comment_id, "approved", sequence=3, expected="spam", by="moderator")
    assert deliver(blog.url, later).status_code == 200


def test_what_its_author_edits_later_is_judged_again(blog: Blog, comment_id: int) -> None:
    blog.ask("e2e_edit", comment_id, {"comment_approved": "1"})
    blog.ask("wp_update_comment", {"comment_ID": comment_id, "comment_content": "Buy now"})
    again = verdict(comment_id, "spam", sequence=2, expected="approved")
    assert deliver(blog.url, again).status_code == 200
    assert status(blog, comment_id) == "spam"


def test_what_a_moderator_edits_stays(blog: Blog, comment_id: int) -> None:
    deliver(blog.url, verdict(comment_id, "approved"))
    blog.ask("e2e_edit", comment_id, {"comment_content": "Words, mended"})
    again = verdict(comment_id, "hold", sequence=2, expected="approved")
    assert deliver(blog.url, again).status_code == 409
    assert status(blog, comment_id) == "approved"


def test_reasons_are_shown_as_text(blog: Blog, comment_id: int) -> None:
    deliver(blog.url, verdict(comment_id, "hold"))
    admin = blog.admin()
    for page in (
        admin.get("/wp-admin/edit-comments.php?comment_status=moderated").text,
        admin.get(f"/wp-admin/comment.php?action=editcomment&c={comment_id}").text,
    ):
        assert "Held for a person" in page
        assert "A reason &amp; more" in page
        assert "<script>alert(1)</script>more" not in page
