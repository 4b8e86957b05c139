"""The rules: what there is, a new one with its preview, and what was changed, to be taken back."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from moderator.domain.errors import ConflictError, InvalidError
from moderator.domain.rule import RuleKind, RuleState
from moderator.domain.verdict import Verdict
from moderator.usecases.rules.manage import RuleWish, acts_at_once
from moderator.web.dashboard import rule_forms
from moderator.web.dashboard.rule_forms import number, own_names, sites, wish
from moderator.web.dashboard.security import current_session, dashboard, decider, services

page = Blueprint("rules", __name__)

EMPTY = RuleWish("", RuleKind.LIST, "", Verdict.HOLD)
SHOWN = (RuleState.LIVE, RuleState.SHADOW, RuleState.DRAFT, RuleState.EXPIRED)


@page.get("/rules")
def show() -> str:
    return _listed(EMPTY)


@page.post("/rules/preview")
def preview() -> str | tuple[str, HTTPStatus]:
    """What a rule would have done among the newest; nothing is written."""
    asked = wish(services().clock())
    try:
        tried = dashboard().rules.tried(asked, decider(), services().clock())
    except InvalidError as error:
        return _listed(asked, str(error)), HTTPStatus.BAD_REQUEST
    run = tried.dry_run
    ids = () if run is None else (*run.wrong_ids, *run.right_ids, *run.caught_ids)
    return render_template(
        "rule_preview.html",
        rule=tried,
        run=run,
        asked=asked,
        days=request.form.get("days", ""),
        acts=acts_at_once(asked),
        names=own_names(),
        lines=dashboard().reads.lines(current_session().moderator.scope, ids),
        moderator=current_session().moderator,
        now=services().clock(),
    )


@page.post("/rules")
def add() -> Response | tuple[str, HTTPStatus]:
    """Make a rule: a draft, or live at once after its preview."""
    now = services().clock()
    asked, acts = wish(now), request.form.get("as", "") == RuleState.LIVE
    scope = current_session().moderator.scope
    try:
        made = dashboard().rules.add(asked, decider(), scope=scope, now=now, acts=acts)
    except InvalidError as error:
        return _listed(asked, str(error)), HTTPStatus.BAD_REQUEST
    where = url_for("dashboard.rule.show", rule_id=made.id, made="1")
    return redirect(where, HTTPStatus.SEE_OTHER)


@page.post("/rules/undo")
def undo() -> Response:
    """Take a line of the log back: of a rule, or of what a site chose."""
    scope, now, line = current_session().moderator.scope, services().clock(), number("change")
    change = dashboard().rules.store.change(line)
    is_choice = change is not None and change.rule is None
    try:
        if is_choice:
            site = dashboard().thresholds.undo(line, decider(), scope=scope, now=now)
            where = url_for("dashboard.thresholds.show", site_id=site.id, undone="1")
        else:
            rule = dashboard().rules.undo(line, decider(), scope=scope, now=now)
            where = url_for("dashboard.rule.show", rule_id=rule.id, undone="1")
    except ConflictError:
        where = url_for("dashboard.rules.show", missed="1")
    return redirect(where, HTTPStatus.SEE_OTHER)


def _listed(asked: RuleWish, problem: str = "") -> str:
    scope, now = current_session().moderator.scope, services().clock()
    found = dashboard().rules.store.of(scope)
    found.sort(key=lambda rule: SHOWN.index(rule.state_at(now)))
    return render_template(
        "rules.html",
        rules=found,
        counts=dashboard().rules.store.counts([rule.id for rule in found]),
        changes=dashboard().rules.store.changes(scope)[:10],
        sites=sites(),
        names=own_names(),
        asked=asked,
        problem=problem,
        kinds=tuple(kind for kind in RuleKind if kind is not RuleKind.THRESHOLDS),
        actions=tuple(Verdict),
        missed=bool(request.args.get("missed")),
        moderator=current_session().moderator,
        now=now,
        all_sites=rule_forms.may_own(""),
    )
