"""`make conformance-akismet`: the protocol's cases against the service, really running.

The runner lies with its cases, outside the checkout; it speaks to us as any client does.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes

from moderator.domain.site import Site
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import upgrade
from moderator.usecases.operate.sites import ManageSites
from tests.conformance import places
from tests.processes import Service

BLOG = "http://blog.example"


@dataclass(frozen=True)
class Ground:
    """A service with a key, and with one that is suspended."""

    base: str
    key: str
    suspended: str


@contextmanager
def ground() -> Iterator[Ground]:
    with tempfile.TemporaryDirectory(prefix="moderator-akismet-") as name:
        url = f"sqlite:///{Path(name) / 'moderator.db'}"
        database = Database(url)
        upgrade(database)
        enrol, now = ManageSites(SiteRows(database), token_bytes), datetime.now(UTC)
        keys = []
        for id_, address in (("blog", BLOG), ("suspended", "http://suspended.example")):
            host = address.removeprefix("http://")
            enrol.add(Site(id=id_, name=id_, url=address, hosts=frozenset({host})), now)
            keys.append(enrol.client_key(id_, now, timedelta(0)))
        enrol.suspend("suspended", is_suspended=True)
        database.close()
        with Service(Path(name), url, workers=1) as service:
            service.wait_until_judging()
            yield Ground(service.base, keys[0], keys[1])


def run(folder: Path, ground: Ground) -> subprocess.CompletedProcess[str]:
    """Try every case of the folder; what is printed has one line for each."""
    command = [sys.executable, str(folder / "run.py"), "--base-url", ground.base]
    command += ["--key", ground.key, "--suspended-key", ground.suspended, "--blog", BLOG]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def main() -> int:
    suites = places.suites()
    if suites is None:
        print(f"SKIPPED: no conformance suites; name their folder in {places.VARIABLE}")
        return 0
    with ground() as ready:
        tried = run(suites / "akismet", ready)
    print(tried.stdout, tried.stderr, sep="")
    return tried.returncode or int("FAIL" in tried.stdout)


if __name__ == "__main__":
    sys.exit(main())
