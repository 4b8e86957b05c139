"""The own account: language, keys, password, sessions, and what is told by mail."""

from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from moderator.domain.errors import InvalidError, UnauthenticatedError
from moderator.usecases.moderate.sign_in import MIN_PASSWORD
from moderator.web.dashboard.language import language
from moderator.web.dashboard.security import (
    current_session,
    dashboard,
    services,
    session_value,
)

page = Blueprint("account", __name__)

DONE = {"password", "ended", "told"}


@page.get("/account")
def show() -> str:
    return _rendered()


@page.post("/account/password")
def change_password() -> Response:
    """Every other session ends: who knew the old one is out."""
    new = request.form.get("password", "")
    try:
        if new != request.form.get("again", ""):
            raise InvalidError("The two passwords are not the same")  # noqa: TRY301  # one way to answer
        dashboard().own_account.change_password(
            current_session().moderator,
            session_value(),
            current=request.form.get("current", ""),
            new=new,
            now=services().clock(),
        )
    except (InvalidError, UnauthenticatedError) as error:
        return make_response(_rendered(str(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    return _back("password")


@page.post("/account/sessions/end")
def end() -> Response:
    """End one of the own sessions; that of this browser is a log-out."""
    handle = request.form.get("session", "")
    dashboard().own_account.end(current_session().moderator, handle)
    return _back("ended")


@page.post("/account/sessions/end-others")
def end_others() -> Response:
    dashboard().own_account.end_others(current_session().moderator, session_value())
    return _back("ended")


@page.post("/account/digest")
def choose_digest() -> Response:
    """What is told by mail, and where; no site at all ends it."""
    try:
        dashboard().digest(
            current_session().moderator,
            request.form.get("mail", "").strip(),
            request.form.getlist("site"),
            services().clock(),
            lang=language(),
        )
    except InvalidError as error:
        return make_response(_rendered(mail_problem=str(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    return _back("told")


def _back(done: str) -> Response:
    return redirect(url_for("dashboard.account.show", done=done), HTTPStatus.SEE_OTHER)


def _rendered(problem: str = "", mail_problem: str = "") -> str:
    moderator, now = current_session().moderator, services().clock()
    mail, told = dashboard().digest.store.chosen(moderator.id)
    done = request.args.get("done", "")
    return render_template(
        "account.html",
        moderator=moderator,
        sessions=dashboard().own_account.sessions(moderator, session_value(), now),
        sites=dashboard().reads.choices(moderator.scope).sites,
        least=MIN_PASSWORD,
        problem=problem,
        mail_problem=mail_problem,
        mail=request.form.get("mail", mail),
        told=told,
        is_mail_on=dashboard().digest.is_on,
        done=done if done in DONE else "",
        now=now,
    )
