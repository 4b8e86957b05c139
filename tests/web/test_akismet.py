"""The Akismet endpoints answer to the byte what its clients compare."""

from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from moderator.domain.answering.replies import HOLD_SECONDS
from moderator.domain.policy import Moderation, Policy
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from moderator.web.limits import RateLimit
from tests.web.asking import ASKED, HELD, HOOK, KEY, TRAPPED, Street

TROUBLE = ("X-akismet-error", "X-akismet-alert-code", "X-akismet-debug-help")
THANKS = b"Thanks for making the web a better place."


@pytest.fixture
def street(database: Database) -> Street:
    return Street(database)


def told(answer: TestResponse) -> bytes:
    """The body of a verdict, which has a guid and no header of trouble."""
    assert answer.status_code == 200
    assert answer.headers["X-akismet-guid"]
    assert [name for name in TROUBLE if name in answer.headers] == []
    return bytes(answer.data)


def test_a_comment_is_judged_while_its_blog_waits(street: Street) -> None:
    assert told(street.check()) == b"false"
    assert told(street.check(comment_content="Another one.", **TRAPPED)) == b"true"
    assert street.statuses() == [("approved", "rule"), ("spam", "rule")]


def test_what_moved_us_stands_in_headers_of_our_own(street: Street) -> None:
    answer = street.check(**TRAPPED)
    assert answer.headers["X-Moderator-Verdict"] == "spam"
    assert "honeypot_filled (+1.00)" in answer.headers["X-Moderator-Reasons"]


def test_the_same_check_again_is_the_same_submission_with_another_guid(street: Street) -> None:
    first, again = street.check(**TRAPPED), street.check(**TRAPPED)
    assert (told(first), told(again)) == (b"true", b"true")
    assert first.headers["X-akismet-guid"] != again.headers["X-akismet-guid"]
    assert len(street.statuses()) == 1


def test_what_changed_beside_the_words_is_judged_anew(street: Street) -> None:
    assert told(street.check()) == b"false"
    page = {"comment_author_url": "https://cheap-loans.example/"}
    assert told(street.check(callback=HOOK, **page, **HELD)) == b"false"
    assert street.statuses() == [("hold", "rule")]


def test_who_named_where_it_is_told_is_asked_to_wait(street: Street) -> None:
    answer = street.check(callback=HOOK, **HELD)
    assert told(answer) == b"false"
    assert answer.headers["X-akismet-recheck-after"] == str(HOLD_SECONDS)


@pytest.mark.parametrize("reason", ["retry", "recheck", "recheck_queue"])
def test_who_asks_again_is_not_asked_to_wait(street: Street, reason: str) -> None:
    street.check(callback=HOOK, **HELD)
    answer = street.check(callback=HOOK, recheck_reason=reason, **HELD)
    assert told(answer) == b"false"
    assert "X-akismet-recheck-after" not in answer.headers


@pytest.mark.parametrize(("plain_at", "body"), [(0.6, b"false"), (0.5, b"true")])
def test_a_hold_is_yes_or_no_for_who_cannot_wait(
    database: Database, plain_at: float, body: bytes
) -> None:
    street = Street(database, replace(ASKED, policy=Policy(plain_at=plain_at)))
    answer = street.check(**HELD)
    assert told(answer) == body
    assert answer.headers["X-Moderator-Verdict"] == "hold"


@pytest.mark.parametrize("callback", ["", HOOK])
@pytest.mark.parametrize("looks", [HELD, TRAPPED])
def test_a_site_that_observes_refuses_nothing_and_lets_nobody_wait(
    database: Database, callback: str, looks: dict[str, str]
) -> None:
    policy = Policy(plain_at=0.1, moderation=Moderation.OBSERVE)
    answer = Street(database, replace(ASKED, policy=policy)).check(callback=callback, **looks)
    assert told(answer) == b"false"
    assert answer.headers["X-Moderator-Verdict"] == "hold"
    assert "observed_" in answer.headers["X-Moderator-Reasons"]
    assert "X-akismet-recheck-after" not in answer.headers


def test_a_test_is_judged_and_not_stored(street: Street) -> None:
    assert told(street.check(is_test="true")) == b"false"
    assert told(street.check(is_test="1", **TRAPPED)) == b"true"
    assert street.report("spam", is_test="yes").data == THANKS
    assert street.statuses() == []
    assert street.tally.lines("asked") == []


