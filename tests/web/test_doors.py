"""Who gets in, and what a session is worth; of every route speaks test_every_route.py."""

from dataclasses import replace

import pytest

from moderator.domain.account import Scope
from moderator.domain.errors import StorageUnavailableError
from moderator.domain.pages.log import LogPage, LogQuery
from moderator.storage.dashboard.queries import DashboardRows
from moderator.usecases.moderate.dashboard import DashboardReads
from moderator.web import create_app
from moderator.web.dashboard.security import CONTENT_POLICY
from tests.builders import NOON, a_submission
from tests.stock import stock
from tests.web.desk import PASSWORD, Browser, Office


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.test"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_another_page_is_refused_even_with_the_token(
    office: Office, headers: dict[str, str]
) -> None:
    stock(office.database, a_submission(id="s1"))
    browser = office.browser("anna")
    session = office.sign_in.session(browser.cookie("session"), now=office.now)
    assert session is not None
    form = {"csrf": session.csrf, "verdict": "spam", "seen": "1", "version": "1"}
    assert browser.post("/submissions/s1/decision", form, headers).status_code == 403
    assert browser.post("/submissions/s1/decision", form).status_code == 303


def test_the_token_of_another_session_does_not_count(office: Office) -> None:
    stock(office.database, a_submission(id="s1"))
    eve, anna = office.browser("eve"), office.browser("anna")
    session = office.sign_in.session(eve.cookie("session"), now=office.now)
    assert session is not None
    form = {"csrf": session.csrf, "verdict": "spam", "seen": "1", "version": "1"}
    answer = anna.post("/submissions/s1/decision", form)
    assert answer.status_code == 403


def test_a_client_that_sends_no_origin_needs_the_token_all_the_more(office: Office) -> None:
    client = office.app().test_client()
    assert client.post("/login", data={"name": "anna", "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize(("name", "mine", "theirs"), [("ben", "s1", "s2"), ("eve", "s2", "s1")])
def test_what_belongs_to_another_site_is_not_there(
    office: Office, name: str, mine: str, theirs: str
) -> None:
    for key, site in (("s1", "blog"), ("s2", "other")):
        submission = a_submission(f"A text only for {site}, long enough.", id=key, site_id=site)
        stock(office.database, submission)
    browser = office.browser(name)
    for path in ("/submissions/{}", "/submissions/{}?shelf=all", "/queue?done={}"):
        assert browser.get(path.format(mine)).status_code == 200
        assert browser.get(path.format(theirs)).status_code == 404
    session = office.sign_in.session(browser.cookie("session"), now=office.now)
    assert session is not None
    form = {"csrf": session.csrf, "verdict": "spam", "seen": "1", "version": "1"}
    assert browser.post(f"/submissions/{theirs}/decision", form).status_code == 404
    site = {"s1": "blog", "s2": "other"}[theirs]
    for page in ("/queue", "/queue?shelf=all", "/queue?shelf=approved", "/log"):
        assert f"only for {site}" not in browser.get(page).text
        assert theirs not in browser.get(page).text
    assert browser.post(f"/submissions/{mine}/decision", form).status_code == 303


def test_an_owner_sees_every_site(office: Office) -> None:
    for key, site in (("s1", "blog"), ("s2", "other")):
        stock(office.database, a_submission(id=key, site_id=site))
    anna = office.browser("anna")
    assert {anna.get(f"/submissions/{key}").status_code for key in ("s1", "s2")} == {200}


def test_log_in_gives_a_new_session_and_keeps_it_from_scripts(office: Office) -> None:
    browser = office.browser()
    answer = browser.log_in("anna")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if "-session=" in c)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie  # plain http: browsers would drop it
    first = browser.cookie("session")
    browser.log_in("anna")
    assert browser.cookie("session") != first
    assert office.sign_in.session(first, now=office.now) is None


def test_over_https_cookies_are_bound_to_the_host(office: Office) -> None:
    office.public_url = "https://desk.example.org"
    answer = office.browser().log_in("anna")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if "-session=" in c)
    assert cookie.startswith("__Host-moderator-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_wrong_password_is_401_and_too_many_are_429(office: Office) -> None:
    browser = office.browser()
    for _ in range(10):
        assert browser.log_in("ben", "a wrong password").status_code == 401
    answer = browser.log_in("ben")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_ten_wrong_tries_on_a_name_lock_nobody_else_out(office: Office) -> None:
    app = office.app()
    stranger, ben = (Browser(app.test_client(), office.public_url) for _ in range(2))
    for _ in range(11):
        stranger.log_in("ben", "a wrong password")
    assert stranger.log_in("ben").status_code == 429
    ben.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert ben.log_in("ben").status_code == 303


def test_who_logged_in_here_before_is_not_locked_out_by_others_at_the_same_address(
    office: Office,
) -> None:
    app = office.app()
    ben, stranger = (Browser(app.test_client(), office.public_url) for _ in range(2))
    assert ben.log_in("ben").status_code == 303
    assert ben.submit("/queue", "/logout").status_code == 303
    for _ in range(11):
        stranger.log_in("ben", "a wrong password")
    assert stranger.log_in("ben").status_code == 429
    assert ben.log_in("ben", "mistyped").status_code == 401
    assert ben.log_in("ben").status_code == 303


def test_log_out_ends_the_session(office: Office) -> None:
    browser = office.browser("anna")
    value = browser.cookie("session")
    assert browser.submit("/queue", "/logout").status_code == 303
    assert office.sign_in.session(value, now=office.now) is None
    assert browser.get("/queue").status_code == 303


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("/log", "/log"),
        ("/submissions/s1?shelf=spam", "/submissions/s1?shelf=spam"),
        ("/rules/0a1b", "/rules/0a1b"),
        ("/thresholds/blog", "/thresholds/blog"),
        ("/rules//evil.test", "/queue"),
        ("//evil.test/", "/queue"),
        ("https://evil.test/queue", "/queue"),
        ("/\\evil.test", "/queue"),
        ("/queue\r\nX: 1", "/queue"),
        ("javascript:alert(1)", "/queue"),
    ],
)
def test_after_log_in_only_our_own_pages_follow(office: Office, wanted: str, got: str) -> None:
    assert office.browser().log_in("anna", next=wanted).location == got


