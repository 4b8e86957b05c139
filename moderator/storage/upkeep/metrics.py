"""What all processes counted, and what the tables tell by themselves."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from moderator.domain.decisions.metrics import Count, Metric
from moderator.domain.pages.find import facet
from moderator.domain.pages.health import Level
from moderator.domain.queue import Job
from moderator.storage.base.database import Database, Statement, again_after_deadlock
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.queue import Queue

ADD = Statement(
    "INSERT INTO counters (name, labels, bound, number, changed_at)"
    " VALUES (:name, :labels, :bound, :number, :now) ON CONFLICT (name, labels, bound) DO UPDATE"
    " SET number = counters.number + excluded.number, changed_at = excluded.changed_at"
)
COUNTS = Statement("SELECT name, labels, bound, number FROM counters ORDER BY name, labels, bound")
CHANGED = Statement("SELECT max(changed_at) FROM counters WHERE name = :name")
DEPTHS = Statement(
    " UNION ALL ".join(
        f"SELECT '{job}', (SELECT count(*) FROM queue WHERE job = '{job}')"  # noqa: S608  # our own words
        for job in Job
    )
)
HELD = Statement("SELECT count(*) FROM submissions WHERE status = 'hold'")
DEAD = Statement("SELECT count(*) FROM deliveries WHERE state = 'dead'")
PARKED = Statement(
    "SELECT count(*) FROM search_words w JOIN submissions s ON s.id = w.submission_id"
    " WHERE w.word = :word AND s.status = 'hold'"
)
SEEN = Statement("SELECT name, seen_at FROM pulse ORDER BY name")


class MetricRows:
    """Honours usecases/operate/metrics.py MetricStore."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)

    @again_after_deadlock
    def add(self, counts: Sequence[Count]) -> None:
        now = to_ms(self._database.now())
        rows = [
            {
                "name": count.name,
                "labels": json.dumps(count.labels),
                "bound": count.bound,
                "number": count.number,
                "now": now,
            }
            for count in sorted(counts, key=_order)
        ]
        with self._database.write() as connection:
            ADD.run(connection, rows)

    def counts(self) -> list[Count]:
        with self._database.read() as connection:
            rows = COUNTS.run(connection, {}).all()
        return [
            Count(str(name), tuple(json.loads(labels)), str(bound), float(number))
            for name, labels, bound, number in rows
        ]

    def changed_at(self, metric: Metric) -> datetime | None:
        """When it was last counted; None when it never was."""
        with self._database.read() as connection:
            at = CHANGED.run(connection, {"name": metric.name}).scalar_one()
        return None if at is None else from_ms(int(str(at)))

    def levels(self) -> list[Level]:
        """Depths, ages and processes, each by a look at an index."""
        now = self._database.now()
        due = self._queue.oldest_due()
        with self._database.read() as connection:
            depths = {Job(str(job)): int(count) for job, count in DEPTHS.run(connection, {})}
            levels = [
                *(_of_job(ROWS, job, depths[job]) for job in Job),
                *(
                    _of_job(WAITS, job, max(0.0, (now - due.get(job, now)).total_seconds()))
                    for job in Job
                ),
                Level(
                    "moderator_held", "Submissions that wait for a person", _one(connection, HELD)
                ),
                Level(
                    "moderator_parked",
                    "Those of them whose checks failed repeatedly",
                    _one(connection, PARKED, word=facet("reason", "parked")),
                ),
                Level(
                    "moderator_callbacks_pending",
                    "Callbacks that are to be sent, or sent again",
                    depths[Job.DELIVER],
                ),
                Level(
                    "moderator_callbacks_dead",
                    "Callbacks that were given up",
                    _one(connection, DEAD),
                ),
            ]
            beats = SEEN.run(connection, {}).all()
        return [*levels, *(_beat(str(name), to_ms(now) - int(seen)) for name, seen in beats)]


ROWS = ("moderator_queue_rows", "Rows of the queue, those that are due later included")
WAITS = ("moderator_queue_oldest_due_seconds", "For how long the oldest due row has waited")


def _order(count: Count) -> tuple[str, tuple[str, ...], str]:
    """The one in which rows are taken, so that writers wait for each other."""
    return count.name, count.labels, count.bound


def _one(connection: Connection, statement: Statement, **parameters: object) -> float:
    return float(str(statement.run(connection, parameters).scalar_one()))


def _of_job(named: tuple[str, str], job: Job, value: float) -> Level:
    return Level(*named, value, (("job", job.value),))


def _beat(name: str, ms: int) -> Level:
    kind, _, rest = name.partition(" ")
    words = "Since the last sign of life of a process; it is forgotten after a day"
    labels = (("kind", kind), ("process", rest))
    return Level("moderator_process_silent_seconds", words, max(0, ms) / 1000, labels)
