"""What people do in wp-admin: told to the service by the sweep; and the plugin's own pages."""

import re

import pytest

from integrations.wordpress.e2e.blogs import Blog, Lab, nonce
from integrations.wordpress.e2e.fake_service import (
    OTHER,
    SECRET,
    SITE,
    FakeService,
    deliver,
    verdict,
)

PATH = "/wp-admin/options-general.php?page=moderator-bridge"


@pytest.fixture
def held(blog: Blog, service: FakeService) -> list[int]:
    """Three comments that the service said to hold."""
    post_id, _ = blog.new_post("Held")
    for name in ("Ana", "Ben", "Cy"):
        blog.comment(post_id, f"Words by {name}", author=name)
    blog.cron()
    found = list(blog.statuses(post_id))
    for comment_id in found:
        deliver(blog.url, verdict(comment_id, "hold"))
    service.clear()
    return found


def test_bulk_decisions_are_told_later(blog: Blog, service: FakeService, held: list[int]) -> None:
    admin = blog.admin()
    page = admin.get("/wp-admin/edit-comments.php?comment_status=moderated").text
    service.delay = 2
    query = {"_wpnonce": nonce(page), "action": "spam", "delete_comments[]": [str(i) for i in held]}
    admin.get("/wp-admin/edit-comments.php", params=query, follow_redirects=False)
    assert service.requests == []
    service.delay = 0
    blog.cron()
    told = service.of("comment.status_changed")
    assert [int(event["data"]["comment"]["id"]) for event in told] == held
    assert {event["data"]["comment"]["status"] for event in told} == {"spam"}


def test_our_own_verdicts_are_no_feedback(
    blog: Blog, service: FakeService, held: list[int]
) -> None:
    deliver(blog.url, verdict(held[0], "approved", sequence=2))
    blog.cron()
    assert service.events == []


def test_an_edit_is_told_with_a_new_version(
    blog: Blog, service: FakeService, held: list[int]
) -> None:
    blog.ask("e2e_edit", held[0], {"comment_content": "Edited"})
    blog.ask("e2e_edit", held[0], {"comment_karma": 1})  # the same text again is no edit
    blog.cron()
    [event] = service.of("comment.updated")
    assert event["data"]["comment"]["version"] == "2"
    assert event["data"]["comment"]["content"]["raw"] == "Edited"


def test_a_permanent_deletion_is_told_without_the_text(
    blog: Blog, service: FakeService, held: list[int]
) -> None:
    blog.ask("wp_delete_comment", held[1], 1)
    assert blog.unsent() == 1
    blog.cron()
    [event] = service.of("comment.deleted")
    assert event["data"]["comment"]["id"] == str(held[1])
    assert "content" not in event["data"]["comment"]
    assert "Ben" not in str(event)
    assert blog.unsent() == 0


def test_who_activates_it_is_led_to_the_settings(blog: Blog, lab: Lab) -> None:
    admin = blog.admin()
    row = admin.get("/wp-admin/plugins.php").text
    assert re.search(
        r'<a href="[^"]*options-general\.php\?page=moderator-bridge">Settings</a>', row
    )
    assert "changes nothing until it knows its service" not in row
    lab.configure("a", url="", site_id="", secret="")
    for page in ("plugins.php", "index.php"):
        assert "changes nothing until it knows its service" in admin.get(f"/wp-admin/{page}").text
    assert "until it knows its service" not in admin.get("/wp-admin/edit-comments.php").text


def test_a_port_that_no_wordpress_pings_is_told(blog: Blog, service: FakeService) -> None:
    told = "send pingbacks to the ports 80, 443 and 8080 only, never to 8443"
    kept = {"site_id": SITE, "secret": "", "doors": "1"}
    for url, is_told in (
        ("https://moderator.example.org:8443", True),
        ("https://moderator.example.org:8080", False),
        ("https://moderator.example.org", False),
    ):
        assert (told in _save(blog, url=service.url, doors_url=url, **kept)) is is_told


def test_the_settings_page_saves_and_tests(blog: Blog, service: FakeService) -> None:
    admin = blog.admin()
    page = admin.get(PATH).text
    assert SECRET not in page
    assert "/wp-json/moderator/v1/verdict" in page

    assert "knows this site" in _press_test(blog)
    saved = _save(blog, url=service.url, site_id=SITE, secret=OTHER)
    assert "Older secret" in saved
    assert "does not accept the site id or the secret" in _press_test(blog)
    saved = _save(blog, url="http://127.0.0.1:9", site_id=SITE, secret="")
    assert "No answer" in _press_test(blog)
    assert "The saved one was kept" in _save(blog, url=service.url, site_id=SITE, secret="hunter2")
    options = blog.ask("get_option", "moderator_bridge")
    assert options == {
        "url": service.url,
        "site_id": SITE,
        "secret": OTHER,
        "old_secret": SECRET,
        "doors": "",
        "doors_url": "",
    }
    ticked = _save(blog, url=service.url, site_id=SITE, secret="", doors="1", doors_url="ftp://x")
    assert 'name="moderator_bridge[doors]" value="1" checked=' in ticked
    assert blog.ask("get_option", "moderator_bridge")["doors_url"] == ""
    assert "Older secret" not in _save(blog, url=service.url, site_id=SITE, secret="", forget="1")


def test_a_visitor_reaches_no_page_of_ours(blog: Blog) -> None:
    blog.ask("e2e_reader", "sub", "sub-pw")
    reader = blog.admin("sub", "sub-pw")
    assert reader.get(PATH).status_code == 403
    pressed = reader.post("/wp-admin/admin-post.php", data={"action": "moderator_bridge_test"})
    assert pressed.status_code == 403
    admin = blog.admin()
    forged = admin.post("/wp-admin/admin-post.php", data={"action": "moderator_bridge_test"})
    assert forged.status_code == 403


def test_uninstalling_leaves_nothing_behind(blog: Blog, held: list[int]) -> None:
    assert blog.record(held[0]) != {}
    assert blog.ask("e2e_uninstall") == {"options": 0, "meta": 0, "cron": False}


def test_nothing_was_logged_against_the_plugin(blog: Blog) -> None:
    log = (blog.lab.run / "log" / "wp-a.log").read_text(errors="replace")
    assert re.findall(r".*moderator-bridge.*", log) == []


def _save(blog: Blog, **fields: str) -> str:
    admin = blog.admin()
    page = admin.get(PATH).text
    form = {
        "option_page": "moderator-bridge",
        "action": "update",
        "_wpnonce": nonce(page),
        **{f"moderator_bridge[{name}]": value for name, value in fields.items()},
    }
    # Back to the page by the Referer, as in a browser.
    return admin.post(
        "/wp-admin/options.php", data=form, headers={"Referer": f"{blog.url}{PATH}"}
    ).text


def _press_test(blog: Blog) -> str:
    admin = blog.admin()
    page = admin.get(PATH).text
    button = page[page.index("moderator_bridge_test") :]
    form = {"action": "moderator_bridge_test", "_wpnonce": nonce(button)}
    return admin.post("/wp-admin/admin-post.php", data=form).text
