"""What was written is told once it is committed; what was not, never."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import update

from moderator.domain.decisions.metrics import (
    CALLBACKS,
    DECISION_SECONDS,
    DECISIONS,
    PARKED,
    CallbackNote,
    Count,
    DecisionNote,
    Note,
)
from moderator.domain.queue import MAX_ATTEMPTS
from moderator.storage.base.database import Database
from moderator.storage.base.notes import note
from moderator.storage.schema.tables import queue
from moderator.storage.upkeep.heartbeat import HeartbeatRows
from moderator.storage.upkeep.metrics import MetricRows
from moderator.usecases.run.counting import Counters, WorkLog
from tests.builders import NOON, a_submission
from tests.fakes import FakeLog
from tests.house import Blog, House

ID = f"{int(NOON.timestamp() * 1000):012x}70008000000000000000"
DECIDED = DecisionNote(
    ID, "blog", "spam", "rule", 1, 0.91234, is_first_by_service=True, is_parked=False
)


@pytest.fixture
def heard(database_url: str) -> Iterator[tuple[House, list[Note]]]:
    notes: list[Note] = []
    database = Database(database_url, hear=notes.extend)
    yield House(database), notes
    database.close()


def test_a_decision_and_the_answer_to_its_callback_are_told(
    heard: tuple[House, list[Note]],
) -> None:
    house, notes = heard
    house.send(a_submission(id=ID))
    assert notes == []
    house.check()
    [decided] = notes
    assert isinstance(decided, DecisionNote)
    assert (decided.submission_id, decided.site_id, decided.sequence) == (ID, "blog", 1)
    assert decided.is_first_by_service
    notes.clear()
    house.deliver(Blog())
    verdict = decided.verdict
    assert notes == [CallbackNote(ID, "blog", verdict, f"msg_{ID}-1", "delivered", 200)]


def test_what_is_rolled_back_is_not_told(heard: tuple[House, list[Note]]) -> None:
    house, notes = heard
    with suppress(ZeroDivisionError), house.database.write() as connection:
        note(connection, [DECIDED])
        raise ZeroDivisionError
    with house.database.write() as connection:
        note(connection, [])
    assert notes == []


def test_numbers_of_several_processes_add_up(database: Database) -> None:
    one, other, rows = Counters(), Counters(), MetricRows(database)
    one.add(DECISIONS, "spam", "rule")
    one.keep(rows)
    one.keep(rows)
    for counters in (one, other):
        counters.add(DECISIONS, "spam", "rule", by=2)
        counters.add(PARKED)
        counters.keep(rows)
    assert rows.counts() == [
        Count("moderator_decisions_total", ("spam", "rule"), "", 5),
        Count("moderator_parked_total", (), "", 2),
    ]


def numbers(database: Database) -> dict[tuple[str, ...], float]:
    levels = MetricRows(database).levels()
    return {(one.name, *(value for _, value in one.labels)): one.value for one in levels}


def test_levels_are_what_the_tables_say(database: Database) -> None:
    house = House(database)
    house.send(a_submission(id=ID))
    HeartbeatRows(database).beat("web", "host 8000")
    levels = numbers(database)
    assert levels["moderator_queue_rows", "check"] == 1
    assert levels["moderator_queue_oldest_due_seconds", "deliver"] == 0
    assert levels["moderator_held",] == levels["moderator_parked",] == 0
    assert 0 <= levels["moderator_process_silent_seconds", "web", "host 8000"] < 60
    with database.write() as connection:
        connection.execute(update(queue).values(attempts=MAX_ATTEMPTS, due_at=0))
    assert numbers(database)["moderator_queue_oldest_due_seconds", "check"] > 1_000_000
    house.check()
    levels = numbers(database)
    assert levels["moderator_held",] == levels["moderator_parked",] == 1
    assert levels["moderator_callbacks_pending",] == 1


def test_a_line_says_how_long_it_took_and_how_it_ended() -> None:
    counters, log = Counters(), FakeLog()
    tell = WorkLog(counters, log, lambda: NOON + timedelta(milliseconds=1234))
    tell([DECIDED, CallbackNote(ID, "blog", "spam", f"msg_{ID}-1", "waiting", 0)])
    told = {"submission": ID, "site": "blog", "verdict": "spam"}
    assert log.told == [
        ("decision", {**told, "by": "rule", "sequence": 1, "score": 0.912, "ms": 1234}),
        (
            "callback",
            {**told, "callback": f"msg_{ID}-1", "state": "waiting", "status": 0, "ms": 1234},
        ),
    ]
    kept: list[Count] = []

    class Rows:
        def add(self, counts: Sequence[Count]) -> None:
            kept.extend(counts)

    counters.keep(Rows())
    assert {(one.name, one.labels, one.bound): one.number for one in kept} == {
        (DECISIONS.name, ("spam", "rule"), ""): 1,
        (DECISION_SECONDS.name, (), "2.5"): 1,
        (DECISION_SECONDS.name, (), "sum"): 1.234,
        (CALLBACKS.name, ("waiting", "none"), ""): 1,
    }