@pytest.mark.parametrize("word", ["False", "false", "0", "no"])
def test_what_says_that_it_is_no_test_is_stored(street: Street, word: str) -> None:
    assert told(street.check(is_test=word)) == b"false"
    assert len(street.statuses()) == 1


def test_a_check_before_the_check_leaves_nothing_behind(street: Street) -> None:
    early = {"akismet_pre_check": "1", "comment_type": "pingback", "comment_content": ""}
    assert told(street.check(**early)) == b"false"
    assert street.statuses() == []
    assert street.tally.lines("asked") == []


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({"comment_author": "viagra-test-123"}, b"true"),
        ({"comment_author_email": "akismet-guaranteed-spam@example.com"}, b"true"),
        ({"user_role": "administrator", **TRAPPED}, b"false"),
    ],
)
def test_what_the_protocol_answers_itself_is_not_stored(
    street: Street, changes: dict[str, str], body: bytes
) -> None:
    assert told(street.check(**changes)) == body
    assert street.statuses() == []


@pytest.mark.parametrize("key", ["000000000bad", "", "a key", "mod_asked"])
@pytest.mark.parametrize("path", ["comment-check", "submit-spam", "submit-ham", "verify-key"])
def test_a_key_that_is_nobodys_is_invalid(street: Street, path: str, key: str) -> None:
    answer = street.post(f"/1.1/{path}", api_key=key, blog="https://asked.example")
    assert (answer.status_code, answer.data) == (200, b"invalid")
    assert answer.headers["X-akismet-debug-help"]


def test_a_key_may_be_the_first_label_of_the_host(street: Street) -> None:
    host = f"{KEY.upper()}.rest.test"
    answer = street.post("/1.1/verify-key", host, api_key="", blog="https://asked.example")
    assert answer.data == b"valid"


def test_a_key_is_verified(street: Street) -> None:
    assert street.post("/1.1/verify-key", blog="https://asked.example").data == b"valid"
    without_blog = street.post("/1.1/verify-key")
    assert without_blog.data == b"invalid"
    assert without_blog.headers["X-akismet-debug-help"]


def test_the_key_that_is_asked_about_is_verified_not_the_one_that_asks(street: Street) -> None:
    blog = "https://asked.example"
    other = street.post("/1.1/verify-key", api_key=KEY, key="0" * 12, blog=blog)
    assert other.data == b"invalid"
    assert street.post("/1.1/verify-key", api_key="0" * 12, key=KEY, blog=blog).data == b"valid"


@pytest.mark.parametrize("field", ["blog", "user_ip"])
def test_what_is_required_is_named(street: Street, field: str) -> None:
    for answer in (street.check(**{field: ""}), street.report("ham", **{field: ""})):
        assert answer.data == f"Missing required field: {field}.".encode()
        assert answer.headers["X-akismet-debug-help"] == answer.data.decode()


def test_a_suspended_key_gets_no_verdict_and_holds_at_wordpress(street: Street) -> None:
    street.house.sites.suspend_client_keys("asked", is_suspended=True)
    answer = street.check(**TRAPPED)
    assert (answer.status_code, answer.data) == (200, b"false")
    for name in ("guid", "error", "alert-code", "alert-msg"):
        assert answer.headers[f"X-akismet-{name}"]
    assert street.statuses() == []
    assert street.post("/1.1/verify-key", blog="https://asked.example").data == b"invalid"


def test_who_asks_too_often_is_told_so_and_gets_no_verdict(database: Database) -> None:
    street = Street(database)
    street.limit = RateLimit(per_second=1.0, burst=1)
    assert told(street.check()) == b"false"
    answer = street.check()
    assert (answer.status_code, answer.data) == (200, b"false")
    assert answer.headers["X-akismet-error"]
    assert answer.headers["X-akismet-guid"]


def test_a_check_by_get_is_refused(street: Street) -> None:
    client = street.app().test_client()
    assert client.get(f"/1.1/comment-check?api_key={KEY}").status_code == 405
    assert client.post("/1.1/no-such-method").status_code == 404


@pytest.mark.parametrize(("word", "status"), [("spam", "spam"), ("ham", "approved")])
def test_what_a_person_reports_is_their_decision(street: Street, word: str, status: str) -> None:
    street.check()
    assert street.report(word).data == THANKS
    assert street.statuses() == [(status, "blog")]


