"""One submission: what it says, why it stands where it stands, and what a moderator decides.

templates/submission.html draws it, from a SubmissionPage (domain/pages/dashboard.py), which
storage/dashboard/submission.py reads.
"""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, redirect, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from moderator.domain.decisions.moderation import SeenVersion
from moderator.domain.errors import ConflictError
from moderator.domain.pages.dashboard import TAB_OF_STATUS, ListItem, Standing, SubmissionPage, Tab
from moderator.domain.verdict import Verdict
from moderator.web.answers import script_answer
from moderator.web.dashboard import script_answers
from moderator.web.dashboard.filters import web_address
from moderator.web.dashboard.list_pane import (
    CHOICES,
    Place,
    asked_tab,
    claimed,
    onwards,
    rendered,
    side_list,
    tab_named,
)
from moderator.web.dashboard.search_query import asked, encoded, fields_of
from moderator.web.dashboard.security import (
    current_session,
    dashboard,
    decider,
    own_page,
    services,
    wants_json,
)

page = Blueprint("submission", __name__)

MOST_PANES = 8  # that are asked for at once
PANES_SIZE = 128 * 1024  # characters after which no further one is given: it is asked for again


@page.get("/submissions/<submission_id>")
def show(submission_id: str) -> str:
    dossier = _dossier(submission_id)
    tab = tab_named(request.args.get("shelf", ""), _home(dossier))
    beside = side_list(tab, request.args.get("before", ""))
    ids = [line.id for line in beside.listing.lines]
    at = ids.index(dossier.line.id) if dossier.line.id in ids else 0
    _, others = claimed(tab, beside.listing.lines, at=at)
    return rendered(beside, dossier, others, is_list=False)


@page.get("/submissions/panes")
def panes() -> Response:
    """What stands beside the list, for several lines at once: JSON by id.

    None for what is gone, was decided, or is looked at by somebody else.
    """
    place = Place(asked_tab(), request.args.get("before", ""), find=encoded(asked()))
    ids = request.args.getlist("id")[:MOST_PANES]
    lines = dashboard().reads.lines(current_session().moderator.scope, ids)
    tab = tab_named(place.tab, Tab.ALL)
    _, others = claimed(tab, [lines[key] for key in ids if key in lines], at=0)
    found: dict[str, str] = {}
    for key in ids:
        if sum(map(len, found.values())) < PANES_SIZE and _is_to_do(lines.get(key), tab, others):
            found[key] = script_answers.pane(key, place)
    return script_answer({key: found.get(key) or None for key in ids}, HTTPStatus.OK)


def _is_to_do(line: ListItem | None, tab: Tab, others: Mapping[str, str]) -> bool:
    """Whether a line is still to be decided about here, and nobody else is at it."""
    if line is None or line.key in others:
        return False
    return tab is not Tab.HELD or line.status == Verdict.HOLD.status


@page.get("/submissions/<submission_id>/open/<what>")
def open_elsewhere(submission_id: str, what: str) -> Response:
    """Lead the reader's own browser to the post or the source; nothing is fetched by us."""
    it = _dossier(submission_id).line.submission
    if it is None or what not in {"source", "post"}:
        raise NotFound
    linkback = it.linkback
    source = linkback.source if linkback else it.author.url
    post = linkback.target if linkback else it.link or it.post.url
    where = web_address(source if what == "source" else post)
    if not where:
        raise NotFound
    return redirect(where, HTTPStatus.SEE_OTHER)


@page.post("/submissions/<submission_id>/decision")
def decide(submission_id: str) -> Response:
    """Answer with the next submission of the list; above it stands what was done, or by whom."""
    scope, seen = current_session().moderator.scope, _seen()
    verdict = CHOICES.get(request.form.get("verdict", ""))
    if verdict is None:
        raise BadRequest
    if not (submission_id.isascii() and submission_id.isalnum()):
        raise NotFound
    now, decide_on = services().clock(), dashboard().moderate
    try:
        is_new = decide_on(submission_id, verdict, decider(), seen=seen, scope=scope, now=now)
    except ConflictError:
        return _missed(submission_id, verdict.value)
    if wants_json():
        token = _token(submission_id, replace(seen, sequence=seen.sequence + 1) if is_new else None)
        return script_answers.decided(token, request.form.get("next", ""))
    return onwards(done=submission_id)


def _token(submission_id: str, stands: SeenVersion | None) -> str:
    """What takes it back; None where the same hand had decided so before."""
    if stands is None:
        line = _line(submission_id)
        stands = SeenVersion(line.sequence, line.content_version)
    return f"{submission_id}.{stands.sequence}.{stands.content_version}"


@page.post("/submissions/<submission_id>/undo")
def undo(submission_id: str) -> Response:
    """Answer with the submission as it stood before the latest decision, or with who was faster."""
    before, seen = _line(submission_id), _seen()
    try:
        dashboard().moderate.undo(before.id, decider(), seen=seen, now=services().clock())
    except ConflictError:
        return _missed(submission_id, "undo")
    if wants_json():
        return script_answers.decided("", submission_id)
    if back := own_page(request.form.get("back", "")):
        return redirect(back, HTTPStatus.SEE_OTHER)
    where = url_for(
        "dashboard.submission.show",
        submission_id=submission_id,
        shelf=asked_tab() or None,
        before=request.form.get("before") or None,
        _anchor="item",
        **fields_of(asked()),
    )
    return redirect(where, HTTPStatus.SEE_OTHER)


def _seen() -> SeenVersion:
    """The decision and the text that the form was made for. Raises BadRequest."""
    sequence, version = (request.form.get(name, "") for name in ("seen", "version"))
    for number in (sequence, version):
        if not (number.isascii() and number.isdigit() and len(number) < 10):  # noqa: PLR2004
            raise BadRequest
    return SeenVersion(int(sequence), int(version))


def _missed(submission_id: str, wanted: str) -> Response:
    """Say what happened meanwhile, and by whom; nothing of theirs was changed."""
    if wants_json():
        return script_answers.missed(_standing(submission_id), wanted)
    return onwards(missed=submission_id, wanted=wanted)


def _line(submission_id: str) -> ListItem:
    return dashboard().reads.line(current_session().moderator.scope, submission_id)


def _standing(submission_id: str) -> Standing:
    return dashboard().reads.standing(current_session().moderator.scope, submission_id)


def _dossier(submission_id: str) -> SubmissionPage:
    return dashboard().reads.submission(current_session().moderator.scope, submission_id)


def _home(dossier: SubmissionPage) -> Tab:
    return TAB_OF_STATUS.get(dossier.line.status, Tab.ALL)
