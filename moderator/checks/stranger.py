"""Who is new here, and what do they bring: each fact has its own contribution.

Nobody is held for being new, nor for a page or a link where people let such comments pass. None of
the facts asks for a word or a name, and none of them condemns: they bring a comment before a
person (domain/policy.py). What they weigh is fitted (domain/weights.py). They say nothing of who
is known here, signed in for the blog or trusted by it, of linkbacks, and of hosts that people
approved.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from moderator.domain.check import Context
from moderator.domain.content.facts import Facts
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.reputation import SHARED, WITH_LINK, WITH_PAGE, Reputation, is_welcome
from moderator.domain.policy import WAITS, Mode, Moderation
from moderator.domain.submission import Submission
from moderator.domain.urls.hosts import PORTALS, registrable
from moderator.domain.weights import WEIGHTS

OPEN = 0.5  # what the facts weigh where a site is open
MANY_LINKS = 4
MIN_LOG_RATIO, MAX_LOG_RATIO = (
    -2.5,
    1.5,
)  # natural logarithm of spam to approved, within which a record counts
BEFORE = "This blog publishes nothing before a person has read it"
NOBODY = Finding(WAITS, Signal.NEUTRAL, "Nobody has to wait like this")
DOUBT = 0.5  # decision each way that is taken for made
LONGEST_WORD = 40  # letters, with what stands around

Told = tuple[str, float]  # a sentence, and how many times its weight the fact counts
Fact = Callable[[Facts, Context], Told | None]


@dataclass(frozen=True, slots=True)
class Stranger:
    """Answers with a finding for each fact that there is: none for most comments."""

    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    name: str = "stranger"

    def run(self, submission: Submission, context: Context) -> tuple[Finding, ...]:
        if not context.records or context.knows(submission.author):
            return ()
        facts = context.about(submission)
        share = OPEN if context.site.policy.mode is Mode.OPEN else 1.0
        found = []
        for name, tell in FACTS.items():
            told = tell(facts, context)
            if told is not None:
                weight = round(self.weights[name] * told[1] * share, 4)
                signal = Signal.SUSPECT if weight > 0 else Signal.HAM
                found.append(Finding(name, signal, told[0], name, weight))
        return tuple(found)


class Waits:
    """Does the site let everybody wait who is like this?"""

    name = WAITS

    def run(self, submission: Submission, context: Context) -> Finding:
        policy, author = context.site.policy, submission.author
        if author.trusted or author.is_staff:
            return NOBODY
        if policy.moderation is Moderation.BEFORE:
            return Finding(self.name, Signal.SUSPECT, BEFORE, WAITS)
        if submission.kind.is_linkback:
            return NOBODY
        if policy.previously_approved and not context.author_history.approved:
            reason = "This blog lets everybody wait who has nothing published here yet"
        elif policy.mode is Mode.CAREFUL and _is_doubtful(submission, context):
            reason = "This blog lets strangers wait who bring a page or a link"
        else:
            return NOBODY
        return Finding(self.name, Signal.SUSPECT, reason, WAITS)


def _is_doubtful(submission: Submission, context: Context) -> bool:
    """Whether a stranger brings what people here did not approve again and again."""
    if not _brings(context) or context.knows(submission.author):
        return False
    records = context.records.values()
    return any(each.since is None or log_ratio(each) > MIN_LOG_RATIO for each in records)


def _brings(context: Context) -> bool:
    """Whether it brings something, and not only to hosts that people here approved."""
    hosts = context.hosts
    return bool(context.records) and not (hosts and all(map(is_welcome, hosts.values())))


def _page(_: Facts, context: Context) -> Told | None:
    if WITH_PAGE not in context.records or not _brings(context):
        return None
    return "The author is new here and names a page", 1.0


def _page_portal(facts: Facts, context: Context) -> Told | None:
    page = facts.page
    if WITH_PAGE not in context.records or page is None or page.url is None:
        return None
    name = registrable(page.url.host)
    if name not in PORTALS and not (name in SHARED and page.url.path == "/"):
        return None
    return f"The author's page is nobody's own ({name})", 1.0


def _page_query(facts: Facts, context: Context) -> Told | None:
    page = facts.page
    if page is None or page.url is None or not page.url.query or not _brings(context):
        return None
    return "The author's page has an address with parameters", 1.0


def _page_nowhere(facts: Facts, context: Context) -> Told | None:
    if WITH_PAGE not in context.records or "." in facts.page_host:
        return None
    return f"The author's page leads nowhere ({facts.page_host})", 1.0


def _page_record(_: Facts, context: Context) -> Told | None:
    return _record(context, WITH_PAGE, "strangers with a page")


def _link(_: Facts, context: Context) -> Told | None:
    if WITH_LINK not in context.records or not _brings(context):
        return None
    return "The author is new here and brings a link", 1.0


def _links(facts: Facts, _: Context) -> Told | None:
    if len(facts.link_hosts) < MANY_LINKS:
        return None
    return f"The author is new here and brings {len(facts.link_hosts)} links", 1.0


def _link_record(_: Facts, context: Context) -> Told | None:
    return _record(context, WITH_LINK, "strangers with a link")


def _record(context: Context, kind: str, whom: str) -> Told | None:
    record = context.records.get(kind)
    if record is None or record.since is None or not _brings(context):
        return None
    return f"What people here said of {whom}: {record}", log_ratio(record)


def log_ratio(record: Reputation) -> float:
    """How much more often people said spam than approved, as a logarithm within bounds."""
    ratio = math.log((record.spam_now + DOUBT) / (record.approved_now + DOUBT))
    return min(max(ratio, MIN_LOG_RATIO), MAX_LOG_RATIO)


def _one_word(facts: Facts, context: Context) -> Told | None:
    text = facts.submission.text
    if WITH_PAGE not in context.records or len(text) > LONGEST_WORD or not text.isascii():
        return None
    if len(text.split()) != 1:
        return None
    return "The text is one word beside a page", 1.0


FACTS: dict[str, Fact] = {
    "page": _page,
    "page_portal": _page_portal,
    "page_query": _page_query,
    "page_nowhere": _page_nowhere,
    "page_record": _page_record,
    "link": _link,
    "links": _links,
    "link_record": _link_record,
    "one_word": _one_word,
}
