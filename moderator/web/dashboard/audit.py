"""What owners did, by whom and when; whole as CSV or JSON lines. Owners only."""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO

import msgspec
from flask import Blueprint, Response, render_template, request

from moderator.domain.pages.audit import AuditAct, AuditLine, AuditQuery
from moderator.web.dashboard.exported import plain
from moderator.web.dashboard.security import current_session, dashboard, services
from moderator.web.server.streamed import Streamed

page = Blueprint("audit", __name__)

COLUMNS = ("at", "who", "act", "about", "site", "detail")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
DIGITS = 18  # of a number that an address may name
LONGEST = 200  # characters of what is asked
_encoder = msgspec.json.Encoder()


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
    return _export("text/csv; charset=utf-8", "csv", _csv)


@page.get("/audit.jsonl")
def as_json_lines() -> Response:
    return _export("application/jsonl; charset=utf-8", "jsonl", _json_lines)


def _export(
    kind: str, ending: str, written: Callable[[Iterator[AuditLine]], Iterator[bytes]]
) -> Response:
    answer = Streamed(written(dashboard().audit.whole(_asked())), content_type=kind)
    name = f"audit-{services().clock():%Y-%m-%d}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv(lines: Iterator[AuditLine]) -> Iterator[bytes]:
    yield _written(dict(zip(COLUMNS, COLUMNS, strict=True)))
    for line in lines:
        yield _written({name: plain(value) for name, value in _row(line).items()})


def _written(row: dict[str, str]) -> bytes:
    out = StringIO(newline="")
    csv.DictWriter(out, COLUMNS).writerow(row)
    return out.getvalue().encode("utf-8", "replace")


def _json_lines(lines: Iterator[AuditLine]) -> Iterator[bytes]:
    for line in lines:
        yield _encoder.encode(_row(line)) + b"\n"


def _row(line: AuditLine) -> dict[str, str]:
    values = (f"{line.at:%Y-%m-%dT%H:%M:%SZ}", line.by.name, line.act.value)
    return dict(zip(COLUMNS, (*values, line.about, line.site_id, line.detail), strict=True))


def _asked() -> AuditQuery:
    """What the address asks; what makes no sense is not asked."""

    def word(name: str) -> str:
        return request.args.get(name, "").strip()[:LONGEST]

    act = word("what") if word("what") in set(AuditAct) else ""
    return AuditQuery(word("who"), act, word("site"), _day(word("since")), _day(word("until")))


def _day(value: str) -> date | None:
    if not DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _fields(query: AuditQuery) -> dict[str, str]:
    """The fields of an address that asks the same."""
    since, until = (one.isoformat() if one else "" for one in (query.since, query.until))
    given = {"who": query.who, "what": query.act, "site": query.site}
    given |= {"since": since, "until": until}
    return {name: value for name, value in given.items() if value}
