"""The queue: what is held, alike ones as one line, and the shelves of what was decided."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from moderator.domain.pages.dashboard import Shelf
from moderator.web.dashboard.asked import asked, fields_of
from moderator.web.dashboard.security import decider, desk, services, visit
from moderator.web.dashboard.side import claimed, listing, rendered, shelf_named, side

page = Blueprint("queue", __name__)


@page.get("/")
def start() -> Response:
    return redirect(url_for("dashboard.queue.show"))


@page.get("/queue")
def show() -> str:
    shelf = shelf_named(request.args.get("shelf", ""), Shelf.HELD)
    beside = side(shelf, request.args.get("before", ""))
    lines = beside.listing.lines
    at, others = claimed(beside.shelf, lines)
    first = desk().look.submission(visit().moderator.scope, lines[at].id) if lines else None
    return rendered(beside, first, others, is_list=True)


@page.get("/queue/lines")
def lines() -> str:
    """One more page of a list, for who has the page before it."""
    shelf = shelf_named(request.args.get("shelf", ""), Shelf.HELD)
    before = request.args.get("before", "")
    query = asked()
    page_of = listing(shelf, query, before)
    now = services().clock()
    others = desk().claims.others(page_of.lines, decider(), now) if shelf is Shelf.HELD else {}
    return render_template(
        "lines.html",
        shelf=shelf.value,
        listing=page_of,
        find=fields_of(query),
        before=before,
        now=now,
        others=others,
    )
