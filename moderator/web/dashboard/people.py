"""People who may log in: owners invite, give roles and sites, end sessions, disable."""

from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from moderator.domain.account import Role
from moderator.domain.errors import RequestError
from moderator.domain.pages.audit import AuditAct
from moderator.web.dashboard.security import current_session, dashboard, decider, services

page = Blueprint("people", __name__)

ACTS = {
    "assign": AuditAct.ASSIGNED,
    "disable": AuditAct.DISABLED,
    "enable": AuditAct.ENABLED,
    "logout": AuditAct.LOGGED_OUT,
}


@page.get("/people")
def show() -> str:
    return _rendered()


@page.post("/people")
def invite() -> Response:
    """Answer with the page and the one-time link, which is shown this once."""
    name = request.form.get("name", "").strip()
    try:
        token = dashboard().people.invite(
            name, _role(), tuple(request.form.getlist("site")), now=services().clock()
        )
    except RequestError as error:
        return _problem(error)
    _noted(AuditAct.INVITED, name, _given())
    return make_response(_rendered(link=_welcome(token), about=name))


@page.post("/people/link")
def link() -> Response:
    """A new one-time link for who has lost the password; shown this once as well."""
    name = _name()
    try:
        token = dashboard().people.renew(name, now=services().clock())
    except RequestError as error:
        return _problem(error)
    _noted(AuditAct.LINKED, name)
    return make_response(_rendered(link=_welcome(token), about=name))


@page.post("/people/<what>")
def change(what: str) -> Response:
    people, me, now = dashboard().people, current_session().moderator, services().clock()
    try:
        match what:
            case "assign":
                people.assign(_name(), _role(), tuple(request.form.getlist("site")), me)
            case "disable":
                people.disable(_name(), me, now)
            case "enable":
                people.enable(_name())
            case "logout":
                people.log_out(_name(), now)
            case _:
                raise BadRequest
    except RequestError as error:
        return _problem(error)
    _noted(ACTS[what], _name(), _given() if what == "assign" else "")
    return redirect(url_for("dashboard.people.show"), HTTPStatus.SEE_OTHER)


def _noted(act: AuditAct, about: str, detail: str = "") -> None:
    dashboard().audit(act, decider(), services().clock(), about=about, detail=detail)


def _given() -> str:
    """The role, and the sites that it is for."""
    role = _role()
    sites = "" if role is Role.OWNER else ", ".join(sorted(request.form.getlist("site")))
    return f"{role}: {sites}" if sites else role.value


def _welcome(token: str) -> str:
    path = url_for("dashboard.login.invitation", token=token)
    return f"{dashboard().public_url.rstrip('/')}{path}"


def _name() -> str:
    return request.form.get("name", "")


def _role() -> Role:
    """Raises BadRequest."""
    wanted = request.form.get("role", "")
    if wanted not in set(Role):
        raise BadRequest
    return Role(wanted)


def _problem(error: RequestError) -> Response:
    shown = _rendered(problem=str(error), name=request.form.get("name", ""))
    return make_response(shown, HTTPStatus.UNPROCESSABLE_ENTITY)


def _rendered(**more: str) -> str:
    now, people = services().clock(), dashboard().people
    accounts = people.all(now)
    return render_template(
        "people.html",
        accounts=[(one, people.sessions(one.moderator, now)) for one in accounts],
        sites=dashboard().reads.choices(None).sites,
        roles=list(Role),
        moderator=current_session().moderator,
        now=now,
        **more,
    )
