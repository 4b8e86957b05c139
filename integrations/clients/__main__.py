"""Real Akismet clients, unmodified, against the real service on loopback: do they understand us?

`make clients` installs them into a temporary folder (pip, npm), never into the project. Each asks
for what it is told of an honest comment, of a text that it reported as spam just before, and with a
wrong key, by its own functions. Prints the table of docs/akismet-server.md.
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
from datetime import UTC, datetime, timedelta
from pathlib import Path

from integrations.clients.programs import CLIENTS, NPM, PYPI, RESOLVE, Client
from moderator.domain.site import Site
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import upgrade
from moderator.usecases.operate.sites import ManageSites
from tests.processes import Service

BLOG = "http://blog.example"
SECONDS = 60
STEPS = ("key", "honest", "reported", "known", "taken_back", "wrong_key")
HEAD = "| client | version | key | honest | reports | says then | takes back | wrong key |"


def install(folder: Path) -> dict[str, list[str]]:
    """Put the clients into `folder`; return how each language is run there."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    # S603 here and below: the programs are named in this project
    subprocess.run([python, "-m", "pip", "install", "-q", *PYPI], check=True)  # noqa: S603
    runs = {"python": [python, "-c"]}
    npm = shutil.which("npm")
    if npm:
        command = [npm, "install", "--silent", "--prefix", str(folder), *NPM]
        subprocess.run(command, check=True)  # noqa: S603
        (folder / "resolve.cjs").write_text(RESOLVE)
        node = ["node", "--no-deprecation", "--require", "./resolve.cjs"]
        runs |= {"node": [*node, "-e"], "module": [*node, "--input-type=module", "-e"]}
    return runs


def ask(client: Client, run: list[str], names: dict[str, str], folder: Path) -> dict[str, object]:
    """What the client makes of each step, by its own words."""
    done = subprocess.run(  # noqa: S603
        [*run, client.program],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **names},
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


def ask_all(folder: Path, service: Service, key: str, database: Database) -> Iterator[bool]:
    """Whether each client understood all and was understood."""
    runs = install(folder)
    print(f"{HEAD}\n|---|---|---|---|---|---|---|---|")
    for number, client in enumerate(CLIENTS):
        if client.language not in runs:
            print(f"SKIPPED: {client.name}; there is no npm", file=sys.stderr)
            continue
        names = {"KEY": key, "BLOG": BLOG, "PORT": str(service.port), "N": str(number)}
        told = ask(client, runs[client.language], names, folder)
        heard = stands(database, f"casino number {number} pays")
        is_right = all(told.get(step) == client.expected[step] for step in STEPS)
        is_right &= ("approved", "blog") in heard
        cells = [str(told.get(step, told.get("error", "-"))) for step in STEPS]
        print(f"| {client.name} | {told.get('version')} | {' | '.join(cells)} |", flush=True)
        yield is_right


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="clients-"))
    url = f"sqlite:///{folder / 'clients.db'}"
    with closing(Database(url)) as database:
        upgrade(database)
        enrol, now = ManageSites(SiteRows(database), os.urandom), datetime.now(UTC)
        site = Site(id="blog", name="A blog", url=BLOG, hosts=frozenset({"blog.example"}))
        enrol.add(site, now)
        key = enrol.door_key("blog", now, timedelta(0))
        with Service(folder, url) as service:
            service.wait_until_judging()
            results = list(ask_all(folder, service, key, database))
    shutil.rmtree(folder, ignore_errors=True)
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