def test_a_report_in_other_letters_is_about_the_same_comment(street: Street) -> None:
    street.check(comment_author=r"O\'Neil", comment_content=r"It isn\'t \"tea\".")
    street.report("spam", comment_author="O&#039;Neil", comment_content='It isn\'t "tea".')
    assert street.statuses() == [("spam", "blog")]


def test_a_report_on_what_was_never_asked_is_taken_and_learned_from(street: Street) -> None:
    assert street.report("spam", comment_content="never seen before").data == THANKS
    assert street.statuses() == [("spam", "blog")]
    assert street.house.rows("SELECT job FROM queue WHERE job = 'learn'") == [("learn",)]


def test_a_report_waits_for_nothing(street: Street) -> None:
    street.check()
    street.report("spam")
    due = street.house.rows("SELECT due_at FROM queue WHERE job = 'learn'")
    assert due[0][0] <= int(street.now.timestamp() * 1000)  # type: ignore[operator]  # a number
    assert "learn" in street.house.hints.sent


def test_reports_against_our_word_are_counted_once(street: Street) -> None:
    street.check()
    street.check(comment_content="Another one.", **TRAPPED)
    street.report("spam")
    street.report("ham", comment_content="Another one.")
    street.report("ham")  # the same person thinks again
    [line] = street.tally.lines("asked")
    assert (line.spam, line.ham, line.missed_spam, line.false_positives) == (1, 1, 1, 1)
    assert line.blog == "asked.example"


def test_what_is_held_is_counted_as_neither(street: Street) -> None:
    street.check(callback=HOOK, **HELD)
    [line] = street.tally.lines("asked")
    assert (line.api_calls, line.spam, line.ham) == (1, 0, 0)


def test_a_hold_is_told_the_decision_of_a_moderator(street: Street) -> None:
    street.check(callback=HOOK, **HELD)
    [(id_,)] = street.house.rows("SELECT id FROM submissions WHERE site_id = 'asked'")
    street.house.moderate(str(id_), Verdict.APPROVE, seen=1)
    assert street.house.rows("SELECT url, body FROM deliveries") == [(HOOK, b"false")]


def test_a_first_answer_is_not_told_twice(street: Street) -> None:
    street.check(callback=HOOK)
    street.check(callback=HOOK, comment_content="Another one.", **TRAPPED)
    assert street.house.rows("SELECT url FROM deliveries") == []


def test_a_callback_to_elsewhere_is_no_callback(street: Street) -> None:
    answer = street.check(callback="http://169.254.169.254/latest/", **HELD)
    assert "X-akismet-recheck-after" not in answer.headers
    assert street.house.rows("SELECT key FROM intake_keys") == []


def test_what_was_not_decided_in_time_is_told_when_it_is(database: Database) -> None:
    street = Street(database, is_late=True)
    answer = street.check(callback=HOOK, **TRAPPED)
    assert told(answer) == b"false"
    assert answer.headers["X-akismet-recheck-after"] == str(HOLD_SECONDS)
    street.house.check()
    assert street.house.rows("SELECT url, body FROM deliveries") == [(HOOK, b"false")]


def test_what_was_decided_at_the_last_moment_is_the_answer(database: Database) -> None:
    street = Street(database, is_late=True)
    street.check(callback=HOOK)
    street.house.check()
    answer = street.check(callback=HOOK)
    assert told(answer) == b"false"
    assert answer.headers["X-Moderator-Verdict"] == "approved"


def test_who_cannot_wait_is_told_no_where_there_is_no_decision_yet(database: Database) -> None:
    street = Street(database, is_late=True)
    answer = street.check(**TRAPPED)
    assert (told(answer), "X-akismet-recheck-after" in answer.headers) == (b"false", False)
    assert street.statuses() == [("queued", "")]


def test_without_a_database_there_is_no_verdict_but_an_answer(street: Street) -> None:
    street.app()
    with street.house.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE queue RENAME TO elsewhere")
    try:
        answer = street.check()
    finally:
        with street.house.database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO queue")
    assert (answer.status_code, answer.data) == (200, b"false")
    assert answer.headers["X-akismet-guid"]
    assert answer.headers["X-akismet-error"]
