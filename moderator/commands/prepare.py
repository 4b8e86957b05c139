"""`moderator prepare`: what must be there before the processes start; `moderator up` runs it."""

import argparse
import json

from moderator.bootstrap.operate.noted import note
from moderator.bootstrap.operator import FIRST, first_login
from moderator.commands.demo_site import DEMO, demo_key
from moderator.domain.pages.audit import AuditAct
from moderator.settings import Settings

NAME = "prepare"
HELP = "Bring up the schema, a first moderator and a demo site, and say what to open."


def configure(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(arguments: argparse.Namespace) -> int:
    _prepare(Settings.from_environment(arguments.environment))
    return 0


def _prepare(settings: Settings) -> None:
    """Schema, a first moderator, a demo site; then say what to open."""
    link = first_login(settings)
    if link:
        note(settings, AuditAct.LINKED, FIRST)
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
