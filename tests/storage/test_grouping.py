"""Requests share a transaction; what is wrong with one does not reach its neighbours."""

import threading
from collections.abc import Sequence

import pytest
from sqlalchemy.exc import DataError

from moderator.domain.errors import StorageUnavailableError
from moderator.domain.events.arrival import Answer, Arrival, Event, Receipt
from moderator.storage.intake.group_commit import GroupCommit
from moderator.storage.intake.rows import Rules
from tests.builders import a_submission
from tests.fakes import RULES


class Rows:
    """Rows that can be held up, to let a group gather, and that choke on some texts."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.go = threading.Event()
        self.go.set()
        self.entered = threading.Semaphore(0)

    def waiting(self) -> int:
        return 0

    def add(self, arrivals: Sequence[Arrival], respond: Rules) -> list[Answer]:
        self.entered.release()
        self.go.wait(10)
        ids = [arrival.submission.id for arrival in arrivals]
        self.groups.append(ids)
        if any(arrival.submission.text == "poison" for arrival in arrivals):
            raise DataError("INSERT", {}, ValueError("a text the database cannot hold"))
        if any(arrival.submission.text == "bug" for arrival in arrivals):
            raise RuntimeError("nobody foresaw this")
        if any(arrival.submission.text == "down" for arrival in arrivals):
            raise StorageUnavailableError("The database does not answer")
        return [Receipt(id_, is_new=True) for id_ in ids]


def one(id_: str, text: str = "fine") -> list[Arrival]:
    return [Arrival(Event.CREATED, a_submission(text, id=id_, platform_id=id_), id_)]


def add_together(rows: Rows, texts: dict[str, str]) -> dict[str, object]:
    """Send everything while the first group is being written; return answers or errors."""
    intake = GroupCommit(rows)  # type: ignore[arg-type]  # the part of IntakeRows that is used
    rows.go.clear()
    answers: dict[str, object] = {}

    def send(id_: str, text: str) -> None:
        try:
            answers[id_] = intake.add(one(id_, text), RULES)[0]
        except (StorageUnavailableError, DataError) as error:
            answers[id_] = type(error)

    senders = [threading.Thread(target=send, args=("first", "fine"))]
    senders[0].start()
    rows.entered.acquire()
    for id_, text in texts.items():
        senders.append(threading.Thread(target=send, args=(id_, text)))
        senders[-1].start()
    while len(intake._waiting) < len(texts):  # noqa: SLF001  # until all have gathered
        threading.Event().wait(0.001)
    rows.go.set()
    for sender in senders:
        sender.join()
    return answers


def test_what_arrives_during_a_write_is_written_together() -> None:
    rows = Rows()
    answers = add_together(rows, dict.fromkeys("abc", "fine"))
    assert [sorted(group) for group in rows.groups] == [["first"], ["a", "b", "c"]]
    assert answers["b"] == Receipt("b", is_new=True)


def test_one_that_cannot_be_stored_spoils_nobody() -> None:
    answers = add_together(Rows(), {"a": "fine", "b": "poison", "c": "fine"})
    assert answers["a"] == Receipt("a", is_new=True)
    assert answers["b"] is DataError
    assert answers["c"] == Receipt("c", is_new=True)


@pytest.mark.parametrize("text", ["down"])
def test_a_database_that_is_away_is_said_to_all(text: str) -> None:
    answers = add_together(Rows(), {"a": "fine", "b": text})
    assert (answers["a"], answers["b"]) == (StorageUnavailableError, StorageUnavailableError)


def test_a_writer_that_dies_leaves_nobody_waiting() -> None:
    intake = GroupCommit(Rows())  # type: ignore[arg-type]  # the part of IntakeRows that is used
    with pytest.raises(RuntimeError):
        intake.add(one("a", "bug"), RULES)
    assert intake.add(one("b"), RULES) == [Receipt("b", is_new=True)]


def test_who_waits_too_long_leaves_the_line() -> None:
    rows = Rows()
    intake = GroupCommit(rows, patience=0.01)  # type: ignore[arg-type]  # as above
    rows.go.clear()
    writer = threading.Thread(target=intake.add, args=(one("a"), RULES))
    writer.start()
    rows.entered.acquire()
    with pytest.raises(StorageUnavailableError):
        intake.add(one("b"), RULES)
    rows.go.set()
    writer.join()
    assert intake.add(one("c"), RULES) == [Receipt("c", is_new=True)]
    assert rows.groups == [["a"], ["c"]]


def test_what_one_thread_began_is_written_together() -> None:
    rows = Rows()
    intake = GroupCommit(rows)  # type: ignore[arg-type]  # the part of IntakeRows that is used
    begun = {id_: intake.begin(one(id_), RULES) for id_ in "abc"}
    assert rows.groups == []
    answers = {id_: end() for id_, end in reversed(begun.items())}
    assert rows.groups == [["a", "b", "c"]]
    assert answers == {id_: [Receipt(id_, is_new=True)] for id_ in "abc"}


def test_one_that_began_and_never_ended_keeps_nobody_waiting() -> None:
    rows = Rows()
    intake = GroupCommit(rows)  # type: ignore[arg-type]  # the part of IntakeRows that is used
    intake.begin(one("left"), RULES)
    assert intake.add(one("after"), RULES) == [Receipt("after", is_new=True)]
    assert rows.groups == [["left", "after"]]
