"""The log: what was decided and noted, by whom, and whether the blog knows; whole as CSV, JSONL."""

from flask import Blueprint, Response, render_template, request

from moderator.domain.pages.log import BLOG, NOTES, PEOPLE, SERVICE, LogEntry, LogQuery
from moderator.domain.verdict import Decider, Verdict
from moderator.web.dashboard.exported import CSV, JSON_LINES, Row, exported
from moderator.web.dashboard.search_query import asked_day, asked_word
from moderator.web.dashboard.security import current_session, dashboard, services

page = Blueprint("log", __name__)

WHAT = {verdict.value for verdict in Verdict} | {NOTES}
COLUMNS = (
    "at", "who", "by", "what", "before", "site", "kind", "submission", "author", "text", "reason",
    "note", "delivery", "status", "error", "act",
)  # fmt: skip
LONGEST_TEXT = 500  # characters that are exported


@page.get("/log")
def show() -> str:
    scope, query = current_session().moderator.scope, _asked()
    before = request.args.get("before", "")
    reads = dashboard().reads
    colleagues = reads.colleagues(scope)
    return render_template(
        "log.html",
        log=reads.log(scope, query, before=before),
        query=query,
        find=_fields(query),
        who=[PEOPLE, *colleagues, SERVICE, BLOG],
        colleagues=colleagues,
        choices=reads.choices(scope),
        here=request.full_path.rstrip("?"),
        is_first=not before,
        moderator=current_session().moderator,
        now=services().clock(),
    )


@page.get("/log.csv")
def csv() -> Response:
    return _exported(CSV)


@page.get("/log.jsonl")
def json_lines() -> Response:
    return _exported(JSON_LINES)


def _exported(ending: str) -> Response:
    entries = dashboard().reads.whole_log(current_session().moderator.scope, _asked())
    return exported("log", ending, COLUMNS, map(_row, entries))


def _row(entry: LogEntry) -> Row:
    it, judgement, note = entry.line.submission, entry.judgement, entry.note
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "at": f"{entry.at:%Y-%m-%dT%H:%M:%SZ}",
        "site": entry.line.site_id,
        "kind": str(entry.line.kind),
        "submission": entry.line.id,
        "author": it.author.name if it else "",
        "text": (it.text or it.content)[:LONGEST_TEXT] if it else "",
    }
    if note is not None:
        row |= {**_by(note.by), "what": NOTES, "note": note.words}
    if judgement is not None:
        recorded = judgement.recorded
        decision, sending = recorded.decision, next(iter(judgement.sendings[-1:]), None)
        row |= {
            **_by(decision.decided_by),
            "what": decision.verdict.value,
            "before": recorded.previous_status,
            "reason": decision.reasons[0].text if decision.reasons else "",
            "delivery": sending.state.value if sending else "",
            "status": str(sending.last_status or "") if sending else "",
            "error": sending.last_error if sending else "",
            "act": recorded.act,
        }
    return row


def _by(decider: Decider) -> Row:
    return {"who": decider.name, "by": decider.kind.value}


def _asked() -> LogQuery:
    """What the address asks; what makes no sense is not asked."""
    what = asked_word("what")
    return LogQuery(
        who=asked_word("who"),
        what=what if what in WHAT else "",
        site=asked_word("site"),
        kind=asked_word("kind"),
        since=asked_day("since"),
        until=asked_day("until"),
    )


def _fields(query: LogQuery) -> dict[str, str]:
    """The fields of an address that asks the same."""
    given = {
        "who": query.who,
        "what": query.what,
        "site": query.site,
        "kind": query.kind,
        "since": query.since.isoformat() if query.since else "",
        "until": query.until.isoformat() if query.until else "",
    }
    return {name: value for name, value in given.items() if value}
