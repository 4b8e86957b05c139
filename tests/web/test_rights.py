"""What each role may do: every form is asked about, and no page shows what its reader may not."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from moderator.storage.schema.tables import (
    claims,
    decisions,
    deliveries,
    moderators,
    notes,
    queue,
    submissions,
)
from moderator.web.dashboard.security import OPEN_ENDPOINTS
from tests.builders import a_submission
from tests.stock import stock
from tests.web.desk import CSRF, Office, words
from tests.web.held import HOLD
from tests.web.routes import pages


def test_every_form_asks_for_a_right(office: Office) -> None:
    """A viewer changes nothing but what is their own, a moderator neither people nor sites."""
    stock(office.database, a_submission(id="s1"))
    found = list(pages(office.app(), what="enable"))
    own = {"/logout", "/language", *(r.rule.rule for r in found if "/account" in r.rule.rule)}
    vic, ben = office.browser("vic"), office.browser("ben")
    before = everything(office)
    refused: dict[str, set[str]] = {"vic": set(), "ben": set()}
    for route in found:
        rule = route.rule
        if rule.endpoint in OPEN_ENDPOINTS or route.is_safe or rule.rule in own:
            continue
        for browser, name in ((vic, "vic"), (ben, "ben")):
            token = CSRF.search(browser.get("/queue").text)
            assert token is not None
            form = {"csrf": unescape(token[1]), "verdict": "spam", "seen": "1", "version": "1"}
            if browser is vic or rule.rule.startswith(("/people", "/sites")):
                answer = browser.post(route.path, form)
                assert answer.status_code == 403, route
                assert "Your role does not allow this" in words(answer)
                refused[name].add(rule.rule)
    assert everything(office) == before
    assert {"/submissions/<submission_id>/decision", "/people"} <= refused["vic"]
    assert refused["ben"] >= {"/people", "/people/<what>"}
    assert vic.submit("/account", "/language", language="de").status_code == 303


def everything(office: Office) -> list[object]:
    with office.database.read() as connection:
        return [
            connection.execute(select(table)).all()
            for table in (submissions, decisions, deliveries, moderators, notes, queue, claims)
        ]


@pytest.mark.parametrize("name", ["vic", "ben"])
def test_what_only_owners_see_is_not_shown(office: Office, name: str) -> None:
    browser = office.browser(name)
    found = [r for r in pages(office.app()) if r.rule.rule.startswith(("/people", "/sites"))]
    hidden = [route for route in found if route.method == "GET"]
    assert hidden
    for route in hidden:
        assert browser.get(route.path).status_code == 403, route
    assert "/people" not in browser.get("/queue").text
    assert "/people" in office.browser("anna").get("/queue").text


def test_a_viewer_sees_no_button_that_does_nothing(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    stock(office.database, a_submission("Another one, that stays.", id="s2", platform_id="2"))
    vic, ben = office.browser("vic"), office.browser("ben")
    for page in ("/queue", "/submissions/s1", "/submissions/s2", "/log", "/queue?shelf=approved"):
        shown = vic.get(page).text
        forms = re.findall(r'<form[^>]*method="post" action="([^"]*)"', shown)
        assert forms == ["/logout"], page
        assert "data-decide" not in shown
        assert len(ben.get(page).text) > len(shown)
