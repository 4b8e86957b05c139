"""Sites: how each is reached, its keys and secrets, what it asks and keeps. Owners only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from moderator.domain.decisions.delivery import CallbackAnswer
from moderator.domain.errors import InvalidError, RequestError
from moderator.domain.pages.audit import AuditAct
from moderator.domain.policy import CopyHandling, Mode
from moderator.domain.site import Site
from moderator.domain.timing.retention import (
    FOREVER,
    MAX_DAYS,
    Part,
    RetentionChoice,
    read_days,
)
from moderator.usecases.operate.site_values import SiteChanges
from moderator.usecases.operate.sites import Credentials, SiteChoices
from moderator.web.dashboard.language import gettext as _
from moderator.web.dashboard.security import current_session, dashboard, decider, services

page = Blueprint("sites", __name__)

CHANGED = ("name", "url", "platform", "callback_url", "langs")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a form came to: shown once, for it may hold a secret."""

    credentials: Credentials | None = None
    client_key: str = ""
    answer: CallbackAnswer | None = None
    problem: str = ""
    wrong: tuple[str, ...] = ()  # what was typed and cannot be used


@dataclass(frozen=True, slots=True)
class Kept:
    """A part of what people wrote: the days as they were typed, and what counts without them."""

    name: str
    typed: str
    usual: int
    is_forever: bool
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class Retained:
    rows: tuple[Kept, ...]
    problem: str = ""


@page.get("/sites")
def show_all() -> str:
    return render_template(
        "sites.html",
        sites=dashboard().sites.all(),
        moderator=current_session().moderator,
        now=services().clock(),
    )


@page.get("/sites/<site_id>")
def show(site_id: str) -> str:
    return _rendered(site_id, Outcome())


@page.post("/sites/<site_id>/rotate")
def rotate(site_id: str) -> Response:
    """A new secret and key, shown this once; the ones before count for a day."""
    given = dashboard().sites.manage.rotate(site_id, services().clock())
    _noted(AuditAct.ROTATED, site_id)
    return make_response(_rendered(site_id, Outcome(credentials=given)))


@page.post("/sites/<site_id>/door-key")
def client_key(site_id: str) -> Response:
    """A new key for Akismet clients, shown this once."""
    given = dashboard().sites.manage.client_key(site_id, services().clock())
    _noted(AuditAct.KEY_MADE, site_id)
    return make_response(_rendered(site_id, Outcome(client_key=given)))


@page.post("/sites/<site_id>/test")
def test(site_id: str) -> Response:
    """Send a signed event about nothing, and tell what the blog answered."""
    pages = dashboard().sites
    try:
        outcome = Outcome(answer=pages.try_callback(pages.get(site_id), services().clock()))
    except RequestError as error:
        outcome = Outcome(problem=str(error))
    return make_response(_rendered(site_id, outcome))


@page.post("/sites/<site_id>/choices")
def choose(site_id: str) -> Response:
    """How much is asked of strangers, and what becomes of copies."""
    mode, copies = request.form.get("mode", ""), request.form.get("copies", "")
    if mode not in set(Mode) or copies not in set(CopyHandling):
        raise BadRequest
    dashboard().sites.manage.choose(
        site_id,
        SiteChoices(
            mode=Mode(mode),
            copies=CopyHandling(copies),
            previously_approved="previously_approved" in request.form,
        ),
    )
    _noted(AuditAct.SITE_CHANGED, site_id, f"mode {mode}, copies {copies}")
    where = url_for("dashboard.sites.show", site_id=site_id, saved=1)
    return redirect(where, HTTPStatus.SEE_OTHER)


