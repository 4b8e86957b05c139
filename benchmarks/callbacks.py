"""What a callback costs: a backlog in the outbox of one blog is drained in this process.

`python -m benchmarks.callbacks [--callbacks 10000] [--blogs 1]` prints a line per database: rate,
CPU of the courier and of PostgreSQL, and transactions, each per callback.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event, insert

from benchmarks.proc import children, cpu_seconds
from moderator.bootstrap.worker import build_worker
from moderator.domain.queue import Job
from moderator.domain.site import Secret, Site
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.tables import decisions, deliveries, queue, submissions
from tests.databases import fresh, postgres_server
from tests.redis_server import free_port

BODY = b'{"type":"verdict.issued","data":{"reasons":"' + b"x" * 1_400 + b'"}}'
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
AT_ONCE = 500


def fill(database: Database, port: int, callbacks: int, blogs: int) -> None:
    fresh(database)
    sites = SiteRows(database)
    for blog in range(blogs):
        address = f"http://127.0.0.1:{port}/verdicts"
        site = Site(
            f"blog{blog}", "", "https://blog.example.org/", frozenset(), callback_url=address,
            secrets=(Secret("whsec_" + "c2VjcmV0" * 4, NOW),),
            allowed_addresses=frozenset({("127.0.0.1", port)}),
        )  # fmt: skip
        sites.add(site, key_prefix="mod_", key_digest=f"digest{blog}", now=NOW)
    for first in range(0, callbacks, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, callbacks))
        common = [{"id": f"msg_{n:08}-1", "site_id": f"blog{n % blogs}"} for n in numbers]
        with database.write() as connection:
            connection.execute(
                insert(submissions),
                [{"id": row["id"][4:12], "site_id": row["site_id"], "platform_id": row["id"],
                  "created_at": 0, "received_at": 0, "sequence": 1} for row in common],
            )  # fmt: skip
            connection.execute(
                insert(decisions),
                [{"id": row["id"][4:], "submission_id": row["id"][4:12], "sequence": 1, "score": 0,
                  "verdict": "approve", "hold_at": 0, "spam_at": 0, "policy_version": 1,
                  "decided_at": 0} for row in common],
            )  # fmt: skip
            connection.execute(
                insert(deliveries),
                [row | {"submission_id": row["id"][4:12], "decision_id": row["id"][4:],
                        "sequence": 1, "body": BODY, "created_at": 0} for row in common],
            )  # fmt: skip
            connection.execute(
                insert(queue),
                [{"job": "deliver", "subject_id": row["id"], "site_id": row["site_id"],
                  "lane": row["id"][4:12], "due_at": 0} for row in common],
            )  # fmt: skip
    if database.is_postgres:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")


def measure(url: str, port: int, options: argparse.Namespace) -> str:
    database = Database(url)
    fill(database, port, options.callbacks, options.blogs)
    worker = build_worker(Settings(database_url=url, log_level="WARNING"))
    worker.warm()
    begun: list[None] = []
    event.listen(worker.database.engine, "begin", lambda _connection: begun.append(None))
    before, before_server = time.process_time(), cpu_seconds(_postgres(database))
    began = time.perf_counter()
    count = worker.drains[Job.DELIVER]()
    seconds = time.perf_counter() - began
    ours = time.process_time() - before
    theirs = cpu_seconds(_postgres(database)) - before_server
    name = "postgresql" if database.is_postgres else "sqlite"
    worker.close()
    database.close()
    return (
        f"{name:10} {count} callbacks to {options.blogs} blogs: {count / seconds:6.0f}/s,"
        f" courier {ours / count * 1e6:4.0f} us, database {theirs / count * 1e6:4.0f} us,"
        f" {len(begun) / count:.3f} transactions"
    )


def _postgres(database: Database) -> list[int]:
    if not database.is_postgres:
        return []
    with database.engine.connect() as connection:
        backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    stat = Path(f"/proc/{backend}/stat").read_text()
    return children(int(stat.rpartition(")")[2].split()[1]))


@contextmanager
def sink() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.sink", str(port)])  # noqa: S603  # our own
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--callbacks", type=int, default=10_000)
    parser.add_argument("--blogs", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sink() as port, postgres_server() as postgres:
        time.sleep(0.5)
        for url in (f"sqlite:///{folder}/callbacks.db", postgres):
            print(measure(url, port, options), flush=True)


if __name__ == "__main__":
    main()
