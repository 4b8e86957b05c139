"""Writes down what the operator did by command, beside what owners did on the pages.

A line is written right after the deed: who dies between loses a line. Nobody's name at the system
is stored.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from moderator.bootstrap.operate.opened import missing, opened
from moderator.bootstrap.parts import clock
from moderator.domain.pages.audit import OPERATOR, AuditAct
from moderator.domain.site import Site
from moderator.settings import Settings
from moderator.storage.audit import AuditRows
from moderator.storage.people.sites import SiteRows
from moderator.usecases.operate.audit import Audit, site_changes

# What `moderator site ...` does even where nothing of the site looks another way afterwards.
ACTS = {"rotate": AuditAct.ROTATED, "akismet-key": AuditAct.KEY_MADE}


def note(
    settings: Settings, act: AuditAct, about: str = "", *, site_id: str = "", detail: str = ""
) -> None:
    with opened(settings, as_it_is=True) as database:
        write = Audit(store=AuditRows(database))
        write(act, OPERATOR, clock(), about=about, site_id=site_id, detail=detail)


@contextmanager
def noting_site(environment: Mapping[str, str], site_id: str, action: str) -> Iterator[None]:
    """Note what an action did to a site, as far as it did something, whatever ends it."""
    settings = Settings.from_environment(environment)
    before = _site(settings, site_id)
    done = ""
    try:
        yield
        done = action
    finally:
        after = _site(settings, site_id)
        changes = site_changes(before, after) if before and after else ""
        if act := _act(before, after, done, changes):
            note(settings, act, site_id, site_id=site_id, detail=changes)


def _act(before: Site | None, after: Site | None, done: str, changes: str) -> AuditAct | None:
    if before is None or after is None:
        if before is after:
            return None
        return AuditAct.SITE_ADDED if before is None else AuditAct.SITE_REMOVED
    if done == "thresholds" and changes:
        return AuditAct.THRESHOLDS
    return ACTS.get(done) or (AuditAct.SITE_CHANGED if changes else None)


def _site(settings: Settings, site_id: str) -> Site | None:
    if not site_id or missing(settings):
        return None
    with opened(settings) as database:
        return SiteRows(database).get(site_id)
