"""Whoever waits for a decision is told once; one loop looks for all of them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from threading import Event

from moderator.bootstrap.event_log import StandardLog
from moderator.domain.errors import StorageUnavailableError
from moderator.domain.verdict import Decider, DeciderKind, Decision, Verdict
from moderator.usecases.answering.watch import Watch

SPAM = Decision(Verdict.SPAM, Decider(DeciderKind.RULE))
SECONDS = 10.0  # nobody waits so long but for a fault


@dataclass
class Store:
    """Decisions that come in one by one; `looked` holds what each look asked for."""

    known: dict[str, Decision] = field(default_factory=dict)
    looked: SimpleQueue[frozenset[str]] = field(default_factory=SimpleQueue)
    is_down: bool = False

    def decided(self, ids: Collection[str]) -> dict[str, Decision]:
        self.looked.put(frozenset(ids))
        if self.is_down:
            self.is_down = False
            raise StorageUnavailableError
        return {id_: self.known[id_] for id_ in ids if id_ in self.known}


@dataclass
class HandBell:
    """Rings when the test says so."""

    rung: Event = field(default_factory=Event)
    works: bool = True

    def wait(self, seconds: float) -> bool:
        self.rung.wait(SECONDS)
        self.rung.clear()
        return self.works

    def rest(self) -> None:
        return None


def test_who_waits_is_told_when_it_is_decided() -> None:
    store, bell, told = Store(), HandBell(), SimpleQueue[Decision]()
    watch = Watch(store.decided, bell, StandardLog())
    assert watch.begin("1", told.put) is not None
    bell.rung.set()
    assert store.looked.get(timeout=SECONDS) == {"1"}
    assert told.empty()
    store.known["1"] = SPAM
    bell.rung.set()
    assert told.get(timeout=SECONDS) == SPAM


def _put(told: SimpleQueue[str], id_: str, _decision: Decision) -> None:
    told.put(id_)


def test_all_who_wait_share_one_look() -> None:
    store, bell, told = Store(), HandBell(), SimpleQueue[str]()
    watch = Watch(store.decided, bell, StandardLog())
    for id_ in ("1", "2", "2", "3"):
        watch.begin(id_, partial(_put, told, id_))
    store.known |= {"1": SPAM, "2": SPAM}
    bell.rung.set()
    assert store.looked.get(timeout=SECONDS) == {"1", "2", "3"}
    assert sorted(told.get(timeout=SECONDS) for _ in range(3)) == ["1", "2", "2"]
    bell.rung.set()
    assert store.looked.get(timeout=SECONDS) == {"3"}


def test_who_gave_up_is_not_told_and_not_looked_for() -> None:
    store, bell, told = Store(), HandBell(), SimpleQueue[Decision]()
    watch = Watch(store.decided, bell, StandardLog())
    end = watch.begin("1", told.put)
    other = watch.begin("2", told.put)
    assert end is not None
    assert other is not None
    end()
    bell.rung.set()
    assert store.looked.get(timeout=SECONDS) == {"2"}


def test_one_more_than_may_wait_is_not_kept_waiting() -> None:
    watch = Watch(Store().decided, HandBell(), StandardLog(), most=2)
    first = watch.begin("1", print)
    assert watch.begin("2", print) is not None
    assert watch.begin("3", print) is None
    assert first is not None
    first()
    assert watch.begin("3", print) is not None


def test_a_database_that_is_away_for_a_moment_loses_nobody() -> None:
    store, bell, told = Store({"1": SPAM}, is_down=True), HandBell(), SimpleQueue[Decision]()
    watch = Watch(store.decided, bell, StandardLog())
    watch.begin("1", told.put)
    bell.rung.set()
    store.looked.get(timeout=SECONDS)
    bell.rung.set()
    assert told.get(timeout=SECONDS) == SPAM


def test_a_fault_in_one_look_does_not_end_the_loop() -> None:
    store, bell, told = Store({"2": SPAM}), HandBell(), SimpleQueue[Decision]()
    watch = Watch(store.decided, bell, StandardLog())
    store.known["1"] = SPAM
    watch.begin("1", _fail)
    bell.rung.set()
    store.looked.get(timeout=SECONDS)
    watch.begin("2", told.put)
    bell.rung.set()
    assert told.get(timeout=SECONDS) == SPAM


def _fail(_decision: Decision) -> None:
    raise RuntimeError("a bug, so to say")
