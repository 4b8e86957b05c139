"""What a press of a key asks the database: about campaigns with many members and with few."""

from datetime import timedelta

from moderator.domain.decisions.moderation import Shown
from moderator.domain.verdict import Decider, DeciderKind, Verdict
from moderator.platforms import platform_of
from moderator.storage.base.database import Database
from moderator.storage.base.times import to_ms
from moderator.storage.dashboard.queries import DashboardRows
from moderator.storage.decisions.acts import ActRows
from moderator.storage.decisions.moderation import ModerationRows
from moderator.storage.people.line_claims import ClaimRows
from moderator.storage.people.sites import SiteRows
from moderator.usecases.moderate.decide import Moderate
from moderator.usecases.moderate.together import DecideTogether
from tests.builders import NOON
from tests.bulk import CALM, HOT_CAMPAIGN, Past
from tests.fakes import FakeHints
from tests.storage.looking import look_for

MARIA = Decider(DeciderKind.MODERATOR, "m1", "Maria")
SITES = ("blog", CALM, "site-1")


def press_keys(database: Database, past: Past, name: str) -> None:
    sites, rows = SiteRows(database), ModerationRows(database)
    moderate = Moderate(rows, sites, FakeHints(), platform_of, timedelta(0))
    together, now = DecideTogether(ActRows(database), moderate), database.now()
    for campaign, newest in (("campaign-80", None), (HOT_CAMPAIGN, (NOON, past.id(900)))):
        for verdict in (Verdict.APPROVE, Verdict.SPAM):
            act = f"{name}-{campaign}-{verdict}"
            shown, ahead = Shown(newest, now), timedelta(days=1)
            together(
                campaign, verdict, MARIA, scope=SITES, shown=shown, act=act, ahead=ahead, now=now
            )
            together.decisions(act, None)
            together.undo(act, MARIA, scope=None, now=now)
        together.revoke(campaign, MARIA, scope=None, now=now)
    some = [past.id(number) for number in range(8)]
    ClaimRows(database).claim(some, MARIA, now)
    reading = DashboardRows(database)
    reading.lines(("blog",), some)
    reading.arrived(("blog",), after=f"{to_ms(now)}.0", limit=100)
    look_for(database)
