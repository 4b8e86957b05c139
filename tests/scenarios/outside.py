"""What lies outside in test_any_order.py: two sources that say the same, and Akismet."""

from collections.abc import Mapping
from dataclasses import replace

from moderator.checks.akismet import Akismet
from moderator.checks.link_validity import LinkValidity
from moderator.checks.source_link import SourceLink
from moderator.domain.check import Context, RemoteTools
from moderator.domain.finding import Finding, Signal
from moderator.domain.ports import SpamAnswer, SpamOpinion
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from tests.builders import POST
from tests.house import BLOG
from tests.intake.calls import SOURCE
from tests.pages import NoMemory, Pages
from tests.scenarios.work_model import World

KEYED = replace(BLOG, akismet_key="0123456789ab")
ELSEWHERE = f"{SOURCE}/again"  # of what comes to our door
REMOTE = (SourceLink(), LinkValidity(), Akismet())
WEIGHTS = {"fine": 0.0, "maybe": 0.5, "spam": 1.2}
LINK = f'<a href="{POST.url}">The river</a>'
OPINIONS = {
    "ham": SpamAnswer.HAM,
    "junk": SpamAnswer.SPAM,
    "silent": SpamAnswer.UNKNOWN,
}


def _page(words: str, more: str = "") -> str:
    return f"<title>Weekend</title><p{more}>{words} {LINK} every single March.</p>"


PAGES: Mapping[str, str] = {
    **{f"links {word}": _page(f"{word} needle") for word in WEIGHTS},
    "hidden": _page("fine needle", " hidden"),
    "gone": "<p>Nothing</p>",
}


class ByWord:
    """A check that says what the first word of a text says."""

    name = "by_word"

    def run(self, submission: Submission, context: Context) -> Finding:
        weight = WEIGHTS[submission.text.split()[0]] if submission.text else 0.0
        signal = Signal.SUSPECT if weight else Signal.NEUTRAL
        return Finding(self.name, signal, "as the word says", "word", weight)


class _Opinions:
    """A `SpamService` that has one opinion of all."""

    def __init__(self, opinion: str) -> None:
        self.opinion = opinion

    async def ask(self, submission: Submission, site: Site) -> SpamOpinion:
        return SpamOpinion(OPINIONS[self.opinion], "as the test says")


def ways(world: World) -> RemoteTools:
    """The ways out into this world."""
    pages = dict.fromkeys((SOURCE, ELSEWHERE), PAGES[world.page]) if world.page in PAGES else {}
    return RemoteTools(Pages(pages), _Opinions(world.opinion), NoMemory())
