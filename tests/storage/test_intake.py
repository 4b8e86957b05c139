"""What was answered stays answered; what contradicts is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.domain.errors import ConflictError, NotFoundError
from moderator.domain.events.arrival import Arrival, Event, Receipt
from moderator.domain.events.effects import Response
from moderator.domain.events.known import KnownComment
from moderator.domain.queue import Job
from moderator.domain.submission import Submission
from moderator.storage.base.database import Database
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.judging.rows import JudgingRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.queue import Queue
from tests.builders import NOON, a_site, a_submission
from tests.fakes import RULES

LEASE = timedelta(seconds=60)


@pytest.fixture
def store(database: Database) -> IntakeRows:
    SiteRows(database).add(a_site(), key_prefix="mod_x", key_digest="d", now=NOON)
    return IntakeRows(database)


def arrival(
    submission: Submission, *, key: str = "", event: Event = Event.CREATED, digest: str = ""
) -> Arrival:
    return Arrival(event, submission, digest or submission.text, key)


def test_a_new_submission_is_stored_and_queued(store: IntakeRows, database: Database) -> None:
    sent = a_submission("A word about the bridge")
    assert store.add([arrival(sent)], RULES) == [Receipt(sent.id, is_new=True)]
    assert JudgingRows(database).stored_submissions([sent.id])[sent.id].submission == sent
    tickets = Queue(database).claim(Job.CHECK_LOCAL, 10, token="t", lease=LEASE)
    assert [ticket.subject_id for ticket in tickets] == [sent.id]


def test_the_same_key_and_body_get_the_first_id(store: IntakeRows, database: Database) -> None:
    first = a_submission(id="1" * 32)
    again = replace(first, id="2" * 32)
    store.add([arrival(first, key="k")], RULES)
    assert store.add([arrival(again, key="k")], RULES) == [Receipt(first.id, is_new=False)]
    assert len(Queue(database).claim(Job.CHECK_LOCAL, 10, token="t", lease=LEASE)) == 1


def test_the_same_comment_under_another_key_is_a_repeat(store: IntakeRows) -> None:
    first = a_submission(id="1" * 32)
    store.add([arrival(first, key="k1")], RULES)
    again = replace(first, id="2" * 32)
    for _ in range(2):
        assert store.add([arrival(again, key="k2")], RULES) == [Receipt(first.id, is_new=False)]


def test_the_same_key_with_another_body_is_refused(store: IntakeRows) -> None:
    store.add([arrival(a_submission("one thing"), key="k")], RULES)
    other = a_submission("another thing", id="2" * 32, platform_id="2")
    answers = store.add([arrival(other, key="k")], RULES)
    assert isinstance(answers[0], ConflictError)
    # The refused one left nothing behind: it may come again under a key of its own.
    assert store.add([arrival(other, key="k2")], RULES) == [Receipt(other.id, is_new=True)]


def test_a_known_comment_with_another_body_stays_as_it_is(store: IntakeRows) -> None:
    store.add([arrival(a_submission("one thing"), key="k")], RULES)
    changed = a_submission("another thing", id="2" * 32)
    answers = store.add([arrival(changed, key="k2"), arrival(changed, key="k2")], RULES)
    assert answers == [Receipt("0001", is_new=False)] * 2


def test_an_edit_asks_for_a_new_judgement(store: IntakeRows, database: Database) -> None:
    first = a_submission("before", id="1" * 32)
    store.add([arrival(first)], RULES)
    queue = Queue(database)
    held = queue.claim(Job.CHECK_LOCAL, 10, token="t1", lease=LEASE)
    edited = a_submission("after", id="2" * 32)
    assert store.add([arrival(edited, event=Event.UPDATED)], RULES) == [
        Receipt(first.id, is_new=True)
    ]
    stored = JudgingRows(database).stored_submissions([first.id])[first.id]
    assert stored.submission.text == "after"
    # Who judged the old text is refused, and the row is there to be claimed at once.
    assert JudgingRows(database).finish([(held[0], None)], (), ()) == 0
    assert [t.subject_id for t in queue.claim(Job.CHECK_LOCAL, 10, token="t2", lease=LEASE)] == [
        first.id
    ]


def test_an_unknown_comment_cannot_be_decided(store: IntakeRows) -> None:
    event = replace(arrival(a_submission(), event=Event.STATUS_CHANGED), has_content=False)
    assert isinstance(store.add([event], RULES)[0], NotFoundError)


def test_a_decision_at_the_blog_ends_our_work(store: IntakeRows, database: Database) -> None:
    sent = a_submission()
    store.add([arrival(sent)], RULES)
    decided = replace(sent, status="spam")
    store.add([arrival(decided, event=Event.STATUS_CHANGED, digest="s")], RULES)
    stored = JudgingRows(database).stored_submissions([sent.id])[sent.id]
    assert (stored.status, stored.decided_by, stored.sequence) == ("spam", "blog", 1)
    assert Queue(database).claim(Job.CHECK_LOCAL, 10, token="t", lease=LEASE) == []


def test_an_erased_comment_is_gone_from_every_table(store: IntakeRows, database: Database) -> None:
    sent = a_submission("needle in a haystack")
    store.add([arrival(sent)], RULES)
    store.add([arrival(sent, event=Event.DELETED)], RULES)
    with database.read() as connection:
        for table in ("submissions", "queue", "intake_keys", "decisions", "deliveries"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608
            assert "needle" not in str(rows)
    assert JudgingRows(database).stored_submissions([sent.id]) == {}


def test_a_deletion_and_the_first_word_at_once_leave_a_tombstone(postgres: Database) -> None:
    SiteRows(postgres).add(a_site(), key_prefix="mod_x", key_digest="d", now=NOON)
    store, sent = IntakeRows(postgres), a_submission(id="1" * 32)
    faster = [arrival(sent)]

    def respond(event: Arrival, known: KnownComment | None) -> Response:
        while faster:  # over a connection of its own, between our look and our write
            IntakeRows(postgres).add([faster.pop()], RULES)
        return RULES(event, known)

    deletion = arrival(replace(sent, id="2" * 32), event=Event.DELETED)
    late = arrival(replace(sent, id="3" * 32))
    assert store.add([deletion], respond) == [Receipt(sent.id, is_new=True, status="erased")]
    assert store.add([late], RULES) == [Receipt(sent.id, is_new=False, status="erased")]
    assert Queue(postgres).claim(Job.CHECK_LOCAL, 10, token="t", lease=LEASE) == []


def test_waiting_counts_what_has_no_verdict(store: IntakeRows) -> None:
    assert store.waiting() == 0
    store.add([arrival(a_submission(id=str(n), platform_id=str(n))) for n in range(3)], RULES)
    assert IntakeRows(store._database).waiting() == 3  # noqa: SLF001  # a count of its own age


def test_a_repeat_among_new_ones_is_found(store: IntakeRows, database: Database) -> None:
    first, second = a_submission(id="1" * 32), a_submission(id="3" * 32, platform_id="3")
    again = replace(first, id="2" * 32)
    group = [arrival(first, key="k1"), arrival(again, key="k1"), arrival(second, key="k3")]
    assert store.add(group, RULES) == [
        Receipt(first.id, is_new=True),
        Receipt(first.id, is_new=False),
        Receipt(second.id, is_new=True),
    ]
    tickets = Queue(database).claim(Job.CHECK_LOCAL, 10, token="t", lease=LEASE)
    assert [ticket.subject_id for ticket in tickets] == [first.id, second.id]


def test_many_at_once_are_all_stored_in_order(store: IntakeRows, database: Database) -> None:
    sent = [a_submission(f"text {n}", id=f"{n:032}", platform_id=str(n)) for n in range(77, 0, -1)]
    assert store.add([arrival(one) for one in sent], RULES) == [
        Receipt(one.id, is_new=True) for one in sent
    ]
    tickets = Queue(database).claim(Job.CHECK_LOCAL, 100, token="t", lease=LEASE)
    assert [ticket.subject_id for ticket in tickets] == [one.id for one in sent]
