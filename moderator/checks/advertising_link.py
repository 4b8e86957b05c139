"""Does a link look like an advertisement, by its own words and by what stands around it?

A link is no evidence, nor is its host, its number or its newness. What counts: that it is hidden
(by its style; no words, a dot or a picture in an anchor; a mention of somebody that leads
elsewhere); the marks of bulletin boards; and what the link model makes of the words around it, its
name and its path. Nothing of it counts where people here approved every host that is named, or the
author often. All of it holds at most.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from turbohtml import parse_fragment

from moderator.domain.check import Context, LanguageMatch
from moderator.domain.content.facts import Facts
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.reputation import FORGOTTEN, SHARED
from moderator.domain.linkback.hidden import is_hidden
from moderator.domain.links.find import LinkPlace, link_of
from moderator.domain.submission import Format, Submission
from moderator.domain.text.fold import INVISIBLE
from moderator.domain.urls.hosts import registrable

NAME = "advertising_link"
AT_MOST = 0.5
HIDDEN = 0.4
MENTION = 0.3
BOARD = 0.3
LEAST = 1.5  # log-odds of the link model from which it counts
PER_ODDS = 0.3
BESIDE_FEW = 0.5  # the most that the model weighs where a link is all that is said
BESIDE_MORE = 0.3  # and where the text says something of its own
FEW_LETTERS = 25  # letters
REGULAR = 3  # approvals after which an author's links are no strangers'
BOARD_MARK = re.compile(r"\[(?:url|link)\b[=\]]", re.IGNORECASE)
# Links of Markdown, with the @ of a mention before; pictures are none, and say nothing in a link.
MARKED = re.compile(
    r"(?<!!)(@?)\[(?:!\[[^\[\]\n]{0,60}\]\([^\s()]{0,500}\))?([^\[\]\n]{0,60})"
    r"\]\(\s{0,3}<?(https?://[^\s<>()]{1,2000})",
    re.IGNORECASE,
)
ANCHOR = re.compile(r"<a\b", re.IGNORECASE)
VISIBLE = 2  # characters that an anchor shows at least
NOTHING = Finding(NAME, Signal.NEUTRAL, "No link looks like an advertisement")


class AdvertisingLink:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        facts = context.about(submission)
        if submission.kind.is_linkback or not facts.seen_links or _is_welcome(facts, context):
            return NOTHING
        parts = dict(_parts(facts, context))
        if not parts:
            return NOTHING
        return Finding(
            NAME,
            Signal.SUSPECT,
            f"A link looks like an advertisement: {', '.join(parts)}",
            code="advertising_link",
            weight=min(AT_MOST, round(sum(parts.values()), 2)),
            evidence={"parts": parts, "hosts": facts.link_hosts[:REGULAR]},
        )


def _is_welcome(facts: Facts, context: Context) -> bool:
    """Whether all it names is known here: the author, or every host; or it leads to the blog."""
    past = context.author_history
    if past.approved >= REGULAR and not past.spam:
        return True
    if not facts.link_hosts:
        return True
    known = context.hosts
    named = {registrable(host) for host in facts.link_hosts}
    return all(name in known and known[name].approved_now >= FORGOTTEN for name in named)


def _parts(facts: Facts, context: Context) -> Iterator[tuple[str, float]]:
    yield from _in_anchors(facts)
    if BOARD_MARK.search(facts.submission.content):
        yield "it is written as on a bulletin board", BOARD
    weight = _by_words(facts, context)
    if weight > 0:
        yield "its words and those around it are those of advertisements", weight


def _by_words(facts: Facts, context: Context) -> float:
    """What the link model adds to what the text model made of the same words.

    Nothing in a language that it cannot read: there every link of a stranger counts already.
    """
    score = context.text_score
    if score is None or score.links is None or context.reading is LanguageMatch.OWN:
        return 0.0
    most = (
        BESIDE_FEW
        if sum(map(str.isalpha, facts.prose[: 4 * FEW_LETTERS])) < FEW_LETTERS
        else BESIDE_MORE
    )
    by_link = min((score.links - LEAST) * PER_ODDS, most)
    by_text = score.probability if context.reading is LanguageMatch.READ else 0.0
    return round(by_link - by_text, 2)


def _in_anchors(facts: Facts) -> Iterator[tuple[str, float]]:
    """What hides where an anchor leads; where everybody publishes it hides nothing."""
    for anchor in _anchors(facts.submission):
        address, name = anchor.address, anchor.name
        link = link_of(address, LinkPlace.MARKUP, facts.submission.post.url)
        if link is None or link.url is None or registrable(link.url.host) in SHARED:
            continue
        if anchor.is_hidden:
            yield "an anchor is out of sight", HIDDEN
        elif len(name) < VISIBLE:
            yield "an anchor shows no words", HIDDEN
        elif name.startswith("@") and name[1:].strip().casefold() not in address.casefold():
            yield "a mention leads elsewhere", MENTION


@dataclass(frozen=True, slots=True)
class Anchor:
    """What an anchor shows, and where it leads."""

    name: str
    address: str
    is_hidden: bool = False


def _anchors(submission: Submission) -> Iterator[Anchor]:
    content = submission.content
    if submission.format is Format.MARKDOWN and "](" in content:
        for mention, name, address in MARKED.findall(content):
            shown = "".join(filter(str.isalnum, name))
            yield Anchor(f"{mention}{name}" if shown else "", address)
    elif submission.format is Format.HTML and ANCHOR.search(content):
        for anchor in parse_fragment(content, positions=False).find_all("a"):
            shown = INVISIBLE.sub("", anchor.to_text()).strip()
            yield Anchor(shown, str(anchor.attr("href") or ""), is_hidden(anchor))
