"""`moderator up`: the whole service on this machine; what `make run` calls."""

import argparse
import json
import socket
import sys

from moderator.bootstrap.operator import first_login, redis_command
from moderator.commands.demo_site import DEMO, demo_key
from moderator.commands.supervise import Supervisor
from moderator.settings import Settings

NAME = "up"
HELP = "Run everything on this machine: web, worker, sweeper, and Redis if none is given."
WORKER = (
    "-m", "celery", "--quiet", "--app", "workers.app", "worker", "--pool", "threads",
    "--concurrency", "4", "--without-gossip", "--without-mingle", "--loglevel", "warning",
)  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=int, default=1, help="worker processes (default 1)")


def run(arguments: argparse.Namespace) -> int:
    settings = Settings.from_environment(arguments.environment)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = dict(arguments.environment)
    commands = []
    if not settings.redis_url:
        port = _free_port()
        environment["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
        commands.append(("redis", redis_command(port, settings.data_dir)))
    python = sys.executable
    commands += [(f"worker {n + 1}", [python, *WORKER, "--hostname", f"worker{n + 1}@%h"])
                 for n in range(arguments.workers)]  # fmt: skip
    commands += [
        ("sweeper", [python, "-m", "workers.sweeper"]),
        ("web", [python, "-m", "moderator.wsgi"]),
    ]
    _prepare(settings)
    supervisor = Supervisor(environment)
    for name, command in commands:
        supervisor.add(name, command)
    supervisor.run()
    return 0


def _prepare(settings: Settings) -> None:
    """Schema, a first moderator, a demo site; then say what to open."""
    link = first_login(settings)
    key = demo_key(settings) or "YOUR_API_KEY"
    base = settings.public()
    print(f"\nDashboard:   {base}/")
    if link:
        print(f"First login: {link}\n             (works once, within a day; choose a password)")
    print("Try it:      " + _curl(base, key), flush=True)


def _curl(base: str, key: str) -> str:
    event = {
        "type": "comment.created",
        "timestamp": "2026-01-01T12:00:00Z",
        "data": {
            "site": {"id": DEMO},
            "comment": {
                "id": "1",
                "type": "comment",
                "content": {"raw": "What a fine article about bridges!", "format": "text"},
            },
            "author": {"name": "Alice", "email": "alice@example.org"},
            "post": {"id": "1", "url": "https://blog.example.org/bridges", "title": "Bridges"},
        },
    }
    return (
        f"curl -sS {base}/v1/submissions -H 'Authorization: Bearer {key}'"
        f" -H 'Content-Type: application/json' -d '{json.dumps(event)}'"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
