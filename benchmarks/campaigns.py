"""How many lines a spun flood is in the queue: `python -m benchmarks.campaigns [WORDS ...]`.

GROUPS spam texts of LENGTH words, each sent many times with WORDS of them (4 and 9 if not said)
swapped for others at other places every time, among honest comments and pingbacks; whatever comes
is held. Presses: one per line, for the spun ones and for all. Purity: the share of lines in which
nothing honest stands beside spam; `mixed` counts lines with two of the spun texts.
"""

import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from moderator.checks.campaign import InCampaign
from moderator.checks.duplicate import Duplicate
from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.pages.dashboard import Tab
from moderator.domain.submission import Author, Submission
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.phrasebook import phrasebook
from moderator.storage.base.database import Database
from moderator.storage.dashboard.queries import DashboardRows
from moderator.storage.schema.migrate import upgrade
from moderator.usecases.moderate.dashboard import DashboardReads
from tests.builders import NOON, a_pingback, a_submission
from tests.house import House

GROUPS = 40
SENT = 500  # of all groups together
HONEST = 40
PINGBACKS = 8
LENGTH = 45  # words
WORDS = (4, 9)
BATCH = 25  # that arrive between two rounds of the worker


class Doubt:
    """A check that holds everything."""

    name = "doubt"

    def run(self, submission: Submission, context: Context) -> Finding:
        return Finding(self.name, Signal.SUSPECT, "Held to be looked at", "doubt", 0.5)


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission, and which of the texts it says: '' for an honest one of its own."""

    submission: Submission
    group: str


@dataclass(frozen=True, slots=True)
class Measured:
    held: int
    spun: int
    lines: int
    spun_lines: int
    pure: float
    mixed: int


def main(words: Sequence[int]) -> None:
    print("words_swapped,held,spun,presses_for_spun,lines,purity,mixed_lines")
    for swapped in words:
        with tempfile.TemporaryDirectory() as folder:
            database = Database(f"sqlite:///{Path(folder) / 'queue.db'}", synchronous="OFF")
            upgrade(database)
            found = measure(database, flood(swapped))
            database.close()
        print(swapped, found.held, found.spun, found.spun_lines, found.lines,
              f"{found.pure:.3f}", found.mixed, sep=",")  # fmt: skip


def flood(
    swapped: int,
    *,
    groups: int = GROUPS,
    sent: int = SENT,
    honest: int = HONEST,
    pingbacks: int = PINGBACKS,
) -> list[Sent]:
    """The same every time, in the order of arrival."""
    chance = random.Random(swapped)  # noqa: S311  # texts, no secrets
    spam, ham = _texts(chance, is_spam=True), _texts(chance, is_spam=False)
    vocabulary = sorted({word for text in spam for word in text})
    texts = _cut(spam, groups)
    said = [(f"group {n % groups}", _spun(texts[n % groups], vocabulary, swapped, chance))
            for n in range(sent)]  # fmt: skip
    said += [("", " ".join(text)) for text in _cut(ham, honest)]
    said += [("ping", "")] * pingbacks
    chance.shuffle(said)
    return [Sent(_submission(n, text, group), group) for n, (group, text) in enumerate(said, 1)]


def _texts(chance: random.Random, *, is_spam: bool) -> list[list[str]]:
    book = phrasebook()
    kind = [phrasing for phrasing in book.phrasings if phrasing.is_spam is is_spam]
    chance.shuffle(kind)
    return [book.write(phrasing.template, chance).split() for phrasing in kind]


def _cut(texts: Sequence[Sequence[str]], count: int) -> list[list[str]]:
    """So many texts of LENGTH words, each of several that follow each other."""
    words = [word for text in texts for word in text if word.isalpha()]
    return [words[at * LENGTH : (at + 1) * LENGTH] for at in range(count)]


def _spun(
    text: Sequence[str], vocabulary: Sequence[str], swapped: int, chance: random.Random
) -> str:
    words = list(text)
    for place in chance.sample(range(len(words)), swapped):
        words[place] = chance.choice(vocabulary)
    return " ".join(words)


def _submission(number: int, text: str, group: str) -> Submission:
    at = NOON + timedelta(seconds=number)
    given: dict[str, object] = {
        "id": f"{number:032x}",
        "platform_id": str(number),
        "created_at": at,
        "received_at": at,
    }
    if group == "ping":
        return a_pingback(f"https://page{number}.test/post", f"A word on it, {number}", **given)
    author = Author(name=f"Author {number}", email=f"a{number}@mail{number % 7}.test")
    return a_submission(text, author=author, **given)


def measure(database: Database, everyone: Sequence[Sent], *, batch: int = BATCH) -> Measured:
    """Judge all as they come, then read the queue as its page does."""
    house = House(database, MemoryNearIndex())
    for start in range(0, len(everyone), batch):
        house.send(*(one.submission for one in everyone[start : start + batch]))
        while house.check(Duplicate(), InCampaign(), Doubt()):
            pass
    group_of = {one.submission.id: one.group for one in everyone}
    lines = [[group_of[id_] for id_ in ids] for ids in _lines(house)]
    spun = [line for line in lines if any(group.startswith("group") for group in line)]
    pure = [line for line in spun if all(group.startswith("group") for group in line)]
    return Measured(
        held=sum(map(len, lines)),
        spun=sum(group.startswith("group") for line in lines for group in line),
        lines=len(lines),
        spun_lines=len(spun),
        pure=len(pure) / len(spun) if spun else 1.0,
        mixed=sum(len(set(line)) > 1 for line in spun),
    )


def _lines(house: House) -> list[list[str]]:
    """The members of each line of the queue."""
    look, before = DashboardReads(DashboardRows(house.database)), ""
    found: list[list[str]] = []
    while True:
        listing = look.tab(None, Tab.HELD, before=before)
        for line in listing.lines:
            members = _members(house, line.campaign_id) if line.campaign_id else [line.id]
            assert len(members) == line.members  # what the page says is what is there
            found.append(members)
        before = listing.older
        if not before:
            return found


def _members(house: House, campaign_id: str) -> list[str]:
    sql = f"SELECT id FROM submissions WHERE status = 'hold' AND campaign_id = '{campaign_id}'"  # noqa: S608  # our own
    return [str(row[0]) for row in house.rows(sql)]


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or list(WORDS))
