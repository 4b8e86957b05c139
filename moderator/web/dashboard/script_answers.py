"""What the script of the pages is told: JSON about decisions, and panes for what comes next."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import render_template
from werkzeug.wrappers import Response

from moderator.domain.decisions.moderation import Together
from moderator.domain.errors import NotFoundError
from moderator.domain.pages.dashboard import Overview, Standing
from moderator.domain.verdict import DeciderKind, RecordedDecision
from moderator.web.answers import script_answer
from moderator.web.dashboard.list_pane import ACT, Notice, Place
from moderator.web.dashboard.security import current_session, dashboard, services

Json = dict[str, object]


def decided(undo: str, following: str, more: Json | None = None) -> Response:
    """`undo` is the token that takes it back ('' if none does), `following` what comes next."""
    overview = dashboard().reads.around(current_session().moderator.scope, now=services().clock())
    answer: Json = {
        "ok": True,
        "undo": undo or None,
        "next": following or None,
        "counts": counts(overview),
    }
    return script_answer(answer | (more or {}), HTTPStatus.OK)


def decided_together(done: Together, following: str) -> Response:
    """The same for several; `conflicts` tells of each that was left as it is."""
    undo = f"{ACT}{done.act}" if done.act else ""
    more: Json = {"decided": len(done.decided), "conflicts": conflicts(done)}
    if done.refused:
        more["left"] = render_template("left.html", left=_left(done)).strip()
    return decided(undo, following, more)


def _left(done: Together) -> list[tuple[RecordedDecision | None, int]]:
    """What was left as it is: who had decided what about how many, None where it changed."""
    groups: dict[tuple[str, ...], tuple[RecordedDecision | None, int]] = {}
    for refusal in done.refused:
        latest = refusal.latest
        by_person = latest is not None and latest.decision.decided_by.kind.is_person
        said = latest if by_person else None
        key = (said.decision.decided_by.id, said.decision.verdict) if said else ()
        groups[key] = (said, groups.get(key, (said, 0))[1] + 1)
    return list(groups.values())


def conflicts(done: Together) -> list[Json]:
    return [
        {"id": refusal.submission_id, "words": refusal.words, **_conflict(refusal.latest)}
        for refusal in done.refused
    ]


def missed(about: Standing, wanted: str, several: Sequence[Json] = ()) -> Response:
    """409: who decided what, and when; `note` says it in the reader's language.

    `is_here` tells whether it can still be decided where it was.
    """
    latest = about.latest
    by_person = latest is not None and latest.decision.decided_by.kind.is_person
    answer: Json = {
        "ok": False,
        "conflict": _conflict(latest),
        "conflicts": list(several),
        "is_here": not by_person,
        "note": render_template(
            "notice.html",
            notice=Notice("missed", about, wanted),
            now=services().clock(),
            place=Place(),
        ).strip(),
    }
    return script_answer(answer, HTTPStatus.CONFLICT)


def _conflict(latest: RecordedDecision | None) -> Json:
    if latest is None:
        return {"who": "", "verdict": "", "at": ""}
    by = latest.decision.decided_by
    who = by.name if by.kind is DeciderKind.MODERATOR else by.kind.value
    return {
        "who": who,
        "verdict": latest.decision.verdict.value,
        "at": latest.decided_at.isoformat(),
    }


def counts(overview: Overview) -> dict[str, str]:
    """By tab, as the tabs show them."""
    return {
        tab.value: f"{tally.number}{'+' if tally.is_more else ''}"
        for tab, tally in overview.tallies.items()
    }


def pane(submission_id: str, place: Place) -> str:
    """HTML; '' when there is no such submission (any more)."""
    try:
        dossier = dashboard().reads.submission(current_session().moderator.scope, submission_id)
    except NotFoundError:
        return ""
    return render_template("pane.html", dossier=dossier, place=place, now=services().clock())
