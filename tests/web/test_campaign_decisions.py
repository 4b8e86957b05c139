"""Campaigns decided from the pages: by forms, by the script, and by two moderators at once."""

import re
from datetime import timedelta
from html import unescape
from itertools import cycle

import pytest

from moderator.domain.account import Role
from moderator.domain.finding import Finding, Signal
from moderator.storage.base.database import Database
from moderator.storage.base.times import to_ms
from tests.builders import NOON, a_submission
from tests.marks import long_but
from tests.stock import stock, stock_campaign
from tests.web.desk import CSRF, Browser, Office, words
from tests.web.test_campaign_page import comment, gathered

HOLD = Finding("lists", Signal.SUSPECT, "Words of advertising", "advertising", 0.5)
SCRIPT = {"Accept": "application/json"}
FORM = re.compile(
    r'<form class="actions[^"]*" method="post" action="([^"]+)">(.*?)</form>', re.DOTALL
)
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def token(browser: Browser) -> str:
    found = CSRF.search(browser.get("/log").text)
    assert found is not None
    return unescape(found[1])


def asked(browser: Browser, path: str, **fields: str) -> dict[str, object]:
    """What the script is answered."""
    answer = browser.post(path, {"csrf": token(browser), **fields}, SCRIPT)
    found: dict[str, object] = answer.json  # type: ignore[assignment]  # an object of ours
    assert found["ok"] == (answer.status_code == 200)
    return found


def pressed(browser: Browser, page: str, verdict: str, **fields: str) -> tuple[bool, str]:
    """Send the form of a page; whether it was taken, and where it leads."""
    form = FORM.search(page)
    assert form is not None
    given = {name: unescape(value) for name, value in FIELD.findall(form[2])}
    answer = browser.post(unescape(form[1]), given | {"verdict": verdict} | fields)
    assert answer.status_code == 303
    return "missed=" not in answer.location, answer.location


def place(number: int) -> str:
    return f"{to_ms(comment(number).received_at)}.{comment(number).id}"


@pytest.fixture
def campaign(office: Office) -> str:
    return gathered(office, *(comment(number) for number in (1, 2, 3, 4)))


@pytest.mark.usefixtures("campaign")
def test_one_press_decides_all_and_one_takes_it_back(office: Office) -> None:
    ben = office.browser("ben")
    page = ben.get("/queue").text
    assert "4 alike ones are held" in words(ben.get("/queue"))
    is_taken, where = pressed(ben, page, "spam")
    assert is_taken
    after = ben.get(where)
    assert "Nothing is waiting for you" in words(after)
    assert "spam × 4" in words(after)
    undo = re.search(r'name="token" value="(act\.[^"]+)"', after.text)
    assert undo is not None
    assert ben.submit(where, "/undo", token=undo[1]).status_code == 303
    assert "Held 4" in words(ben.get("/queue"))


def test_the_script_is_told_what_was_decided_and_how_to_take_it_back(
    office: Office, campaign: str
) -> None:
    ben = office.browser("ben")
    said = asked(ben, f"{campaign}/decide", verdict="spam")
    assert said["decided"] == 4
    assert said["conflicts"] == []
    assert said["counts"]["held"] == "0"  # type: ignore[index]  # an object
    undone = asked(ben, "/undo", token=str(said["undo"]))
    assert undone["decided"] == 4
    assert undone["undo"] is None
    assert asked(ben, "/undo", token=str(said["undo"]))["decided"] == 0


def test_what_is_ticked_is_left_out(office: Office, campaign: str) -> None:
    ben = office.browser("ben")
    page = ben.get(campaign).text
    assert page.count('name="except"') == 4
    answer = ben.submit(campaign, f"{campaign}/decide", verdict="spam", **{"except": comment(2).id})
    assert answer.status_code == 303
    assert "Held 1" in words(ben.get("/queue"))


def test_conflicts_are_told_per_member_and_the_rest_is_decided(
    office: Office, campaign: str
) -> None:
    anna, ben = office.browser("anna"), office.browser("ben")
    shown = {"newest": place(4), "at": str(int(office.now.timestamp() * 1000))}
    assert ben.decide(comment(2).id, "approve").status_code == 303
    said = asked(anna, f"{campaign}/decide", verdict="spam", **shown)
    assert said["decided"] == 3
    assert [(one["id"], one["who"], one["verdict"]) for one in said["conflicts"]] == [  # type: ignore[attr-defined]  # a list
        (comment(2).id, "ben", "approve")
    ]
    assert said["left"] == "1 left: <bdi>ben</bdi> had said “approved”."
    late = asked(ben, f"{campaign}/decide", verdict="approve", **shown)
    assert late["ok"] is False
    assert late["conflict"]["who"] == "anna"  # type: ignore[index]  # an object
    assert len(late["conflicts"]) == 3  # type: ignore[arg-type]  # a list


