"""What people do meanwhile: moderators who race, edits, deletions and reports in any order."""

from collections.abc import Sequence
from functools import partial
from random import Random

from integrations.chaos.act import MAIN, Act, together
from integrations.chaos.clients import Sender
from integrations.chaos.desk import Moderator
from integrations.chaos.events import Event, about, created, deleted, edited
from integrations.chaos.stage import Stage

VERDICTS = ("approve", "spam", "hold", "discard")
NOTHING: frozenset[str] = frozenset()


class Moderators:
    """Two look at the same held item and decide at once; whoever was taken may take it back."""

    name = "moderators"
    needs = 20
    weight = 2.5

    def __init__(self) -> None:
        self.people: Sequence[Moderator] = ()

    def draw(self, stage: Stage, random: Random) -> Act | None:
        if len(self.people) < 2:
            return None
        two = random.sample(self.people, 2)
        verdicts = random.sample(VERDICTS, 2)
        place, takes_back = random.random(), random.random() < 0.4

        def run() -> None:
            items = two[0].held()
            if not items:
                return
            id_ = items[int(place * len(items))]
            pairs = zip(two, verdicts, strict=True)
            together([partial(_decide, who, id_, verdict, takes_back) for who, verdict in pairs])

        return Act("moderators race", frozenset({"desk"}), run, 1)


def _decide(who: Moderator, id_: str, verdict: str, takes_back: bool) -> None:  # noqa: FBT001
    seen = who.look(id_)
    if seen is None:
        return
    token = who.decide(seen, verdict)
    if token and takes_back:
        who.undo(token, seen.csrf)


class Events:
    """All that can be said about one comment, in any order and from several connections at once."""

    name = "events"
    needs = 20
    weight = 2.5

    def __init__(self) -> None:
        self.sender: Sender | None = None
        self._count = 0

    def draw(self, stage: Stage, random: Random) -> Act | None:
        sender = self.sender
        if sender is None:
            return None
        self._count += 1
        comment = f"story-{self._count}"
        story = _story(comment, random)
        random.shuffle(story)

        def run() -> None:
            together([partial(_send, sender, part) for part in (story[::2], story[1::2])])

        return Act("events in any order", NOTHING, run, 1, MAIN)


def _send(sender: Sender, events: Sequence[Event]) -> None:
    for event in events:
        sender.send(MAIN, event, f"key-{event.comment}-{event.kind}-{event.order}")


def _story(comment: str, random: Random) -> list[Event]:
    """In the order in which it happened; whoever tells of it brings the words of that moment."""
    is_held = random.random() < 0.5
    story = [created(MAIN, comment, random, is_held=is_held)]
    now = story[0]
    for order in range(1, random.randint(3, 6)):
        match random.choice(("edit", "edit", "report", "status")):
            case "edit":
                now = edited(MAIN, comment, order, random, is_held=is_held)
                story.append(now)
            case "report":
                story.append(about(now, order, "comment.reported"))
            case _ if all(one.kind != "comment.status_changed" for one in story):
                story.append(about(now, order, "comment.status_changed", status="spam"))
            case _:
                pass
    if random.random() < 0.3:
        story.append(deleted(MAIN, comment, 9))
    return story
