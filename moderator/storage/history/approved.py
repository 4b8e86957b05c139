"""What a site shows: read in order, and queued for another look."""

from collections.abc import Iterator

from moderator.domain.submission import Submission
from moderator.storage.base.database import Database, Parameters, Statement
from moderator.storage.base.payload import load_submission
from moderator.storage.base.times import to_ms
from moderator.storage.queue import Queue

# In the order of the index that finds them: by id alone, every page would read them all.
APPROVED = Statement(
    "SELECT payload, received_at, id FROM submissions WHERE site_id = :site_id"
    " AND status = 'approved' AND received_at >= :at AND (received_at > :at OR id > :id)"
    " ORDER BY received_at, id LIMIT :limit"
)
SHOWN_LINKBACKS = Statement(
    "SELECT id FROM submissions WHERE site_id = :site_id AND status = 'approved'"
    " AND kind NOT IN ('comment', 'reply')"
)


class ApprovedRows:
    """Honours usecases/linkback/recheck_links.py ShownStore."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)

    def approved(self, site_id: str, size: int) -> Iterator[list[Submission]]:
        place: Parameters = {"at": -1, "id": ""}
        while True:
            with self._database.read() as connection:
                asked = place | {"site_id": site_id, "limit": size}
                rows = APPROVED.run(connection, asked).all()
            if not rows:
                return
            yield [load_submission(str(row[0])) for row in rows]
            place = {"at": rows[-1][1], "id": rows[-1][2]}

    def reverify_now(self, site_id: str) -> int:
        now = to_ms(self._database.now())
        with self._database.write() as connection:
            rows = SHOWN_LINKBACKS.run(connection, {"site_id": site_id}).all()
            for row in rows:
                self._queue.reverify_now(connection, str(row[0]), site_id, now)
        return len(rows)
