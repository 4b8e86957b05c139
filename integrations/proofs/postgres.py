"""A PostgreSQL of a proof's own: Debian's, from this machine or unpacked."""

import os
import pwd
import subprocess
from pathlib import Path

from integrations.proofs.ground import (
    Processes,
    ProofError,
    free_port,
    libraries,
    unpacked,
    wait_until,
)

PACKAGES = ("postgresql-15", "libpq5", "libllvm14")
USER, PASSWORD = "moderator", "wide-river-27"


def programs(place: Path) -> Path:
    """The folder of initdb and postgres."""
    for root in (Path("/"), place):
        found = sorted(root.glob("usr/lib/postgresql/*/bin/initdb"))
        if found:
            return found[-1].parent
    return programs(unpacked(place, PACKAGES))


def _owner() -> str:
    """It refuses to run as root."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


class Postgres:
    """On `host` and a port of its own; `settings` as in postgresql.conf, `allowed` as in pg_hba."""

    def __init__(self, folder: Path, processes: Processes, host: str = "127.0.0.1") -> None:
        self.bin = programs(folder)
        self.folder = folder / "postgres"
        self.data = self.folder / "data"
        self.host, self.port = host, free_port()
        self.owner = _owner()
        self.processes = processes
        self.environment = libraries(folder)
        self.folder.mkdir()
        _give(self.folder, self.owner)

    def start(self, settings: str = "", allowed: str = "host all all all scram-sha-256\n") -> None:
        words = self.folder / "password"
        words.write_text(PASSWORD)
        _give(words, self.owner)
        done = subprocess.run(  # noqa: S603  # our own program
            [str(self.bin / "initdb"), "-D", str(self.data), "-U", USER, "--auth=scram-sha-256",
             f"--pwfile={words}", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"],
            env=self.environment, capture_output=True, text=True, check=False,
            user=self.owner, group=self.owner, cwd=self.folder,
        )  # fmt: skip
        if done.returncode:
            raise ProofError(f"initdb: {done.stderr[-300:]}")
        (self.data / "pg_hba.conf").write_text(allowed)
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"listen_addresses = '{self.host}'\nport = {self.port}\n")
            file.write(f"unix_socket_directories = '{self.folder}'\n{settings}\n")
        self.processes.start(
            "postgres", [str(self.bin / "postgres"), "-D", str(self.data)],
            self.environment, user=self.owner,
        )  # fmt: skip
        wait_until(self._is_there, "PostgreSQL answers")

    def _is_there(self) -> bool:
        ready = [str(self.bin / "pg_isready"), "-q", "-h", self.host, "-p", str(self.port)]
        return subprocess.run(ready, env=self.environment, check=False).returncode == 0  # noqa: S603

    def url(self, more: str = "", port: int = 0, host: str = "") -> str:
        place = f"{host or self.host}:{port or self.port}"
        return f"postgresql://{USER}:{PASSWORD}@{place}/postgres{more}"


def _give(path: Path, owner: str) -> None:
    entry = pwd.getpwnam(owner)
    os.chown(path, entry.pw_uid, entry.pw_gid)
