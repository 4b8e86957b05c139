"""One rule: what it looks for, its dry run with examples, what it caught, and where it may go."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from moderator.domain.errors import ConflictError, InvalidError
from moderator.domain.rule import RuleState, moves
from moderator.domain.verdict import Verdict
from moderator.web.dashboard.rule_forms import chosen, number, own_names, wish
from moderator.web.dashboard.security import current_session, dashboard, decider, services

page = Blueprint("rule", __name__)

ORDER = (RuleState.LIVE, RuleState.SHADOW, RuleState.DRAFT, RuleState.EXPIRED)


@page.get("/rules/<rule_id>")
def show(rule_id: str) -> str:
    return _page(rule_id)


@page.post("/rules/<rule_id>/move")
def move(rule_id: str) -> Response | tuple[str, HTTPStatus]:
    scope, now, to = current_session().moderator.scope, services().clock(), chosen(RuleState, "to")
    seen = number("seen")
    try:
        dashboard().rules.move(rule_id, to, decider(), scope=scope, seen=seen, now=now)
    except ConflictError:
        return _back(rule_id, missed="1")
    except InvalidError as error:
        return _page(rule_id, str(error)), HTTPStatus.BAD_REQUEST
    return _back(rule_id, moved="1")


@page.post("/rules/<rule_id>/change")
def change(rule_id: str) -> Response | tuple[str, HTTPStatus]:
    scope, now = current_session().moderator.scope, services().clock()
    asked, seen = wish(now), number("seen")
    try:
        dashboard().rules.change(rule_id, asked, decider(), scope=scope, seen=seen, now=now)
    except ConflictError:
        return _back(rule_id, missed="1")
    except InvalidError as error:
        return _page(rule_id, str(error)), HTTPStatus.BAD_REQUEST
    return _back(rule_id)


@page.post("/rules/<rule_id>/try")
def try_again(rule_id: str) -> Response:
    scope, now = current_session().moderator.scope, services().clock()
    dashboard().rules.start(rule_id, scope=scope, now=now)
    return _back(rule_id, started="1")


def _back(rule_id: str, **note: Any) -> Response:  # noqa: ANN401  # url_for's own are no strings
    return redirect(url_for("dashboard.rule.show", rule_id=rule_id, **note), HTTPStatus.SEE_OTHER)


def _page(rule_id: str, problem: str = "") -> str:
    scope, now = current_session().moderator.scope, services().clock()
    found = dashboard().rules.rule(scope, rule_id)
    run = found.dry_run
    ids = () if run is None else (*run.wrong_ids, *run.right_ids, *run.caught_ids)
    may = moves(found, now)
    notes = ("made", "moved", "undone", "missed", "started")
    return render_template(
        "rule.html",
        rule=found,
        run=run,
        state=found.state_at(now),
        moves=[state for state in ORDER if state in may],
        counts=dashboard().rules.store.counts([rule_id]).get(rule_id, {}),
        changes=dashboard().rules.store.changes(scope, rule_id),
        names=own_names(),
        lines=dashboard().reads.lines(scope, ids),
        actions=tuple(Verdict),
        problem=problem,
        note=next((name for name in notes if request.args.get(name)), ""),
        moderator=current_session().moderator,
        now=now,
    )
