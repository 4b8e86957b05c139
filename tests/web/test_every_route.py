"""What holds of every route there is: nobody has to think of a new one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from moderator.storage.base.database import Database
from moderator.web import create_app
from moderator.web.dashboard.security import CONTENT_POLICY, HEADERS, OPEN_ENDPOINTS
from tests.builders import a_submission
from tests.databases import fresh
from tests.stock import stock, stock_campaign
from tests.web.asking import Street
from tests.web.desk import Browser, Office
from tests.web.routes import OPENLY, Route, pages, routes

FORM = {"verdict": "spam", "seen": "1", "version": "1", "item": "s1.1.1", "undo": "s1.2.1"}
JSON = {"Accept": "application/json"}
WRONG_TOKENS = ("", "wrong", "\N{SNOWMAN}", "a.b", "====.====")


@pytest.fixture
def whole(office: Office, tmp_path: Path) -> Iterator[Flask]:
    """The pages, and every endpoint: also those through which somebody asks and waits."""
    database = Database(f"sqlite:///{tmp_path / 'doors.db'}")
    fresh(database)
    yield create_app(replace(Street(database).services(), dashboard=office.services().dashboard))
    database.close()


def _send(browser: Browser, route: Route, **headers: str) -> tuple[int, str]:
    answer = browser.client.open(
        route.path, method=route.method, base_url=browser.base_url, headers=headers, buffered=True
    )
    return answer.status_code, answer.location or ""


def test_every_page_hangs_behind_the_guard(office: Office) -> None:
    found = list(pages(office.app()))
    assert {str(route) for route in found} >= {"GET /queue", "GET /log", "POST /logout"}
    assert [str(route) for route in found if not route.rule.endpoint.startswith("dashboard.")] == []


def test_the_open_routes_exist_and_are_few(office: Office) -> None:
    assert {route.rule.endpoint for route in pages(office.app())} > OPEN_ENDPOINTS
    assert len(OPEN_ENDPOINTS) == 5


def test_every_closed_route_sends_strangers_to_the_login_page(office: Office) -> None:
    stranger = office.browser()
    for route in pages(office.app()):
        if route.rule.endpoint in OPEN_ENDPOINTS or route.method == "OPTIONS":
            continue
        status, location = _send(stranger, route)
        assert (status, location.partition("?")[0]) == (303, "/login"), route
        assert _send(stranger, route, **JSON)[0] == 401, route


@pytest.mark.parametrize("token", WRONG_TOKENS)
def test_every_route_that_changes_something_asks_for_the_token(office: Office, token: str) -> None:
    stock(office.database, a_submission(id="s1"))
    unsafe = [route for route in pages(office.app()) if not route.is_safe]
    assert len(unsafe) > 5
    anna, stranger = office.browser("anna"), office.browser()
    for route in unsafe:
        browser = stranger if route.rule.endpoint in OPEN_ENDPOINTS else anna
        for headers in ({}, JSON):
            answer = browser.post(route.path, {**FORM, "csrf": token}, headers)
            assert answer.status_code == 403, route
    assert anna.get("/queue").status_code == 200  # and nobody was logged out


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://localhost:1"])
def test_no_route_takes_a_form_of_another_page(office: Office, origin: str) -> None:
    browser = office.browser("anna")
    session = office.sign_in.session(browser.cookie("session"), now=office.now)
    assert session is not None
    for route in pages(office.app()):
        if not route.is_safe:
            answer = browser.post(route.path, {"csrf": session.csrf}, {"Origin": origin})
            assert answer.status_code == 403, route


def test_no_route_changes_anything_when_it_is_only_asked(whole: Flask) -> None:
    """Methods that browsers send by themselves are those that HTTP calls safe."""
    known = {"GET", "HEAD", "OPTIONS", "POST"}
    assert [str(route) for route in routes(whole) if route.method not in known] == []


@pytest.mark.parametrize("name", ["", "anna"])
def test_every_answer_of_a_page_carries_the_headers(office: Office, name: str) -> None:
    browser = office.browser(name)
    for route in pages(office.app()):
        for method in (route.method, "DELETE"):
            answer = browser.client.open(
                route.path, method=method, base_url=browser.base_url, buffered=True
            )
            assert answer.headers.getlist("Content-Security-Policy") == [CONTENT_POLICY], route
            missing = HEADERS.keys() - answer.headers.keys()
            assert missing == set(), route
            is_kept = route.rule.endpoint == "dashboard.static" and answer.status_code == 200
            assert ("no-store" in answer.headers["Cache-Control"]) is not is_kept, route
    assert browser.get("/nowhere").headers["Content-Security-Policy"] == CONTENT_POLICY


def test_every_answer_to_a_program_says_what_it_is_and_is_kept_by_nobody(whole: Flask) -> None:
    client, found = whole.test_client(), list(routes(whole))
    assert {"/1.1/comment-check", "/v1/check"} <= {route.rule.rule for route in found}
    for route in found:
        if route.is_page or route.rule.rule.startswith(OPENLY):
            continue
        for method in (route.method, "DELETE"):
            answer = client.open(route.path, method=method)
            assert answer.headers["X-Content-Type-Options"] == "nosniff", route
            assert answer.headers["Cache-Control"] == "no-store", route
            assert answer.mimetype != "text/html" or "default-src 'none'" in str(
                answer.headers.get("Content-Security-Policy")
            ), route


def test_what_is_another_s_is_as_if_it_were_not_there(office: Office) -> None:
    """Every page that is about one thing, with everything of another site."""
    theirs = [
        a_submission(f"Number {n}.", id=f"{n:032x}", site_id="blog", platform_id=str(n))
        for n in (1, 2, 3)
    ]
    for one in theirs:
        stock(office.database, one)
    campaign = stock_campaign(office.database, *theirs)
    eve = office.browser("eve")
    session = office.sign_in.session(eve.cookie("session"), now=office.now)
    assert session is not None
    known = pages(office.app(), submission_id=f"{1:032x}", campaign_id=campaign)
    unknown = pages(office.app(), submission_id="9" * 32, campaign_id="9" * 32)
    tried = 0
    for there, nowhere in zip(known, unknown, strict=True):
        if not there.rule.arguments & {"submission_id", "campaign_id"} or there.method == "OPTIONS":
            continue
        answers = [
            eve.get(route.path)
            if route.is_safe
            else eve.post(route.path, {**FORM, "csrf": session.csrf})
            for route in (there, nowhere)
        ]
        assert {answer.status_code for answer in answers} == {404}, there
        assert answers[0].text == answers[1].text, there
        tried += 1
    assert tried > 4
