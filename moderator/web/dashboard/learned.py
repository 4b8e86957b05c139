"""What people of a site refuse again and again, proposed as rules: each becomes a draft first."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from moderator.domain.rule import EARNED_AMONG
from moderator.domain.rules.learned import ENOUGH, MIN_DAYS
from moderator.usecases.rules.propose import READ
from moderator.web.dashboard.rule_forms import sites
from moderator.web.dashboard.security import current_session, dashboard, decider, services

page = Blueprint("learned", __name__)


@page.get("/learned")
def start() -> Response:
    """To the first site; who sees several chooses there."""
    found = sites()
    if not found:
        raise NotFound
    where = url_for("dashboard.learned.show", site_id=found[0].id)
    return redirect(where, HTTPStatus.SEE_OTHER)


@page.get("/learned/<site_id>")
def show(site_id: str) -> str:
    scope = current_session().moderator.scope
    found = dashboard().propose(scope, site_id)
    ids = [id_ for one in found for id_ in (*one.wrong_ids, *one.right_ids)]
    return render_template(
        "learned.html",
        site=dashboard().thresholds.site(scope, site_id),
        sites=sites(),
        found=found,
        lines=dashboard().reads.lines(scope, ids),
        read=READ,
        enough=ENOUGH,
        days=MIN_DAYS,
        earned_among=EARNED_AMONG,
        moderator=current_session().moderator,
        now=services().clock(),
    )


@page.post("/learned/<site_id>")
def take(site_id: str) -> Response:
    """Make a draft of a proposal; its dry run begins."""
    scope, now = current_session().moderator.scope, services().clock()
    entry = request.form.get("entry", "")
    made = dashboard().propose.take(site_id, entry, decider(), scope=scope, now=now)
    where = url_for("dashboard.rule.show", rule_id=made.id, made="1")
    return redirect(where, HTTPStatus.SEE_OTHER)
