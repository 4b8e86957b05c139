"""Sites: keys that are shown once, a callback that is tried, what is asked of strangers."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import update

from moderator.domain.policy import CopyHandling, Mode
from moderator.domain.site import SignatureProfile
from moderator.domain.timing.retention import RetentionChoice
from moderator.signing import key_digest, verify, verify_hex
from moderator.storage.base.payload import dump
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.tables import sites
from tests.web.desk import Office, words

HERE = "127.0.0.1"


@dataclass
class Blog:
    """A blog that answers every callback alike, and keeps what it got."""

    status: int = 204
    said: bytes = b""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[int]:
        blog = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                blog.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(blog.status)
                self.send_header("Content-Length", str(len(blog.said)))
                self.end_headers()
                self.wfile.write(blog.said)

            def log_message(self, *_: object) -> None:
                return

        server = HTTPServer((HERE, 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()
        server.server_close()


def lead(office: Office, port: int) -> None:
    """Have the site `blog` told at a port of this machine."""
    with office.database.write() as connection:
        connection.execute(
            update(sites)
            .where(sites.c.id == "blog")
            .values(
                callback_url=f"http://{HERE}:{port}/verdict",
                allowed_addresses=dump([[HERE, port]]),
            )
        )


def test_a_callback_is_tried_as_every_callback_is_sent(office: Office) -> None:
    blog = Blog()
    with blog.open() as port:
        lead(office, port)
        anna = office.browser("anna")
        anna.submit("/sites/blog", "/sites/blog/rotate")
        answer = anna.submit("/sites/blog", "/sites/blog/test")
    assert "The blog took it: HTTP 204." in words(answer)
    [(headers, body)] = blog.got
    site = SiteRows(office.database).get("blog")
    assert site is not None
    verify(headers, body, secrets=site.secrets, now=office.now)  # or raises
    said = json.loads(body)
    assert (said["type"], said["data"]) == ("callback.test", {"site": {"id": "blog"}})
    assert headers["webhook-id"].startswith("msg_test_")


@pytest.mark.parametrize(
    ("status", "said", "shown"),
    [
        (401, b"", "it does not know the signature"),
        (422, b"", "it may not know test events"),
        (200, b'{"applied": false, "reason": "no such comment"}', "did not apply it: no such"),
        (500, b"", "HTTP 500: the blog answered 500"),
    ],
)
def test_what_the_blog_said_is_told(office: Office, status: int, said: bytes, shown: str) -> None:
    blog = Blog(status, said)
    with blog.open() as port:
        lead(office, port)
        assert shown in words(office.browser("anna").submit("/sites/blog", "/sites/blog/test"))


def test_a_callback_goes_nowhere_that_is_not_public(office: Office) -> None:
    blog = Blog()
    with blog.open() as port:
        lead(office, port)
        with office.database.write() as connection:
            connection.execute(update(sites).values(allowed_addresses="[]"))
        answer = office.browser("anna").submit("/sites/blog", "/sites/blog/test")
    assert "No answer:" in words(answer)
    assert blog.got == []


def test_a_new_pair_is_shown_once_and_the_old_one_counts_for_a_day(office: Office) -> None:
    anna = office.browser("anna")
    before = SiteRows(office.database).get("blog")
    assert before is not None
    answer = anna.submit("/sites/blog", "/sites/blog/rotate")
    secret, key = re.findall(r"<dd><code>((?:whsec_|mod_)[^<]+)</code>", answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    later = anna.get("/sites/blog")
    assert secret not in later.text
    assert key not in later.text
    assert "counts until 5 Mar 2026, 12:10 UTC" in words(later)
    found = SiteRows(office.database)
    assert found.by_key_digest(key_digest(key), now=office.now) is not None
    now = found.get("blog")
    assert now is not None
    assert [one.value for one in now.secrets] == [secret, *(one.value for one in before.secrets)]


def test_a_key_for_akismet_clients_is_shown_once(office: Office) -> None:
    anna = office.browser("anna")
    answer = anna.submit("/sites/blog", "/sites/blog/door-key")
    [key] = re.findall(r"<p><code>(\w{12})</code>", answer.text)
    assert key not in anna.get("/sites/blog").text
    assert SiteRows(office.database).by_client_key(key, now=office.now) is not None


def test_what_is_asked_of_strangers_is_chosen(office: Office) -> None:
    anna = office.browser("anna")
    form = {"mode": "careful", "copies": "hold", "previously_approved": "on"}
    answer = anna.submit("/sites/blog", "/sites/blog/choices", **form)
    assert answer.location == "/sites/blog?saved=1"
    site = SiteRows(office.database).get("blog")
    assert site is not None
    assert (site.policy.mode, site.policy.copies) == (Mode.CAREFUL, CopyHandling.HOLD)
    assert site.policy.previously_approved
    assert site.policy == replace(site.policy, version=2)
    assert anna.submit("/sites/blog", "/sites/blog/choices", mode="wild").status_code == 400
    assert 'value="careful" checked' in anna.get("/sites/blog").text


@pytest.mark.parametrize("what", ["rotate", "door-key", "test", "choices", "retention"])
def test_a_site_that_is_not_there_is_not_there(office: Office, what: str) -> None:
    form = {"mode": "usual", "copies": "hold"}
    answer = office.browser("anna").submit("/sites", f"/sites/none/{what}", **form)
    assert answer.status_code == 404


def test_all_sites_are_listed(office: Office) -> None:
    page = office.browser("anna").get("/sites")
    assert 'href="/sites/blog"' in page.text
    assert 'href="/sites/other"' in page.text
    assert office.browser("ben").get("/sites").status_code == 403


def test_a_weak_signature_is_called_so_and_test_events_have_it(office: Office) -> None:
    anna, blog = office.browser("anna"), Blog()
    assert "Weak signature" not in words(anna.get("/sites/blog"))
    with blog.open() as port:
        lead(office, port)
        SiteRows(office.database).set_signature("blog", SignatureProfile.BODY_HEX, "X-Coral")
        anna.submit("/sites/blog", "/sites/blog/rotate")
        answer = anna.submit("/sites/blog", "/sites/blog/test")
    assert "Weak signature" in words(answer)
    assert "X-Coral" in words(answer)
    [(headers, body)] = blog.got
    secrets = SiteRows(office.database).get("blog").secrets  # type: ignore[union-attr]  # it is there
    assert verify_hex(headers["x-coral"], body, secrets=secrets, now=office.now)


def test_how_long_a_site_keeps_what_people_wrote_is_chosen(office: Office) -> None:
    anna = office.browser("anna")
    page = anna.get("/sites/blog")
    assert 'placeholder="90"' in page.text
    form = {"addresses": "30", "words": " ", "pages": "0"}
    answer = anna.submit("/sites/blog", "/sites/blog/retention", **form)
    assert answer.location == "/sites/blog?saved=1"
    site = SiteRows(office.database).get("blog")
    assert site is not None
    assert site.retention == RetentionChoice(addresses=30, words=None, pages=0)
    page = anna.get("/sites/blog")
    assert 'value="30"' in page.text
    assert words(page).count("Kept for ever.") == 1


@pytest.mark.parametrize("days", ["-1", "1.5", "soon", "3651", "٣", "9" * 5000])
def test_days_that_are_none_are_refused_and_shown_again(office: Office, days: str) -> None:
    anna = office.browser("anna")
    form = {"addresses": days, "words": "7", "pages": ""}
    answer = anna.submit("/sites/blog", "/sites/blog/retention", **form)
    assert answer.status_code == 400
    assert "Days are a whole number from 0 (for ever) to 3650" in words(answer)
    assert answer.text.count('aria-invalid="true"') == 1
    assert 'value="7"' in answer.text
    site = SiteRows(office.database).get("blog")
    assert site is not None
    assert site.retention == RetentionChoice()


def test_how_long_is_for_owners_to_say(office: Office) -> None:
    ben = office.browser("ben")
    answer = ben.submit("/account", "/sites/blog/retention", addresses="1")
    assert answer.status_code == 403
    site = SiteRows(office.database).get("blog")
    assert site is not None
    assert site.retention == RetentionChoice()
