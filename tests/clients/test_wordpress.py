"""The way to a blog's REST API: guarded, bounded, and the password goes to nobody else."""

import asyncio
import base64
import json

import pytest

from moderator.clients.wordpress import WordPressClient
from moderator.domain.errors import FetchError
from moderator.domain.site import WordPressAccess
from moderator.platforms.wordpress_rest import requests
from moderator.platforms.wordpress_rest.answers import WordPressAnswer, WordPressComment
from moderator.platforms.wordpress_rest.requests import WordPressRequest
from tests.builders import a_site
from tests.clients.fetching import HERE, saying
from tests.lab import Behaviour, Request, answer, origin

PASSWORD = "abcd efgh ijkl mnop"
COMMENT = WordPressComment(5, author_ip="192.0.2.10", author_user_agent="Mozilla/5.0")


def asked(
    behave: Behaviour,
    request: WordPressRequest = requests.held(0),  # noqa: B008  # frozen
    *,
    is_allowed: bool = True,
    seconds: float = 5,
) -> tuple[WordPressAnswer | FetchError, list[Request]]:
    async def run() -> tuple[WordPressAnswer | FetchError, list[Request]]:
        async with origin(behave) as blog:
            access = WordPressAccess(f"http://{HERE}:{blog.port}/sub", "keeper", PASSWORD)
            allowed = frozenset({(HERE, blog.port)} if is_allowed else ())
            site = a_site(wordpress=access, allowed_addresses=allowed)
            try:
                found = await WordPressClient(seconds=seconds).ask(site, request)
            except FetchError as error:
                return error, blog.requests
            return found, blog.requests

    return asyncio.run(run())


def test_a_list_is_asked_for_as_the_user() -> None:
    told = answer(b"[]", headers={"X-WP-Total": "41"})
    found, [request] = asked(saying(told))
    assert found == WordPressAnswer(200, b"[]", total=41)
    assert (request.method, request.body) == ("GET", b"")
    assert request.path.startswith("/sub/?rest_route=%2Fwp%2Fv2%2Fcomments&")
    proof = base64.b64encode(f"keeper:{PASSWORD}".encode()).decode()
    assert request.headers["authorization"] == f"Basic {proof}"
    assert request.headers["user-agent"].startswith("Moderator/")


def test_a_status_is_posted_with_the_commenters_address() -> None:
    access = WordPressAccess("", "", "")
    _, [request] = asked(saying(answer(b"{}")), requests.set_status(COMMENT, "spam", access))
    assert request.method == "POST"
    assert json.loads(request.body) == {
        "status": "spam", "author_ip": "192.0.2.10", "author_user_agent": "Mozilla/5.0",
    }  # fmt: skip
    assert request.headers["content-type"] == "application/json"


def test_where_no_browser_is_sent_back_none_of_ours_is_sent() -> None:
    nameless = WordPressComment(5, author_ip="192.0.2.10")
    access = WordPressAccess("", "", "")
    _, [request] = asked(saying(answer(b"{}")), requests.set_status(nameless, "hold", access))
    assert "user-agent" not in request.headers


def test_a_redirect_is_told_and_not_followed() -> None:
    moved = answer(status=301, headers={"Location": "https://elsewhere.example.org/"})
    found, seen = asked(saying(moved))
    assert found == WordPressAnswer(301, location="https://elsewhere.example.org/")
    assert len(seen) == 1


def test_an_address_inside_is_not_asked_unless_it_was_allowed() -> None:
    found, seen = asked(saying(answer(b"[]")), is_allowed=False)
    assert isinstance(found, FetchError)
    assert seen == []


@pytest.mark.parametrize(
    "told",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[]", b"nonsense\r\n\r\n"],
    ids=["silence", "half an answer", "no answer"],
)
def test_what_is_no_answer_is_said_without_the_password(told: bytes) -> None:
    found, _ = asked(saying(told))
    assert isinstance(found, FetchError)
    assert PASSWORD not in str(found)


def test_an_answer_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moderator.clients.wordpress.ANSWER_BYTES", 1000)
    found, _ = asked(saying(answer(b" " * 1001)))
    assert isinstance(found, FetchError)
    assert "longer than 1000 bytes" in str(found)


def test_the_password_is_in_no_representation() -> None:
    site = a_site(wordpress=WordPressAccess("https://blog.example.org", "keeper", PASSWORD))
    assert PASSWORD not in repr(site)
