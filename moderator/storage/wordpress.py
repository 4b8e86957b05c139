"""Blogs that are polled: how they are reached, where a round goes on, what it compares."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from moderator.domain.events.polling import Place, Polled, PolledComment, WatchedComment
from moderator.domain.queue import Ticket
from moderator.domain.site import WordPressAccess
from moderator.domain.verdict import ERASED, QUEUED, Verdict
from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Database, Parameters, Statement, again_after_deadlock
from moderator.storage.base.times import to_ms
from moderator.storage.queue import Queue

WATCHED = 50  # of each kind that a round looks at
KNOWN_BY_ALL = timedelta(seconds=5)  # after which every process has heard of a new connection

CONNECT = Statement(
    "INSERT INTO wordpress_blogs (site_id, url, username, password)"
    " VALUES (:site_id, :url, :username, :password) ON CONFLICT (site_id) DO UPDATE"
    " SET url = excluded.url, username = excluded.username, password = excluded.password,"
    " error = ''"
)
ENQUEUE = Statement(
    "INSERT INTO queue (job, subject_id, site_id, due_at) VALUES ('poll', :site_id, :site_id, :now)"
    " ON CONFLICT (job, subject_id) DO UPDATE SET due_at = excluded.due_at, attempts = 0"
)
DISCONNECT = (
    Statement("DELETE FROM wordpress_blogs WHERE site_id = :site_id"),
    Statement("DELETE FROM queue WHERE job = 'poll' AND subject_id = :site_id"),
)
PLACES = SelectIn(
    "SELECT site_id, held_offset, recent_id, held_at, held_id FROM wordpress_blogs"
    " WHERE site_id IN {many}"
)
KNOWN = SelectIn(
    "SELECT s.platform_id, s.digest, s.status FROM (VALUES {rows}) AS k CROSS JOIN submissions s"
    " WHERE s.site_id = k.column1 AND s.platform_id = k.column2"
)
WATCH = "SELECT s.id, s.platform_id, s.status, s.heard_status, s.received_at FROM submissions s"
# Which of them wait is said afterwards: a planner would look for all that wait, at any site.
TOLD = SelectIn(
    "SELECT v.submission_id, v.state FROM submissions s"
    " JOIN deliveries v ON v.submission_id = s.id WHERE s.id IN {many}"
)
RECENT = Statement(
    f"{WATCH} WHERE s.site_id = :site_id AND s.id > :after ORDER BY s.id LIMIT :most"
)
HELD = Statement(
    f"{WATCH} WHERE s.site_id = :site_id AND s.status = 'hold'"
    " AND (s.received_at, s.id) > (:at, :after) ORDER BY s.received_at, s.id LIMIT :most"
)
UNDECIDED = frozenset({QUEUED, ERASED})
TRIED = Statement(
    "SELECT DISTINCT d.verdict FROM deliveries v JOIN decisions d ON d.id = v.decision_id"
    " WHERE v.submission_id = :id AND v.tries > 0"
)
ENDED = Statement(
    "UPDATE wordpress_blogs SET held_offset = :held_offset, recent_id = :recent_id,"
    " held_at = :held_at, held_id = :held_id, error = :error,"
    " polled_at = CASE WHEN :error = '' THEN :now ELSE polled_at END WHERE site_id = :site_id"
)
LATER = Statement(
    "UPDATE queue SET token = NULL, due_at = :due_at, attempts = :attempts"
    " WHERE id = :row AND token = :token"
)


class WordPressRows:
    """Honours usecases/wordpress/poll.py PollStore."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)

    def connect(self, site_id: str, access: WordPressAccess) -> None:
        """Poll a site this way, soon and from then on; the site must exist."""
        row: Parameters = {
            "site_id": site_id,
            "url": access.url,
            "username": access.user,
            "password": access.password,
            "now": to_ms(self._database.now() + KNOWN_BY_ALL),
        }
        with self._database.write() as connection:
            CONNECT.run(connection, row)
            ENQUEUE.run(connection, row)

    def disconnect(self, site_id: str) -> None:
        with self._database.write() as connection:
            for statement in DISCONNECT:
                statement.run(connection, {"site_id": site_id})

    def places(self, site_ids: Iterable[str]) -> dict[str, Place]:
        with self._database.read() as connection:
            rows = PLACES.run(connection, list(site_ids))
        return {row[0]: Place(int(row[1]), row[2], int(row[3]), row[4]) for row in rows}

    def known(self, site_id: str, platform_ids: Sequence[str]) -> dict[str, PolledComment]:
        with self._database.read() as connection:
            rows = KNOWN.run(connection, [(site_id, id_) for id_ in platform_ids])
        return {row[0]: PolledComment(row[1], row[2]) for row in rows}

    def watched(
        self, site_id: str, place: Place, since: datetime
    ) -> tuple[list[WatchedComment], Place]:
        """Some of what is decided and told, and the place after them; '' where the end is met."""
        begin = max(place.recent_id, f"{to_ms(since):012x}")  # an id begins with its time
        asked: Parameters = {"site_id": site_id, "most": WATCHED}
        with self._database.read() as connection:
            recent = RECENT.run(connection, asked | {"after": begin}).all()
            more = asked | {"at": place.held_at, "after": place.held_id}
            held = HELD.run(connection, more).all()
            found = {row[0]: row for row in (*recent, *held)}
            told = TOLD.run(connection, sorted(found))
        # Of what is being told at this moment nobody knows whether it has arrived.
        waiting = {row[0] for row in told if row[1] == "waiting"}
        is_end = len(held) < WATCHED
        after = Place(
            place.held_offset,
            recent[-1][0] if len(recent) == WATCHED else "",
            0 if is_end else int(held[-1][4]),
            "" if is_end else held[-1][0],
        )
        return [
            WatchedComment(row[0], row[1], row[2], row[3] or "hold")
            for row in found.values()
            # Without a number the blog has no comment of it.
            if row[1].isdecimal() and row[2] not in UNDECIDED and row[0] not in waiting
        ], after

    def tried(self, submission_id: str) -> frozenset[str]:
        """The statuses that the blog was told of a submission, or may have been."""
        with self._database.read() as connection:
            rows = TRIED.run(connection, {"id": submission_id}).all()
        return frozenset(Verdict(row[0]).status for row in rows)

    @again_after_deadlock
    def finish(self, polled: Sequence[tuple[Ticket, Polled]], now: datetime) -> None:
        """Store how far the rounds came, and when the next are due; end what is not polled."""
        with self._database.write() as connection:
            self._queue.lock_rows(connection, [ticket for ticket, _ in polled])
            for ticket, result in polled:
                if self._is_ours(connection, ticket, result) and result.place is not None:
                    ENDED.run(connection, _ended(ticket, result, result.place, now))

    def _is_ours(self, connection: Connection, ticket: Ticket, result: Polled) -> bool:
        if result.next_at is None:
            return bool(self._queue.fence(connection, [ticket]))
        later = {
            "row": ticket.row,
            "token": ticket.token,
            "due_at": to_ms(result.next_at),
            "attempts": ticket.attempts if result.error else 0,
        }
        return LATER.run(connection, later).rowcount == 1


def _ended(ticket: Ticket, result: Polled, place: Place, now: datetime) -> Parameters:
    return {
        "site_id": ticket.site_id,
        "held_offset": place.held_offset,
        "recent_id": place.recent_id,
        "held_at": place.held_at,
        "held_id": place.held_id,
        "error": result.error,
        "now": to_ms(now),
    }
