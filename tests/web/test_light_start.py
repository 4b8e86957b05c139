"""What a web process does without until somebody asks for it."""

import subprocess
import sys


def test_a_web_process_begins_without_what_it_may_never_need() -> None:
    found = subprocess.run(  # ours
        [sys.executable, "-c", "import sys, moderator.wsgi; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    heavy = {
        "alembic",
        "aiohttp",
        "httpx",
        "sqlalchemy.dialects.postgresql",
        "disposable_email_domains",
        "numpy",
        "moderator.checks",
    }
    assert heavy.isdisjoint(found)
    assert "moderator.web" in found
