"""What a page that stands open asks every few seconds: counts, and how many came since."""

from hashlib import sha256
from http import HTTPStatus

from flask import Blueprint, request
from werkzeug.wrappers import Response

from moderator.web.answers import script_answer
from moderator.web.dashboard.script_answers import counts
from moderator.web.dashboard.security import current_session, dashboard, services

page = Blueprint("pulse", __name__)


@page.get("/pulse")
def show() -> Response:
    """304 when nothing changed. `after` is the newest place of the list that is shown."""
    scope, reads = current_session().moderator.scope, dashboard().reads
    overview = reads.around(scope, now=services().clock())
    answer = script_answer(
        {
            "counts": counts(overview),
            "arrived": reads.arrived(scope, after=request.args.get("after", "")),
            "is_silent": overview.silent_since is not None,
        },
        HTTPStatus.OK,
    )
    answer.set_etag(sha256(answer.get_data()).hexdigest()[:16])
    return answer.make_conditional(request)
