"""The log: found by who, what, site, kind and day; undone from; taken whole, while it is read."""

import csv
import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest

from moderator.domain.pages.log import LogQuery
from moderator.domain.submission import Author, Submission
from moderator.storage.dashboard import log as reading
from moderator.storage.dashboard.queries import DashboardRows
from moderator.web import create_app
from tests.builders import NOON, a_pingback, a_submission
from tests.stock import stock
from tests.web.desk import Office, words
from tests.web.held import HOLD
from tests.web.serving import connected, send, serving

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


def one(number: int, text: str = "", **changes: object) -> Submission:
    given: dict[str, object] = {"id": f"s{number}", "platform_id": str(number)}
    return a_submission(text or f"Remark number {number}.", **(given | changes))


@pytest.fixture
def past(office: Office) -> Office:
    """ben and anna have decided, on two sites, and ben wrote a note."""
    stock(office.database, one(1), HOLD)
    stock(office.database, one(2))
    stock(office.database, one(3, site_id="other"), HOLD)
    ping = a_pingback("https://far.test/", "It was said there.")
    stock(office.database, replace(ping, id="s4", platform_id="4"), HOLD)
    ben, anna = office.browser("ben"), office.browser("anna")
    ben.decide("s1", "spam")
    anna.decide("s3", "approve")
    ben.submit("/submissions/s2", "/submissions/s2/notes", words="Look at this")
    return office


def ids(office: Office, **asked: Any) -> list[str]:  # noqa: ANN401  # as LogQuery has them
    query = LogQuery(**asked)
    page = DashboardRows(office.database).log(None, query, before="", limit=50)
    return sorted(entry.note.words if entry.note else entry.id for entry in page.entries)


def test_each_filter_leaves_out_what_it_should(past: Office) -> None:
    everything = ["Look at this", "s1-1", "s1-2", "s2-1", "s3-1", "s3-2", "s4-1"]
    assert ids(past) == everything
    assert ids(past, who="people") == ["Look at this", "s1-2", "s3-2"]
    assert ids(past, who="service") == ["s1-1", "s2-1", "s3-1", "s4-1"]
    assert ids(past, who="blog") == []
    assert ids(past, what="note") == ["Look at this"]
    assert ids(past, what="spam") == ["s1-2"]
    assert ids(past, site="other") == ["s3-1", "s3-2"]
    assert ids(past, kind="pingback") == ["s4-1"]
    assert ids(past, kind="comment", what="hold") == ["s1-1", "s3-1"]
    day = past.now.date()
    assert ids(past, since=day, until=day) == everything
    assert ids(past, since=day + timedelta(days=1)) == []
    assert ids(past, until=day - timedelta(days=1)) == []


def test_somebody_is_looked_for_by_name_and_only_colleagues_are_named(past: Office) -> None:
    ben = past.browser("ben")
    page = ben.get("/log").text
    assert "eve" not in words(ben.get("/log"))
    key = next(line for line in page.splitlines() if ">ben</option>" in line)
    mine = key.split('value="')[1].split('"')[0]
    found = words(ben.get(f"/log?who={mine}"))
    assert "spam by ben" in found
    assert "Look at this" in found
    assert "by the service" not in found


def test_what_makes_no_sense_is_not_asked(past: Office) -> None:
    ben = past.browser("ben")
    whole = words(ben.get("/log"))
    for asked in ("what=nothing", "since=2026-99-99", "until=tomorrow", "since=%00"):
        assert words(ben.get(f"/log?{asked}")) == whole, asked
    assert "Nothing found" in words(ben.get("/log?site=other"))


