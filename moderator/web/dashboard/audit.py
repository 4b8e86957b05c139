"""What owners did, by whom and when; whole as CSV or JSON lines. Owners only."""

from flask import Blueprint, Response, render_template, request

from moderator.domain.pages.audit import AuditAct, AuditLine, AuditQuery
from moderator.web.dashboard.exported import CSV, JSON_LINES, Row, exported
from moderator.web.dashboard.search_query import asked_day, asked_word
from moderator.web.dashboard.security import current_session, dashboard, services

page = Blueprint("audit", __name__)

COLUMNS = ("at", "who", "act", "about", "site", "detail")
DIGITS = 18  # of a number that an address may name


@page.get("/audit")
def show() -> str:
    query, before = _asked(), request.args.get("before", "")
    is_place = before.isascii() and before.isdecimal() and len(before) <= DIGITS
    audit = dashboard().audit
    return render_template(
        "audit.html",
        found=audit.page(query, int(before) if is_place else 0),
        query=query,
        find=_fields(query),
        people=audit.store.people(),
        sites=dashboard().reads.choices(None).sites,
        acts=tuple(AuditAct),
        moderator=current_session().moderator,
        now=services().clock(),
    )


@page.get("/audit.csv")
def as_csv() -> Response:
    return _exported(CSV)


@page.get("/audit.jsonl")
def as_json_lines() -> Response:
    return _exported(JSON_LINES)


def _exported(ending: str) -> Response:
    return exported("audit", ending, COLUMNS, map(_row, dashboard().audit.whole(_asked())))


def _row(line: AuditLine) -> Row:
    values = (f"{line.at:%Y-%m-%dT%H:%M:%SZ}", line.by.name, line.act.value)
    return dict(zip(COLUMNS, (*values, line.about, line.site_id, line.detail), strict=True))


def _asked() -> AuditQuery:
    """What the address asks; what makes no sense is not asked."""
    what = asked_word("what")
    act = what if what in set(AuditAct) else ""
    days = asked_day("since"), asked_day("until")
    return AuditQuery(asked_word("who"), act, asked_word("site"), *days)


def _fields(query: AuditQuery) -> dict[str, str]:
    """The fields of an address that asks the same."""
    since, until = (one.isoformat() if one else "" for one in (query.since, query.until))
    given = {"who": query.who, "what": query.act, "site": query.site}
    given |= {"since": since, "until": until}
    return {name: value for name, value in given.items() if value}
