"""Trust or block what a submission brings: by page, path, host or author, after a preview."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from moderator.domain.content.facts import Facts
from moderator.domain.pages.dashboard import ListItem
from moderator.domain.rule import RuleKind
from moderator.domain.rules.scopes import EntryScope, scopes
from moderator.domain.verdict import Verdict
from moderator.usecases.rules.manage import RuleWish
from moderator.web.dashboard.security import current_session, dashboard, decider, services

page = Blueprint("trust", __name__)

TRUST, BLOCK = "trust", "block"
ACTIONS = {TRUST: Verdict.APPROVE, BLOCK: Verdict.SPAM}


@page.get("/submissions/<submission_id>/rule/<what>")
def show(submission_id: str, what: str) -> str:
    line, offered = _offered(submission_id, what)
    entries = [scope.entry for scope in offered]
    wanted = request.args.get("entry", "")
    entry = wanted if wanted in entries else next(iter(entries), "")
    now = services().clock()
    asked = _wish(line, what, entry)
    tried = dashboard().rules.tried(asked, decider(), now) if entry else None
    run = tried.dry_run if tried is not None else None
    ids = () if run is None else (*run.wrong_ids, *run.right_ids, *run.caught_ids)
    scope = current_session().moderator.scope
    return render_template(
        "trust.html",
        line=line,
        what=what,
        offered=offered,
        entry=entry,
        rule=tried,
        run=run,
        lines=dashboard().reads.lines(scope, ids),
        moderator=current_session().moderator,
        now=now,
    )


@page.post("/submissions/<submission_id>/rule/<what>")
def act(submission_id: str, what: str) -> Response:
    """Acts at once; the page of the rule says how to take it back."""
    line, offered = _offered(submission_id, what)
    entry = request.form.get("entry", "")
    if entry not in [scope.entry for scope in offered]:
        raise BadRequest
    scope, now = current_session().moderator.scope, services().clock()
    asked = _wish(line, what, entry)
    made = dashboard().rules.add(asked, decider(), scope=scope, now=now, acts=True)
    where = url_for("dashboard.rule.show", rule_id=made.id, made="1", submission=line.id)
    return redirect(where, HTTPStatus.SEE_OTHER)


def _wish(line: ListItem, what: str, entry: str) -> RuleWish:
    return RuleWish(line.site_id, RuleKind.LIST, entry, ACTIONS[what])


def _offered(submission_id: str, what: str) -> tuple[ListItem, tuple[EntryScope, ...]]:
    scope = current_session().moderator.scope
    line = dashboard().reads.line(scope, submission_id)
    if what not in ACTIONS or line.submission is None:
        raise NotFound
    hosts = dashboard().thresholds.site(scope, line.site_id).hosts
    found = scopes(Facts(line.submission, hosts), hosts, is_trust=what == TRUST)
    return line, found
