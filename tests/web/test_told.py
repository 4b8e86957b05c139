"""What the pages' own script is told, and what forms tell where there is none."""

import gzip
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import delete, insert, update

from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Author, Linkback, Post, Submission
from moderator.storage.base.times import to_ms
from moderator.storage.intake.erasure import erase
from moderator.storage.schema.tables import queue, sessions, submissions
from moderator.web.dashboard.security import unmasked
from tests.builders import NOON, a_submission
from tests.stock import stock
from tests.web.desk import CSRF, Browser, Office, words
from tests.web.held import HOLD, fill

SCRIPT = {"Accept": "application/json"}


def form(office: Office, browser: Browser, **fields: str) -> dict[str, str]:
    session = office.sign_in.session(browser.cookie("session"), now=office.now)
    assert session is not None
    return {"csrf": session.csrf, "seen": "1", "version": "1", "verdict": "spam", **fields}


def test_a_decision_is_answered_with_its_undo_and_the_counts(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    ben = office.browser("ben")
    path = "/submissions/s1/decision"
    for _ in range(2):  # the same verdict of the same person is no conflict
        answer = ben.post(path, form(office, ben, next="s2"), SCRIPT)
        assert answer.status_code == 200
        assert answer.json is not None
        assert answer.json["ok"] is True
        assert answer.json["next"] == "s2"
        assert answer.json["undo"] == "s1.2.1"
        assert answer.json["counts"]["spam"] == "1"
    taken = ben.post("/undo", form(office, ben, token="s1.2.1"), SCRIPT)
    assert taken.json is not None
    assert (taken.json["ok"], taken.json["counts"]["held"]) == (True, "1")
    assert ben.post("/undo", form(office, ben, token="nothing"), SCRIPT).status_code == 400
    again = ben.post("/undo", form(office, ben, token="s1.2.1"), SCRIPT)
    assert again.status_code == 200  # taken back twice it is taken back once
    ben.post(path, form(office, ben, seen="3", verdict="approve"), SCRIPT)
    late = ben.post("/undo", form(office, ben, token="s1.2.1"), SCRIPT)
    assert late.status_code == 409


def test_who_comes_second_is_told_who_was_faster(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    ben, anna = office.browser("ben"), office.browser("anna")
    ben.decide("s1", "approve")
    answer = anna.post("/submissions/s1/decision", form(office, anna), SCRIPT)
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["ok"] is False
    assert answer.json["is_here"] is False
    conflict = answer.json["conflict"]
    assert (conflict["who"], conflict["verdict"]) == ("ben", "approve")
    assert conflict["at"].startswith("2026-03-04T12:10")
    assert "was faster" in answer.json["note"]


def test_what_is_being_judged_stays_in_the_list(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    with office.database.write() as connection:
        connection.execute(update(submissions).values(status="queued"))
    ben = office.browser("ben")
    answer = ben.post("/submissions/s1/decision", form(office, ben), SCRIPT)
    assert answer.json is not None
    assert (answer.status_code, answer.json["is_here"]) == (409, True)
    assert "It changed meanwhile" in answer.json["note"]


def test_a_decision_after_the_session_ended_is_named(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    ben = office.browser("ben")
    given = form(office, ben)
    with office.database.write() as connection:
        connection.execute(delete(sessions))
    answer = ben.post("/submissions/s1/decision", given)
    assert answer.location.startswith("/login?next=")
    page = ben.get(answer.location)
    assert "what you decided last was not saved" in words(page)
    onwards = re.search(r'name="next" value="([^"]+)"', page.text)
    assert onwards is not None
    back = ben.log_in("ben", next=unescape(onwards[1])).location
    assert back == "/submissions/s1?lost=s1&wanted=spam"
    assert "You had chosen “spam”. Please decide once more." in words(ben.get(back))
    with office.database.write() as connection:
        connection.execute(delete(sessions))
    told = ben.post("/submissions/s1/decision", given, SCRIPT)
    assert told.status_code == 401
    assert told.json is not None
    assert told.json["login"].startswith("/login")


def test_too_many_attempts_say_how_long(office: Office) -> None:
    browser = office.browser()
    for _ in range(10):
        browser.log_in("ben", "a wrong password")
    assert "Please try again in 61 seconds" in words(browser.log_in("ben"))


def test_on_the_second_page_the_place_is_kept(office: Office) -> None:
    fill(office, 30)
    ben = office.browser("ben")
    older = re.search(r'href="(/queue\?[^"]+before=[^"]+)">Older<', ben.get("/queue").text)
    assert older is not None
    second = unescape(older[1])
    page = ben.get(second).text
    assert len(re.findall("<li data-id", page)) == 5
    fields = dict(re.findall(r'type="hidden" name="(shelf|before|next)" value="([^"]+)"', page))
    answer = ben.decide(f"{25:032x}", "spam", **fields)
    assert answer.location.startswith(f"/submissions/{26:032x}?shelf=held&before=")
    page = ben.get(answer.location).text
    assert len(re.findall("<li data-id", page)) == 4
    done = re.search(rf'href="(/submissions/{25:032x}[^"]+)">comment by', page)
    assert done is not None
    assert "shelf=held&before=" in unescape(done[1])  # whoever corrects a slip comes back here


def test_at_the_end_of_a_page_the_next_one_follows(office: Office) -> None:
    fill(office, 30)
    ben = office.browser("ben")
    page = ben.get(f"/submissions/{24:032x}?shelf=held").text
    fields = dict(re.findall(r'type="hidden" name="(shelf|older|next)" value="([^"]+)"', page))
    assert fields.keys() == {"shelf", "older"}
    answer = ben.decide(f"{24:032x}", "spam", **fields)
    assert f"Remark number {25}" in ben.get(answer.location).text


def test_with_silent_workers_an_empty_queue_does_not_blame_the_blog(office: Office) -> None:
    row = {"job": "check", "subject_id": "x", "site_id": "blog",
           "due_at": to_ms(office.now - timedelta(minutes=3))}  # fmt: skip
    with office.database.write() as connection:
        connection.execute(insert(queue).values(row))
    page = words(office.browser("ben").get("/queue"))
    assert "The workers are silent" in page
    assert "nothing is being checked" in page
    assert "check that your blog" not in page


def test_what_is_edited_replied_to_and_reported_is_seen_in_every_list(office: Office) -> None:
    stock(office.database, a_submission("Is the bridge open?", id="s1", platform_id="1"))
    reply = a_submission("It is, since May.", id="s2", platform_id="2", parent_id="1")
    stock(office.database, reply, HOLD)
    orphan = a_submission("Where?", id="s3", platform_id="3", parent_id="77")
    stock(office.database, orphan, HOLD)
    with office.database.write() as connection:
        connection.execute(
            update(submissions).where(submissions.c.id == "s2").values(reports=2, content_version=2)
        )
    ben = office.browser("ben")
    listed = words(ben.get("/queue"))
    assert "2 reports edited" in listed
    assert "2 reports" in words(ben.get("/log"))
    page = words(ben.get("/submissions/s2"))
    assert "A reply to approved Alice" in page
    assert "Is the bridge open?" in page
    assert "It was edited: this is version 2." in page
    assert "A reply to a comment that never came here" in words(ben.get("/submissions/s3"))


def test_what_was_erased_claims_nothing_about_the_blog(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    with office.database.write() as connection:
        erase(connection, "s1", 1)
    page = words(office.browser("ben").get("/submissions/s1"))
    assert "what the blog was told, went with it" in page
    assert "Nothing was sent" not in page


def test_an_honest_sign_is_not_shown_as_a_fault(office: Office) -> None:
    honest = Finding("spam_text", Signal.HAM, "Reads like an honest comment", "honest_text", 0.1)
    stock(office.database, a_submission(id="s1"), honest, HOLD)
    page = office.browser("ben").get("/submissions/s1").text
    assert '<td class="num">+0.10</td>' in page
    assert '<td class="num plus">+0.50</td>' in page


def test_one_word_for_one_thing(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    ben = office.browser("ben")
    ben.decide("s1", "discard")
    for path in ("/queue?shelf=discarded", "/queue?shelf=all", "/submissions/s1", "/log", "/help"):
        assert "trash" not in words(ben.get(path)).lower(), path


def test_pages_and_files_are_compressed_for_who_takes_it(office: Office) -> None:
    fill(office, 25)
    ben = office.browser("ben")
    linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', ben.get("/queue").text)
    total = 0
    for path in ("/queue", *linked):
        plain, packed = ben.get(path), ben.packed(path)
        assert "Content-Encoding" not in plain.headers
        assert plain.headers.get("Vary") == packed.headers.get("Vary")
        total += len(packed.data)
        if packed.headers.get("Content-Encoding") == "gzip" and path != "/queue":
            assert gzip.decompress(packed.data) == plain.data
    assert ben.packed("/queue").headers["Content-Encoding"] == "gzip"
    assert len(linked) + 1 <= 5
    assert total <= 30 * 1024
    script = next(path for path in linked if ".js" in path)
    assert len(ben.packed(script).data) <= 8_000
    assert "immutable" in ben.get(script).headers["Cache-Control"]


def test_a_form_s_token_never_looks_the_same_and_is_always_the_same(office: Office) -> None:
    ben = office.browser("ben")
    shown = [CSRF.search(ben.get("/queue").text) for _ in range(2)]
    tokens = [unescape(one[1]) for one in shown if one is not None]
    assert tokens[0] != tokens[1]
    assert unmasked(tokens[0]) == unmasked(tokens[1])
    assert unmasked("no.token") == "no.token"


def test_an_open_page_hears_what_came_and_nothing_twice(office: Office) -> None:
    fill(office, 2)
    ben = office.browser("ben")
    after = re.search(r'data-after="([^"]+)"', ben.get("/queue").text)
    assert after is not None
    path = f"/pulse?after={after[1]}"
    first = ben.get(path)
    assert first.json is not None
    assert (first.json["arrived"], first.json["counts"]["held"]) == (0, "2")
    same = ben.packed(path, **{"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    later = a_submission("Yet another.", id="later", platform_id="9")
    stock(office.database, replace(later, received_at=NOON + timedelta(seconds=5)), HOLD)
    news = ben.packed(path, **{"If-None-Match": first.headers["ETag"]})
    assert news.status_code == 200
    assert news.json is not None
    assert news.json["arrived"] == 1
    assert office.browser("eve").get(path).json == {
        **first.json, "counts": dict.fromkeys(first.json["counts"], "0"), "arrived": 0,
        "is_silent": news.json["is_silent"],
    }  # fmt: skip


def test_panes_are_given_ahead_and_only_of_ones_own_sites(office: Office) -> None:
    fill(office, 2)
    stock(office.database, a_submission(id="other", site_id="other"), HOLD)
    path = f"/submissions/panes?id={0:032x}&id={1:032x}&id=none&id=other&shelf=held"
    found = office.browser("ben").get(path).json
    assert found is not None
    assert {id_ for id_, pane in found.items() if pane} == {f"{0:032x}", f"{1:032x}"}
    assert 'name="seen" value="1"' in found[f"{0:032x}"]


def linkback(source: str) -> Submission:
    given = Linkback("pingback", source, "https://blog.example.org/a")
    return replace(a_submission(id="s1"), linkback=given)


@pytest.mark.parametrize(
    ("submission", "what", "where"),
    [
        (linkback("https://letters.test/a?b=1#c"), "source", "https://letters.test/a?b=1#c"),
        (linkback("https://letters.test/"), "post", "https://blog.example.org/a"),
        (linkback("javascript:window.__pwn=1"), "source", ""),
        (linkback("//evil.test/"), "source", ""),
        (linkback("https://a.test/\r\nX: 1"), "source", "https://a.test/X:%201"),
        (a_submission(id="s1", author=Author(url="http://me.test")), "source", "http://me.test/"),
        (a_submission(id="s1", post=Post(url="")), "post", ""),
        (a_submission(id="s1"), "nothing", ""),
    ],
)
def test_a_reader_is_led_to_the_post_or_the_source_without_a_referrer(
    office: Office, submission: Submission, what: str, where: str
) -> None:
    stock(office.database, submission, HOLD)
    answer = office.browser("ben").get(f"/submissions/s1/open/{what}")
    assert answer.status_code == (303 if where else 404)
    assert answer.headers.get("Location", "") == where
    assert answer.headers["Referrer-Policy"] == "same-origin"
    links = re.findall(
        r'class="elsewhere"[^>]*>', office.browser("ben").get("/submissions/s1").text
    )
    assert all('rel="noopener noreferrer"' in link for link in links)
    assert office.browser("eve").get(f"/submissions/s1/open/{what}").status_code == 404
