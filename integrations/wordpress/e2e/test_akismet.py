"""WordPress' own Akismet plugin, unmodified, beside one must-use file: it asks the real service.

Debian 12's WordPress has Akismet 5.0.2, which knows no later answers; Debian 13's has 5.5.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from integrations.wordpress.e2e.blogs import HOSTS, PORT, Blog, Json, Lab, nonce, wait_for
from integrations.wordpress.e2e.service import Credentials, Service, csrf

FILE = Path(__file__).parents[1] / "moderator-akismet.php"
PLUGIN = "akismet/akismet.php"
NAMED = "cheap-pills-24.example.net"
SPAM = f"Cheap pills without prescription at https://{NAMED}/buy and casino bonus viagra"
LATER = (5, 3)  # from this version on the plugin names a callback, and waits
TEXTS = iter(
    (
        "The ferry bell hangs in the town hall now; it was rung once, for the end of the war.",
        "Our neighbour kept the second key of the boat house and never told anybody why.",
        "The orchard behind the mill was cut down for the railway, except for one pear tree.",
        "I still have the postcard of the flooded square, with the grocer in his rowing boat.",
        "The clock runs four minutes late on purpose, so that nobody misses the last bus.",
    )
)


@dataclass(frozen=True, slots=True)
class Stage:
    blog: Blog
    service: Service
    credentials: Credentials
    browser: httpx.Client
    key: str

    @property
    def can_wait(self) -> bool:
        return version(self.blog) >= LATER

    def known(self, words: str) -> list[tuple[str, str, str]]:
        """Id, status and decider of what the service knows with these words."""
        asked = "SELECT id, status, decided_by, payload FROM submissions WHERE site_id = 'akismet'"
        said = json.dumps(words, ensure_ascii=False)[1:-1]
        return [row[:3] for row in self.service.rows(asked) if said in row[3]]


def version(blog: Blog) -> tuple[int, ...]:
    return tuple(int(part) for part in str(blog.ask("constant", "AKISMET_VERSION")).split(".")[:2])


@pytest.fixture(scope="module")
def stage(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Blog A without our plugin, with Akismet's and a key of ours."""
    blog, service = Blog(lab, "a"), Service(Path(tmp_path_factory.mktemp("service")))
    content = lab.run / "a"
    try:
        service.start()
        lab.ask("a", "e2e_bare")
        pairs = (f"{HOSTS['a']}:{PORT}", f"{HOSTS['b']}:{PORT}")
        credentials = service.add_site("akismet", f"{blog.url}/", "", *pairs)
        key = service.command("site", "akismet-key", "akismet").split("Akismet key: ")[1][:12]
        service.command("site", "lists", "akismet", "--deny", NAMED)
        (content / "lab-extra.php").write_text(
            f"<?php define('MODERATOR_AKISMET_URL', '{service.url}');\n"
        )
        shutil.copy(FILE, content / "wp-content" / "mu-plugins" / FILE.name)
        blog.ask("e2e_akismet", key)
        yield Stage(blog, service, credentials, service.moderator(), key)
    finally:
        (content / "lab-extra.php").unlink(missing_ok=True)
        (content / "wp-content" / "mu-plugins" / FILE.name).unlink(missing_ok=True)
        service.stop()
        lab.ask("a", "e2e_without_akismet")
        lab.ask("a", "e2e_dressed")


@pytest.fixture
def post(stage: Stage) -> tuple[int, str]:
    return stage.blog.new_post("The ferry and its bell")


def statuses(stage: Stage, post: tuple[int, str]) -> list[str]:
    return list(stage.blog.statuses(post[0]).values())


def meta(stage: Stage, comment_id: int, name: str) -> Json:
    return stage.blog.ask("get_comment_meta", comment_id, name, True)  # noqa: FBT003


