"""The plugin and the real service, through outages, decisions on both sides and deletions."""

import xmlrpc.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from integrations.wordpress.e2e.blogs import PORT, Blog, Json, Lab, wait_for
from integrations.wordpress.e2e.service import Credentials, Service, csrf

# What one test calls spam must not be alike to what another sends.
TEXTS = iter(
    (
        "The map she drew of the river and the road to school is still on my wall.",
        "My grandfather kept bees behind the station; your second photograph shows his hives.",
        "Could you say which edition of the atlas you used? Mine has no plate of the delta.",
        "We sang that song on the ferry every summer until the bridge was opened in May.",
        "I disagree about the bell tower: it was struck by lightning twice before the fire.",
        "Thank you for the recipe. With rye instead of wheat it came out a little too dark.",
        "The old photograph shows the mill before the flood, with the wheel still in place.",
    )
)
LATE = "The night train still stops there if you wave, or so the conductor told my sister."
LETTERS = "quiet harbour lantern orchard violin copper meadow thunder saddle almond pepper glacier"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(Path(tmp_path_factory.mktemp("service")))
    try:
        service.start()
        yield service
    finally:
        service.stop()


@pytest.fixture(scope="module")
def browser(real: Service) -> httpx.Client:
    return real.moderator()


@pytest.fixture(scope="module")
def credentials(real: Service, installed: Blog) -> Credentials:
    callback = str(installed.ask(r"\Moderator_Bridge\callback_url"))
    pairs = (f"127.0.0.2:{PORT}", f"127.0.0.3:{PORT}")
    return real.add_site("blog-a", f"{installed.url}/", callback, *pairs)


@pytest.fixture
def blog(installed: Blog, lab: Lab, real: Service, credentials: Credentials) -> Blog:
    installed.ask("e2e_forget_unsent")
    lab.configure("a", url=real.url, site_id=credentials.site_id, secret=credentials.secret)
    return installed


class Judged:
    """One comment on a post of its own that has its first verdict."""

    def __init__(self, blog: Blog, service: Service, credentials: Credentials, text: str) -> None:
        self.blog, self._service, self._credentials = blog, service, credentials
        self.post_id, _ = blog.new_post("Judged by the service")
        # Another author each time: what people decide about one counts for the next comment.
        blog.comment(self.post_id, text, author="Mara", email=f"mara{self.post_id}@reader.example")
        [self.id] = blog.statuses(self.post_id)
        blog.cron()
        wait_for(lambda: self.record()["state"] == "decided", "a verdict")

    def record(self) -> dict[str, Json]:
        return self.blog.record(self.id)

    def status(self) -> str:
        return str(self.blog.ask("wp_get_comment_status", self.id))

    def at_service(self) -> dict[str, Json]:
        return view(self._service, self._credentials, self.id)


def view(service: Service, credentials: Credentials, comment_id: int | str) -> dict[str, Json]:
    answer = httpx.get(
        f"{service.url}/v1/submissions/find",
        params={"platform_id": str(comment_id)},
        headers={"Authorization": f"Bearer {credentials.api_key}"},
        timeout=30,
    )
    answer.raise_for_status()
    found: dict[str, Json] = answer.json()
    return found


@pytest.fixture
def judged(blog: Blog, real: Service, credentials: Credentials) -> Judged:
    return Judged(blog, real, credentials, next(TEXTS))


def test_an_honest_comment_is_approved(judged: Judged) -> None:
    assert judged.status() == "approved"
    assert judged.at_service()["status"] == "approved"


def test_a_burst_gets_a_verdict_each(blog: Blog, real: Service, credentials: Credentials) -> None:
    post_id, _ = blog.new_post("Burst at the service")
    words = LETTERS.split()
    texts = [f"{words[n % 12]} {words[n // 12]} {words[(n * 7) % 12]} {n}" for n in range(40)]

    def leave(n: int) -> int:
        return blog.comment(
            post_id, texts[n], author=f"Reader {n}", email=f"reader{n}@reader.example"
        ).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(leave, range(40))) == {302}
    blog.cron()
    ids = list(blog.statuses(post_id))
    assert len(ids) == 40
    wait_for(
        lambda: all(blog.record(id_).get("state") == "decided" for id_ in ids), "40 verdicts", 120
    )
    found = [view(real, credentials, id_) for id_ in ids]
    assert [len(one["decisions"]) for one in found] == [1] * 40
    deliveries = [one["deliveries"] for one in found]
    assert {d["state"] for each in deliveries for d in each} == {"delivered"}


def test_a_person_in_wordpress_is_heard(judged: Judged) -> None:
    judged.blog.ask("e2e_edit", judged.id, {"comment_approved": "spam"})
    judged.blog.cron()
    wait_for(lambda: judged.at_service()["status"] == "spam", "the blog's decision")
    last = judged.at_service()["decisions"][-1]["decision"]
    assert last["decided_by"]["kind"] == "blog"


def test_a_moderator_at_the_service_is_obeyed(judged: Judged, browser: httpx.Client) -> None:
    path = f"/submissions/{judged.at_service()['id']}"
    token = csrf(browser.get(path).text)
    form = {"csrf": token, "seen": "1", "version": "1", "verdict": "spam"}
    browser.post(f"{path}/decision", data=form).raise_for_status()
    wait_for(lambda: judged.status() == "spam", "the moderator's verdict")
    assert judged.record()["sequence"] == 2


