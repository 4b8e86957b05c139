"""`make bench-import`: a WordPress export of 100,000 comments, whole and killed in the middle.

IMPORTED changes the number. Goal: at most three minutes and 150 MB, and after kill -9 the same
command ends with the same rows.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import text

from benchmarks.report import surroundings
from benchmarks.wxr import write
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import upgrade
from tests.builders import NOON, a_site

RESULTS = Path(__file__).parent / "results" / "imports.md"
COMMENTS = int(os.environ.get("IMPORTED", "100000"))
TABLES = ("submissions", "decisions", "author_counts", "host_rulings", "host_counts")
LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command: seconds, seconds of CPU, peak in megabytes, how it ended."""

    seconds: float
    cpu: float
    peak: float
    status: int


def site(folder: Path) -> str:
    """An empty database with the site `blog`; its address."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'moderator.db'}"
    database = Database(url)
    upgrade(database)
    SiteRows(database).add(a_site(), key_prefix="mod", key_digest="x", now=NOON)
    database.close()
    return url


def run(url: str, export: Path, *, kill_at: int = 0) -> Run:
    """Import; killed once so many records are in."""
    began = time.monotonic()
    command = ("-m", "moderator", "import", "wordpress", str(export), "--site", "blog")
    environment = {**os.environ, "DATABASE_URL": url, "REDIS_URL": ""}
    process = subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, *command], env=environment, stdout=subprocess.DEVNULL
    )
    database = Database(url)
    while kill_at and position(database) < kill_at:
        time.sleep(LOOK_SECONDS)
    database.close()
    if kill_at:
        process.send_signal(signal.SIGKILL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(
        seconds=time.monotonic() - began,
        cpu=usage.ru_utime + usage.ru_stime,
        peak=usage.ru_maxrss / 1024,
        status=process.returncode,
    )


def position(database: Database) -> int:
    with database.read() as connection:
        return int(
            connection.execute(text("SELECT coalesce(max(position), 0) FROM imports")).scalar_one()
        )


def rows(url: str) -> str:
    """A digest of all that was stored."""
    database, mixed = Database(url), sha256()
    with database.read() as connection:
        for table in TABLES:
            found = connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4"))  # noqa: S608
            for row in found:
                mixed.update(repr(tuple(row)).encode())
    database.close()
    return mixed.hexdigest()


def main() -> int:
    Path("var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir="var") as name:
        folder = Path(name).resolve()
        export = folder / "blog.xml"
        write(export, COMMENTS)
        size = export.stat().st_size / 1e6
        whole, halted = site(folder / "whole"), site(folder / "halted")
        once = run(whole, export)
        killed = run(halted, export, kill_at=COMMENTS // 3)
        resumed = run(halted, export)
        is_same = rows(whole) == rows(halted)
        around = surroundings(folder)
    lines = [
        "# Imports",
        "",
        f"{around['date']}, {around['machine']}. `make bench-import`",
        "",
        f"A WordPress export of {COMMENTS:,} comments ({size:.0f} MB) into SQLite, read twice:",
        "once to see that it is whole, once to store it.",
        "",
        "| | seconds | CPU s | peak MB | ended with |",
        "|---|---|---|---|---|",
        *(
            f"| {what} | {each.seconds:.1f} | {each.cpu:.1f} | {each.peak:.0f} | {each.status} |"
            for what, each in (
                ("whole", once),
                ("killed (-9) at a third", killed),
                ("the same command again", resumed),
            )
        ),
        "",
        f"{COMMENTS / once.cpu:,.0f} comments per second of CPU.",
        f"Load of the machine meanwhile: {os.getloadavg()[2]:.0f}, our own among it.",
        f"The rows of both are {'the same' if is_same else 'NOT THE SAME'}.",
    ]
    RESULTS.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    return 0 if is_same and once.status == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
