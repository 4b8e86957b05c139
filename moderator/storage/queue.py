"""The queue: rows that are claimed by lease, written under a fence, and deleted when done.

A claim counts an attempt, sets a token, and moves `due_at` ahead by the lease (domain/queue.py:
LEASES), so the rows of a worker that died come back. The fence: only who holds the token writes.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any  # what a driver returns is typed by nobody

from sqlalchemy import Connection

from moderator.domain.finding import Finding
from moderator.domain.queue import Job, Ticket
from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Database, Statement, again_after_deadlock
from moderator.storage.base.payload import dump, load_findings
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.claims import FRESH, IN_LANE, TRIED, claiming

log = logging.getLogger(__name__)

FAILED = "event=failed job=%s submission=%s attempts=%d"
RETRY_TURN = 8  # every so many claims a retried row goes first
FAIR_TURN = 4  # every so many claims the sites that filled the last batch are left out
MOST_CROWDING = 4  # sites that may be left out at a fair turn
COUNT_AGE = 0.25  # seconds that a count of waiting rows may be old, at least ...
COUNT_SHARE = 0.02  # ... and of all the time that may be spent counting, at most

COUNT = Statement("SELECT count(*) FROM queue WHERE job IN ('check', 'reach')")
OLDEST = Statement(
    " UNION ALL ".join(
        f"SELECT '{job}', (SELECT q.due_at FROM queue q WHERE q.job = '{job}' AND {half}"  # noqa: S608  # our own words
        f" {IN_LANE if job is Job.DELIVER else ''} ORDER BY q.due_at LIMIT 1)"
        for job in Job
        for half in (FRESH, TRIED)
    )
)
RELEASE = Statement(
    "UPDATE queue SET token = NULL, due_at = :due_at WHERE id = :row AND token = :token"
)
HAND_BACK = Statement(
    "UPDATE queue SET token = NULL, due_at = :due_at, attempts = attempts - 1"
    " WHERE id = :row AND token = :token"
)
RENEW = Statement(
    "INSERT INTO queue (job, subject_id, site_id, due_at) VALUES ('check', :id, :site_id, :due_at)"
    " ON CONFLICT (job, subject_id) DO UPDATE SET due_at = excluded.due_at, token = NULL,"
    " attempts = 0, findings = ''"
)
REVERIFY_NOW = Statement(
    "INSERT INTO queue (job, subject_id, site_id, due_at)"
    " VALUES ('reverify', :id, :site_id, :due_at) ON CONFLICT (job, subject_id) DO UPDATE"
    " SET due_at = excluded.due_at, attempts = 0 WHERE queue.token IS NULL"
)
DROP_REACH = Statement("DELETE FROM queue WHERE job = 'reach' AND subject_id = :id")
TO_REACH = Statement(
    "UPDATE queue SET job = 'reach', token = NULL, attempts = 0, due_at = :due_at,"
    " findings = :findings, lane = :lane WHERE id = :row AND token = :token"
)
POSTPONE = Statement(
    "UPDATE queue SET token = NULL, due_at = :until, attempts = attempts - 1"
    " WHERE id = :row AND token = :token"
)
POSTPONE_LANE = """
UPDATE queue SET due_at = :until WHERE id IN (
  SELECT q.id FROM queue q WHERE q.lane <> '' AND q.job = 'reach' AND q.due_at <= :now
  AND q.lane = (SELECT own.lane FROM queue own WHERE own.id = :row) {skip_locked}
)
"""
TO_CHECK = Statement(
    "UPDATE queue SET job = 'check', token = NULL, attempts = 0, due_at = :due_at,"
    " findings = :findings WHERE id = :row AND token = :token AND NOT EXISTS (SELECT 1"
    " FROM queue c WHERE c.job = 'check' AND c.subject_id = queue.subject_id)"
)
LOCK_ROWS = SelectIn("SELECT id FROM queue WHERE id IN {many} ORDER BY id FOR UPDATE")
LOCK_JUDGED = SelectIn(
    "SELECT id FROM queue WHERE subject_id IN {many} AND job IN ('check', 'reach')"
    " ORDER BY id FOR UPDATE"
)
# What it reads is not locked by itself: the caller holds the rows.
FENCE = SelectIn(
    "DELETE FROM queue WHERE id IN (SELECT q.id FROM (VALUES {rows}) AS k CROSS JOIN queue q"
    " WHERE q.id = k.column1 AND q.token = k.column2) RETURNING id"
)
EVERY_JOB = ", ".join(f"'{job}'" for job in Job)  # named, for the index begins with the job
UNQUEUE = (
    Statement(f"DELETE FROM queue WHERE subject_id = :id AND job IN ({EVERY_JOB})"),  # noqa: S608  # our own words
    Statement("DELETE FROM queue WHERE lane = :id"),
)


def unqueue(connection: Connection, submission_id: str) -> None:
    """Drop everything that waits for a submission: its jobs, and its callbacks."""
    for statement in UNQUEUE:
        statement.run(connection, {"id": submission_id})


class Queue:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._postpone_lane = Statement(POSTPONE_LANE.format(skip_locked=database.skip_locked))
        self._count = 0
        self._counted_at = float("-inf")
        self._count_age = COUNT_AGE
        self._claims = 0
        self._crowd: dict[Job, set[str]] = {}  # the sites that filled the last batch of a job

    def now(self) -> datetime:
        return self._database.now()

    def waiting(self) -> int:
        """Submissions without a verdict; a count may be a moment old, longer when many wait."""
        began = time.monotonic()
        if began - self._counted_at > self._count_age:
            with self._database.read() as connection:
                self._count = int(str(COUNT.run(connection, {}).scalar_one()))
            self._counted_at = time.monotonic()
            self._count_age = max(COUNT_AGE, (self._counted_at - began) / COUNT_SHARE)
        return self._count

    def oldest_due(self) -> dict[Job, datetime]:
        """When the longest-waiting row of each job became due; callbacks wait for earlier ones."""
        with self._database.read() as connection:
            rows = OLDEST.run(connection, {}).all()
        found = sorted((int(str(due)), Job(str(job))) for job, due in rows if due is not None)
        return {job: from_ms(due) for due, job in reversed(found)}  # the earlier one stays

    def claim(
        self,
        job: Job,
        limit: int,
        *,
        token: str,
        lease: timedelta,
        without_sites: Sequence[str] = (),
    ) -> list[Ticket]:
        """Claim up to `limit` fresh rows, or one row that was tried before.

        Fresh ones go first but for every eighth time, so that under load retries are not starved.
        Every fourth time those of other sites than the last full batch go first, so that a flood
        at one site keeps no other waiting.
        """
        self._claims += 1
        crowd = self._crowd.get(job, set()) - set(without_sites)
        if crowd and self._claims % FAIR_TURN == 1:
            others = self._claim_some(job, limit, token, lease, [*without_sites, *sorted(crowd)])
            if others:
                return others
        tickets = self._claim_some(job, limit, token, lease, without_sites)
        is_full = limit > 1 and len(tickets) == limit
        sites = {ticket.site_id for ticket in tickets} if is_full else set()
        self._crowd[job] = sites if len(sites) <= MOST_CROWDING else set()
        return tickets

    def _claim_some(
        self, job: Job, limit: int, token: str, lease: timedelta, without_sites: Sequence[str]
    ) -> list[Ticket]:
        order = ((FRESH, limit), (TRIED, 1))
        with self._database.write() as connection:
            for fresh, size in order if self._claims % RETRY_TURN else reversed(order):
                tickets = self._claim(connection, (job, fresh, token), size, lease, without_sites)
                if tickets:
                    return tickets
        return []

    def _claim(
        self,
        connection: Connection,
        what: tuple[Job, str, str],
        limit: int,
        lease: timedelta,
        without_sites: Sequence[str],
    ) -> list[Ticket]:
        job, fresh, token = what
        lane = IN_LANE if job is Job.DELIVER else ""
        database = self._database
        statement = claiming(
            fresh, lane, len(without_sites), database.skip_locked, database.now_sql
        )
        parameters: dict[str, object] = {
            "token": token,
            "lease": lease // timedelta(milliseconds=1),
            "job": job.value,
            "limit": limit,
        }
        if not database.is_postgres:
            parameters["now"] = to_ms(database.now())
        parameters |= {f"site_{n}": site for n, site in enumerate(without_sites)}
        rows = statement.run(connection, parameters).all()
        return [_ticket(job, token, row) for row in sorted(rows, key=lambda row: int(row[0]))]

    @again_after_deadlock
    def hand_back(self, tickets: Iterable[Ticket]) -> None:
        """Release rows at once, without counting the attempt (a clean shutdown)."""
        if held := sorted(tickets, key=lambda ticket: ticket.row):
            with self._database.write() as connection:
                self.due_again(connection, held)

    @again_after_deadlock
    def release(self, ticket: Ticket, due_at: datetime) -> None:
        """Give a claimed row back, to be claimed again at `due_at`; the attempt stays counted."""
        with self._database.write() as connection:
            RELEASE.run(
                connection, {"row": ticket.row, "token": ticket.token, "due_at": to_ms(due_at)}
            )

    def fail(self, ticket: Ticket, error: BaseException, due_at: datetime) -> None:
        log.error(FAILED, ticket.job, ticket.submission_id, ticket.attempts, exc_info=error)
        self.release(ticket, due_at)

    def renew(
        self, connection: Connection, subjects: Iterable[tuple[str, str]], now: datetime
    ) -> None:
        """Queue a new judgement from the start; the token of a running one becomes void."""
        asked = sorted(subjects)
        if self._database.is_postgres:
            LOCK_JUDGED.run(connection, [submission_id for submission_id, _ in asked])
        for submission_id, site_id in asked:
            DROP_REACH.run(connection, {"id": submission_id})
            RENEW.run(connection, {"id": submission_id, "site_id": site_id, "due_at": to_ms(now)})

    def due_again(self, connection: Connection, tickets: Iterable[Ticket]) -> None:
        """Make rows due from the start: what was judged has changed meanwhile."""
        due = to_ms(self._database.now())
        rows = [{"row": t.row, "token": t.token, "due_at": due} for t in tickets]
        if rows:
            HAND_BACK.run(connection, rows)

    def reverify_now(
        self, connection: Connection, submission_id: str, site_id: str, now: int
    ) -> None:
        """Make the reverification of a linkback due now; it is queued once."""
        REVERIFY_NOW.run(connection, {"id": submission_id, "site_id": site_id, "due_at": now})

    @again_after_deadlock
    def postpone(self, ticket: Ticket, until: datetime) -> None:
        """Release a row at `until` without counting the attempt, and with it all of its lane."""
        row = {"row": ticket.row, "token": ticket.token, "until": to_ms(until)}
        now = to_ms(self._database.now())
        with self._database.write() as connection:
            POSTPONE.run(connection, row)
            self._postpone_lane.run(
                connection, {"row": ticket.row, "until": to_ms(until), "now": now}
            )

    def to_remote(
        self, connection: Connection, tickets: Sequence[tuple[Ticket, tuple[Finding, ...], str]]
    ) -> set[int]:
        """Pass rows on to the remote checks, with their findings, each in its lane.

        Return the ids of the rows whose lease still held.
        """
        due = to_ms(self._database.now())
        moved = set()
        for ticket, findings, lane in tickets:
            result = TO_REACH.run(
                connection,
                {
                    "row": ticket.row,
                    "token": ticket.token,
                    "findings": dump(findings),
                    "due_at": due,
                    "lane": lane,
                },
            )
            if result.rowcount == 1:
                moved.add(ticket.row)
        return moved

    def to_local(
        self, connection: Connection, ticket: Ticket, findings: tuple[Finding, ...]
    ) -> bool:
        """Make a row due for the local checks, in place of others; False when its lease is lost."""
        held = {"row": ticket.row, "token": ticket.token}
        due = to_ms(self._database.now())
        moved = TO_CHECK.run(connection, held | {"findings": dump(findings), "due_at": due})
        if moved.rowcount == 1:
            DROP_REACH.run(connection, {"id": ticket.subject_id})
        return moved.rowcount == 1

    def lock_rows(self, connection: Connection, tickets: Iterable[Ticket]) -> None:
        """Lock the rows of several tickets in the one order that keeps writers from deadlocks."""
        if self._database.is_postgres:
            LOCK_ROWS.run(connection, [ticket.row for ticket in tickets])

    def fence(self, connection: Connection, tickets: Sequence[Ticket]) -> set[int]:
        """The fence: delete rows whose token holds, return their ids; only these may be written."""
        if not tickets:
            return set()
        held = [(ticket.row, ticket.token) for ticket in tickets]
        return {int(row[0]) for row in FENCE.run(connection, held)}


def _ticket(job: Job, token: str, row: Sequence[Any]) -> Ticket:
    findings, claimed_at = load_findings(row[4]), from_ms(int(row[5]))
    return Ticket(int(row[0]), token, job, row[1], row[2], int(row[3]), findings, claimed_at)
