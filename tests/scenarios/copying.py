"""Comments that copy and correct one another, sent through the service and looked at."""

from datetime import timedelta

from moderator.checks.duplicate import Duplicate
from moderator.domain.check import Context
from moderator.domain.events.arrival import Event
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Submission
from tests.builders import NOON, a_submission
from tests.house import Blog, House

PHOTO = "We met there in 1969 and never parted, thank you for the photograph."
SATURDAY = "The reunion is on Saturday 12 June at the old mill, bring your own chairs please."
CORRECTED = SATURDAY.replace("12", "19")


class Offers:
    """A check that calls spam whatever makes an offer, and holds what is unsure."""

    name = "offers"

    def run(self, submission: Submission, context: Context) -> Finding:
        if "offer" in submission.text:
            return Finding(self.name, Signal.SPAM, "It makes an offer", weight=1.0)
        if "unsure" in submission.text:
            return Finding(self.name, Signal.SUSPECT, "It is unsure", weight=0.5)
        return Finding(self.name, Signal.NEUTRAL, "It makes no offer")


def comment(number: int, text: str = PHOTO, **changes: object) -> Submission:
    given: dict[str, object] = {
        "id": f"{number:032x}",
        "platform_id": str(number),
        "created_at": NOON + timedelta(minutes=number),
    }
    return a_submission(text, **(given | changes))


def settle(house: House) -> None:
    while house.check(Duplicate(), Offers()):
        pass


def take(house: House, *submissions: Submission, event: Event = Event.CREATED) -> None:
    later = NOON + timedelta(days=1)
    house.send(*submissions, event=event, timestamp=later, has_content=True)
    settle(house)


def statuses(house: House) -> dict[str, str]:
    rows = house.rows("SELECT platform_id, status FROM submissions ORDER BY platform_id")
    return {str(row[0]): str(row[1]) for row in rows}


def originals(house: House) -> dict[str, str]:
    rows = house.rows("SELECT platform_id, duplicate_of FROM submissions WHERE duplicate_of <> ''")
    return {str(row[0]): str(int(str(row[1]), 16)) for row in rows}


def heard(house: House) -> list[tuple[object, object]]:
    """What the blog is told now: its id of the comment, and the status."""
    blog = Blog()
    house.deliver(blog)
    return [(got["comment"]["id"], got["status"]) for got in blog.got]  # type: ignore[index]  # JSON
