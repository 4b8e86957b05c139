"""The queue: what is held, alike ones as one line, and the shelves of what was decided."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from moderator.domain.pages.dashboard import Tab
from moderator.web.dashboard.list_pane import claimed, listing, rendered, side_list, tab_named
from moderator.web.dashboard.search_query import asked, fields_of
from moderator.web.dashboard.security import current_session, dashboard, decider, services

page = Blueprint("queue", __name__)


@page.get("/")
def start() -> Response:
    return redirect(url_for("dashboard.queue.show"))


@page.get("/queue")
def show() -> str:
    tab = tab_named(request.args.get("shelf", ""), Tab.HELD)
    beside = side_list(tab, request.args.get("before", ""))
    lines = beside.listing.lines
    at, others = claimed(beside.tab, lines)
    first = (
        dashboard().reads.submission(current_session().moderator.scope, lines[at].id)
        if lines
        else None
    )
    return rendered(beside, first, others, is_list=True)


@page.get("/queue/lines")
def lines() -> str:
    """One more page of a list, for who has the page before it."""
    tab = tab_named(request.args.get("shelf", ""), Tab.HELD)
    before = request.args.get("before", "")
    query = asked()
    page_of = listing(tab, query, before)
    now = services().clock()
    others = dashboard().claims.others(page_of.lines, decider(), now) if tab is Tab.HELD else {}
    return render_template(
        "lines.html",
        tab=tab.value,
        listing=page_of,
        find=fields_of(query),
        before=before,
        now=now,
        others=others,
    )
