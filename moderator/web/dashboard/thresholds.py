"""What each threshold would do, as far as people decided; and when people look at what comes."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from moderator.domain.errors import InvalidError
from moderator.domain.policy import Moderation
from moderator.domain.rule import EARNED_AMONG, Rule, RuleKind, RuleState
from moderator.domain.rules.changes import PolicyChoice, choice_of
from moderator.domain.verdict import Verdict
from moderator.usecases.rules.manage import RuleWish
from moderator.web.dashboard.rule_forms import sites
from moderator.web.dashboard.security import current_session, dashboard, decider, services

page = Blueprint("thresholds", __name__)

NOTES = ("kept", "undone", "counting")


@page.get("/thresholds")
def start() -> Response:
    """To the first site; who sees several chooses there."""
    found = sites()
    if not found:
        raise NotFound
    where = url_for("dashboard.thresholds.show", site_id=found[0].id)
    return redirect(where, HTTPStatus.SEE_OTHER)


@page.get("/thresholds/<site_id>")
def show(site_id: str) -> str:
    return _page(site_id)


@page.post("/thresholds/<site_id>/imported")
def judge_imported(site_id: str) -> Response:
    """Have what was imported judged again, so that it is told here too; nothing else changes."""
    scope, now = current_session().moderator.scope, services().clock()
    dashboard().thresholds.judge_imported(scope, site_id, now)
    where = url_for("dashboard.thresholds.show", site_id=site_id, _anchor="expect")
    return redirect(where, HTTPStatus.SEE_OTHER)


@page.post("/thresholds/<site_id>")
def choose(site_id: str) -> Response | tuple[str, HTTPStatus]:
    wanted = _wanted()
    scope, now = current_session().moderator.scope, services().clock()
    if request.form.get("as") == RuleState.SHADOW:
        return _in_shadow(site_id, wanted)
    try:
        dashboard().thresholds.choose(site_id, wanted, decider(), scope=scope, now=now)
    except InvalidError as error:
        return _page(site_id, wanted, str(error)), HTTPStatus.BAD_REQUEST
    where = url_for("dashboard.thresholds.show", site_id=site_id, kept="1")
    return redirect(where, HTTPStatus.SEE_OTHER)


def _in_shadow(site_id: str, wanted: PolicyChoice) -> Response | tuple[str, HTTPStatus]:
    """Count from now on what these thresholds would do; nothing else changes."""
    scope, now, rules = current_session().moderator.scope, services().clock(), dashboard().rules
    dashboard().thresholds.site(scope, site_id)
    what = f"{wanted.hold_at} {wanted.spam_at}"
    wish = RuleWish(site_id, RuleKind.THRESHOLDS, what, Verdict.HOLD)
    try:
        made = rules.add(wish, decider(), scope=scope, now=now)
    except InvalidError as error:
        return _page(site_id, wanted, str(error)), HTTPStatus.BAD_REQUEST
    rules.move(made.id, RuleState.SHADOW, decider(), scope=scope, seen=made.version, now=now)
    where = url_for("dashboard.thresholds.show", site_id=site_id, counting="1")
    return redirect(where, HTTPStatus.SEE_OTHER)


def _counting(site_id: str) -> list[Rule]:
    """Thresholds of a site that are in shadow now."""
    now = services().clock()
    return [
        rule
        for rule in dashboard().rules.store.of((site_id,))
        if rule.kind is RuleKind.THRESHOLDS and rule.state_at(now) is RuleState.SHADOW
    ]


def _wanted() -> PolicyChoice:
    """Raises BadRequest."""
    try:
        hold, spam = (float(request.form[name].replace(",", ".")) for name in ("hold", "spam"))
        moderation = Moderation(request.form.get("moderation", ""))
    except ValueError as error:
        raise BadRequest from error
    return PolicyChoice(hold, spam, moderation, bool(request.form.get("previously")))


def _page(site_id: str, wanted: PolicyChoice | None = None, problem: str = "") -> str:
    scope = current_session().moderator.scope
    site = dashboard().thresholds.site(scope, site_id)
    imported = dashboard().thresholds.imported(scope, site_id)
    changes = dashboard().rules.store.changes((site_id,), "")
    shadows = _counting(site_id)
    return render_template(
        "thresholds.html",
        site=site,
        sites=sites(),
        imported=imported,
        table=dashboard().thresholds.table(scope, site_id, imported.trial),
        choice=wanted or choice_of(site.policy),
        moderations=tuple(Moderation),
        changes=changes[:10],
        shadows=shadows,
        counts=dashboard().rules.store.counts([rule.id for rule in shadows]),
        problem=problem,
        note=next((name for name in NOTES if request.args.get(name)), ""),
        earned_among=EARNED_AMONG,
        moderator=current_session().moderator,
        now=services().clock(),
    )
