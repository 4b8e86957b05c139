"""Looking for things from the pages: in the address, with and without the script."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Author
from moderator.storage.base.payload import dump
from moderator.storage.schema.tables import submissions
from tests.builders import NOON, a_submission
from tests.stock import stock
from tests.web.desk import Office, words
from tests.web.held import HOLD, fill, key_of, standing, statuses

LIGHT = Finding("densities", Signal.SUSPECT, "A keyword for a name", "keyword_name", 0.3)


def test_what_is_looked_for_stays_in_every_address(office: Office) -> None:
    fill(office, 3)
    ben = office.browser("ben")
    shown = ben.get("/queue?shelf=held&q=number+2&sort=oldest&is=edited&is=reported&kind=comment")
    assert "Nothing found" in words(shown)
    shown = ben.get("/queue?shelf=held&q=number+2&sort=oldest&kind=comment")
    assert "Remark number 2" in words(shown)
    assert "Remark number 1" not in words(shown)
    assert (
        f"/submissions/{key_of(2)}?shelf=held&amp;q=number+2&amp;kind=comment&amp;sort=oldest"
        in shown.text
    )
    assert 'name="find" value="q=number+2&amp;kind=comment&amp;sort=oldest"' in shown.text
    answer = ben.submit(
        "/queue?shelf=held&q=remark&sort=oldest",
        f"/submissions/{key_of(2)}/decision",
        verdict="spam", seen="1", version="1", shelf="held", next=key_of(1),
        find="q=remark&sort=oldest",
    )  # fmt: skip
    assert (
        answer.location
        == f"/submissions/{key_of(1)}?shelf=held&q=remark&sort=oldest&done={key_of(2)}#item"
    )


def test_filters_are_offered_where_they_are_asked_for(office: Office) -> None:
    fill(office, 1)
    ben = office.browser("ben")
    assert "<select" not in ben.get("/queue").text
    for page in ("/queue?filters=1", "/queue?reason=advertising"):
        shown = ben.get(page).text
        assert '<option value="advertising"' in shown
        assert '<select name="language"' in shown
    assert '<option value="advertising" selected' in ben.get("/queue?reason=advertising").text


def test_nonsense_in_an_address_is_not_asked(office: Office) -> None:
    fill(office, 1)
    ben = office.browser("ben")
    for asked in (
        "least=nan&most=inf",
        "age=1e999",
        "sort=up&is=odd",
        "age=x&least=1_0",
        "q=%00%F0",
    ):
        assert ben.get(f"/queue?{asked}").status_code == 200
    assert ben.get("/queue?q=remark&before=x").status_code == 404


def test_several_are_decided_at_once_and_each_is_its_own(office: Office) -> None:
    fill(office, 4)
    stock(office.database, a_submission(id="e", site_id="other", platform_id="9"), HOLD)
    ben = office.browser("ben")
    ben.decide(key_of(0), "approve")
    token = {"csrf": _token(ben.get("/queue").text), "verdict": "spam"}
    items = [f"{key_of(n)}.1.1" for n in range(3)] + ["e.1.1"]
    answer = ben.post("/bulk/decide", {**token, "item": items}, {"Accept": "application/json"})  # type: ignore[dict-item]  # repeated
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["decided"] == 2
    assert {one["id"] for one in answer.json["conflicts"]} == {key_of(0), "e"}
    assert [standing(office)[n] for n in range(4)] == [
        ("approved", 2), ("spam", 2), ("spam", 2), ("hold", 1),
    ]  # fmt: skip
    undone = ben.post("/undo", {"csrf": token["csrf"], "token": answer.json["undo"]})
    assert undone.status_code == 303
    assert statuses(office)[:4] == ["approved", "hold", "hold", "hold"]


def test_a_form_decides_about_several_without_the_script(office: Office) -> None:
    fill(office, 3)
    ben = office.browser("ben")
    page = ben.get("/queue?sort=oldest")
    assert f'form="bulk" value="{key_of(1)}.1.1"' in page.text
    fields = {
        "csrf": _token(page.text),
        "verdict": "approve",
        "shelf": "held",
        "find": "sort=oldest",
    }
    items = [f"{key_of(n)}.1.1" for n in (0, 1)]
    answer = ben.post("/bulk/decide", {**fields, "item": items})  # type: ignore[dict-item]  # repeated
    assert answer.status_code == 303
    assert "sort=oldest" in answer.location
    assert "approved × 2" in words(ben.get(answer.location))
    for wrong in (
        {"item": ["x"]},
        {"verdict": "maybe"},
        {"item": [f"{n}.1.1" for n in range(501)]},
    ):
        assert ben.post("/bulk/decide", {**fields, "item": items, **wrong}).status_code == 400  # type: ignore[dict-item]  # repeated
    assert ben.post("/bulk/decide", fields).status_code == 303


def test_it_is_said_what_would_have_released_it(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD, LIGHT)
    shown = office.browser("ben").get("/submissions/s1")
    assert "Without this reason it would have been approved:" in words(shown)
    assert 'href="/queue?shelf=held&amp;reason=keyword_name"' in shown.text


def test_what_was_before_an_edit_is_shown_with_its_differences(office: Office) -> None:
    now = a_submission("The bridge was built in 1911, see https://evil.example/", id="s1")
    before = replace(now, text="The bridge was built in 1911.", author=Author(name="Old Name"))
    stock(office.database, now, HOLD)
    with office.database.write() as connection:
        connection.execute(update(submissions).values(earlier=dump(before), content_version=2))
    shown = office.browser("ben").get("/submissions/s1")
    assert "What it said before the edit" in words(shown)
    assert "<ins>see https://evil.example/</ins>" in shown.text
    assert "<del>Old Name</del>" in shown.text


def test_a_source_s_past_stands_beside_it(office: Office) -> None:
    for number in range(2):
        text, at = f"Look {number}: https://letters.test/{number}", timedelta(seconds=number)
        one = a_submission(text, id=f"s{number}", platform_id=f"{number}", received_at=NOON + at)
        stock(office.database, one, HOLD)
    shown = words(office.browser("ben").get("/submissions/s1"))
    assert "This source before letters.test" in shown.replace(" :", "")
    assert "nobody decided about it yet" in shown


def _token(page: str) -> str:
    return page.partition('name="csrf" value="')[2].partition('"')[0]