def press(stage: Stage, action: str, comment_id: int, shelf: str) -> None:
    """Do it in wp-admin, as a moderator there does."""
    admin = stage.blog.admin()
    page = admin.get(f"/wp-admin/edit-comments.php?comment_status={shelf}").text
    query = {"_wpnonce": nonce(page), "action": action, "delete_comments[]": [str(comment_id)]}
    admin.get("/wp-admin/edit-comments.php", params=query, follow_redirects=False)


def latest(stage: Stage, words: str) -> tuple[str, str]:
    [(_, status, decider)] = stage.known(words)
    return status, decider


def test_the_key_is_good_and_another_is_not(stage: Stage) -> None:
    assert stage.blog.ask("Akismet::verify_key", stage.key) == "valid"
    assert stage.blog.ask("Akismet::verify_key", "0" * 12) == "invalid"


def test_an_honest_comment_appears_at_once(stage: Stage, post: tuple[int, str]) -> None:
    text = next(TEXTS)
    stage.blog.comment(post[0], text, email="ana1@reader.example")
    assert statuses(stage, post) == ["approved"]
    assert latest(stage, text) == ("approved", "rule")


def test_spam_goes_where_spam_goes(stage: Stage, post: tuple[int, str]) -> None:
    stage.blog.comment(post[0], SPAM, author="Buy pills")
    assert statuses(stage, post) == ["spam"]


def test_what_a_person_there_says_is_learned(stage: Stage, post: tuple[int, str]) -> None:
    text = next(TEXTS)
    stage.blog.comment(post[0], text + ' It isn\'t "tea".', email="ana2@reader.example")
    [comment_id] = stage.blog.statuses(post[0])
    press(stage, "spam", comment_id, "all")
    assert latest(stage, text) == ("spam", "blog")
    press(stage, "unspam", comment_id, "spam")
    assert latest(stage, text) == ("approved", "blog")


def test_a_pingback_is_one_submission_whose_link_was_seen(
    stage: Stage, post: tuple[int, str]
) -> None:
    words = next(TEXTS)
    sender = Blog(stage.blog.lab, "b")
    page = f'<p>{words} So says <a href="{post[1]}">the piece about the ferry</a>.</p>'
    _, source = sender.new_post("Read today", page)
    stage.blog.ping(source, post[1])
    assert statuses(stage, post) == ["approved"]
    assert latest(stage, words) == ("approved", "rule")
    [(id_, _, _)] = stage.known(words)
    asked = f"SELECT findings FROM decisions WHERE submission_id = '{id_}'"  # noqa: S608
    [(found,)] = stage.service.rows(asked)
    [link] = [each for each in json.loads(found) if each["check"] == "source_link"]
    assert link["signal"] == "ham"


def test_what_is_held_waits_for_our_moderator(stage: Stage, post: tuple[int, str]) -> None:
    text = next(TEXTS)
    stage.service.command("site", "set", "akismet", "--mode", "careful")
    stage.blog.comment(
        post[0], f"{text} See https://ferry-notes.example.org/bell",
        email="cy@reader.example", url="https://ferry-notes.example.org/", author="Cy",
    )  # fmt: skip
    stage.service.command("site", "set", "akismet", "--mode", "usual")
    assert latest(stage, text) == ("hold", "rule")
    if not stage.can_wait:
        assert statuses(stage, post) in (["spam"], ["approved"])  # by the plain threshold
        return
    assert statuses(stage, post) == ["unapproved"]
    [comment_id] = stage.blog.statuses(post[0])
    assert int(meta(stage, comment_id, "akismet_schedule_approval_fallback") or 0) >= 0
    [(id_, _, _)] = stage.known(text)
    page = stage.browser.get(f"/submissions/{id_}").text
    form = {"csrf": csrf(page), "verdict": "approve", "seen": "1", "version": "1"}
    stage.browser.post(f"/submissions/{id_}/decision", data=form).raise_for_status()
    wait_for(lambda: statuses(stage, post) == ["approved"], "the later answer")