def test_opening_a_one_time_link_changes_nothing_sending_it_does(office: Office) -> None:
    token = office.sign_in.renew("ben", now=office.now)
    browser, page = office.browser(), f"/welcome/{token}"
    assert browser.get(page).status_code == 200
    assert browser.get(page).status_code == 200
    new = "another good password"
    assert browser.submit(page, page, password="short", again="short").status_code == 422
    assert browser.submit(page, page, password=new, again=PASSWORD).status_code == 422
    assert browser.submit(page, page, password=new, again=new).location == "/queue"
    assert browser.get("/queue").status_code == 200
    assert office.browser().get(page).status_code == 404


def test_errors_are_pages_for_people_and_problems_for_programs(office: Office) -> None:
    browser = office.browser("anna")
    assert browser.get("/nowhere").mimetype == "text/html"
    assert browser.get("/v1/nowhere").mimetype == "application/problem+json"
    for path in ("/submissions/%00", "/queue?before=%00", "/log?before=x", "/queue?shelf=x"):
        assert browser.get(path).status_code == 404, path


def test_a_decision_is_recorded_under_the_moderators_name(office: Office) -> None:
    stock(office.database, a_submission(id="s1"))
    answer = office.browser("ben").decide("s1", "spam")
    assert answer.location == "/queue?done=s1"
    found = office.services().dashboard
    assert found is not None
    latest = found.reads.submission(None, "s1").judgements[0].recorded
    assert latest.decision.decided_by.name == "ben"
    assert latest.sequence == 2
    assert office.hints.sent
    assert latest.decided_at > NOON


class BrokenStore(DashboardRows):
    """Fails as nothing should, and as a database that is away does."""

    def log(self, scope: Scope, query: LogQuery, *, before: str, limit: int) -> LogPage:
        if before:
            raise StorageUnavailableError("The database does not answer")
        raise RuntimeError("an inner detail")


def test_what_breaks_on_our_side_is_a_plain_page(office: Office) -> None:
    services = office.services()
    assert services.dashboard is not None
    broken = replace(services.dashboard, reads=DashboardReads(BrokenStore(office.database)))
    app = create_app(replace(services, dashboard=broken))
    browser = Browser(app.test_client(), office.public_url)
    browser.log_in("anna")
    answer = browser.get("/log")
    assert answer.status_code == 500
    assert "What you decided before is safe" in answer.text
    assert "inner detail" not in answer.text
    assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY
    answer = browser.get("/log?before=1.x")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
