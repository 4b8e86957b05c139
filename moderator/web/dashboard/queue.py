"""The queue: what is held, alike ones as one line, and the shelves of what was decided."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from moderator.domain.errors import NotFoundError
from moderator.domain.pages.dashboard import Listing, Overview, Shelf
from moderator.web.security import desk, services, visit

page = Blueprint("queue", __name__)


@dataclass(frozen=True, slots=True)
class Side:
    """The list that stands beside a submission, and on the queue page itself."""

    shelf: Shelf
    listing: Listing
    overview: Overview
    before: str


def side(shelf: Shelf, before: str) -> Side:
    scope, look = visit().moderator.scope, desk().look
    return Side(
        shelf,
        look.shelf(scope, shelf, before=before),
        look.around(scope, now=services().clock()),
        before,
    )


def shelf_named(name: str, default: Shelf) -> Shelf:
    if not name:
        return default
    if name not in set(Shelf):
        raise NotFoundError("There is no such list")
    return Shelf(name)


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
