"""Statistics: what came in, how long it waits, how much needs nobody, how often people agree."""

from flask import Blueprint, render_template, request

from moderator.domain.pages.stats import Statistics
from moderator.domain.verdict import Verdict
from moderator.web.dashboard.security import current_session, dashboard, services

page = Blueprint("stats", __name__)

HEIGHT = 120  # of the chart, in units of its own
STACK = (Verdict.APPROVE, Verdict.HOLD, Verdict.SPAM, Verdict.DISCARD)  # from the bottom up
LONGEST = 200  # characters of a site's id

Bar = tuple[str, float, float]  # its status, where it begins from above, its height


@page.get("/stats")
def show() -> str:
    scope, reads, now = current_session().moderator.scope, dashboard().reads, services().clock()
    site = request.args.get("site", "")[:LONGEST]
    found = reads.statistics(scope, site, now=now)
    return render_template(
        "stats.html",
        stats=found,
        bars=_bars(found),
        height=HEIGHT,
        site=site,
        stack=STACK,
        choices=reads.choices(scope),
        moderator=current_session().moderator,
        now=now,
    )


def _bars(stats: Statistics) -> list[list[Bar]]:
    """What came in on each day, one verdict upon the other."""
    most = max((day.total for day in stats.intake), default=0) or 1
    found = []
    for day in stats.intake:
        top, bars = float(HEIGHT), list[Bar]()
        for verdict in STACK:
            height = HEIGHT * day.by_verdict[verdict] / most
            top -= height
            if height:
                bars.append((verdict.status, round(top, 1), round(height, 1)))
        found.append(bars)
    return found
