"""People: invited, given roles and sites, put out; and what each does with their own account."""

import re

import pytest

from moderator.domain.account import Role
from moderator.usecases.moderate.sign_in import digest
from tests.web.desk import PASSWORD, Office, words

LINK = re.compile(r"<code>http://localhost(/welcome/[\w-]+)</code>")
NEW = "another good password"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_somebody_is_invited_and_sees_what_was_given(office: Office) -> None:
    anna = office.browser("anna")
    answer = anna.submit("/people", "/people", name="kim", role="viewer", site="blog")
    link = LINK.search(answer.text)
    assert link is not None
    assert not LINK.search(anna.get("/people").text)  # it is shown this once
    kim = office.browser()
    assert kim.submit(link[1], link[1], password=NEW, again=NEW).location == "/queue"
    assert kim.get("/queue").status_code == 200
    row = next(row for row in anna.get("/people").text.split("<tr>") if ">kim<" in row)
    assert re.search(r"viewer.*A blog.*1 session", row, re.DOTALL)
    assert kim.get("/people").status_code == 403


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"name": "kim", "role": "moderator"}, "Without a site they would see nothing"),
        ({"name": "ben", "role": "owner"}, "There is a moderator named ben already"),
        ({"name": "", "role": "owner"}, "This name cannot be used"),
        ({"name": "kim", "role": "viewer", "site": "nowhere"}, "There is no site nowhere"),
    ],
)
def test_what_cannot_be_is_said_on_the_page(
    office: Office, form: dict[str, str], problem: str
) -> None:
    answer = office.browser("anna").submit("/people", "/people", **form)
    assert answer.status_code == 422
    assert problem in words(answer)
    assert not LINK.search(answer.text)


def test_a_role_counts_from_the_next_request_on(office: Office) -> None:
    anna, ben = office.browser("anna"), office.browser("ben")
    form = {"name": "ben", "role": "viewer", "site": "other"}
    assert anna.submit("/people", "/people/assign", **form).status_code == 303
    assert ben.submit("/queue", "/submissions/s1/notes", words="x").status_code == 403
    assert "other" in words(ben.get("/account"))
    anna.submit("/people", "/people/assign", name="ben", role="owner")
    assert ben.get("/people").status_code == 200


def test_who_is_disabled_is_out_and_let_in_again(office: Office) -> None:
    anna, ben = office.browser("anna"), office.browser("ben")
    anna.submit("/people", "/people/disable", name="ben")
    assert ben.get("/queue").location.startswith("/login")
    assert office.browser().log_in("ben").status_code == 401
    assert "disabled" in words(anna.get("/people"))
    anna.submit("/people", "/people/enable", name="ben")
    assert office.browser().log_in("ben").status_code == 303


def test_sessions_of_another_are_seen_and_ended(office: Office) -> None:
    anna, ben = office.browser("anna"), office.browser("ben")
    assert "192.0.2.1" in words(anna.get("/people"))
    anna.submit("/people", "/people/logout", name="ben")
    assert ben.get("/queue").status_code == 303


@pytest.mark.parametrize("what", ["disable", "assign"])
def test_nobody_puts_themselves_out(office: Office, what: str) -> None:
    anna = office.browser("anna")
    answer = anna.submit("/people", f"/people/{what}", name="anna", role="viewer", site="blog")
    assert answer.status_code == 422
    assert "Nobody does this to themselves" in words(answer)
    assert anna.get("/people").status_code == 200


def test_the_last_owner_stays(office: Office) -> None:
    """Two owners, of whom one never chose a password: the other is kept."""
    anna = office.browser("anna")
    anna.submit("/people", "/people/assign", name="ben", role="owner")
    ben = office.browser("ben")
    ben.submit("/people", "/people/assign", name="anna", role="viewer", site="blog")
    ben.submit("/people", "/people", name="zoe", role="owner")
    office.staff.assign("anna", Role.OWNER, ())
    anna.submit("/people", "/people/disable", name="ben")
    assert anna.submit("/people", "/people/enable", name="nobody").status_code == 422
    with pytest.raises(Exception, match="nobody else is an owner"):
        office.staff.disable("anna", office.now)


def test_another_password_ends_the_other_sessions(office: Office) -> None:
    here, there = office.browser("ben"), office.browser("ben")
    form = {"current": PASSWORD, "password": NEW, "again": NEW}
    wrong = here.submit("/account", "/account/password", **(form | {"current": "not this one"}))
    assert (wrong.status_code, "not your password" in words(wrong)) == (422, True)
    apart = here.submit("/account", "/account/password", **(form | {"again": "something else"}))
    assert "not the same" in words(apart)
    brief = {"current": PASSWORD, "password": "short", "again": "short"}
    short = here.submit("/account", "/account/password", **brief)
    assert "12 characters or more" in words(short)
    assert there.get("/queue").status_code == 200
    assert here.submit("/account", "/account/password", **form).location == "/account?done=password"
    assert (here.get("/queue").status_code, there.get("/queue").status_code) == (200, 303)
    assert office.browser().log_in("ben").status_code == 401
    assert office.browser().log_in("ben", NEW).status_code == 303


def test_guessing_the_password_is_bounded(office: Office) -> None:
    ben = office.browser("ben")
    form = {"current": "a wrong guess", "password": NEW, "again": NEW}
    answers = [ben.submit("/account", "/account/password", **form).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]  # a session has ten tries a minute


def test_own_sessions_are_seen_by_their_browser_and_ended_one_by_one(office: Office) -> None:
    here, there, third = (office.browser("vic") for _ in range(3))
    page = here.get("/account")
    handles = re.findall(r'name="session" value="(\w+)"', page.text)
    assert len(handles) == 3  # those two, and that of the invitation
    assert "this one" in words(page)
    theirs = office.sign_in.session(there.cookie("session"), now=office.now)
    assert theirs is not None
    ben = office.browser("ben")
    for handle in handles:
        ben.submit("/account", "/account/sessions/end", session=handle)  # not his
    assert there.get("/queue").status_code == 200
    [handle] = [one for one in handles if digest(there.cookie("session")).startswith(one)]
    here.submit("/account", "/account/sessions/end", session=handle)
    assert [b.get("/queue").status_code for b in (here, there, third)] == [200, 303, 200]
    here.submit("/account", "/account/sessions/end-others")
    assert [b.get("/queue").status_code for b in (here, there, third)] == [200, 303, 303]


def test_a_browser_is_named_by_what_it_is(office: Office) -> None:
    browser = office.browser()
    browser.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    browser.log_in("ben")
    assert "Firefox on Linux" in words(browser.get("/account"))
    assert "Firefox on Linux" in words(office.browser("anna").get("/people"))


def test_the_language_is_chosen_on_the_account_too(office: Office) -> None:
    ben = office.browser("ben")
    answer = ben.submit("/account", "/language", language="de", back="/account")
    assert answer.location == "/account"
    assert "Ihr Konto" in words(ben.get("/account"))
    assert (
        ben.submit("/account", "/language", language="de", back="//evil.test").location == "/help"
    )
