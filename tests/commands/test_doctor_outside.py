"""`moderator doctor` asks blogs, Akismet and PUBLIC_URL, and names cause and cure."""

import pytest
import standardwebhooks
from sqlalchemy import text

from moderator.storage.base.times import to_ms
from moderator.storage.upkeep.metrics import MetricRows
from moderator.usecases.run.counting import Counters
from moderator.web import create_app
from tests.akismet_server import AkismetServer, Answer
from tests.commands.clinic import Clinic, a_blog, reached_at
from tests.fakes import FakeLog
from tests.redis_server import free_port
from tests.web.lab import Lab
from tests.web.serving import serving, talk
from tests.web.test_metrics import watched

# Blogs


@pytest.mark.parametrize(
    ("status", "state", "cure"),
    [
        (204, "ok", ""),
        (422, "ok", ""),
        (404, "note", "site set blog --callback-url"),
        (301, "note", "the address it ends at"),
        (500, "note", "the blog's own log"),
    ],
)
def test_what_a_blog_answers(clinic: Clinic, status: int, state: str, cure: str) -> None:
    with a_blog(status) as port:
        clinic.add(**reached_at(port))
        found = clinic.doctor()["blog"]
    assert found[0] == state
    assert cure in found[2]
    assert str(status) in found[1] or state == "ok"


def test_a_blog_that_cannot_be_reached(clinic: Clinic) -> None:
    clinic.add(**reached_at(free_port()))
    state, detail, cure = clinic.doctor()["blog"]
    assert (state, detail) == ("note", "blog: ClientConnectorError: the blog could not be reached")
    assert "can be reached from here" in cure
    assert "blog" not in clinic.doctor("--offline")


def test_a_blog_with_another_secret(clinic: Clinic) -> None:
    secrets: list[str] = []

    def judge(headers: dict[str, str], body: bytes) -> int:
        try:
            standardwebhooks.Webhook(secrets[-1]).verify(body, dict(headers))
        except standardwebhooks.WebhookVerificationError:
            return 401
        return 204

    with a_blog(judge) as port:
        secrets.append(clinic.add(**reached_at(port)))
        assert clinic.doctor()["blog"][0] == "ok"
        secrets.append("whsec_" + "A" * 32)
        state, _, cure = clinic.doctor()["blog"]
    assert (state, "`moderator site rotate blog`" in cure) == ("note", True)


def test_where_nobody_is_asked_the_last_answers_count(each_clinic: Clinic) -> None:
    each_clinic.add(callback_url="https://blog.example.org/verdict")
    now = to_ms(each_clinic.database.now())
    with each_clinic.database.write() as connection:
        for id_, state, status in (("a", "refused", 404), ("b", "dead", 500), ("c", "dead", 500)):
            connection.execute(
                text(
                    "INSERT INTO deliveries (id, site_id, body, state, last_status, created_at)"
                    " VALUES (:id, 'blog', '', :state, :status, :now)"
                ),
                {"id": id_, "state": state, "status": status, "now": now},
            )
    found = each_clinic.doctor("--offline")
    assert found["blog"] == ("note", "blog: the blog answered 500 (2 callbacks)", found["blog"][2])
    assert found["callbacks"][1] == "2 dead letters"
    assert "`moderator deliveries retry`" in found["callbacks"][2]


# The way here


def test_no_public_url_where_browsers_are_elsewhere(clinic: Clinic) -> None:
    clinic.set(HOST="0.0.0.0")  # noqa: S104
    state, detail, cure = clinic.doctor()["address"]
    assert (state, "PUBLIC_URL is not set" in detail) == ("note", True)
    assert cure.startswith("set PUBLIC_URL")
    clinic.set(HOST="127.0.0.1")
    assert "address" not in clinic.doctor()


def test_a_public_url_leads_here_or_not(clinic: Clinic) -> None:
    with serving(create_app(Lab().services())) as port:
        clinic.set(PUBLIC_URL=f"http://127.0.0.1:{port}")
        assert clinic.doctor()["address"][0] == "ok"
        clinic.set(PUBLIC_URL=f"http://127.0.0.1:{port}/prefix")
        assert "is answered 404" in clinic.doctor()["address"][1]
        assert "address" not in clinic.doctor("--offline")


@pytest.mark.parametrize(
    ("status", "words"),
    [(200, "somebody else answers there"), (301, "it redirects to '/elsewhere'"),
     (502, "is answered 502"), (None, "nobody answers there")],
)  # fmt: skip
def test_a_public_url_that_leads_elsewhere(clinic: Clinic, status: int | None, words: str) -> None:
    with a_blog(status) as port:
        clinic.set(PUBLIC_URL=f"http://127.0.0.1:{port if status else free_port()}")
        state, detail, cure = clinic.doctor()["address"]
    assert (state, words in detail) == ("note", True)
    assert cure.startswith("set PUBLIC_URL to the very address")


def test_a_proxy_that_is_not_named(clinic: Clinic) -> None:
    counters = Counters()
    asked = b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n"
    with serving(Lab().app(), traffic=watched(FakeLog(), counters)) as port:
        talk(port, asked)
    assert "proxy" not in clinic.doctor()
    counters.keep(MetricRows(clinic.database))
    state, detail, cure = clinic.doctor()["proxy"]
    assert (state, "X-Forwarded-For" in detail, "TRUSTED_PROXY" in cure) == ("note", True, True)


# Akismet


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (Answer("valid"), "ok", "blog"),
        (Answer("invalid"), "note", "blog: the key is not valid"),
        (Answer("", status=500), "note", "blog: status 500"),
        (Answer(is_cut=True), "note", "blog: it cannot be reached"),
    ],
)
def test_a_key_of_akismet(clinic: Clinic, answer: Answer, state: str, words: str) -> None:
    with AkismetServer() as server:
        server.answer = answer
        clinic.set(AKISMET_URL=server.url)
        clinic.add(akismet_key="0123456789ab")
        found = clinic.doctor()["akismet"]
    assert found[:2] == (state, words)
    assert state == "ok" or "`moderator site set blog --akismet-key KEY`" in found[2]
