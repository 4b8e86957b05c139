"""`make bench-near`: what a look-up of near copies costs at 10,000 and at 1,000,000 stored texts.

Both indexes stand in a Redis of their own at the same time and are asked in turns. Also: memory per
text, and how long it takes to read everything again from a database after Redis was emptied.
NEAR_STORED and NEAR_MENDED change the numbers. Goal: at most 1.3 times the cost, one round trip.
"""

import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import redis

from benchmarks.report import surroundings
from moderator.bootstrap.parts import new_token
from moderator.clients.redis.near_index import RedisNearIndex
from moderator.domain.events.arrival import Arrival, Event
from moderator.domain.ids import new_id
from moderator.domain.ports import SketchedText
from moderator.judgement.near.sketch import PERMUTATIONS
from moderator.storage.base.database import Database
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.judging.rows import JudgingRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import upgrade
from moderator.usecases.intake.accept import rules
from moderator.usecases.run.near_index import RefillNearIndex
from tests.builders import a_site, a_submission
from tests.redis_server import RedisServer

RESULTS = Path(__file__).parent / "results" / "near_index.md"
FEW = 10_000
MANY = int(os.environ.get("NEAR_STORED", "1000000"))
MENDED = int(os.environ.get("NEAR_MENDED", "100000"))
BATCH = 500
SINGLE = 400  # look-ups of one text
BATCHES = 60  # look-ups of BATCH texts
PATIENCE = 60.0
SYLLABLES = ("ba", "kel", "mor", "ti", "sun", "ra", "fo", "lin", "dec", "pu", "gra", "vi")
WORDS = [one + two + three for one in SYLLABLES for two in SYLLABLES for three in SYLLABLES]


def newcomers(seed: int, count: int) -> Iterator[list[SketchedText]]:
    """Texts that resemble nobody: a look-up costs its bands, whatever the texts say."""
    random = np.random.Generator(np.random.PCG64(seed))
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        rows = random.integers(0, 2**32, (size, PERMUTATIONS), dtype=np.uint32)
        yield [
            SketchedText(f"{(seed << 64) + start + n:032x}", "blog", row.tobytes())
            for n, row in enumerate(rows)
        ]


def stored(server: RedisServer, count: int) -> tuple[RedisNearIndex, float]:
    """An index with so many texts, and the bytes of memory that each took."""
    index = RedisNearIndex(server.url, patience=PATIENCE)
    with redis.Redis.from_url(server.url) as client:
        before = int(client.info("memory")["used_memory"])
        for batch in newcomers(1, count):
            if index.find_and_add(batch) is None:
                raise SystemExit("Redis does not answer")
        return index, (int(client.info("memory")["used_memory"]) - before) / count


def microseconds(index: RedisNearIndex, batch: list[SketchedText]) -> float:
    """Per text, from here to Redis and back, in wall time."""
    began = time.perf_counter()
    if index.find_and_add(batch) is None:
        raise SystemExit("Redis does not answer")
    return (time.perf_counter() - began) * 1e6 / len(batch)


def known(count: int) -> list[list[SketchedText]]:
    """Some of the texts that are stored, from all over the index."""
    every = max(1, count // FEW)
    return [batch for place, batch in enumerate(newcomers(1, count)) if place % every == 0]


def compared(few: RedisNearIndex, many: RedisNearIndex) -> dict[str, tuple[float, float]]:
    """Medians at FEW and MANY, asked in turns; new texts each time, but for the last row."""
    batches = list(newcomers(2, BATCHES * BATCH))
    alone = [[one] for batch in newcomers(3, SINGLE) for one in batch]
    rows = {
        "a new text alone": zip(alone, alone, strict=True),
        f"new texts in batches of {BATCH}": zip(batches, batches, strict=True),
        "the same, known already: nothing is written": zip(known(FEW), known(MANY), strict=True),
    }
    found = {}
    for name, asked in rows.items():
        times = [(microseconds(few, one), microseconds(many, other)) for one, other in asked]
        found[name] = (
            statistics.median(at[0] for at in times),
            statistics.median(at[1] for at in times),
        )
    return found


def mending(server: RedisServer, folder: Path) -> float:
    """Seconds to read MENDED comments again from a SQLite database into an emptied Redis."""
    database = Database(f"sqlite:///{folder / 'near.db'}", synchronous="NORMAL")
    upgrade(database)
    now = datetime.now(UTC)
    SiteRows(database).add(a_site(), key_prefix="mod_n", key_digest="n", now=now)
    rows = IntakeRows(database)
    random = np.random.Generator(np.random.PCG64(4))
    for start in range(0, MENDED, BATCH):
        arrivals = []
        for number in range(start, min(start + BATCH, MENDED)):
            when = now - timedelta(days=1) + timedelta(milliseconds=number)
            text = " ".join(random.choice(WORDS, 12)) + f" {number}"
            given = {"id": new_id(when, os.urandom(10)), "platform_id": str(number)}
            arrivals.append(Arrival(Event.CREATED, a_submission(text, **given), str(number)))
        rows.add(arrivals, rules(SiteRows(database)))
    index = RedisNearIndex(server.url, patience=PATIENCE)
    mend = RefillNearIndex(JudgingRows(database), index, new_token, threading.Event())
    began = time.perf_counter()
    read = mend()
    seconds = time.perf_counter() - began
    database.close()
    if read != MENDED or index.gap() is not None:
        raise SystemExit(f"Only {read} were read again")
    return seconds


def main() -> int:
    Path("var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir="var") as name:
        folder = Path(name).resolve()
        folders = [folder / part for part in ("few", "many", "mended")]
        for each in folders:
            each.mkdir()
        with RedisServer(folders[0]) as one, RedisServer(folders[1]) as other:
            few, _ = stored(one, FEW)
            many, size = stored(other, MANY)
            found = compared(few, many)
        with RedisServer(folders[2]) as emptied:
            seconds = mending(emptied, folder)
        around = surroundings(folder)
    lines = [
        "# Near copies",
        "",
        f"{around['date']}, {around['machine']}. `make bench-near`",
        "",
        f"| a look-up, us per text (median, in turns) | {FEW:,} stored | {MANY:,} stored | ratio |",
        "|---|---|---|---|",
        *(f"| {name} | {a:.1f} | {b:.1f} | {b / a:.2f} |" for name, (a, b) in found.items()),
        "",
        f"One round trip. Redis takes {size:,.0f} bytes per text that resembles no other.",
        "",
        f"After Redis was emptied, {MENDED:,} comments were read again in {seconds:.1f} s:",
        f"{seconds / MENDED * 1e6:.0f} s per million, from SQLite.",
    ]
    RESULTS.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
