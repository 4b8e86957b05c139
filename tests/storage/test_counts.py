"""Kept counts say what counting anew would say, whatever happened."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from alembic import command

from moderator.domain.events.arrival import Event
from moderator.domain.history.reputation import HostRuling
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Decider, DeciderKind, Verdict
from moderator.storage.base.database import Database
from moderator.storage.base.times import to_ms
from moderator.storage.judging.rows import write_content
from moderator.storage.learning.host_rulings import record_rulings
from moderator.storage.schema.migrate import config, upgrade
from tests.builders import NOON, a_submission
from tests.bulk import store_past
from tests.house import House
from tests.recount import counted, kept

AUTHORS = [Author(name=name, email=f"{name}@example.org") for name in ("ada", "bob", "cy")]
HOSTS = ("one.example", "two.example", "three.example")
STEPS = 120


def chances(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # the same every time


def comment(number: int, chance: random.Random) -> Submission:
    at = NOON - timedelta(days=chance.randrange(200))
    return a_submission(
        f"Nothing like number {number} was ever said here before.",
        id=f"{number:032x}",
        platform_id=str(number),
        author=chance.choice([*AUTHORS, Author()]),
        created_at=at,
        received_at=at,
    )


class Random:
    """Does something, anything, to some of the submissions."""

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.chance = chances(seed)
        self.known: list[Submission] = []

    def create(self) -> None:
        several = [comment(len(self.known) + n, self.chance) for n in range(3)]
        self.known += several
        self.house.send(*several)

    def judge(self) -> None:
        self.house.check()

    def decide(self) -> None:
        one = self.chance.choice(self.known)
        stored = self.house.store.stored_submissions([one.id]).get(one.id)
        if stored is None or stored.status == "queued":
            return
        verdict = self.chance.choice([Verdict.APPROVE, Verdict.SPAM, Verdict.DISCARD])
        version = stored.content_version
        self.house.moderate(one.id, verdict, seen=stored.sequence, version=version)

    def edit(self) -> None:
        one = self.chance.choice(self.known)
        author = self.chance.choice(AUTHORS)
        later = NOON + timedelta(minutes=self.chance.randrange(1_000))
        edited = replace(one, text=f"{one.text} {later}", author=author, received_at=later)
        self.house.send(edited, event=Event.UPDATED)

    def decide_at_the_blog(self) -> None:
        one = self.chance.choice(self.known)
        status = self.chance.choice(["approved", "spam", "hold"])
        self.house.send(replace(one, status=status), event=Event.STATUS_CHANGED)

    def read_anew(self) -> None:
        one = self.chance.choice(self.known)
        if one.id in self.house.store.stored_submissions([one.id]):
            with self.house.database.write() as connection:
                said = replace(one, author=self.chance.choice(AUTHORS))
                write_content(connection, said, self.house.database.mask)

    def rule(self) -> None:
        several = self.chance.sample(self.known, min(3, len(self.known)))
        now = to_ms(NOON + timedelta(days=self.chance.randrange(90)))
        rulings = [
            HostRuling(
                one.id,
                tuple(self.chance.sample(HOSTS, self.chance.randrange(3))),
                is_spam=self.chance.random() < 0.5,
            )
            for one in several
        ]
        with self.house.database.write() as connection:
            record_rulings(connection, [("blog", ruling) for ruling in rulings], now)

    def erase(self) -> None:
        if self.chance.random() < 0.3:
            self.house.send(self.chance.choice(self.known), event=Event.DELETED)

    def step(self) -> None:
        steps: list[Callable[[], None]] = [
            self.create, self.judge, self.decide, self.edit, self.decide_at_the_blog,
            self.read_anew, self.rule, self.erase,
        ]  # fmt: skip
        self.chance.choice(steps if self.known else [self.create])()


@pytest.mark.parametrize("seed", [1, 2])
def test_counts_are_true_whatever_happens(database: Database, seed: int) -> None:
    some = Random(House(database), seed)
    for _ in range(STEPS):
        some.step()
        assert kept(database) == counted(database)
    authors, hosts = kept(database)
    assert authors
    assert hosts


def test_who_is_erased_leaves_no_trace(database: Database) -> None:
    house = House(database)
    one = comment(1, chances(1))
    one = replace(one, author=AUTHORS[0])
    house.send(one)
    house.check()
    with database.write() as connection:
        record_rulings(connection, [("blog", HostRuling(one.id, HOSTS))], to_ms(NOON))
    assert [len(counts) for counts in kept(database)] == [1, 3]
    house.send(one, event=Event.DELETED)
    assert kept(database) == ({}, {})


def test_two_who_decide_about_one_author_at_once_count_both(postgres: Database) -> None:
    house = House(postgres)
    several = [replace(comment(n, chances(n)), author=AUTHORS[0]) for n in range(40)]
    house.send(*several)
    house.check()

    def decide(mine: list[Submission], name: str) -> None:
        by = Decider(DeciderKind.MODERATOR, name, name)
        for one in mine:
            for seen, verdict in ((1, Verdict.SPAM), (2, Verdict.APPROVE)):
                house.moderate(one.id, verdict, seen=seen, by=by)

    halves = (several[::2], "anna"), (several[1::2], "ben")
    threads = [Thread(target=decide, args=half) for half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept(postgres) == counted(postgres)
    assert sum(number for number, _ in kept(postgres)[0].values()) == len(several)


def test_a_history_is_counted_when_the_tables_are_made(database: Database) -> None:
    store_past(database, 2_000)
    _, hosts = counted(database)
    command.downgrade(config(database), "0005")
    upgrade(database)
    assert kept(database) == counted(database)  # authors' keys were derived anew
    assert hosts == kept(database)[1] != {}
