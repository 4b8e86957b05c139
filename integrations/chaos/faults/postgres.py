"""PostgreSQL: its connections are terminated, or it crashes and is started again at once."""

import signal
from random import Random

from integrations.chaos.act import Act
from integrations.chaos.stage import Stage
from integrations.chaos.stores import PostgresStore

TOUCHES = frozenset({"database"})
TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


class Postgres:
    name = "postgres"
    needs = 60
    weight = 3.0

    def draw(self, stage: Stage, random: Random) -> Act | None:
        store = stage.ground.store
        if not isinstance(store, PostgresStore):
            return None
        if random.random() < 0.6:
            return Act("terminate all connections", TOUCHES, lambda: store.say(TERMINATE), 0.3)
        return Act("immediate restart of PostgreSQL", TOUCHES, lambda: _restart(stage, store), 2)


def _restart(stage: Stage, store: PostgresStore) -> None:
    """The supervisor starts it."""
    store.end(signal.SIGQUIT)
    stage.wait_until(store.answers, 30)
