"""What Akismet clients asked and were told is counted; what cannot be written is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import SimpleQueue

import pytest

from moderator.bootstrap.event_log import StandardLog
from moderator.domain.answering.tally import Line, Place
from moderator.domain.errors import StorageUnavailableError
from moderator.storage.answering.tally import TallyRows
from moderator.storage.base.database import Database
from moderator.usecases.answering.tally import Tally
from tests.builders import NOON
from tests.stock import stock_site

APRIL = datetime(2026, 4, 1, tzinfo=UTC)


@dataclass
class Away:
    """A store that fails until it `is_back`."""

    is_back: bool = False
    got: list[Mapping[Place, Mapping[str, int]]] = field(default_factory=list)

    def add(self, counted: Mapping[Place, Mapping[str, int]]) -> None:
        if not self.is_back:
            raise StorageUnavailableError
        self.got.append(counted)

    def lines(self, site_id: str, since: int) -> list[Line]:
        return []


def test_counts_are_told_by_month_and_blog(database: Database) -> None:
    stock_site(database)
    tally, again = (
        Tally(TallyRows(database), StandardLog()),
        Tally(TallyRows(database), StandardLog()),
    )
    tally.count("blog", "a.example", NOON, "api_calls", "spam")
    tally.count("blog", "a.example", NOON, "api_calls", "ham")
    assert tally.lines("blog") == [Line(202603, "a.example", 2, 1, 1)]
    again.count("blog", "a.example", NOON, "false_positives")
    again.count("blog", "b.example", APRIL, "api_calls")
    assert again.lines("blog") == [
        Line(202603, "a.example", 2, 1, 1, 0, 1),
        Line(202604, "b.example", 1),
    ]
    assert again.lines("blog", 202604) == [Line(202604, "b.example", 1)]
    assert again.lines("other") == []


def test_what_cannot_be_written_is_written_later() -> None:
    store = Away()
    tally = Tally(store, StandardLog())
    tally.count("blog", "a.example", NOON, "api_calls")
    with pytest.raises(StorageUnavailableError):
        tally.write()
    tally.count("blog", "a.example", NOON, "api_calls")
    store.is_back = True
    tally.write()
    total = sum(counts["api_calls"] for counted in store.got for counts in counted.values())
    assert total == 2


def test_a_fault_does_not_end_the_counting() -> None:
    store = Faulty()
    tally = Tally(store, StandardLog(), every=0.0)
    tally.count("blog", "a.example", NOON, "api_calls")
    assert store.asked.get(timeout=10)
    tally.count("blog", "a.example", NOON, "api_calls")
    assert store.asked.get(timeout=10)


class Faulty(Away):
    def __init__(self) -> None:
        super().__init__()
        self.asked: SimpleQueue[bool] = SimpleQueue()

    def add(self, counted: Mapping[Place, Mapping[str, int]]) -> None:
        self.asked.put(True)  # noqa: FBT003
        raise RuntimeError("a bug, so to say")
