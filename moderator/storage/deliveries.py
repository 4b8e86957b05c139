"""The outbox: callbacks waiting, sent, refused or dead."""

from collections.abc import Iterable, Sequence

from sqlalchemy import text

from moderator.domain.delivery import Attempt, Callback, DeliveryState
from moderator.domain.work import Ticket
from moderator.storage.database import Database, Statement, again_after_deadlock
from moderator.storage.many import Among
from moderator.storage.queue import Queue
from moderator.storage.times import to_ms

LOAD = Among("SELECT id, site_id, body, tries FROM deliveries WHERE id IN {many}")
FINISH = Statement(
    "UPDATE deliveries SET state = :state, tries = tries + 1, last_status = :status,"
    " last_error = :error, finished_at = :now WHERE id = :id"
)
POSTPONE = Statement(
    "UPDATE queue SET token = NULL, due_at = :due_at, attempts = 0"
    " WHERE id = :row AND token = :token"
)
REVIVE = (
    "UPDATE deliveries SET state = 'waiting', tries = 0, finished_at = NULL WHERE state = 'dead'"
)
REQUEUE = Statement(
    "INSERT INTO queue (job, subject_id, site_id, lane, due_at)"
    " VALUES ('deliver', :id, :site_id, :submission_id, :due_at) ON CONFLICT DO NOTHING"
)


class DeliveryRows:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)

    def load(self, ids: Iterable[str]) -> dict[str, Callback]:
        with self._database.read() as connection:
            rows = LOAD.run(connection, list(ids))
        return {row[0]: Callback(row[0], row[1], bytes(row[2]), int(row[3])) for row in rows}

    @again_after_deadlock
    def finish(self, attempts: Sequence[tuple[Ticket, Attempt]]) -> None:
        """Record how the sending went; an attempt with `retry_at` goes back into the queue."""
        if not attempts:
            return
        now = to_ms(self._database.now())
        ended = [(ticket, attempt) for ticket, attempt in attempts if attempt.retry_at is None]
        again = [(ticket, attempt) for ticket, attempt in attempts if attempt.retry_at is not None]
        with self._database.write() as connection:
            self._queue.hold(connection, [ticket for ticket, _ in attempts])
            held = self._queue.fence(connection, [ticket for ticket, _ in ended])
            written = [pair for pair in ended if pair[0].row in held]
            for ticket, attempt in again:
                due = None if attempt.retry_at is None else to_ms(attempt.retry_at)
                moved = POSTPONE.run(
                    connection, {"row": ticket.row, "token": ticket.token, "due_at": due}
                )
                if moved.rowcount == 1:
                    written.append((ticket, attempt))
            if written:
                FINISH.run(connection, [_finished(ticket, a, now) for ticket, a in written])

    @again_after_deadlock
    def revive(self, site_id: str | None) -> int:
        """Queue dead letters again (of one site, or all); return how many."""
        now = to_ms(self._database.now())
        where = " AND site_id = :site_id" if site_id else ""
        sql = text(REVIVE + where + " RETURNING id, site_id, submission_id")
        with self._database.write() as connection:
            parameters = {"site_id": site_id} if site_id else {}
            rows = connection.execute(sql, parameters).all()
            for row in rows:
                REQUEUE.run(
                    connection,
                    {"id": row[0], "site_id": row[1], "submission_id": row[2], "due_at": now},
                )
        return len(rows)


def _finished(ticket: Ticket, attempt: Attempt, now: int) -> dict[str, object]:
    return {
        "id": ticket.subject_id,
        "state": attempt.state.value,
        "status": attempt.status,
        "error": attempt.error,
        "now": None if attempt.state is DeliveryState.WAITING else now,
    }