@page.post("/sites/<site_id>/retention")
def retain(site_id: str) -> Response:
    """How long what people wrote is kept; nothing is changed where a number is none."""
    retention = dashboard().sites.retention
    typed = {part: request.form.get(part, "") for part in Part}
    wrong = {part for part, days in typed.items() if _is_wrong(days)}
    if wrong:
        problem = _("Days are a whole number from 0 (for ever) to %(most)s") % {"most": MAX_DAYS}
        told = Retained(_kept(site_id, typed, wrong), problem)
        return make_response(_rendered(site_id, Outcome(), told), HTTPStatus.BAD_REQUEST)
    retention(site_id, RetentionChoice(**{part: read_days(typed[part]) for part in Part}))
    days = ", ".join(f"{part} {value or '-'}" for part, value in typed.items())
    _noted(AuditAct.SITE_CHANGED, site_id, f"retention: {days}")
    where = url_for("dashboard.sites.show", site_id=site_id, saved=1)
    return redirect(where, HTTPStatus.SEE_OTHER)


@page.post("/sites/<site_id>/change")
def change(site_id: str) -> Response:
    """What is known of the blog; all of it or nothing."""
    typed = {name: request.form.get(name, "").strip() for name in CHANGED}
    wanted = SiteChanges(
        name=typed["name"],
        url=typed["url"],
        platform=typed["platform"],
        callback_url=typed["callback_url"],
        langs=typed["langs"],
    )
    try:
        before = dashboard().sites.get(site_id)
        after = dashboard().sites.change(site_id, wanted)
    except InvalidError as error:
        return _wrong(site_id, error)
    told = [f"{name} {getattr(after, name)}" for name in CHANGED if _differs(before, after, name)]
    if told:
        _noted(AuditAct.SITE_CHANGED, site_id, ", ".join(told))
    where = url_for("dashboard.sites.show", site_id=site_id, saved=1)
    return redirect(where, HTTPStatus.SEE_OTHER)


@page.post("/sites/<site_id>/remove")
def remove(site_id: str) -> Response:
    """Remove the site and all that belongs to it, once its id was typed."""
    try:
        dashboard().sites.remove(site_id, request.form.get("confirmed", ""))
    except InvalidError as error:
        return _wrong(site_id, error)
    _noted(AuditAct.SITE_REMOVED, site_id)
    return redirect(url_for("dashboard.sites.show_all"), HTTPStatus.SEE_OTHER)


def _differs(before: Site, after: Site, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _wrong(site_id: str, error: InvalidError) -> Response:
    named = [f"{field.pointer.strip('/')}: {field.detail}" for field in error.fields]
    outcome = Outcome(wrong=tuple(named) or (str(error),))
    return make_response(_rendered(site_id, outcome), HTTPStatus.UNPROCESSABLE_ENTITY)


def _noted(act: AuditAct, site_id: str, detail: str = "") -> None:
    now = services().clock()
    dashboard().audit(act, decider(), now, about=site_id, site_id=site_id, detail=detail)


def _is_wrong(days: str) -> bool:
    try:
        read_days(days)
    except ValueError:
        return True
    return False


def _kept(
    site_id: str, typed: Mapping[Part, str] | None = None, wrong: Collection[Part] = ()
) -> tuple[Kept, ...]:
    retention = dashboard().sites.retention
    choice, kept = retention.of(site_id)
    return tuple(
        Kept(
            name=part.value,
            typed=_typed(choice.days(part)) if typed is None else typed[part],
            usual=retention.usual.days(part),
            is_forever=kept.days(part) == FOREVER,
            is_wrong=part in wrong,
        )
        for part in Part
    )


def _typed(days: int | None) -> str:
    return "" if days is None else str(days)


def _rendered(site_id: str, outcome: Outcome, retained: Retained | None = None) -> str:
    pages = dashboard().sites
    site = pages.get(site_id)
    return render_template(
        "site.html",
        site=site,
        keys=pages.keys.keys(site_id),
        typed={name: request.form.get(name) for name in CHANGED} if outcome.wrong else {},
        platforms=sorted(pages.change.platforms),
        belongs=pages.remove.count(site_id),
        outcome=outcome,
        retained=retained or Retained(_kept(site_id)),
        modes=list(Mode),
        copies=list(CopyHandling),
        is_saved="saved" in request.args,
        moderator=current_session().moderator,
        now=services().clock(),
    )
