"""`moderator up`: the whole service on this machine; what `make run` calls."""

import argparse
import socket
import subprocess
import sys

from moderator.bootstrap.embedded import redis_command
from moderator.commands.instance import only_one, tell_redis
from moderator.commands.supervise import Supervisor
from moderator.domain.errors import SettingsError
from moderator.settings import Settings

NAME = "up"
HELP = "Run everything on this machine: web, worker, sweeper, and Redis if none is given."
WORKER = (
    "worker", "--pool", "threads", "--concurrency", "4", "--without-gossip", "--without-mingle",
    "--loglevel", "warning",
)  # fmt: skip
APPS = ("workers.together", "workers.app")  # of the first worker, and of the others
# Threads share their heaps: each of its own would keep what it once needed.
FRUGAL = {"MALLOC_ARENA_MAX": "2"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=int, default=1, help="worker processes (default 1)")


def run(arguments: argparse.Namespace) -> int:
    settings = Settings.from_environment(arguments.environment)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with only_one(settings.data_dir):
        refuse_taken_port(settings)
        return _run_all(settings, {**FRUGAL, **arguments.environment}, arguments.workers)


def refuse_taken_port(settings: Settings) -> None:
    """Raises SettingsError: nothing is started that would end at once."""
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        where = f"HOST {settings.host}, PORT {settings.port}"
        raise SettingsError(f"Cannot listen on {where}: {error.strerror or error}") from error


def _run_all(settings: Settings, environment: dict[str, str], workers: int) -> int:
    commands = []
    if not settings.redis_url:
        port = _free_port()
        environment["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
        commands.append(("redis", redis_command(port, settings.data_dir)))
        tell_redis(settings.data_dir, environment["REDIS_URL"])
    python = sys.executable
    commands += [_worker(number) for number in range(workers)]
    if not workers:
        commands.append(("sweeper", [python, "-m", "workers.sweeper"]))
    commands.append(("web", [python, "-m", "moderator.wsgi"]))
    prepared = subprocess.run([python, "-m", "moderator", "prepare"], env=environment, check=False)  # noqa: S603  # our own command
    if prepared.returncode:
        return prepared.returncode
    supervisor = Supervisor(environment)
    for name, command in commands:
        supervisor.add(name, command)
    supervisor.run()
    return 0


def _worker(number: int) -> tuple[str, list[str]]:
    """The first one sweeps as well."""
    name, app = f"worker {number + 1}", APPS[min(number, 1)]
    command = [sys.executable, "-m", "celery", "--quiet", "--app", app, *WORKER]
    return name, [*command, "--hostname", f"worker{number + 1}@%h"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
