"""The list that stands beside what a page shows, and the page of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from moderator.domain.errors import NotFoundError
from moderator.domain.pages.dashboard import (
    ItemPage,
    ListItem,
    ListRequest,
    Overview,
    QueuePage,
    Standing,
    SubmissionPage,
    Tab,
)
from moderator.domain.pages.find import PLAIN, Query
from moderator.domain.verdict import Verdict
from moderator.web.dashboard.search_query import asked, encoded, fields_of
from moderator.web.dashboard.security import current_session, dashboard, decider, services

CHOICES = {verdict.value: verdict for verdict in Verdict}
ACT = "act."  # before the name of an act, in a token that takes it back


@dataclass(frozen=True, slots=True)
class SideList:
    """The list that stands beside a submission, and on the queue page itself."""

    request: ListRequest
    page: QueuePage

    @property
    def tab(self) -> Tab:
        return self.request.tab

    @property
    def before(self) -> str:
        return self.request.before

    @property
    def query(self) -> Query:
        return self.request.query

    @property
    def listing(self) -> ItemPage:
        return self.page.listing

    @property
    def overview(self) -> Overview:
        return self.page.overview


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which list somebody decides: the next submission, else the next page, comes then.

    `find` is what was looked for there, as in an address.
    """

    tab: str = ""
    before: str = ""
    next: str = ""
    older: str = ""
    find: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told above the list: `kind` is done, missed (somebody was faster), lost (the session
    had ended) or acted (several were decided at once). `wanted` is the verdict that was not
    written; of an act, `token` takes it back, `count` were decided and `missing` were not.
    """

    kind: str
    about: Standing
    wanted: str = ""
    token: str = ""
    count: int = 0
    missing: str = ""


def side_list(tab: Tab, before: str) -> SideList:
    """With what can be chosen, where that is asked for, or something was chosen."""
    query = asked() if tab is not Tab.SAMPLE else PLAIN
    is_chosen = replace(query, text="") != PLAIN
    request_of = ListRequest(
        tab, query, before, with_choices=is_chosen or "filters" in request.args
    )
    scope = current_session().moderator.scope
    return SideList(request_of, dashboard().reads.queue(scope, request_of, now=services().clock()))


def listing(tab: Tab, query: Query, before: str) -> ItemPage:
    """One page of a list: the whole of it, or what is looked for."""
    scope, reads = current_session().moderator.scope, dashboard().reads
    if query.is_plain or tab is Tab.SAMPLE:
        return reads.tab(scope, tab, before=before)
    return reads.find(scope, tab, query, before=before, now=services().clock())


def tab_named(name: str, default: Tab) -> Tab:
    if not name:
        return default
    if name not in set(Tab):
        raise NotFoundError("There is no such list")
    return Tab(name)


def claimed(
    tab: Tab, lines: Sequence[ListItem], *, at: int | None = None
) -> tuple[int, dict[str, str]]:
    """Claim what comes next for who asks; where they start, and who looks at the other lines."""
    if tab is not Tab.HELD or not lines:
        return at or 0, {}
    return dashboard().claims.start(lines, decider(), services().clock(), at=at)


def rendered(
    beside: SideList, dossier: SubmissionPage | None, others: Mapping[str, str], *, is_list: bool
) -> str:
    lines = beside.listing.lines
    ids = [line.id for line in lines]
    shown = dossier.line.id if dossier is not None else ""
    at = ids.index(shown) if shown in ids else 0
    behind = [line.id for line in lines[at:] if line.id != shown and line.key not in others]
    now = services().clock()
    since = beside.listing.newest or f"{int(now.timestamp() * 1000)}.0"
    place = Place(
        beside.tab.value,
        beside.before,
        next(iter(behind), ""),
        beside.listing.older,
        encoded(beside.query),
    )
    return render_template(
        "queue.html",
        side=beside,
        place=place,
        dossier=dossier,
        notice=_notice(),
        is_list=is_list,
        moderator=current_session().moderator,
        now=now,
        after="" if beside.before or not beside.query.is_plain else since,
        find=fields_of(beside.query),
        choices=beside.page.choices,
        others=others,
    )


def _notice() -> Notice | None:
    wanted, scope = request.args.get("wanted", ""), current_session().moderator.scope
    act, missing = request.args.get("acted", ""), request.args.get("missing", "")
    decided = dashboard().together.decisions(act, scope) if act else []
    if decided:
        first = dashboard().reads.standing(scope, decided[0].submission_id)
        missing = missing.lstrip("0") if missing.isascii() and missing.isdigit() else ""
        return Notice("acted", first, "", f"{ACT}{act}", len(decided), missing)
    for kind in ("done", "missed", "lost"):
        if about := request.args.get(kind, ""):
            found = dashboard().reads.standing(scope, about)
            return Notice(kind, found, wanted if wanted in CHOICES else "")
    return None


def onwards(**note: Any) -> Response:  # noqa: ANN401  # url_for's own arguments are no strings
    """To the next of the list, the next page of the list, or the list."""
    note = {**fields_of(asked()), **note}
    tab, following, before, older = (
        asked_tab() or None,
        *map(_plain, ("next", "before", "older")),
    )
    if following.isalnum():
        where = url_for(
            "dashboard.submission.show",
            submission_id=following,
            shelf=tab,
            before=before or None,
            _anchor="item",
            **note,
        )
    else:
        where = url_for("dashboard.queue.show", shelf=tab, before=older or None, **note)
    return redirect(where, HTTPStatus.SEE_OTHER)


def _plain(name: str) -> str:
    value = request.form.get(name, "")
    return value if value.isascii() and value.replace(".", "").isalnum() else ""


def asked_tab() -> str:
    """The list that a form, or an address, names; '' for none."""
    wanted = request.values.get("shelf", "")
    return wanted if wanted in set(Tab) else ""
