"""Sites: how each is reached, its keys and secrets, how much it asks of strangers. Owners only."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from moderator.domain.decisions.delivery import CallbackAnswer
from moderator.domain.errors import RequestError
from moderator.domain.policy import CopyHandling, Mode
from moderator.usecases.operate.sites import Credentials, SiteChoices
from moderator.web.dashboard.security import current_session, dashboard, services

page = Blueprint("sites", __name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a form came to: shown once, for it may hold a secret."""

    credentials: Credentials | None = None
    client_key: str = ""
    answer: CallbackAnswer | None = None
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
    return make_response(_rendered(site_id, Outcome(credentials=given)))


@page.post("/sites/<site_id>/door-key")
def client_key(site_id: str) -> Response:
    """A new key for Akismet clients, shown this once."""
    given = dashboard().sites.manage.client_key(site_id, services().clock())
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
    where = url_for("dashboard.sites.show", site_id=site_id, saved=1)
    return redirect(where, HTTPStatus.SEE_OTHER)


def _rendered(site_id: str, outcome: Outcome) -> str:
    pages = dashboard().sites
    site = pages.get(site_id)
    return render_template(
        "site.html",
        site=site,
        keys=pages.keys.keys(site_id),
        outcome=outcome,
        modes=list(Mode),
        copies=list(CopyHandling),
        is_saved="saved" in request.args,
        moderator=current_session().moderator,
        now=services().clock(),
    )
