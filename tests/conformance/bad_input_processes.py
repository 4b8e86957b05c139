"""The same ground as real processes: `python -m moderator.wsgi` as an operator runs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from tests.conformance.bad_input_ground import NOBODY, Ground, register
from tests.databases import fresh
from tests.processes import Service

SETTINGS = {
    "": {},
    "queue_depth>limit": {"MAX_WAITING": "0"},
    "db_down": {"DATABASE_URL": "postgresql://127.0.0.1:9/nothing"},
    "redis_down": {"REDIS_URL": NOBODY},
}


@contextmanager
def a_ground_of_processes(folder: Path) -> Iterator[Ground]:
    """Serve a new database in `folder`, one web process for each precondition."""
    url = f"sqlite:///{folder / 'rows.db'}"
    database = Database(url)
    fresh(database)
    credentials = register(SiteRows(database), lambda: datetime.now(UTC))
    services: dict[str, Service] = {}
    try:
        for place, (name, extra) in enumerate(SETTINGS.items()):
            own = folder / str(place)
            own.mkdir()
            services[name] = Service(own, url, extra)
            services[name].start("web")
            services[name].wait_until_ready()
        ports = {name: service.port for name, service in services.items()}
        yield Ground(database, ports, credentials)
    finally:
        for service in services.values():
            service.kill("web")
        database.close()