def test_an_edit_is_judged_again(judged: Judged) -> None:
    text = "Something else about the river, which I remember in another light today."
    judged.blog.ask("wp_update_comment", {"comment_ID": judged.id, "comment_content": text})
    judged.blog.cron()
    wait_for(lambda: len(judged.at_service()["decisions"]) == 2, "a second verdict")
    assert judged.at_service()["content_version"] == 2
    assert judged.at_service()["deliveries"][-1]["state"] == "delivered"
    # The blog knows this result already: nothing is sent.
    assert (judged.status(), judged.record()["sequence"]) == ("approved", 1)


def test_an_edit_into_spam_is_taken_off(judged: Judged) -> None:
    text = "Buy cheap viagra online, no prescription needed: call +1 508 934 7719 now now now"
    judged.blog.ask("wp_update_comment", {"comment_ID": judged.id, "comment_content": text})
    judged.blog.cron()
    wait_for(lambda: judged.status() == "spam", "the verdict on the edited text")
    assert judged.record()["sequence"] == 2


def test_a_deletion_is_a_deletion(judged: Judged) -> None:
    judged.blog.ask("wp_delete_comment", judged.id, 1)
    judged.blog.cron()
    wait_for(lambda: judged.at_service()["status"] == "erased", "the erasure")


def test_a_dead_service_is_waited_for(blog: Blog, real: Service) -> None:
    real.stop()
    post_id, _ = blog.new_post("While it is down")
    blog.comment(post_id, LATE, author="Ida Berg")
    blog.cron()
    [comment_id] = blog.statuses(post_id)
    assert blog.unsent() == 1
    assert blog.statuses(post_id) == {comment_id: "unapproved"}
    real.start()
    blog.ask("delete_option", "moderator_bridge_health")  # the wait is over
    blog.cron()
    wait_for(lambda: blog.statuses(post_id) == {comment_id: "approved"}, "a late verdict")


@pytest.fixture
def handed(blog: Blog, lab: Lab) -> Blog:
    """Its doors are the service's."""
    lab.configure("a", **{**blog.ask("get_option", "moderator_bridge"), "doors": "1"})
    return blog


def test_a_real_pingback_takes_the_services_door(
    handed: Blog, lab: Lab, real: Service, credentials: Credentials
) -> None:
    post_id, target = handed.new_post("The river in March", "<p>High water at the mill.</p>")
    sender = Blog(lab, "b")
    _, source = sender.new_post(
        "Walking upstream",
        "<p>We walked to the weir on Sunday and found the gauge that an older entry "
        f'<a href="{target}">describes in March</a>, under two metres of driftwood.</p>',
    )
    httpx.get(f"{sender.url}/wp-cron.php?doing_wp_cron", timeout=60).raise_for_status()
    wait_for(lambda: handed.statuses(post_id), "the pingback as a comment")
    wait_for(lambda: set(handed.statuses(post_id).values()) == {"approved"}, "its approval")
    page = httpx.get(target, timeout=60)
    assert page.text.count(f'href="{source}"'.replace("&", "&#038;")) == 1
    with (
        xmlrpc.client.ServerProxy(page.headers["X-Pingback"]) as door,
        pytest.raises(xmlrpc.client.Fault) as known,
    ):
        door.pingback.ping(source, target)
    assert known.value.faultCode == 48
    assert list(handed.statuses(post_id).values()) == ["approved"]
    [comment_id] = handed.statuses(post_id)
    door_id = str(handed.ask("get_comment_meta", comment_id, "_moderator_bridge_door", True))  # noqa: FBT003
    handed.ask("e2e_edit", comment_id, {"comment_approved": "spam"})
    handed.cron()
    wait_for(lambda: view(real, credentials, door_id)["status"] == "spam", "the blog's decision")


def test_a_webmention_comes_and_goes(handed: Blog, lab: Lab) -> None:
    post_id, target = handed.new_post("The lock keeper", "<p>He kept a diary for years.</p>")
    sender = Blog(lab, "b")
    sender.ask("update_option", "default_pingback_flag", 0)
    source_id, source = sender.new_post(
        "Diaries of water",
        "<p>Three keepers wrote down every barge. The best of them, quoted by a neighbour in "
        f'<a href="{target}">a portrait of the lock keeper</a>, also drew the herons.</p>',
    )
    sender.ask("update_option", "default_pingback_flag", 1)
    door = httpx.get(target, timeout=60).links["webmention"]["url"]
    claim = {"source": source, "target": target}
    assert httpx.post(door, data=claim, timeout=60).status_code == 201
    wait_for(lambda: list(handed.statuses(post_id).values()) == ["approved"], "the webmention")
    [comment_id] = handed.statuses(post_id)
    assert handed.ask("get_comment_type", comment_id) == "webmention"
    sender.ask("wp_delete_post", source_id, 1)
    assert httpx.post(door, data=claim, timeout=60).status_code == 201
    wait_for(lambda: handed.statuses(post_id) == {comment_id: "trash"}, "its removal")


def test_the_connection_test_knows_the_service(blog: Blog) -> None:
    assert blog.ask("e2e_test_connection") == ""
    saved = blog.ask("get_option", "moderator_bridge")
    for path in ("/v1", "/wp-json", "/dashboard"):
        blog.lab.configure("a", **{**saved, "url": f"{saved['url']}{path}"})
        assert "without a path like /v1" in str(blog.ask("e2e_test_connection"))
    blog.lab.configure("a", **saved)
    blog.lab.configure("a", url=str(blog.ask("get_option", "moderator_bridge")["url"]),
                       site_id="blog-a", secret="whsec_" + "QUJD" * 8)  # fmt: skip
    assert "does not accept" in str(blog.ask("e2e_test_connection"))
