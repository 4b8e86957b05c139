"""A campaign of held members in a house, and who decides about it by one press of a key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from moderator.checks.campaign import InCampaign
from moderator.domain.check import Context
from moderator.domain.decisions.moderation import Shown, Together
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.campaign import campaign_id
from moderator.domain.queue import Job
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Decider, DeciderKind, Verdict
from moderator.storage.base.database import Database
from tests.builders import NOON, a_site, a_submission
from tests.house import MOD, Blog, House

TEXT = "Everybody can earn a fortune from the sofa, ask me how it is done"
BEN = Decider(DeciderKind.MODERATOR, "m2", "Ben")
EVE = Decider(DeciderKind.MODERATOR, "m3", "Eve")
GRACE = timedelta(hours=1)
WEEK = timedelta(days=7)
CAMPAIGN = campaign_id(f"{1:032x}")


class ByText:
    """A check that holds whatever does not say that it is fine."""

    name = "by_text"

    def run(self, submission: Submission, context: Context) -> Finding:
        weight = 0.0 if "fine" in submission.text else 0.5
        return Finding(self.name, Signal.SUSPECT, "by its text", "by_text", weight)


@dataclass
class Desk:
    """A house with a campaign of held members, and who decides about it."""

    house: House
    acts: Iterator[int]

    def send(self, *numbers: int, text: str = TEXT, site: str = "blog") -> None:
        self.house.send(*(comment(number, text, site_id=site) for number in numbers))
        while self.house.check(InCampaign(), ByText()):
            pass

    def decide(  # as the use case
        self,
        verdict: Verdict = Verdict.SPAM,
        *,
        by: Decider = MOD,
        shown: Shown = Shown(),  # noqa: B008  # frozen
        scope: tuple[str, ...] | None = None,
        ahead: timedelta = timedelta(0),
        grace: timedelta = GRACE,
    ) -> Together:
        act, now = f"act{next(self.acts)}", self.house.queue.now()
        together = self.house.together(grace)
        return together(
            CAMPAIGN, verdict, by, scope=scope, shown=shown, act=act, ahead=ahead, now=now
        )

    def undo(
        self, act: str, *, by: Decider = MOD, scope: tuple[str, ...] | None = None
    ) -> Together:
        now = self.house.queue.now()
        return self.house.together(GRACE).undo(act, by, scope=scope, now=now)

    def statuses(self) -> list[str]:
        return [
            str(row[0]) for row in self.house.rows("SELECT status FROM submissions ORDER BY id")
        ]

    def sent(self) -> list[tuple[object, object]]:
        """What the blog is told once the grace period is over."""
        self.house.hurry(Job.DELIVER, Job.TRAIN_SITE_MODEL)
        blog = Blog()
        while self.house.deliver(blog):
            pass
        return [(one["comment"]["id"], one["status"]) for one in blog.got]  # type: ignore[index]  # a comment


def comment(number: int, text: str = TEXT, **changes: object) -> Submission:
    given: dict[str, object] = {
        "id": f"{number:032x}",
        "platform_id": str(number),
        "created_at": NOON + timedelta(minutes=number),
        "received_at": NOON + timedelta(minutes=number),
        "author": Author(name=f"Author {number}"),
    }
    return a_submission(text, **(given | changes))


def a_desk(database: Database) -> Desk:
    """With four held members of which the blog was told."""
    house = House(database)
    house.sites.add(
        a_site(id="other", callback_url="https://other.example.org/verdict"),
        key_prefix="other", key_digest="other", now=NOON,
    )  # fmt: skip
    desk = Desk(house, count())
    desk.send(1, 2, 3, 4)
    desk.sent()  # that they are held
    return desk
