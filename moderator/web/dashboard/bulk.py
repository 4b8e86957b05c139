"""One verdict for several that were selected: each is a decision of its own."""

import re
from dataclasses import replace

from flask import Blueprint, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from moderator.domain.decisions.moderation import Refusal, SeenVersion
from moderator.domain.ids import new_id
from moderator.web.dashboard import script_answers
from moderator.web.dashboard.list_pane import CHOICES, onwards
from moderator.web.dashboard.security import (
    current_session,
    dashboard,
    decider,
    services,
    wants_json,
)

page = Blueprint("bulk", __name__)

MOST = 500  # that are selected at once
# Which, and the decision and the text that was seen of it.
ITEM = re.compile(r"([0-9A-Za-z-]{1,64})\.([0-9]{1,9})\.([0-9]{1,9})", re.ASCII)
GONE = "There is no such submission"


@page.post("/bulk/decide")
def decide() -> Response:
    """Answer with the list; what somebody else decided meanwhile is told, item by item."""
    verdict = CHOICES.get(request.form.get("verdict", ""))
    items = request.form.getlist("item")
    found = [ITEM.fullmatch(item) for item in items[: MOST + 1]]
    if verdict is None or len(found) > MOST or not all(found):
        raise BadRequest
    seen = {one[1]: SeenVersion(int(one[2]), int(one[3])) for one in found if one}
    if not seen:
        return onwards()
    ours = dashboard().reads.lines(current_session().moderator.scope, list(seen))
    now = services().clock()
    done = dashboard().together.several(
        {id_: seen[id_] for id_ in seen if id_ in ours},
        verdict,
        decider(),
        act=new_id(now, services().entropy(10)),
        now=now,
    )
    gone = tuple(Refusal(id_, GONE) for id_ in seen if id_ not in ours)
    done = replace(done, refused=(*done.refused, *gone))
    if wants_json():
        return script_answers.decided_together(done, request.form.get("next", ""))
    if done.refused and not done.decided:
        first = next((id_ for id_ in seen if id_ in ours), None)
        return onwards(missed=first, wanted=verdict.value)
    return onwards(acted=done.act, missing=str(len(done.refused)))
