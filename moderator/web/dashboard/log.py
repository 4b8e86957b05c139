"""The log: what was decided and noted, by whom, and whether the blog knows; whole as CSV, JSONL."""

import re
from collections.abc import Callable, Iterator
from datetime import date

from flask import Blueprint, Response, render_template, request

from moderator.domain.pages.log import BLOG, NOTES, PEOPLE, SERVICE, LogEntry, LogQuery
from moderator.domain.verdict import Verdict
from moderator.web.dashboard.exported import as_csv, as_json_lines
from moderator.web.dashboard.security import current_session, dashboard, services
from moderator.web.server.streamed import Streamed

page = Blueprint("log", __name__)

WHAT = {verdict.value for verdict in Verdict} | {NOTES}
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
LONGEST = 200  # characters of what is asked


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
    return _export("text/csv; charset=utf-8", "csv", as_csv)


@page.get("/log.jsonl")
def json_lines() -> Response:
    return _export("application/jsonl; charset=utf-8", "jsonl", as_json_lines)


def _export(
    kind: str, ending: str, written: Callable[[Iterator[LogEntry]], Iterator[bytes]]
) -> Response:
    """All that is asked for; it is read while it is sent."""
    entries = dashboard().reads.whole_log(current_session().moderator.scope, _asked())
    name = f"log-{services().clock():%Y-%m-%d}.{ending}"
    answer = Streamed(written(entries), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _asked() -> LogQuery:
    """What the address asks; what makes no sense is not asked."""

    def word(name: str) -> str:
        return request.args.get(name, "").strip()[:LONGEST]

    return LogQuery(
        who=word("who"),
        what=word("what") if word("what") in WHAT else "",
        site=word("site"),
        kind=word("kind"),
        since=_day(word("since")),
        until=_day(word("until")),
    )


def _day(value: str) -> date | None:
    if not DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


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
