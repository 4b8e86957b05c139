"""Real clients, unmodified, against the real service on loopback: do they understand us?

`make clients` puts them into a temporary folder (pip, npm, Debian's packages unpacked), never into
the project. Each asks for what it is told of an honest comment, of a text that was reported as spam
just before, and with a wrong key, by its own functions. What cannot be had here is skipped, and
said to be. Prints the tables of docs/akismet-server.md.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from integrations.clients import debian, isso, systems
from integrations.clients.front import Front
from integrations.clients.programs import CLIENTS, NPM, PYPI, RESOLVE, Client, Run
from moderator.domain.site import Site
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import upgrade
from moderator.usecases.operate.sites import ManageSites
from tests.processes import Service

BLOG = "http://blog.example"
SECONDS = 120
STEPS = ("key", "honest", "reported", "known", "taken_back", "wrong_key")
HEAD = "| client | version | key | honest | reports | says then | takes back | wrong key |"
SYSTEM_STEPS = ("honest", "spam", "seen")
SYSTEM_HEAD = "| comment system | version | honest comment | reported text | seen |"


@dataclass(frozen=True, slots=True)
class Ground:
    """Where all happens: the service, what stands before it, and the key of its one site."""

    folder: Path
    service: Service
    front: Front
    key: str
    database: Database
    manage: ManageSites


def install(folder: Path) -> dict[str, Run]:
    """Put the clients into `folder`; return how each language is run there."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    # S603 here and below: the programs are named in this project
    subprocess.run([python, "-m", "pip", "install", "-q", *PYPI, *isso.PYPI], check=True)  # noqa: S603
    runs = {"python": Run((python, "-c")), "isso": Run((python,))}
    if shutil.which("npm"):
        _npm(folder, NPM, RESOLVE)
        _npm(folder / "systems", systems.NPM, systems.RESOLVE_ALL)
        node = ("node", "--no-deprecation", "--require", "./resolve.cjs")
        runs["node"] = Run((*node, "-e"))
        runs["module"] = Run((*node, "--input-type=module", "-e"))
        runs["system"] = Run((*node, "-e"))
    return runs | debian.unpack(folder / "debian")


def _npm(folder: Path, packages: tuple[str, ...], resolve: str) -> None:
    """Without the packages' own scripts: a database driver need not be built here."""
    folder.mkdir(exist_ok=True)
    command = ["npm", "install", "--silent", "--ignore-scripts", "--prefix", str(folder), *packages]
    subprocess.run(command, check=True)  # noqa: S603
    (folder / "resolve.cjs").write_text(resolve)


def ask(client: Client, run: Run, names: dict[str, str], folder: Path) -> dict[str, object]:
    """What the client makes of each step, by its own words."""
    done = subprocess.run(  # noqa: S603
        [*run.command, client.program],
        capture_output=True,
        text=True,
        cwd=folder / "systems" if client.language == "system" else folder,
        env={**os.environ, **names, **run.names},
        timeout=SECONDS,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    try:
        told: dict[str, object] = json.loads(lines[-1])
    except (ValueError, IndexError):
        told = {"version": "?", "error": (done.stderr.strip().splitlines() or ["nothing"])[-1]}
    return told


def stands(database: Database, text: str) -> set[tuple[str, str]]:
    """Status and decider of what has this text."""
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT payload, status, decided_by FROM submissions")
        return {(row[1], row[2]) for row in rows if text in row[0]}


def ask_clients(ground: Ground, runs: dict[str, Run]) -> Iterator[bool]:
    """Whether each client understood all and was understood."""
    print(f"{HEAD}\n|{'---|' * 8}")
    for number, client in enumerate((*CLIENTS, *debian.CLIENTS)):
        told = _asked(ground, runs, client, str(number))
        if told is None:
            continue
        heard = stands(ground.database, f"casino number {number} pays")
        is_right = all(told.get(step) == client.expected[step] for step in STEPS)
        is_right &= ("approved", "blog") in heard
        _row(client.name, told, STEPS)
        yield is_right


def ask_systems(ground: Ground, runs: dict[str, Run]) -> Iterator[bool]:
    """Whether each comment system kept what is honest, and not what is spam."""
    print(f"\n{SYSTEM_HEAD}\n|{'---|' * 5}")
    for number, system in enumerate(systems.SYSTEMS, start=100):
        told = _asked(ground, runs, system, str(number))
        if told is None:
            continue
        _row(system.name, told, SYSTEM_STEPS)
        yield all(told.get(step) == expected for step, expected in system.expected.items())
    told = isso.moderated(ground.folder, runs["isso"], ground.manage, ground.service.base)
    _row("PyPI `isso`", told, SYSTEM_STEPS)
    yield told.get("honest") == "public" and told.get("spam") == "deleted"


def _asked(
    ground: Ground, runs: dict[str, Run], client: Client, number: str
) -> dict[str, object] | None:
    if client.language not in runs:
        print(f"SKIPPED: {client.name}; there is no {client.language} here", file=sys.stderr)
        return None
    names = {"KEY": ground.key, "BLOG": BLOG, "PORT": str(ground.service.port), "N": number}
    return ask(client, runs[client.language], {**ground.front.names, **names}, ground.folder)


def _row(name: str, told: dict[str, object], steps: tuple[str, ...]) -> None:
    cells = [str(told.get(step, told.get("error", "-"))) for step in steps]
    print(f"| {name} | {told.get('version')} | {' | '.join(cells)} |", flush=True)


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="clients-"))
    url = f"sqlite:///{folder / 'clients.db'}"
    runs = install(folder)
    with closing(Database(url)) as database:
        upgrade(database)
        manage, now = ManageSites(SiteRows(database), os.urandom), datetime.now(UTC)
        site = Site(id="blog", name="A blog", url=BLOG, hosts=frozenset({"blog.example"}))
        manage.add(site, now)
        key = manage.client_key("blog", now, timedelta(0))
        with Service(folder, url) as service, Front(folder, service.port) as front:
            service.wait_until_judging()
            ground = Ground(folder, service, front, key, database, manage)
            results = [*ask_clients(ground, runs), *ask_systems(ground, runs)]
    shutil.rmtree(folder, ignore_errors=True)
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
