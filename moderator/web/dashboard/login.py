"""The pages before a session: log in, use a one-time link, log out."""

from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from moderator.domain.errors import InvalidError, UnauthenticatedError
from moderator.usecases.moderate.sign_in import MIN_PASSWORD, OpenedSession
from moderator.web.dashboard.security import (
    clear_session_cookie,
    dashboard,
    known_mark,
    own_page,
    services,
    set_mark_cookie,
    set_session_cookie,
)

page = Blueprint("login", __name__)


@page.get("/login")
def form() -> str:
    return render_template("login.html", onwards=own_page(request.args.get("next", "")))


@page.post("/login")
def log_in() -> Response:
    onwards = own_page(request.form.get("next", ""))
    name = request.form.get("name", "")
    try:
        opened = dashboard().sign_in.log_in(
            name,
            request.form.get("password", ""),
            address=_address(),
            agent=_agent(),
            now=services().clock(),
            mark=known_mark(),
        )
    except UnauthenticatedError as error:
        again = render_template("login.html", onwards=onwards, name=name, problem=str(error))
        return make_response(again, HTTPStatus.UNAUTHORIZED)
    where = f"{request.root_path}{onwards}" if onwards else url_for("dashboard.queue.show")
    return _come_in(where, opened)


@page.get("/welcome/<token>")
def invitation(token: str) -> str:
    """Opening the link changes nothing: mail scanners open links too."""
    moderator = dashboard().sign_in.invited(token, address=_address(), now=services().clock())
    return render_template("welcome.html", invited=moderator, least=MIN_PASSWORD)


@page.post("/welcome/<token>")
def choose_password(token: str) -> Response:
    now = services().clock()
    moderator = dashboard().sign_in.invited(token, address=_address(), now=now)
    password = request.form.get("password", "")
    try:
        if password != request.form.get("again", ""):
            raise InvalidError("The two passwords are not the same")  # noqa: TRY301  # one way to answer
        opened = dashboard().sign_in.choose_password(
            token, password, address=_address(), agent=_agent(), now=now
        )
    except InvalidError as error:
        again = render_template(
            "welcome.html", invited=moderator, least=MIN_PASSWORD, problem=str(error)
        )
        return make_response(again, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _come_in(url_for("dashboard.queue.show"), opened)


@page.post("/logout")
def log_out() -> Response:
    return clear_session_cookie(redirect(url_for("dashboard.login.form"), HTTPStatus.SEE_OTHER))


def _come_in(where: str, opened: OpenedSession) -> Response:
    answer = set_session_cookie(redirect(where, HTTPStatus.SEE_OTHER), opened.value)
    return set_mark_cookie(answer, opened.mark)


def _address() -> str:
    return request.remote_addr or ""


def _agent() -> str:
    return "".join(one for one in request.user_agent.string if one.isprintable())
