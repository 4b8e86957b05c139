"""What each site taught, remembered for two seconds, so that every worker soon knows it."""

import threading
import time
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from moderator.domain.reputation import Ruling
from moderator.domain.work import Ticket
from moderator.judgement.site_layer import SiteLayer, from_bytes
from moderator.storage.database import Database, Statement, again_after_deadlock
from moderator.storage.queue import Queue
from moderator.storage.rulings import record_rulings
from moderator.storage.tables import site_layers
from moderator.storage.times import to_ms

MEMORY = 2.0  # seconds that a worker may judge by an older layer

INSERT = Statement(
    "INSERT INTO site_layers (site_id, version, state, changed_at)"
    " VALUES (:site_id, 1, :state, :now) ON CONFLICT DO NOTHING"
)
UPDATE = Statement(
    "UPDATE site_layers SET version = version + 1, state = :state, changed_at = :now"
    " WHERE site_id = :site_id AND version = :seen"
)
RESET = Statement("DELETE FROM site_layers WHERE site_id = :site_id")


class LayerRows:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)
        self._lock = threading.Lock()
        self._versions: dict[str, int] = {}
        self._layers: dict[str, tuple[int, SiteLayer]] = {}
        self._looked_at = float("-inf")

    def get(self, site_id: str) -> SiteLayer | None:
        """The site's layer, at most MEMORY seconds old; None when it taught nothing yet."""
        with self._lock:
            if time.monotonic() - self._looked_at > MEMORY:
                wanted = select(site_layers.c.site_id, site_layers.c.version)
                with self._database.read() as connection:
                    self._versions = {row[0]: row[1] for row in connection.execute(wanted).all()}
                self._looked_at = time.monotonic()
            version = self._versions.get(site_id)
            if version is None:
                return None
            held = self._layers.get(site_id)
            if held is None or held[0] != version:
                layer, version = self.load(site_id)
                held = self._layers[site_id] = (version, layer)
            return held[1]

    def load(self, site_id: str) -> tuple[SiteLayer, int]:
        """The layer as it is now, and its version; an empty one and 0 when there is none."""
        wanted = select(site_layers.c.state, site_layers.c.version)
        with self._database.read() as connection:
            row = connection.execute(wanted.where(site_layers.c.site_id == site_id)).one_or_none()
        return (SiteLayer(), 0) if row is None else (from_bytes(row[0]), int(row[1]))

    @again_after_deadlock
    def save(
        self,
        tickets: Sequence[Ticket],
        layers: Mapping[str, tuple[SiteLayer, int]],
        rulings: Sequence[Ruling] = (),
    ) -> bool:
        """End the tickets and store layers (with the versions seen) and rulings, or do nothing.

        False when another worker changed one of the layers meanwhile.
        """
        states = {site_id: (layer.to_bytes(), seen) for site_id, (layer, seen) in layers.items()}
        now = to_ms(self._database.now())
        with self._database.write() as connection:
            self._queue.hold(connection, tickets)
            held = self._queue.fence(connection, tickets)
            ours = {t.subject_id: t.site_id for t in tickets if t.row in held}
            known = [(ours[r.submission_id], r) for r in rulings if r.submission_id in ours]
            record_rulings(connection, known, now)
            for site_id, (state, seen) in sorted(states.items()):
                row = {"site_id": site_id, "state": state, "seen": seen, "now": now}
                if (UPDATE if seen else INSERT).run(connection, row).rowcount != 1:
                    connection.rollback()
                    return False
        return True

    def reset(self, site_id: str) -> bool:
        """Forget what a site taught; return whether there was anything."""
        with self._database.write() as connection:
            return RESET.run(connection, {"site_id": site_id}).rowcount == 1
