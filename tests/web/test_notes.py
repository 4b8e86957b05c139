"""Notes beside a submission, claims by key, and callbacks that are sent again."""

import pytest
from sqlalchemy import func, select, update

from moderator.storage.intake.erasure import erase
from moderator.storage.schema.tables import deliveries, notes, queue
from tests.builders import a_submission
from tests.stock import stock
from tests.web.desk import Office, words
from tests.web.held import HOLD

SCRIPT = {"Accept": "application/json"}


def test_a_note_is_read_by_the_next_one(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    ben = office.browser("ben")
    page = "/submissions/s1"
    answer = ben.submit(page, f"{page}/notes", words="  Asked her by mail.\n<b>Wait</b>  ")
    assert answer.location == f"{page}#notes"
    shown = office.browser("vic").get(page)
    assert "Asked her by mail. <b>Wait</b> ben" in words(shown)
    assert "<b>Wait" not in shown.text
    assert "note by ben Asked her by mail." in words(office.browser("anna").get("/log"))


def test_the_script_is_told_the_notes(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    ben = office.browser("ben")
    session = office.sign_in.session(ben.cookie("session"), now=office.now)
    assert session is not None
    answer = None
    for number in range(2):
        form = {"csrf": session.csrf, "words": f"Note {number}"}
        answer = ben.post("/submissions/s1/notes", form, SCRIPT).json
    assert answer is not None
    assert answer["notes"].index("Note 0") < answer["notes"].index("Note 1")


@pytest.mark.parametrize("said", ["", "   ", "\x00", "x" * 1_001])
def test_a_note_has_something_to_say(office: Office, said: str) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    answer = office.browser("ben").submit("/submissions/s1", "/submissions/s1/notes", words=said)
    assert answer.status_code == 422
    assert count(office) == 0


def test_notes_belong_to_those_who_see_the_site(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    answer = office.browser("eve").submit("/queue", "/submissions/s1/notes", words="mine")
    assert answer.status_code == 404
    assert count(office) == 0


def test_notes_go_with_what_they_are_about(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    ben = office.browser("ben")
    ben.submit("/submissions/s1", "/submissions/s1/notes", words="Her name is Alice")
    with office.database.write() as connection:
        erase(connection, "s1", 1)
    assert count(office) == 0
    answer = ben.submit("/queue", "/submissions/s1/notes", words="again")
    assert answer.status_code == 404


def count(office: Office) -> int:
    with office.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(notes)) or 0


def test_a_claim_tells_who_has_the_line(office: Office) -> None:
    stock(office.database, a_submission(id="s1"), HOLD)
    answers = []
    for name in ("ben", "anna"):
        browser = office.browser(name)
        session = office.sign_in.session(browser.cookie("session"), now=office.now)
        assert session is not None
        answers.append(browser.post("/submissions/s1/claim", {"csrf": session.csrf}, SCRIPT).json)
    assert answers[0] == {
        "ok": True,
        "note": "This line is yours for 90 seconds; others start behind it.",
    }
    assert answers[1] == {"ok": False, "note": "ben is at it"}


def test_only_what_is_held_is_claimed(office: Office) -> None:
    stock(office.database, a_submission(id="s1"))
    answer = office.browser("ben").submit("/submissions/s1", "/submissions/s1/claim")
    assert answer.status_code == 404


def end(office: Office, state: str, status: int, error: str) -> None:
    """What became of every callback."""
    with office.database.write() as connection:
        connection.execute(queue.delete())
        connection.execute(
            update(deliveries).values(
                state=state, tries=3, last_status=status, last_error=error, finished_at=1
            )
        )


def waiting(office: Office) -> list[tuple[str, str]]:
    with office.database.read() as connection:
        wanted = select(queue.c.subject_id, queue.c.lane).where(queue.c.job == "deliver")
        return [(row[0], row[1]) for row in connection.execute(wanted)]


@pytest.mark.parametrize(
    ("state", "status", "why", "said"),
    [
        ("dead", 503, "no such luck", "Given up after 3 tries"),
        ("refused", 409, "", "The blog refused: it was changed by a person there"),
        ("refused", 200, "changed_by_human", "The blog refused: it was changed by a person there"),
        ("refused", 404, "no such comment", "The blog refused HTTP 404"),
    ],
)
def test_what_failed_is_sent_again(
    office: Office, state: str, status: int, why: str, said: str
) -> None:
    stock(office.database, a_submission(id="s1"))
    end(office, state, status, why)
    ben = office.browser("ben")
    page = ben.get("/log")
    assert said in words(page)
    assert 'action="/deliveries/msg_s1-1/resend"' in page.text
    assert 'action="/deliveries/msg_s1-1/resend"' in ben.get("/submissions/s1").text
    back = "/log?who=service"
    answer = ben.submit("/log", "/deliveries/msg_s1-1/resend", back=back)
    assert answer.location == back
    assert waiting(office) == [("msg_s1-1", "s1")]
    assert "On its way to the blog" in words(ben.get("/log"))
    assert office.hints.sent


def test_what_cannot_be_sent_again_is_refused(office: Office) -> None:
    stock(office.database, a_submission(id="s1"))
    ben = office.browser("ben")
    path = "/deliveries/msg_s1-1/resend"
    assert ben.submit("/log", path).status_code == 409  # it waits
    end(office, "delivered", 200, "")
    assert ben.submit("/log", path).status_code == 409
    end(office, "dead", 500, "")
    assert office.browser("eve").submit("/queue", path).status_code == 404
    assert ben.submit("/log", "/deliveries/none/resend").status_code == 404
    ben.decide("s1", "spam")
    end(office, "dead", 500, "")
    assert "/msg_s1-1/resend" not in ben.get("/log").text
    assert ben.submit("/log", path).status_code == 409  # a newer decision stands
    assert waiting(office) == []
