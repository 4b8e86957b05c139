"""What a moderator notes about a submission, and that they are at a line."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from moderator.domain.errors import NotFoundError
from moderator.web.answers import script_answer
from moderator.web.dashboard.list_pane import asked_tab
from moderator.web.dashboard.security import (
    current_session,
    dashboard,
    decider,
    services,
    wants_json,
)

page = Blueprint("note", __name__)


@page.post("/submissions/<submission_id>/notes")
def write(submission_id: str) -> Response:
    """Keep the note; answer with the notes as they stand, or lead back to the submission."""
    scope, now = current_session().moderator.scope, services().clock()
    line = dashboard().reads.line(scope, submission_id)
    dashboard().note(line, request.form.get("words", ""), decider(), now=now)
    if wants_json():
        dossier = dashboard().reads.submission(scope, submission_id)
        shown = render_template("notes.html", dossier=dossier)
        return script_answer({"ok": True, "notes": shown.strip()}, HTTPStatus.OK)
    where = url_for(
        "dashboard.submission.show",
        submission_id=submission_id,
        shelf=asked_tab() or None,
        _anchor="notes",
    )
    return redirect(where, HTTPStatus.SEE_OTHER)


@page.post("/submissions/<submission_id>/claim")
def claim(submission_id: str) -> Response:
    """Claim one line for who asks; `who` is somebody who has it, '' where it is the asker's now."""
    scope, now = current_session().moderator.scope, services().clock()
    line = dashboard().reads.line(scope, submission_id)
    if line.status != "hold":
        raise NotFoundError("Only what is held is claimed")
    _, others = dashboard().claims.start([line], decider(), now, at=0)
    if wants_json():
        is_free = line.key not in others
        shown = render_template("claimed.html", who=others.get(line.key, ""), is_free=is_free)
        return script_answer({"ok": is_free, "note": shown.strip()}, HTTPStatus.OK)
    where = url_for("dashboard.submission.show", submission_id=submission_id, shelf="held")
    return redirect(where, HTTPStatus.SEE_OTHER)
