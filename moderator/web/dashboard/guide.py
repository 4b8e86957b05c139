"""Help: the keys, the words of the pages, what this service does not judge; and the language."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from moderator.catalogue import NAMES
from moderator.usecases.moderate.sign_in import SESSION_LIFETIME
from moderator.web.dashboard.language import COOKIE
from moderator.web.dashboard.security import current_session, is_https, own_page

page = Blueprint("guide", __name__)


@page.get("/help")
def show() -> str:
    return render_template("help.html", moderator=current_session().moderator)


@page.get("/not-judged")
def not_judged() -> str:
    return render_template("not_judged.html", moderator=current_session().moderator)


@page.post("/language")
def choose_language() -> Response:
    """Keep the reader's choice as long as a session may last."""
    wanted = request.form.get("language", "")
    if wanted not in NAMES:
        raise BadRequest
    where = own_page(request.form.get("back", "")) or url_for("dashboard.guide.show")
    answer = redirect(where, HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        COOKIE,
        wanted,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        secure=is_https(),
        httponly=True,
        samesite="Lax",
    )
    return answer
