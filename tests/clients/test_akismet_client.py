"""Only a plain true or false is a verdict; whatever else Akismet says is unknown, never ham."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from moderator.clients.akismet import AkismetService
from moderator.domain.ports import SpamAnswer, SpamOpinion
from moderator.domain.submission import Author, Request, Submission
from tests.akismet_server import AkismetServer, Answer
from tests.builders import ALICE, BLOG, a_pingback, a_site, a_submission

SITE = replace(a_site(), akismet_key="0123456789ab", langs=("en",))
GUID = {"X-akismet-guid": "f00df00df00d"}


@pytest.fixture(scope="module")
def server() -> Iterator[AkismetServer]:
    with AkismetServer() as running:
        yield running


def ask(
    server: AkismetServer,
    answer: Answer,
    submission: Submission | None = None,
    patience: float = 20,
) -> SpamOpinion:
    server.answer = answer
    server.seen.clear()
    service = AkismetService(server.url, patience=patience)
    return asyncio.run(service.ask(submission or a_submission(), SITE))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer("false", headers=GUID), SpamAnswer.HAM),
        (Answer("true", headers=GUID), SpamAnswer.SPAM),
        (Answer("true", headers={"X-akismet-pro-tip": "discard", **GUID}), SpamAnswer.DISCARD),
        (Answer("false", headers={"X-akismet-alert-code": "10502", **GUID}), SpamAnswer.HAM),
        (Answer("true", headers={"X-akismet-alert-code": "10502", **GUID}), SpamAnswer.SPAM),
    ],
)
def test_a_verdict(server: AkismetServer, answer: Answer, expected: SpamAnswer) -> None:
    assert ask(server, answer) == SpamOpinion(expected, reference="f00df00df00d")


SUSPENDED = {
    "X-akismet-error": "10003",
    "X-akismet-alert-code": "10003",
    "X-akismet-alert-msg": "Your key is suspended",
    "X-akismet-guid": "f00df00df00d",
}


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (Answer("false", headers=SUSPENDED), "error 10003 Your key is suspended"),
        (Answer("false", headers={"X-akismet-alert-code": "30001"}), "alert 30001"),
        (
            Answer("false", headers={"X-akismet-recheck-after": "90"}),
            "it wants to look again later",
        ),
        (Answer("invalid"), "the key is not valid"),
        (
            Answer("invalid", headers={"X-akismet-debug-help": "We were unable to parse your key"}),
            "We were unable to parse your key",
        ),
        (Answer("false\n"), "the answer is neither true nor false"),
        (Answer("True"), "the answer is neither true nor false"),
        (Answer(""), "the answer is neither true nor false"),
        (Answer("<html>busy</html>"), "the answer is neither true nor false"),
        (Answer("false", status=429), "too many requests"),
        (Answer("false", status=500), "status 500"),
        (Answer("false", status=503), "status 503"),
        (Answer("false", status=302, headers={"Location": "/elsewhere"}), "it cannot be reached"),
        (Answer(is_cut=True), "it cannot be reached"),
    ],
)
def test_no_verdict_is_never_ham(server: AkismetServer, answer: Answer, detail: str) -> None:
    opinion = ask(server, answer)
    assert opinion.answer is SpamAnswer.UNKNOWN
    assert opinion.detail == detail


def test_silence_is_unknown(server: AkismetServer) -> None:
    opinion = ask(server, Answer(is_silent=True), patience=0.1)
    assert opinion == SpamOpinion(SpamAnswer.UNKNOWN, "no answer in time")


def test_nobody_listening_is_unknown() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening
        service = AkismetService(f"http://127.0.0.1:{taken.getsockname()[1]}")
        opinion = asyncio.run(service.ask(a_submission(), SITE))
    assert opinion == SpamOpinion(SpamAnswer.UNKNOWN, "it cannot be reached")


def test_what_is_sent(server: AkismetServer) -> None:
    author = replace(ALICE, url="https://alice.example.org", user_agent="Firefox", role="editor")
    submission = a_submission(
        "Ünïcode & <b>markup</b>", author=author, request=Request(referrer="https://example.org/")
    )
    ask(server, Answer("false"), submission)
    [(path, headers, form)] = server.seen
    assert path == "/1.1/comment-check"
    assert headers["Host"] == server.url.removeprefix("http://")
    assert headers["User-Agent"].startswith("akismet.py/")
    assert form == {
        "api_key": "0123456789ab",
        "blog": BLOG,
        "blog_charset": "UTF-8",
        "blog_lang": "en",
        "user_ip": "192.0.2.10",
        "user_agent": "Firefox",
        "referrer": "https://example.org/",
        "permalink": f"{BLOG}/2026/03/the-river",
        "comment_type": "comment",
        "comment_author": "Alice",
        "comment_author_email": "alice@example.org",
        "comment_author_url": "https://alice.example.org",
        "comment_content": "Ünïcode & <b>markup</b>",
        "comment_date_gmt": "2026-03-04T12:00:00+00:00",
    }


def test_a_role_counts_only_when_signed_in(server: AkismetServer) -> None:
    author = Author(ip="192.0.2.10", role="administrator", is_authenticated=True)
    ask(server, Answer("false"), a_submission(author=author))
    assert server.seen[0][2]["user_role"] == "administrator"


def test_a_linkback_names_its_source(server: AkismetServer) -> None:
    ping = a_pingback("https://other.example.org/page", "an excerpt")
    ask(server, Answer("false"), ping)
    form = server.seen[0][2]
    assert form["comment_type"] == "pingback"
    assert form["comment_author_url"] == "https://other.example.org/page"
    assert form["comment_content"] == "an excerpt"


def test_many_questions_at_once_keep_their_answers_apart(server: AkismetServer) -> None:
    server.answer = Answer("true", headers=GUID)
    service = AkismetService(server.url, patience=20)

    async def all_at_once() -> list[SpamOpinion]:
        return await asyncio.gather(*(service.ask(a_submission(), SITE) for _ in range(20)))

    assert {opinion.answer for opinion in asyncio.run(all_at_once())} == {SpamAnswer.SPAM}
