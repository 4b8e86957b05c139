"""The list that stands beside what a page shows, and the page of both."""

from dataclasses import dataclass

from flask import render_template, request

from moderator.domain.errors import NotFoundError
from moderator.domain.pages.dashboard import ItemPage, Overview, SubmissionPage, Tab
from moderator.domain.verdict import Verdict
from moderator.web.dashboard.security import current_session, dashboard, services

CHOICES = {verdict.value: verdict for verdict in (Verdict.APPROVE, Verdict.SPAM, Verdict.DISCARD)}


@dataclass(frozen=True, slots=True)
class SideList:
    """The list that stands beside a submission, and on the queue page itself."""

    shelf: Tab
    listing: ItemPage
    overview: Overview
    before: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which list somebody decides: the next submission, else the next page, comes then."""

    shelf: str = ""
    before: str = ""
    next: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What is told above the list: `kind` is done, missed (somebody was faster) or lost (the
    session had ended). `wanted` is the verdict that was not written.
    """

    kind: str
    dossier: SubmissionPage
    wanted: str = ""


def side_list(shelf: Tab, before: str) -> SideList:
    scope, reads = current_session().moderator.scope, dashboard().reads
    return SideList(
        shelf,
        reads.tab(scope, shelf, before=before),
        reads.around(scope, now=services().clock()),
        before,
    )


def tab_named(name: str, default: Tab) -> Tab:
    if not name:
        return default
    if name not in set(Tab):
        raise NotFoundError("There is no such list")
    return Tab(name)


def rendered(beside: SideList, dossier: SubmissionPage | None, *, is_list: bool) -> str:
    ids = [line.id for line in beside.listing.lines]
    shown = dossier.line.id if dossier is not None else ""
    behind = ids[ids.index(shown) + 1 :] if shown in ids else [key for key in ids if key != shown]
    now = services().clock()
    since = beside.listing.newest or f"{int(now.timestamp() * 1000)}.0"
    place = Place(beside.shelf.value, beside.before, next(iter(behind), ""), beside.listing.older)
    return render_template(
        "queue.html",
        side=beside,
        place=place,
        dossier=dossier,
        note=_note(),
        is_list=is_list,
        moderator=current_session().moderator,
        now=now,
        after="" if beside.before else since,
    )


def _note() -> Note | None:
    wanted = request.args.get("wanted", "")
    for kind in ("done", "missed", "lost"):
        if about := request.args.get(kind, ""):
            found = dashboard().reads.submission(current_session().moderator.scope, about)
            return Note(kind, found, wanted if wanted in CHOICES else "")
    return None
