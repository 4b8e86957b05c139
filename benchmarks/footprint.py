"""What a submission costs and leaves behind, from POST to callback: the ground of capacity.py.

`python -m benchmarks.footprint` sends COMMENTS of their own words to web, two workers and sweeper
over PostgreSQL and prints, per submission, bytes of tables, indexes, write-ahead log and Redis and
microseconds of CPU of each part, and per process memory and connections. A busy machine changes
none of the bytes, and adds to the CPU.
"""

import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import redis
from sqlalchemy import Connection, create_engine, text

from benchmarks.proc import children, cpu_seconds, memory_mb
from benchmarks.service import postmaster
from moderator.domain.site import Site
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import upgrade
from moderator.usecases.operate.sites import ManageSites
from tests.builders import NOON
from tests.databases import postgres_server
from tests.faults.test_kill import Sender
from tests.processes import FakeBlog, Service

COMMENTS = 5_000
CLIENTS = 8
PATIENCE = 600.0  # seconds
SIZES = """
SELECT pg_current_wal_lsn() - '0/0',
  (SELECT sum(pg_table_size(c.oid)) FROM pg_class c WHERE c.relkind = 'r'
   AND c.relnamespace = 'public'::regnamespace),
  (SELECT sum(pg_indexes_size(c.oid)) FROM pg_class c WHERE c.relkind = 'r'
   AND c.relnamespace = 'public'::regnamespace)
"""
# Counted from one place, so that both times are settled.
SETTLED = "CHECKPOINT"
CONNECTIONS = (
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    " AND pid <> pg_backend_pid()"
)


def sizes(connection: Connection) -> tuple[int, int, int]:
    """Bytes of write-ahead log, tables and indexes so far."""
    connection.execute(text(SETTLED))
    connection.execute(text("VACUUM"))
    wal, tables, indexes = connection.execute(text(SIZES)).one()
    return int(wal), int(tables), int(indexes)


def enrol(database: Database, blog: FakeBlog) -> str:
    site = Site(
        id="blog",
        name="A blog",
        url="https://blog.example.org/",
        hosts=frozenset({"blog.example.org"}),
        callback_url=blog.url,
        allowed_addresses=frozenset({("127.0.0.1", blog.port)}),
    )
    return ManageSites(SiteRows(database), bytes).add(site, NOON).api_key


def measured(url: str, folder: Path) -> dict[str, float]:
    database = Database(url)
    upgrade(database)
    admin = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT"
    )
    with FakeBlog() as blog, admin.connect() as connection:
        key = enrol(database, blog)
        database.close()
        with Service(folder, url) as service:
            service.wait_until_judging()
            sender = Sender(service.base, key)
            before, worked = sizes(connection), cpu(service, url)
            with ThreadPoolExecutor(CLIENTS) as clients:
                list(clients.map(sender.send, range(COMMENTS)))
            blog.wait_for(COMMENTS, PATIENCE)
            cost = {name: spent - worked[name] for name, spent in cpu(service, url).items()}
            found: dict[str, float] = {
                f"{name}_us": round(cost[name] / COMMENTS * 1e6) for name in cost
            }
            found |= _per_submission(before, sizes(connection))
            found |= _of_redis(service)
            found |= _of_processes(service, connection)
    admin.dispose()
    return found


def cpu(service: Service, url: str) -> dict[str, float]:
    """CPU seconds so far, by part."""
    names = {"web": ("web",), "worker": ("worker", "worker2"), "sweeper": ("sweeper",)}
    pids = {
        part: [pid for each in of for pid in children(service.processes[each].pid)]
        for part, of in names.items()
    }
    pids["redis"] = children(service.redis.pid or 0)
    pids["postgres"] = children(postmaster(url))
    return {part: cpu_seconds(each) for part, each in pids.items()}


def _per_submission(before: tuple[int, ...], after: tuple[int, ...]) -> dict[str, float]:
    names = ("wal_bytes", "table_bytes", "index_bytes")
    return {
        name: round((then - first) / COMMENTS)
        for name, first, then in zip(names, before, after, strict=True)
    }


def _of_redis(service: Service) -> dict[str, float]:
    with redis.Redis.from_url(service.redis.url) as client:
        return {"redis_bytes": round(int(client.info("memory")["used_memory"]) / COMMENTS)}


def _of_processes(service: Service, connection: Connection) -> dict[str, float]:
    found = {"connections": float(connection.execute(text(CONNECTIONS)).scalar_one())}
    for name, process in service.processes.items():
        pids = children(process.pid)
        found[f"{name}_pss_mb"] = round(memory_mb(pids)[1])
    return found


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, postgres_server() as url:
        print(json.dumps(measured(url, Path(folder)), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
