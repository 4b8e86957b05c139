"""What each page shows, to whom, and what its forms do."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from moderator.domain.finding import Finding, Signal
from moderator.domain.pages.dashboard import Tab
from moderator.domain.submission import Author
from moderator.storage.base.times import to_ms
from moderator.storage.intake.erasure import erase
from moderator.storage.schema.tables import deliveries, queue, submissions
from tests.builders import NOON, a_submission
from tests.statements import counting
from tests.stock import stock
from tests.web.desk import Office, words
from tests.web.scenery import at_another_time, furnish, let_through

HOLD = Finding("lists", Signal.SUSPECT, "Words of advertising", "advertising", 0.5)
LINE = re.compile(r'<li data-id[^>]*><a href="(/submissions/[^"]+)"')


@pytest.mark.parametrize("name", ["anna", "ben"])
def test_repeats_and_self_pings_are_found_with_their_reason(office: Office, name: str) -> None:
    furnish(office.database, "blog", office.now)
    browser = office.browser(name)
    page = browser.get("/queue?shelf=discarded")
    assert len(LINE.findall(page.text)) == 3
    assert "Discarded 3" in words(page)
    pages = [words(browser.get(path.replace("&amp;", "&"))) for path in LINE.findall(page.text)]
    assert "The blog links to itself" in pages[0]
    for copy in pages[1:]:
        assert "The same excerpt came before from https://letters.example.net" in copy
        assert "A copy of approved Weekend reading pingback" in copy


def test_what_was_corrected_shows_what_stays_and_is_brought_back(office: Office) -> None:
    right = a_submission("See you on the 19th.", id="s2", platform_id="2")
    stock(office.database, right)
    wrong = a_submission("See you on the 12th.", id="s1", platform_id="1")
    found: dict[str, object] = {
        "duplicate_of": "s2",
        "how": "corrected",
        "original_platform_id": "2",
    }
    reason = "Corrected by comment 2, which stays"
    stock(
        office.database,
        wrong,
        Finding("duplicate", Signal.REDUNDANT, reason, "duplicate", 0.0, found),
    )
    ben = office.browser("ben")
    shelf = words(ben.get("/queue?shelf=discarded"))
    assert "Nothing is lost" in shelf
    assert "Corrected by its author; the later one stays" in shelf
    page = words(ben.get("/submissions/s1"))
    assert "Its author corrected it, and this one stays approved Alice" in page
    assert "See you on the 19th." in page
    assert "Bring back" in page
    assert ben.decide("s1", "approve").status_code == 303
    assert "See you on the 12th." in words(ben.get("/queue?shelf=approved"))


def test_an_edit_is_seen(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    ben = office.browser("ben")
    assert "It was edited" not in words(ben.get("/submissions/s1"))
    with office.database.write() as connection:
        connection.execute(update(submissions).values(content_version=3))
    assert "It was edited: this is version 3." in words(ben.get("/submissions/s1"))


def test_the_queue_shows_alike_ones_as_one_line(office: Office) -> None:
    furnish(office.database, "blog", office.now)
    page = words(office.browser("anna").get("/queue"))
    assert "Held 3" in page
    assert "Helpdesk 24 2 alike" in page
    assert "Alike and held" not in page  # the first one stands alone


def test_every_contribution_is_shown_and_they_add_up(office: Office) -> None:
    submissions = furnish(office.database, "blog", office.now)
    spam = next(s for s in submissions if s.request.honeypot_value)
    page = office.browser("anna").get(f"/submissions/{spam.id}").text
    shown = re.findall(r'<td class="num[^"]*">([^<]+)</td>', page)
    numbers = [float(text.replace("\N{MINUS SIGN}", "-")) for text in shown]
    assert numbers == [1.0, 0.35, 0.22, 1.57]
    assert "website2" in page  # evidence


def test_a_verdict_goes_on_to_the_next_of_the_list(office: Office) -> None:
    for number in (1, 2, 3):
        stock(office.database, a_submission(f"Comment {number} of three.", id=f"{number:032x}",
              platform_id=str(number)), HOLD)  # fmt: skip
    browser = office.browser("ben")
    page = browser.get("/queue").text
    following = re.search(r'name="next" value="([^"]*)"', page)
    assert following is not None
    assert following[1] == f"{2:032x}"
    answer = browser.decide(f"{3:032x}", "approve", shelf="held", next=following[1])
    assert answer.location == f"/submissions/{2:032x}?shelf=held&done={3:032x}#item"
    page = words(browser.get(answer.location))
    assert "Held 2" in page
    assert "approved comment by Alice" in page


@pytest.mark.parametrize(
    ("verdict", "shelf"),
    [("approve", Tab.APPROVED), ("spam", Tab.SPAM), ("discard", Tab.DISCARDED)],
)
def test_the_three_verdicts(office: Office, verdict: str, shelf: Tab) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    browser = office.browser("ben")
    assert browser.decide("s1", verdict).status_code == 303
    page = words(browser.get(f"/queue?shelf={shelf.value}"))
    assert "by ben" in page
    assert "On its way to the blog" in page


@pytest.mark.parametrize("fields", [{"verdict": "hold"}, {"verdict": ""}, {"seen": "-1"},
                                    {"seen": "9" * 20}, {"seen": "\u0661"}])  # fmt: skip
def test_a_form_that_is_not_ours_is_400(office: Office, fields: dict[str, str]) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    given = {"verdict": "spam", "seen": "1"} | fields
    page = "/submissions/s1"
    answer = office.browser("ben").submit(page, f"{page}/decision", **given)
    assert answer.status_code == 400


def test_who_comes_second_hears_who_was_faster_and_changes_nothing(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    anna, ben = office.browser("anna"), office.browser("ben")
    assert ben.decide("s1", "approve").status_code == 303
    answer = anna.decide("s1", "spam", seen=1, shelf="held")
    assert answer.location == "/queue?shelf=held&missed=s1&wanted=spam"
    page = words(anna.get(answer.location))
    assert "ben was faster. comment by Alice It stands as approved 4 Mar 2026, 12:10 UTC." in page
    assert "Your “spam” was not applied" in page
    assert anna.decide("s1", "spam", seen=2).status_code == 303


def test_a_changed_mind_is_a_new_decision_beside_the_old(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    ben = office.browser("ben")
    ben.decide("s1", "spam")
    ben.decide("s1", "approve", seen=2)
    page = words(ben.get("/submissions/s1"))
    assert "What the checks had said" in page
    assert "Words of advertising" in page
    history = page[page.index("History") :]
    assert re.findall(r"(approved|spam|held) by", history) == ["approved", "spam", "held"]


def test_the_log_says_whether_the_blog_knows(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    with office.database.write() as connection:
        connection.execute(
            update(deliveries).values(
                state="dead", tries=10, last_status=500, last_error="<b>broken</b>"
            )
        )
    page = office.browser("ben").get("/log")
    assert "Given up after 10 tries HTTP 500 <b>broken</b>" in words(page).replace("&lt;", "<")
    assert "&lt;b&gt;broken" in page.text


def test_empty_lists_say_what_happened_and_what_to_do(office: Office) -> None:
    ben = office.browser("ben")
    assert "check that your blog sends its comments here" in words(ben.get("/queue"))
    assert "Nothing was decided yet" in words(ben.get("/log"))
    stock(office.database, a_submission(id="s1"))
    with office.database.write() as connection:
        connection.execute(update(queue).values(due_at=to_ms(office.now)))
    page = words(ben.get("/queue"))
    assert "Nothing is waiting for you In the last 24 hours: 1 approved." in page
    assert "Nothing of your sites is in “Spam”" in words(ben.get("/queue?shelf=spam"))


def test_silent_workers_are_told_until_they_work(office: Office) -> None:
    due = to_ms(office.now - timedelta(minutes=3))
    row = {"job": "check", "subject_id": "x", "site_id": "blog", "due_at": due}
    with office.database.write() as connection:
        connection.execute(insert(queue).values(row))
    ben = office.browser("ben")
    assert "The workers are silent. Work has been waiting for 3 min" in words(ben.get("/queue"))
    with office.database.write() as connection:
        connection.execute(update(queue).values(due_at=to_ms(office.now)))
    assert "silent" not in words(ben.get("/queue"))


def test_what_was_erased_shows_no_word_and_takes_no_verdict(office: Office) -> None:
    stock(office.database, a_submission("A very private remark.", id="s1"), HOLD)
    with office.database.write() as connection:
        erase(connection, "s1", 1)
    page = office.browser("ben").get("/submissions/s1")
    assert "was erased" in words(page)
    assert "private" not in page.text
    assert "/decision" not in page.text


def test_lists_go_on_page_by_page(office: Office) -> None:
    for number in range(60):
        submission = a_submission(f"Remark number {number} here.")
        stock(office.database, at_another_time(submission, number, NOON), HOLD)
    browser = office.browser("ben")
    path, seen = "/queue", []
    while path:
        page = browser.get(path).text
        seen += LINE.findall(page)
        older = re.search(r'href="([^"]+)">Older<', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == len(set(seen)) == 60


def test_the_queue_takes_few_statements_and_few_bytes(office: Office) -> None:
    long = "A long remark about the bridge, the river and the people who live there. " * 9
    for number in range(60):
        author = Author(name=f"A person with quite a long name {number}", email="a@example.org")
        submission = a_submission(f"{number} {long}", author=author)
        stock(office.database, at_another_time(submission, number, NOON), HOLD)
    browser = office.browser("ben")
    with counting(office.database) as statements:
        page = browser.get("/queue")
    assert len([s for s in statements if not s.startswith("BEGIN")]) <= 12
    linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert len(linked) == 4
    size = sum(len(browser.packed(path).data) for path in ("/queue", *linked))
    assert size <= 30 * 1024


def test_the_pages_need_no_script_and_name_no_other_host(office: Office) -> None:
    furnish(office.database, "blog", office.now)
    browser = office.browser("anna")
    for path in ("/queue", "/queue?shelf=all", "/log", "/login"):
        page = browser.get(path).text
        assert not re.search(r'(?:src|href|action)="(?!/)', re.sub('href="#(main|item)"', "", page))
        assert "style=" not in page
        assert len(re.findall(r"<script", page)) == 2


def test_a_decision_needs_a_submission_that_is_there(office: Office) -> None:
    stock(office.database, replace(a_submission(id="s1")), HOLD)
    form = {"verdict": "spam", "seen": "1", "version": "1"}
    for id_ in ("none", "s%00", "s-1"):
        answer = office.browser("ben").submit("/queue", f"/submissions/{id_}/decision", **form)
        assert answer.status_code == 404
    stranger = office.browser("eve").submit("/queue", "/submissions/s1/decision", **form)
    assert stranger.status_code == 404


@pytest.mark.parametrize(("verdict", "status"), [("approve", "approved"), ("spam", "spam")])
def test_a_word_on_what_was_let_through_is_a_person_s_and_a_lesson(
    office: Office, verdict: str, status: str
) -> None:
    id_ = let_through(office.database)
    browser = office.browser("ben")
    page = browser.get("/queue?shelf=sample").text
    assert "Sample 1" in words(browser.get("/queue"))
    assert "least sure" in page
    assert "It is fine" in page
    assert "This is spam" in page
    assert not re.search(r'value="approve"[^>]* disabled', page)
    answer = browser.decide(id_, verdict, shelf="sample")
    assert answer.location == f"/queue?shelf=sample&done={id_}"
    with office.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT status, decided_by FROM submissions").all()
        learned = connection.exec_driver_sql("SELECT subject_id FROM queue WHERE job = 'learn'")
        assert [tuple(row) for row in rows] == [(status, "moderator")]
        assert [row[0] for row in learned] == [id_]
    page = words(browser.get("/queue?shelf=sample"))
    assert "Sample 0" in page
    assert "Nothing to look at again" in page


def test_what_was_let_through_may_be_called_spam_wherever_it_is_met(office: Office) -> None:
    id_ = let_through(office.database)
    browser = office.browser("ben")
    for path in (f"/submissions/{id_}", "/queue?shelf=approved"):
        page = browser.get(path).text
        assert "This is spam" in page
        assert "It is fine" in page


def test_what_a_person_approved_is_asked_for_no_more(office: Office) -> None:
    id_ = let_through(office.database)
    browser = office.browser("ben")
    browser.decide(id_, "approve", shelf="sample")
    page = browser.get(f"/submissions/{id_}").text
    assert "It is fine" not in page
    assert re.search(r'value="approve"[^>]* disabled', page)
