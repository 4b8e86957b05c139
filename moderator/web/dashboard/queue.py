"""The queue: what is held, alike ones as one line, and the shelves of what was decided."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from moderator.domain.pages.dashboard import Shelf
from moderator.web.dashboard.security import desk, services, visit
from moderator.web.dashboard.side import shelf_named, side

page = Blueprint("queue", __name__)


@page.get("/")
def start() -> Response:
    return redirect(url_for("dashboard.queue.show"))


@page.get("/queue")
def show() -> str:
    shelf = shelf_named(request.args.get("shelf", ""), Shelf.HELD)
    beside = side(shelf, request.args.get("before", ""))
    scope = visit().moderator.scope
    lines = beside.listing.lines
    first = desk().look.submission(scope, lines[0].id) if lines else None
    done = request.args.get("done", "")
    return render_template(
        "queue.html",
        side=beside,
        dossier=first,
        done=desk().look.submission(scope, done) if done else None,
        is_list=True,
        following=lines[1].id if len(lines) > 1 else "",
        moderator=visit().moderator,
        now=services().clock(),
    )
