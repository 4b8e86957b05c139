"""What a `Host` header says counts for nothing once an operator has said where we are reached."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from moderator.web import create_app
from moderator.web.linkback_endpoints import EndpointLimits
from moderator.web.server.gateway import Traffic
from moderator.web.traffic import traffic
from tests.web.desk import Browser, Office
from tests.web.lab import Lab

EVIL = {"Host": "evil.test", "X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"}
FORM = {
    "source": "https://elsewhere.test/1",
    "target": "https://blog.example.org/2026/03/the-river",
}


def _app(office: Office, public_url: str) -> Flask:
    office.public_url = public_url
    return create_app(replace(office.services(), public_url=public_url))


@pytest.fixture(params=["https://desk.example.org", "https://desk.example.org/mod"])
def public(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _everything(app: Flask) -> Iterator[TestResponse]:
    client = app.test_client()
    for path in ("/", "/queue", "/login", "/log", "/nowhere", "/welcome/x", "/help", "/v1/nowhere"):
        yield client.get(path, headers=EVIL)
    yield client.post("/doors/blog/webmention", data=FORM, headers=EVIL)


def test_no_answer_names_the_host_that_was_asked(office: Office, public: str) -> None:
    for answer in _everything(_app(office, public)):
        assert "evil.test" not in f"{answer.headers}{answer.text}", answer.request.path


def test_the_status_page_of_a_webmention_lies_where_we_are_reached(
    office: Office, public: str
) -> None:
    client = _app(office, public).test_client()
    answer = client.post("/doors/blog/webmention", data=FORM, headers=EVIL)
    assert answer.status_code == 201
    assert answer.headers["Location"].startswith(f"{public}/doors/blog/webmention/")


def test_cookies_are_those_of_the_address_whatever_the_request_says(office: Office) -> None:
    client = _app(office, "https://desk.example.org").test_client()
    answer = client.get("/login", headers={"Host": "evil.test"})
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-moderator-form=")
    assert "Domain" not in cookie


def test_a_page_elsewhere_is_not_ours_because_it_was_asked_for_there(office: Office) -> None:
    app = _app(office, "https://desk.example.org")
    elsewhere = Browser(app.test_client(), "https://evil.test")
    fields = {"name": "ben", "password": "correct horse battery"}
    assert elsewhere.post("/login", fields, {"Origin": "https://evil.test"}).status_code == 403


def test_the_description_for_programs_says_where_we_are_reached(
    office: Office, public: str
) -> None:
    found = _app(office, public).test_client().get("/openapi.json").get_json()
    assert found["servers"] == [{"url": public}]


@pytest.mark.parametrize("on", ["", "/mod"])
def test_below_a_path_every_link_and_redirect_has_it(office: Office, on: str) -> None:
    """With a proxy that takes the path off, and with one that leaves it on."""
    app = _app(office, "https://desk.example.org/mod")
    browser = Browser(app.test_client(), "https://desk.example.org")
    answer = browser.get(f"{on}/queue")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/mod/login")
    page = browser.submit(f"{on}/login", f"{on}/login", name="ben",
                          password="correct horse battery", next="/log")  # fmt: skip
    assert page.headers["Location"] == "/mod/log"
    for path in ("/queue", "/log", "/help"):
        shown = browser.get(f"{on}{path}")
        assert shown.status_code == 200
        links = re.findall(r'(?:href|action|src|data-[a-z]+)="(/[^"]*)"', shown.text)
        assert links
        assert [link for link in links if not link.startswith("/mod/")] == []


def test_the_lanes_know_a_path_below_the_prefix() -> None:
    plain, below = traffic(4), traffic(4, "/mod")
    assert _lane(below, "/mod/healthz") == _lane(below, "/healthz") == _lane(plain, "/healthz")
    assert _lane(below, "/modest/healthz") == "pages"


def _lane(lanes: Traffic, path: str) -> str:
    return lanes.choose({"PATH_INFO": path, "SCRIPT_NAME": "", "REQUEST_METHOD": "GET"}, 0).name


def test_without_an_address_the_host_is_believed() -> None:
    app = create_app(Lab().services(), endpoint_limits=EndpointLimits())
    answer = app.test_client().post(
        "/doors/blog/webmention", data=FORM, headers={"Host": "lan.test"}
    )
    assert answer.headers["Location"].startswith("http://lan.test/")
