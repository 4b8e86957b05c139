"""What each site taught: a worker keeps what it judges by, and knows a change in two seconds."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any  # what a driver returns is typed by nobody

from sqlalchemy import Connection, select

from moderator.domain.history.reputation import HostRuling
from moderator.domain.queue import Ticket
from moderator.judgement.learning.site_layer import SiteLayer, from_bytes
from moderator.judgement.learning.traces import StoredLesson
from moderator.storage.base.bulk_sql import InsertRows, SelectIn
from moderator.storage.base.database import Database, Parameters, Statement, again_after_deadlock
from moderator.storage.base.times import to_ms
from moderator.storage.learning.host_rulings import record_rulings
from moderator.storage.queue import Queue
from moderator.storage.schema.tables import site_layers
from moderator.storage.submission_rows import lock_submissions

NO_LESSONS: Mapping[str, StoredLesson | None] = MappingProxyType({})
CACHE_SECONDS = 2.0  # seconds that a worker may judge by an older layer
MAX_CACHE_BYTES = 32 * 1024 * 1024  # of layers that a process keeps; a layer is read in 1 to 8 ms

INSERT = Statement(
    "INSERT INTO site_layers (site_id, version, basis, state, changed_at)"
    " VALUES (:site_id, 1, :basis, :state, :now) ON CONFLICT DO NOTHING"
)
UPDATE = Statement(
    "UPDATE site_layers SET version = version + 1, basis = :basis, state = :state,"
    " changed_at = :now"
    " WHERE site_id = :site_id AND version = :seen"
)
RESET = Statement("DELETE FROM site_layers WHERE site_id = :site_id")
OUTDATED = Statement(
    "SELECT site_id FROM site_layers WHERE basis <> :basis AND site_id > :after"
    " ORDER BY site_id LIMIT 1"
)
LESSON = "SELECT submission_id, text, is_spam, trace, alone FROM lessons"
LESSONS = SelectIn(f"{LESSON} WHERE submission_id IN {{many}}")
EVERY = Statement(
    f"{LESSON} WHERE site_id = :site_id AND (text, submission_id) > (:text, :id)"
    " ORDER BY text, submission_id LIMIT 500"
)
FORGET_LESSON = Statement("DELETE FROM lessons WHERE submission_id = :submission_id")
FORGET_ALL = Statement("DELETE FROM lessons WHERE site_id = :site_id")
REMEMBER = InsertRows("lessons", "submission_id site_id text is_spam trace alone")


class CachedLayers:
    """Layers by site, those used last, up to so many bytes together; the newest always stays."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._layers: OrderedDict[str, tuple[int, SiteLayer]] = OrderedDict()
        self.nbytes = 0

    def get(self, site_id: str, version: int) -> SiteLayer | None:
        held = self._layers.get(site_id)
        if held is None or held[0] != version:
            return None
        self._layers.move_to_end(site_id)
        return held[1]

    def put(self, site_id: str, version: int, layer: SiteLayer) -> None:
        self._drop(site_id)
        self._layers[site_id] = (version, layer)
        self.nbytes += layer.nbytes
        while self.nbytes > self._most_bytes and len(self._layers) > 1:
            self._drop(next(iter(self._layers)))

    def forget_others(self, versions: Mapping[str, int]) -> None:
        """Drop the layers of sites that have none any more."""
        for site_id in [site_id for site_id in self._layers if site_id not in versions]:
            self._drop(site_id)

    def _drop(self, site_id: str) -> None:
        held = self._layers.pop(site_id, None)
        if held is not None:
            self.nbytes -= held[1].nbytes


