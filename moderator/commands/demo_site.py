"""The demo site that `moderator up` makes and `moderator seed --demo` fills."""

import json
import os
from pathlib import Path

from moderator.bootstrap.operate.noted import note
from moderator.bootstrap.operator import open_site_management
from moderator.bootstrap.parts import clock
from moderator.domain.pages.audit import AuditAct
from moderator.domain.site import Site
from moderator.settings import Settings

DEMO = "demo"
BLOG = "https://blog.example.org/"


def demo_key(settings: Settings) -> str:
    """The demo site's API key, made at the first call; '' when it was made elsewhere.

    It is kept beside the embedded database, readable by its owner only.
    """
    path = settings.data_dir / "demo-site.json"
    if path.exists():
        return str(json.loads(path.read_text())["api_key"])
    with open_site_management(settings, may_make=True) as enrolment:
        if enrolment.sites.get(DEMO) is not None:
            return ""
        site = Site(id=DEMO, name="Demo blog", url=BLOG, hosts=frozenset({"blog.example.org"}))
        credentials = enrolment.enrol.add(site, clock())
    note(settings, AuditAct.SITE_ADDED, DEMO, site_id=DEMO)
    kept = {
        "site_id": credentials.site_id,
        "secret": credentials.secret,
        "api_key": credentials.api_key,
    }
    _write_private(path, json.dumps(kept))
    return credentials.api_key


def _write_private(path: Path, content: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
