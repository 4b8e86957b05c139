"""One submission: what it says, why it stands where it stands, and what a moderator decides."""

from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from moderator.domain.decisions.moderation import Seen
from moderator.domain.errors import ConflictError
from moderator.domain.pages.dashboard import SHELF_OF_STATUS, Dossier, Shelf
from moderator.domain.verdict import Decider, DeciderKind, Verdict
from moderator.web.dashboard.security import desk, services, visit
from moderator.web.dashboard.side import shelf_named, side

page = Blueprint("submission", __name__)

CHOICES = {verdict.value: verdict for verdict in (Verdict.APPROVE, Verdict.SPAM, Verdict.DISCARD)}


@page.get("/submissions/<submission_id>")
def show(submission_id: str) -> str:
    dossier = _dossier(submission_id)
    shelf = shelf_named(request.args.get("shelf", ""), _home(dossier))
    beside = side(shelf, request.args.get("before", ""))
    ids = [line.id for line in beside.listing.lines]
    place = ids.index(submission_id) + 1 if submission_id in ids else 0
    done = request.args.get("done", "")
    return render_template(
        "queue.html",
        side=beside,
        dossier=dossier,
        done=_dossier(done) if done else None,
        is_list=False,
        following=next((key for key in ids[place:] if key != submission_id), ""),
        moderator=visit().moderator,
        now=services().clock(),
    )


@page.post("/submissions/<submission_id>/decision")
def decide(submission_id: str) -> Response:
    """Answer with the next submission of the list, or with who was faster."""
    before, seen = _dossier(submission_id), _seen()
    verdict = CHOICES.get(request.form.get("verdict", ""))
    if verdict is None:
        raise BadRequest
    try:
        desk().moderate(before.line.id, verdict, _decider(), seen=seen, now=services().clock())
    except ConflictError as error:
        return _faster(submission_id, verdict.value, str(error))
    return redirect(_onwards(submission_id), HTTPStatus.SEE_OTHER)


@page.post("/submissions/<submission_id>/undo")
def undo(submission_id: str) -> Response:
    """Answer with the submission as it stood before the latest decision, or with who was faster."""
    before, seen = _dossier(submission_id), _seen()
    try:
        desk().moderate.undo(before.line.id, _decider(), seen=seen, now=services().clock())
    except ConflictError as error:
        return _faster(submission_id, "undo", str(error))
    where = url_for("dashboard.submission.show", submission_id=submission_id)
    return redirect(where, HTTPStatus.SEE_OTHER)


def _seen() -> Seen:
    """The decision and the text that the form was made for. Raises BadRequest."""
    sequence, version = (request.form.get(name, "") for name in ("seen", "version"))
    for number in (sequence, version):
        if not (number.isascii() and number.isdigit() and len(number) < 10):  # noqa: PLR2004
            raise BadRequest
    return Seen(int(sequence), int(version))


def _decider() -> Decider:
    moderator = visit().moderator
    return Decider(DeciderKind.MODERATOR, moderator.id, moderator.name)


def _faster(submission_id: str, wanted: str, problem: str) -> Response:
    """Say what happened meanwhile, and by whom; nothing of theirs was changed."""
    found = render_template(
        "conflict.html",
        dossier=_dossier(submission_id),
        wanted=wanted,
        problem=problem,
        moderator=visit().moderator,
        now=services().clock(),
    )
    return make_response(found, HTTPStatus.CONFLICT)


def _onwards(decided: str) -> str:
    wanted = request.form.get("shelf", "")
    shelf = wanted if wanted in set(Shelf) else None
    following = request.form.get("next", "")
    if following.isascii() and following.isalnum():
        page_of_next = "dashboard.submission.show"
        return url_for(page_of_next, submission_id=following, done=decided, shelf=shelf)
    return url_for("dashboard.queue.show", done=decided, shelf=shelf)


def _dossier(submission_id: str) -> Dossier:
    return desk().look.submission(visit().moderator.scope, submission_id)


def _home(dossier: Dossier) -> Shelf:
    return SHELF_OF_STATUS.get(dossier.line.status, Shelf.ALL)