class SiteModelRows:
    def __init__(self, database: Database, *, most_bytes: int = MAX_CACHE_BYTES) -> None:
        self._database = database
        self._queue = Queue(database)
        self._lock = threading.Lock()
        self._versions: dict[str, int] = {}
        self._kept = CachedLayers(most_bytes)
        self._looked_at = float("-inf")

    def get(self, site_id: str) -> SiteLayer | None:
        """What the site's layer judges by, at most MEMORY seconds old; None when it taught nothing.

        It cannot be taught: what lessons need stays in the database.
        """
        with self._lock:
            if time.monotonic() - self._looked_at > CACHE_SECONDS:
                wanted = select(site_layers.c.site_id, site_layers.c.version)
                with self._database.read() as connection:
                    self._versions = {row[0]: row[1] for row in connection.execute(wanted).all()}
                self._kept.forget_others(self._versions)
                self._looked_at = time.monotonic()
            version = self._versions.get(site_id)
            if version is None:
                return None
            layer = self._kept.get(site_id, version)
            if layer is None:
                loaded, version = self.load(site_id)
                layer = loaded.for_judging()
                self._versions[site_id] = version  # perhaps newer than what was looked up
                self._kept.put(site_id, version, layer)
            return layer

    def load(self, site_id: str) -> tuple[SiteLayer, int]:
        """The layer as it is now, and its version; an empty one and 0 when there is none."""
        wanted = select(site_layers.c.state, site_layers.c.version)
        with self._database.read() as connection:
            row = connection.execute(wanted.where(site_layers.c.site_id == site_id)).one_or_none()
        return (SiteLayer(), 0) if row is None else (from_bytes(row[0]), int(row[1]))

    def lessons(self, ids: Iterable[str]) -> dict[str, StoredLesson]:
        with self._database.read() as connection:
            rows = LESSONS.run(connection, sorted(set(ids)))
        return {row[0]: _taught(row) for row in rows}

    def every_lesson(self, site_id: str) -> Iterator[tuple[str, StoredLesson]]:
        place: Parameters = {"site_id": site_id, "text": "", "id": ""}
        while True:
            with self._database.read() as connection:
                rows = EVERY.run(connection, place).all()
            if not rows:
                return
            yield from ((str(row[0]), _taught(row)) for row in rows)
            place |= {"text": str(rows[-1][1]), "id": str(rows[-1][0])}

    def outdated(self, basis: str, after: str) -> str:
        with self._database.read() as connection:
            row = OUTDATED.run(connection, {"basis": basis, "after": after}).one_or_none()
        return "" if row is None else str(row[0])

    @again_after_deadlock
    def save(
        self,
        tickets: Sequence[Ticket],
        layers: Mapping[str, tuple[SiteLayer, int]],
        rulings: Sequence[HostRuling] = (),
        lessons: Mapping[str, StoredLesson | None] = NO_LESSONS,
    ) -> bool:
        """End the tickets and store layers (with the versions seen), rulings and lessons, or
        do nothing.

        False when another worker changed one of the layers meanwhile, or somebody a submission:
        what was learned from all of them together holds no more.
        """
        states = [
            {"site_id": site_id, "basis": layer.basis, "state": layer.to_bytes(), "seen": seen}
            for site_id, (layer, seen) in sorted(layers.items())
        ]
        now = to_ms(self._database.now())
        with self._database.write() as connection:
            lock_submissions(connection, (ticket.subject_id for ticket in tickets))
            self._queue.lock_rows(connection, tickets)
            if len(self._queue.fence(connection, tickets)) < len(tickets):
                connection.rollback()
                return False
            ours = {ticket.subject_id: ticket.site_id for ticket in tickets}
            record_rulings(connection, [(ours[r.submission_id], r) for r in rulings], now)
            _write_lessons(connection, lessons, ours)
            for state in states:
                row = state | {"now": now}
                if (UPDATE if state["seen"] else INSERT).run(connection, row).rowcount != 1:
                    connection.rollback()
                    return False
        return True

    def reset(self, site_id: str) -> bool:
        """Forget what a site taught; return whether there was anything."""
        with self._database.write() as connection:
            FORGET_ALL.run(connection, {"site_id": site_id})
            return RESET.run(connection, {"site_id": site_id}).rowcount == 1


def _taught(row: Sequence[Any]) -> StoredLesson:
    return StoredLesson(str(row[1]), bool(row[2]), bytes(row[3]), bool(row[4]))


def _write_lessons(
    connection: Connection, lessons: Mapping[str, StoredLesson | None], sites: Mapping[str, str]
) -> None:
    """Replace what these submissions taught."""
    if not lessons:
        return
    FORGET_LESSON.run(connection, [{"submission_id": id_} for id_ in sorted(lessons)])
    REMEMBER.run(
        connection,
        [
            {
                "submission_id": id_,
                "site_id": sites[id_],
                "text": lesson.text,
                "is_spam": int(lesson.is_spam),
                "trace": lesson.trace,
                "alone": int(lesson.is_alone),
            }
            for id_, lesson in sorted(lessons.items())
            if lesson is not None
        ],
    )
