"""A service to send bad input to: real sites, real rows, really served; broken on demand."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_bytes

from sqlalchemy import func, select

from moderator import signing
from moderator.clients.redis.hints import BackgroundHints, CeleryHints, NoHints
from moderator.domain.ports import Hints
from moderator.domain.site import Secret
from moderator.storage.base.database import Database
from moderator.storage.dashboard.api import SubmissionStatusRows
from moderator.storage.intake.group_commit import GroupCommit
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.tables import submissions
from moderator.storage.upkeep.heartbeat import HeartbeatRows
from moderator.storage.upkeep.probe import Probe
from moderator.usecases.intake.accept import Accept
from moderator.usecases.moderate.submission_status import ReadSubmission
from moderator.usecases.operate.ready import CheckReadiness
from moderator.usecases.services import Services
from moderator.web import create_app
from moderator.web.server.serve import RequestLimits
from tests.builders import NOON, a_site
from tests.conformance.bad_input_case import Credentials
from tests.web.serving import serving

NOBODY = "redis://127.0.0.1:9/0"  # the discard port: nothing listens


@dataclass
class Ground:
    """`ports` has one served service per precondition, '' for the healthy one.

    `pace` 1 drips as slowly as the cases say.
    """

    database: Database
    ports: dict[str, int]
    credentials: Credentials
    pace: float = 1.0
    sent: int = 0

    def rows(self) -> int:
        with self.database.read() as connection:
            return connection.execute(select(func.count()).select_from(submissions)).scalar_one()

    def fresh_id(self) -> str:
        self.sent += 1
        return f"msg-{self.sent}"


@contextmanager
def a_ground(
    database: Database, folder: Path, *, limits: RequestLimits | None = None, pace: float = 1.0
) -> Iterator[Ground]:
    """Serve over `database`, which has to be empty."""
    sites = SiteRows(database)
    credentials = register(sites, lambda: NOON)
    stopped = Database(f"sqlite:///{folder / 'no-such-folder' / 'rows.db'}")
    rows, lost = IntakeRows(database), IntakeRows(stopped)
    doors = {
        "": Accept(GroupCommit(rows), sites, NoHints(), 1_000_000),
        "queue_depth>limit": Accept(GroupCommit(rows), sites, NoHints(), 0),
        "db_down": Accept(GroupCommit(lost), sites, NoHints(), 1_000_000),
        "redis_down": Accept(GroupCommit(rows), sites, _lost_hints(), 1_000_000),
    }
    with ExitStack() as stack:
        ports = {
            name: stack.enter_context(serving(create_app(_services(database, sites, door)), limits))
            for name, door in doors.items()
        }
        yield Ground(database, ports, credentials, pace)
    stopped.close()


def _lost_hints() -> Hints:
    return BackgroundHints(CeleryHints(NOBODY))


def register(sites: SiteRows, clock: Callable[[], datetime]) -> Credentials:
    """Register `blog`, rotated twice, and `other`."""
    now = clock()
    names = ("expired", "previous", "current")
    secrets = [Secret(signing.new_secret(name.encode() * 4), now) for name in names]
    keys = [signing.new_api_key(name.encode().ljust(32, b".")) for name in names]
    other = signing.new_api_key(b"other".ljust(32, b"."))
    blog = a_site(id="blog", secrets=(secrets[0],))
    sites.add(blog, key_prefix=keys[0].prefix, key_digest=keys[0].digest, now=now)
    for place, hours in ((1, -1), (2, 1)):
        key = (keys[place].prefix, keys[place].digest)
        sites.rotate("blog", secrets[place], key=key, expires_at=now + timedelta(hours=hours))
    sites.add(a_site(id="other"), key_prefix=other.prefix, key_digest=other.digest, now=now)
    return Credentials(
        clock=clock,
        current=secrets[2],
        old=secrets[1],
        expired=secrets[0],
        key=keys[2].value,
        revoked=keys[0].value,
    )


def _services(database: Database, sites: SiteRows, accept: Accept) -> Services:
    return Services(
        accept=accept,
        sites=sites,
        show=ReadSubmission(SubmissionStatusRows(database)),
        ready=CheckReadiness(HeartbeatRows(database), Probe(database)),
        clock=lambda: NOON,
        entropy=token_bytes,
    )
