"""What the Akismet endpoints tell of themselves: usage, sites, how often it was right.

All of it is counted (usecases/tally.py); what is not known is said to be so.
"""

import csv
import re
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from io import StringIO

from flask import Flask, Response

from moderator.domain.answering.tally import Line, added, interval
from moderator.domain.site import KeyHolder
from moderator.intake.akismet.form import FORM_LIMIT, Form
from moderator.usecases.answering.tally import Tally, month_of
from moderator.web.akismet.answers import text_answer
from moderator.web.akismet.endpoints import AkismetEndpoints
from moderator.web.answers import json_answer
from moderator.web.server.later import as_response

MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
NUMBER = re.compile(r"[0-9]{1,6}")
MOST = 500  # rows of a report
UNKNOWN = "unknown"
ORDERS = {"total": "api_calls"} | {
    name: name for name in ("spam", "ham", "missed_spam", "false_positives")
}
COLUMNS = ("Site", "Total API Calls", "Spam", "Ham", "Missed Spam", "False Positives", "Is Revoked")
SPANS = {"60-days": 2, "6-months": 6}  # months

View = Callable[[Form, KeyHolder], Response]


class AkismetStats:
    def __init__(
        self, endpoints: AkismetEndpoints, tally: Tally, clock: Callable[[], datetime]
    ) -> None:
        self._endpoints = endpoints
        self._tally = tally
        self._clock = clock

    def behind_key(self, view: View) -> Callable[[], Response]:
        def entered() -> Response:
            form, holder, refused = self._endpoints.enter(FORM_LIMIT)
            return as_response(refused) if holder is None else view(form, holder)

        return entered

    def usage(self, form: Form, holder: KeyHolder) -> Response:
        """GET /1.2/usage-limit: this month's calls; there is no limit."""
        used = added(self._tally.lines(holder.site.id, month_of(self._clock()))).api_calls
        told: dict[str, object] = {
            "limit": "none",
            "usage": used,
            "percentage": "0",
            "throttled": False,
        }
        if form.get("extended").lower() in ("true", "1"):
            told |= {"notice_level": None, "upgrade": None}
        return json_answer(told, 200)

    def sites(self, form: Form, holder: KeyHolder) -> Response:
        """GET /1.2/key-sites: the blogs that asked with this key in a month."""
        asked = MONTH.fullmatch(form.get("month"))
        month = int(asked[1] + asked[2]) if asked else month_of(self._clock())
        wanted = form.get("filter").lower()
        lines = [
            line
            for line in self._tally.lines(holder.site.id, month)
            if line.month == month and wanted in line.blog.lower()
        ]
        by = ORDERS.get(form.get("order"), "api_calls")
        lines.sort(key=lambda line: (-int(getattr(line, by)), line.blog))
        limit = max(1, min(MOST, _number(form.get("limit"), MOST)))
        offset = _number(form.get("offset"), 0)
        page = lines[offset : offset + limit]
        named = f"{month // 100:04}-{month % 100:02}"
        if form.get("format").lower() == "csv":
            title = (
                f"Active sites for {holder.site.id} during {named}"
                f" (limit: {limit}, offset: {offset}, total: {len(lines)})"
            )
            return as_response(text_answer(_csv(title, page, holder), content_type="text/csv"))
        rows = [_row(line, holder) for line in page]
        told = {named: rows, "limit": limit, "offset": offset, "total": len(lines)}
        return json_answer(told, 200)

    def stats(self, form: Form, holder: KeyHolder) -> Response:
        """POST /1.2/get-key-stats, /1.1/get-stats: what was told, and how much was corrected."""
        now = self._clock()
        months = SPANS.get(form.get("from"), 0)
        lines = self._tally.lines(holder.site.id, _months_before(now, months) if months else 0)
        total = added(lines)
        by_month = sorted({line.month for line in lines})
        told = _told(total)
        told["breakdown"] = {
            f"{month // 100:04}-{month % 100:02}": _told(
                added([line for line in lines if line.month == month])
            )
            for month in by_month
        }
        return json_answer(told, 200)

    def subscription(self, _form: Form, holder: KeyHolder) -> Response:
        """POST /1.1/get-subscription: nobody pays anybody here."""
        told = {
            "account_id": 0,
            "account_name": holder.site.id,
            "account_type": "self-hosted",
            "status": "suspended" if holder.is_suspended else "active",
            "limit_reached": False,
            "next_billing_date": None,
        }
        return json_answer(told, 200)

    def token(self, _form: Form, holder: KeyHolder) -> Response:
        """POST /1.1/token: names the key without telling it; it opens nothing."""
        named = sha256(f"token {holder.site.id}".encode()).hexdigest()[:32]
        return as_response(text_answer(named))

    def deactivate(self, _form: Form, _holder: KeyHolder) -> Response:
        """POST /1.1/deactivate: a blog that stops to ask; what is stored stays."""
        return as_response(text_answer("deactivated"))


def register(app: Flask, stats: AkismetStats) -> None:
    routes: list[tuple[str, Callable[[], Response]]] = [
        ("/1.2/usage-limit", stats.behind_key(stats.usage)),
        ("/1.2/key-sites", stats.behind_key(stats.sites)),
        ("/1.2/get-key-stats", stats.behind_key(stats.stats)),
        ("/1.1/get-stats", stats.behind_key(stats.stats)),
        ("/1.1/get-subscription", stats.behind_key(stats.subscription)),
        ("/1.1/token", stats.behind_key(stats.token)),
        ("/1.1/deactivate", stats.behind_key(stats.deactivate)),
        ("/1.1/test", lambda: as_response(text_answer("connected"))),
        ("/1.2/compatible-plugins", lambda: json_answer([], 200)),
    ]
    for path, view in routes:
        name = f"akismet{path.replace('.', '_')}"
        methods = ["GET", "POST"]
        app.add_url_rule(path, name, view, methods=methods, provide_automatic_options=False)


def _told(line: Line) -> dict[str, object]:
    """Counts and shares; false positives among genuine comments, with their 95 % interval."""
    low, high = interval(line.false_positives, line.genuine)
    accuracy = line.accuracy
    return {
        "spam": line.spam,
        "ham": line.ham,
        "missed_spam": line.missed_spam,
        "false_positives": line.false_positives,
        "accuracy": UNKNOWN if accuracy is None else accuracy,
        "time_saved": 0,
        "genuine": line.genuine,
        "false_positive_rate": {
            "of": line.genuine,
            "percent": round(100 * line.false_positives / line.genuine, 2)
            if line.genuine
            else None,
            "interval_percent": [round(100 * low, 2), round(100 * high, 2)],
        },
    }


def _row(line: Line, holder: KeyHolder) -> dict[str, object]:
    return {
        "site": line.blog,
        "api_calls": line.api_calls,
        "spam": line.spam,
        "ham": line.ham,
        "missed_spam": line.missed_spam,
        "false_positives": line.false_positives,
        "is_revoked": holder.is_suspended,
    }


def _csv(title: str, lines: list[Line], holder: KeyHolder) -> str:
    written = StringIO()
    rows = csv.writer(written, lineterminator="\n")
    written.write(f"{title}\n")
    rows.writerow(COLUMNS)
    for line in lines:
        rows.writerow(_row(line, holder).values())
    return written.getvalue()


def _number(text: str, otherwise: int) -> int:
    return int(text) if NUMBER.fullmatch(text) else otherwise


def _months_before(now: datetime, months: int) -> int:
    index = now.year * 12 + now.month - months
    return index // 12 * 100 + index % 12 + 1