def test_what_is_rare_is_found_a_portion_at_a_time(
    past: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much lies before it, a page looks at so much and says where it stopped."""
    for name in ("STEP", "LEAST"):
        monkeypatch.setattr(reading, name, 2)
    rows, query = DashboardRows(past.database), LogQuery(what="approve", site="blog")
    monkeypatch.setattr(reading, "STEPS", 1)
    page = rows.log(None, query, before="", limit=1)
    assert (page.entries, page.is_partial) == ((), True)
    found = []
    while page.older:
        page = rows.log(None, query, before=page.older, limit=1)
        found += [entry.id for entry in page.entries]
    assert found == ["s2-1"]


def test_a_decision_is_undone_from_the_log(past: Office) -> None:
    ben = past.browser("ben")
    page = ben.get("/log?what=spam")
    assert 'action="/submissions/s1/undo"' in page.text
    form = {"seen": "2", "version": "1", "back": "/log?what=spam"}
    assert ben.submit("/log", "/submissions/s1/undo", **form).location == "/log?what=spam"
    assert "s1-3" in ids(past, what="hold", site="blog")
    assert 'action="/submissions/s1/undo"' not in ben.get("/log").text


def test_a_table_for_spreadsheets_holds_no_formula(office: Office) -> None:
    for number, formula in enumerate(FORMULAS):
        author = Author(name=formula, email="a@example.org")
        stock(office.database, one(number, f"{formula} said", author=author), HOLD)
    ben = office.browser("ben")
    ben.submit("/submissions/s0", "/submissions/s0/notes", words="=note")
    answer = ben.get("/log.csv")
    assert answer.mimetype == "text/csv"
    assert 'filename="log-2026-03-04.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(StringIO(answer.text, newline="")))
    assert len(rows) == len(FORMULAS) + 1
    cells = [cell for row in rows for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert {row["author"] for row in rows} == {f"'{formula}" for formula in FORMULAS}
    assert {row["note"] for row in rows} == {"", "'=note"}


def test_lines_for_programs_are_as_they_were_said(past: Office) -> None:
    found = past.browser("ben").get("/log.jsonl?who=people")
    rows = [json.loads(line) for line in found.text.splitlines()]
    found_rows = sorted((row["what"], row["who"], row["submission"]) for row in rows)
    assert found_rows == [("note", "ben", "s2"), ("spam", "ben", "s1")]
    assert {row["site"] for row in rows} == {"blog"}


def test_a_whole_log_is_read_while_it_is_sent(office: Office) -> None:
    for number in range(450):  # more than two portions
        stock(office.database, one(number, received_at=NOON - timedelta(minutes=number)))
    browser = office.browser("ben")
    cookie = browser.cookie("session")
    with serving(create_app(office.services())) as port, connected(port) as connection:
        head = (
            f"GET /log.jsonl HTTP/1.1\r\nHost: localhost\r\nCookie: moderator-session={cookie}\r\n"
        )
        send(connection, f"{head}Connection: close\r\n\r\n".encode())
        whole = b""
        while part := connection.recv(65_536):
            whole += part
    first, _, body = whole.partition(b"\r\n\r\n")
    assert b" 200 " in first.splitlines()[0]
    assert b"transfer-encoding: chunked" in first.lower()
    assert b"content-length" not in first.lower()
    assert body.count(b'"submission":"s') == 450
    assert body.endswith(b"0\r\n\r\n")


def test_an_export_that_fails_midway_does_not_look_whole(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(office.database, one(1))
    real = DashboardRows.log

    def breaks(self: DashboardRows, *args: object, **more: object) -> object:
        found = real(self, *args, **more)  # type: ignore[arg-type]  # handed on
        if more["before"]:
            raise RuntimeError("the database is gone")
        return type(found)(found.entries, older="1.x")

    monkeypatch.setattr(DashboardRows, "log", breaks)
    cookie = office.browser("ben").cookie("session")
    with serving(create_app(office.services())) as port, connected(port) as connection:
        head = (
            f"GET /log.jsonl HTTP/1.1\r\nHost: localhost\r\nCookie: moderator-session={cookie}\r\n"
        )
        send(connection, f"{head}\r\n".encode())
        whole = b""
        while part := connection.recv(65_536):
            whole += part
    assert b'"submission":"s1"' in whole
    assert not whole.endswith(b"0\r\n\r\n")


def test_a_name_is_needed_to_take_the_log(office: Office) -> None:
    stranger = office.browser()
    for path in ("/log.csv", "/log.jsonl"):
        assert stranger.get(path).status_code == 303