def test_who_has_no_member_decides_and_takes_back_nothing(office: Office, campaign: str) -> None:
    eve, ben = office.browser("eve"), office.browser("ben")
    refused = eve.post(f"{campaign}/decide", {"csrf": token(eve), "verdict": "spam"})
    assert refused.status_code == 404
    act = str(asked(ben, f"{campaign}/decide", verdict="spam")["undo"])
    assert eve.post("/undo", {"csrf": token(eve), "token": act}).status_code == 404
    assert "Spam 4" in words(ben.get("/queue?shelf=spam"))


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": ""},
        {"verdict": "eat"},
        {"newest": "a b"},
        {"newest": "1.2.3"},
        {"at": "x"},
        {"ahead": "-1"},
    ],
)
def test_a_form_that_is_not_ours_is_400(
    office: Office, campaign: str, fields: dict[str, str]
) -> None:
    ben = office.browser("ben")
    answer = ben.submit(campaign, f"{campaign}/decide", **({"verdict": "spam"} | fields))
    assert answer.status_code == 400


def test_what_is_decided_in_advance_is_shown_and_ended(office: Office, campaign: str) -> None:
    ben = office.browser("ben")
    ben.submit(campaign, f"{campaign}/decide", verdict="spam", ahead="7")
    page = words(ben.get(campaign))
    assert "ben decided on 4 Mar 2026, 12:10 UTC about everything like it until 11 Mar" in page
    assert ben.submit(campaign, f"{campaign}/revoke").status_code == 303
    assert "Ended by ben" in words(ben.get(campaign))
    answer = ben.submit(campaign, f"{campaign}/decide", verdict="spam", ahead="31")
    assert answer.status_code == 422


def test_differences_are_marked_against_the_most_typical(office: Office) -> None:
    said = (
        "Cheap watches for your wife",
        "Cheap watches for your boss",
        "Cheap watches for your wife",
    )
    path = gathered(office, *(comment(n, text=text) for n, text in enumerate(said, 1)))
    page = office.browser("ben").get(path)
    assert re.findall("<mark>([^<]+)</mark>", page.text) == ["boss"]
    assert "The most typical" in words(page)


def test_back_to_held_from_the_item_and_from_the_log(office: Office) -> None:
    stock(office.database, comment(1), HOLD)
    ben = office.browser("ben")
    for page in (f"/submissions/{comment(1).id}", "/log"):
        found = ben.get(f"/submissions/{comment(1).id}").text
        is_taken, _ = pressed(ben, found, "spam")
        assert is_taken
        form = re.search(r'<form class="again".*?</form>', ben.get(page).text, re.DOTALL)
        assert form is not None
        fields = {name: unescape(value) for name, value in FIELD.findall(form[0])}
        ben.post(f"/submissions/{comment(1).id}/decision", fields | {"verdict": "hold"})
        assert "Held 1" in words(ben.get("/queue"))


def fill(office: Office, items: int) -> None:
    """Single items, and a campaign of three in place of every twentieth."""
    for number in range(1, items + 1):
        at = NOON + timedelta(seconds=number)
        given = {"received_at": at, "created_at": at}
        if number % 20:
            text = f"A remark of its own, and no other says it: {number}"
            stock(office.database, a_submission(text, id=f"{number:032x}",
                  platform_id=str(number), **given), HOLD)  # fmt: skip
            continue
        several = [
            a_submission(
                f"Cheap watches by the dozen, number {number}",
                id=f"{number:028x}{part:04x}",
                platform_id=f"{number}-{part}",
                **given,
            )
            for part in range(3)
        ]
        for one in several:
            stock(office.database, one, HOLD)
        stock_campaign(office.database, *several)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("items", long_but((40, 200), 40))
def test_two_moderators_share_the_lines(database: Database, items: int) -> None:
    """Each opens the queue and goes where its answers lead, press by press, the other between."""
    office = Office(database)
    office._enter("zoe", Role.MODERATOR, ("blog",))  # noqa: SLF001  # as the others were
    fill(office, items)
    browsers = {name: office.browser(name) for name in ("ben", "zoe")}
    where = dict.fromkeys(browsers, "/queue")
    presses = refused = 0
    for name in cycle(browsers):
        if not where:
            break
        if name not in where:
            continue
        office.now += timedelta(seconds=1)
        page = browsers[name].get(where[name].partition("#")[0]).text
        if FORM.search(page) is None:
            page = browsers[name].get("/queue").text
        if FORM.search(page) is None:
            del where[name]
            continue
        is_taken, where[name] = pressed(browsers[name], page, ("spam", "approve")[presses % 2])
        presses += 1
        refused += not is_taken
    assert refused <= 5
    assert presses - refused == items
    with database.read() as connection:
        sql = "SELECT status, count(*) FROM submissions WHERE sequence > 1 GROUP BY 1 ORDER BY 1"
        decided = {row[0]: row[1] for row in connection.exec_driver_sql(sql)}
        twice = connection.exec_driver_sql("SELECT id FROM submissions WHERE sequence > 2").all()
    assert sum(decided.values()) == items + 2 * (items // 20)
    assert twice == []
