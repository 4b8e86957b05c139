"""What a site shows: read in order, and queued for another look."""

from moderator.domain.submission import LINKBACKS, Submission
from moderator.storage.database import Database, Statement
from moderator.storage.payload import load_submission
from moderator.storage.queue import Queue
from moderator.storage.times import to_ms

APPROVED = Statement(
    "SELECT payload FROM submissions WHERE site_id = :site_id AND status = 'approved'"
    " AND id > :after ORDER BY id LIMIT :limit"
)
KINDS = ", ".join(f"'{kind}'" for kind in sorted(LINKBACKS))
SHOWN_LINKBACKS = Statement(
    "SELECT id FROM submissions WHERE site_id = :site_id AND status = 'approved'"  # noqa: S608  # our own words
    f" AND kind IN ({KINDS})"
)


class ShownRows:
    """Honours usecases/recheck_links.py ShownStore."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)

    def approved(self, site_id: str, after: str, limit: int) -> list[Submission]:
        with self._database.read() as connection:
            rows = APPROVED.run(
                connection, {"site_id": site_id, "after": after, "limit": limit}
            ).all()
        return [load_submission(str(row[0])) for row in rows]

    def look_now(self, site_id: str) -> int:
        now = to_ms(self._database.now())
        with self._database.write() as connection:
            rows = SHOWN_LINKBACKS.run(connection, {"site_id": site_id}).all()
            for row in rows:
                self._queue.look_now(connection, str(row[0]), site_id, now)
        return len(rows)
