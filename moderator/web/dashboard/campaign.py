"""One campaign: what its comments say and where they differ, and one decision about all of them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from moderator.domain.decisions.moderation import Shown, Together
from moderator.domain.history.reputation import EPOCH
from moderator.domain.ids import new_id
from moderator.domain.pages.dashboard import CampaignPage, CampaignPageMember
from moderator.domain.pages.differences import Piece, compare
from moderator.domain.verdict import Verdict
from moderator.web.dashboard import script_answers
from moderator.web.dashboard.list_pane import CHOICES, onwards
from moderator.web.dashboard.security import (
    current_session,
    dashboard,
    decider,
    services,
    wants_json,
)

page = Blueprint("campaign", __name__)

BARS = 24  # of the timeline
SOURCES = 10  # of each kind that are named
LONGEST = 2_000  # characters of a member that are compared
TEN_DIGITS, FIFTEEN = 10, 15
PLACE = re.compile(r"([0-9]{1,14})\.([0-9A-Za-z-]{1,64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """A member as it is shown: its text in pieces, of which some differ."""

    joined: CampaignPageMember
    pieces: tuple[Piece, ...]
    is_typical: bool


@page.get("/campaign/<campaign_id>")
def show(campaign_id: str) -> str:
    found = dashboard().reads.campaign(current_session().moderator.scope, campaign_id)
    return render_template(
        "campaign.html",
        found=found,
        rows=_rows(found),
        sources=_sources(found),
        bars=_bars(found.times),
        moderator=current_session().moderator,
        now=services().clock(),
    )


@page.post("/campaign/<campaign_id>/decide")
def decide(campaign_id: str) -> Response:
    """Decide about all held members but those taken out; answer with what became of them."""
    verdict = CHOICES.get(request.form.get("verdict", ""))
    if verdict is None:
        raise BadRequest
    now = services().clock()
    done = dashboard().together(
        campaign_id,
        verdict,
        decider(),
        scope=current_session().moderator.scope,
        shown=_shown(),
        act=new_id(now, services().entropy(10)),
        ahead=timedelta(days=_number("ahead", TEN_DIGITS)),
        now=now,
    )
    return _answer(done, verdict)


@page.post("/campaign/<campaign_id>/revoke")
def revoke(campaign_id: str) -> Response:
    """End what was decided in advance."""
    scope, now = current_session().moderator.scope, services().clock()
    dashboard().reads.campaign(scope, campaign_id)
    dashboard().together.revoke(campaign_id, decider(), scope=scope, now=now)
    if wants_json():
        return script_answers.decided("", "")
    return redirect(url_for("dashboard.campaign.show", campaign_id=campaign_id), 303)


def _answer(done: Together, verdict: Verdict) -> Response:
    if done.refused and not done.decided:
        first = done.refused[0].submission_id
        if wants_json():
            about = dashboard().reads.standing(current_session().moderator.scope, first)
            return script_answers.missed(about, verdict.value, script_answers.conflicts(done))
        return onwards(missed=first, wanted=verdict.value)
    if wants_json():
        return script_answers.decided_together(done, request.form.get("next", ""))
    return onwards(acted=done.act, missing=str(len(done.refused)))


def _shown() -> Shown:
    """What the form was made for. Raises BadRequest."""
    newest, at = request.form.get("newest", ""), _number("at", FIFTEEN)
    found = PLACE.fullmatch(newest)
    if newest and found is None:
        raise BadRequest
    without = frozenset(request.form.getlist("except"))
    place = None if found is None else (_time(int(found[1])), found[2])
    return Shown(place, _time(at) if at else None, without)


def _time(milliseconds: int) -> datetime:
    return EPOCH + timedelta(milliseconds=milliseconds)


def _number(name: str, longest: int) -> int:
    value = request.form.get(name, "") or "0"
    if not (value.isascii() and value.isdigit() and len(value) < longest):
        raise BadRequest
    return int(value)


def _rows(found: CampaignPage) -> list[Row]:
    texts = [one.line.submission.text if one.line.submission else "" for one in found.members]
    compared = compare([text[:LONGEST] for text in texts])
    rows = [
        Row(one, pieces, is_typical=at == compared.typical)
        for at, (one, pieces) in enumerate(zip(found.members, compared.pieces, strict=True))
    ]
    return sorted(rows, key=lambda row: not row.is_typical)


def _sources(found: CampaignPage) -> dict[str, list[tuple[str, int]]]:
    """What the shown members came with, most frequent first: addresses, names, mail domains."""
    authors = [one.line.submission.author for one in found.members if one.line.submission]
    kinds = {
        "address": Counter(author.ip for author in authors if author.ip),
        "name": Counter(author.name for author in authors if author.name),
        "mail": Counter(
            author.email.rpartition("@")[2].lower() for author in authors if "@" in author.email
        ),
    }
    return {kind: counted.most_common(SOURCES) for kind, counted in kinds.items() if counted}


def _bars(times: Sequence[datetime]) -> list[tuple[datetime, int]]:
    """How many came in each of BARS equal spans."""
    if not times:
        return []
    first, step = times[0], max((times[-1] - times[0]) / BARS, timedelta(minutes=1))
    counted = Counter(min(int((time - first) / step), BARS - 1) for time in times)
    return [(first + at * step, counted[at]) for at in range(max(counted) + 1)]
