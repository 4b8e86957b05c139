"""One run: everything starts, faults come, faults stop, it drains, the books are compared."""

import math
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from random import Random

from integrations.chaos import rows, sites
from integrations.chaos.act import Fault
from integrations.chaos.clients import Crowd, Sender
from integrations.chaos.clocks import Clocks
from integrations.chaos.compare import Evidence
from integrations.chaos.disk import Disk
from integrations.chaos.faults.people import Events, Moderators
from integrations.chaos.faults.poison import Poison
from integrations.chaos.faults.slow import Slow
from integrations.chaos.faults.versions import Versions, old_tree, upgrade
from integrations.chaos.figures import Happened, recoveries
from integrations.chaos.ledger import Ledger
from integrations.chaos.options import Options
from integrations.chaos.proxies import Proxies
from integrations.chaos.receiver import Receiver
from integrations.chaos.report import Ran, Report, report
from integrations.chaos.schedule import Schedule
from integrations.chaos.stage import Ground, Stage, here
from integrations.chaos.stores import PostgresStore, SqliteStore, Store
from moderator.domain.errors import StorageUnavailableError
from moderator.storage.base.database import Database
from tests.redis_server import RedisServer

MEGABYTES = 256  # of the database's disk
PROBED_SECONDS = 4.0  # seconds after the last fault in which probes go on in any case
FEW = 20  # waiting, beside which probes may wait as well
LAST_PROBE = 12.0  # seconds before the end
LAST_LOOK = 3.0  # seconds at the end that are left to read and compare
SITES_OF_CLOCKS = {"sqlite": ("here",), "postgresql": ("here", "web", "database")}


@contextmanager
def standing(options: Options) -> Iterator[Stage]:
    """Everything but the service's own processes. Raises UsageError for what is not to be had."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="chaos-"))
        folder.chmod(0o711)  # the database's server is another user, and finds its folder
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        is_clock = "clock" in options.faults
        clocks = Clocks(folder, SITES_OF_CLOCKS[options.store] if is_clock else ())
        old = None
        if "versions" in options.faults:
            old = stack.enter_context(old_tree(options.old, folder))
        disk = stack.enter_context(Disk(folder / "disk", MEGABYTES))
        if "disk" in options.faults and not disk.is_mounted:
            print("disk: mounting is refused here, so RLIMIT_FSIZE takes the place of a full disk")
        proxies = stack.enter_context(Proxies("web", "redis", "database"))
        store: Store = SqliteStore(disk.folder)
        if options.store == "postgresql":
            store = PostgresStore(disk.folder, clocks.environment("database"))
        stack.callback(store.close)
        store.start()
        redis = RedisServer(folder)
        proxies.lead("redis", redis.port)
        proxies.lead("database", store.port)
        receiver = stack.enter_context(Receiver())
        ground = Ground(folder, store, redis, proxies, clocks, disk)
        stage = Stage(ground, receiver, Ledger(), old or here())
        stack.callback(_keep_logs, folder, options)
        stack.callback(stage.close)
        yield stage


def _keep_logs(folder: Path, options: Options) -> None:
    """Beside each other in the system's temporary folder, to be read after a breach."""
    kept = Path(tempfile.gettempdir()) / f"chaos-logs-{options.store}-{options.seed}"
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir()
    for log in folder.glob("*.log"):
        shutil.copy(log, kept)


def run(options: Options, kinds: Sequence[Fault]) -> Report:
    with standing(options) as stage, Receiver() as quiet:
        upgrade(stage, stage.tree)
        keys = sites.register(stage, quiet)
        stage.start_all()
        ledger = stage.ledger
        sender = Sender(stage.base, keys, ledger)
        _introduce(kinds, stage, sender)
        crowd = Crowd(sender, options.seed, stage.receiver.page)
        schedule = Schedule(
            stage,
            kinds,
            Random(options.seed),  # noqa: S311  # to be repeated
            is_over=partial(_is_over, ledger, (stage.receiver, quiet))
            if options.is_apart
            else None,
        )
        stage.began = time.monotonic()
        end = stage.began + options.duration - LAST_LOOK
        crowd.begin()
        schedule.run(options.seconds_of_faults, options.drain)
        schedule.join(end)
        crowd.end(end)
        began = time.monotonic()
        with closing(Database(stage.ground.store.url)) as database:
            _drain(database, crowd, sender, end)
            drained = time.monotonic() - began
            evidence = Evidence(
                ledger, rows.read(database), [*stage.receiver.log, *quiet.log], _claims(stage)
            )
        ran = Ran(
            options.store, options.seed, schedule.happened, drained,
            [*schedule.broken, *stage.last_words], stage.began,
        )  # fmt: skip
        return report(ran, evidence)


def _is_over(ledger: Ledger, receivers: Sequence[Receiver], fault: Happened) -> bool:
    """Whether the service works again: something that was sent after the fault has been told."""
    received = [one for receiver in receivers for one in receiver.log]
    [seconds] = recoveries([fault], list(ledger.accepted), received)
    return math.isfinite(seconds)


def _introduce(kinds: Sequence[Fault], stage: Stage, sender: Sender) -> None:
    """What some kinds must know of the run."""
    for kind in kinds:
        match kind:
            case Moderators():
                kind.people = sites.people(stage)
            case Events() | Poison():
                kind.sender = sender
            case Slow():
                kind.key = sender.keys["main"]
            case Versions():
                kind.old = stage.tree
            case _:
                pass


def _drain(database: Database, crowd: Crowd, sender: Sender, end: float) -> None:
    """Until nothing waits any more, or the time is over. Probes go on until then."""
    probing, least = True, time.monotonic() + PROBED_SECONDS
    while time.monotonic() < end:
        try:
            waiting = rows.left(database)
        except StorageUnavailableError:
            waiting = -1
        is_quiet = 0 <= waiting < FEW and time.monotonic() > least
        if probing and (is_quiet or end - time.monotonic() < LAST_PROBE):
            crowd.end_probes(end)
            probing = False
        elif not probing and waiting == 0:
            break
        time.sleep(0.25)
    sender.stopping.set()
    crowd.end_probes(end)


def _claims(stage: Stage) -> Counter[str]:
    return Counter(stage.claims.read_text().split() if stage.claims.exists() else ())
