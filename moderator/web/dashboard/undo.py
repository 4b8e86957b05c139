"""Undo by the token that a decision's answer carried: which submission, and what was seen of it."""

import re
from http import HTTPStatus

from flask import Blueprint, redirect, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from moderator.domain.decisions.moderation import SeenVersion
from moderator.domain.errors import ConflictError
from moderator.web.dashboard import script_answers
from moderator.web.dashboard.list_pane import ACT
from moderator.web.dashboard.security import (
    current_session,
    dashboard,
    decider,
    services,
    wants_json,
)

page = Blueprint("undo", __name__)

TOKEN = re.compile(r"([0-9A-Za-z-]{1,64})\.([0-9]{1,9})\.([0-9]{1,9})", re.ASCII)


@page.post("/undo")
def take_back() -> Response:
    """Write the decision before the latest anew, unless something moved meanwhile."""
    token = request.form.get("token", "")
    if token.startswith(ACT):
        return _act(token.removeprefix(ACT))
    found = TOKEN.fullmatch(token)
    if found is None:
        raise BadRequest
    scope, reads = current_session().moderator.scope, dashboard().reads
    id_ = reads.line(scope, found[1]).id
    seen = SeenVersion(int(found[2]), int(found[3]))
    try:
        dashboard().moderate.undo(id_, decider(), seen=seen, now=services().clock())
    except ConflictError:
        if wants_json():
            return script_answers.missed(reads.standing(scope, id_), "undo")
        return redirect(url_for("dashboard.queue.show", missed=id_), HTTPStatus.SEE_OTHER)
    if wants_json():
        return script_answers.decided("", id_)
    return redirect(url_for("dashboard.submission.show", submission_id=id_), HTTPStatus.SEE_OTHER)


def _act(act: str) -> Response:
    """Take back what one press of a key decided, as far as it still stands."""
    scope, now = current_session().moderator.scope, services().clock()
    done = dashboard().together.undo(act, decider(), scope=scope, now=now)
    refused = [refusal.submission_id for refusal in done.refused]
    if wants_json():
        if refused and not done.decided:
            about = dashboard().reads.standing(scope, refused[0])
            return script_answers.missed(about, "undo", script_answers.conflicts(done))
        return script_answers.decided_together(done, next(iter(done.decided), ""))
    where = url_for("dashboard.queue.show", missed=refused[0] if refused else None)
    return redirect(where, HTTPStatus.SEE_OTHER)
