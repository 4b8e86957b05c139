"""Does a comment speak of what the post is about, by the words of its title and tags?

Who shares a word with the post probably read it: a little speaks for the comment. Sharing none
means nothing (people answer each other, or write in another language), unless the comment also
leads to hosts that nobody here ever saw. Words count by their beginning, so that they may be
inflected; in scripts without spaces pieces of words are compared. A text in a language that neither
the model nor the site knows stays with a person, whatever it speaks of.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from moderator.domain.check import Context, LanguageMatch
from moderator.domain.content.fingerprint import WORD
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.reputation import never_seen
from moderator.domain.submission import Submission
from moderator.domain.text.fold import fold
from moderator.domain.text.stop_words import STOP_WORDS

NAME = "topic"
ONE_WORD = -0.05
MORE_WORDS = -0.1
ELSEWHERE = 0.05  # no word shared, and a link to a host never seen here
FAR_ELSEWHERE = 0.1
MANY = 3  # such hosts

SHORTEST = 3  # letters of a word that means something
STEM = 5  # letters that inflected forms share at least
MOST_WORDS = 30  # of title and tags
MOST_PIECES = 200  # each is looked for in the whole text
MAX_TITLE_CHARACTERS = 1_024  # characters of a title or tag that are looked at
SHOWN = 5
SIGNED = range(0x0900, 0x2E80)  # scripts with vowel signs around letters; some put no spaces
SIGNED_STEM = 6  # letters and the gaps that signs leave
CJK = 0x2E80
NO_TITLE = Finding(NAME, Signal.NEUTRAL, "The post has no title or tags to compare with")
NOTHING = Finding(NAME, Signal.NEUTRAL, "Shares no word with the post's title or tags")
FOREIGN = Finding(NAME, Signal.NEUTRAL, "Speaks of the post, in a language that is new here")

EMPTY = re.compile(
    "[\u3041-\u309f的了是在和我你他们不有这那个上下中一与及也就]"
)  # and all hiragana


class Topic:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        post = submission.post
        if submission.kind.is_linkback or not (post.title or post.tags):
            return NO_TITLE
        words = subject(post.title, post.tags)
        if not words:
            return NO_TITLE
        facts = context.about(submission)
        text = f" {facts.words} "
        shared = [word for piece, word in words if piece in text]
        if shared:
            return _on_topic(list(dict.fromkeys(shared)), context)
        if context.hosts:
            return _elsewhere(never_seen(facts.link_hosts, context.hosts))
        return NOTHING


@lru_cache(maxsize=256)  # the posts that are spoken of now
def subject(title: str, tags: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What to look for in a text between spaces, each with the word that a moderator reads."""
    wanted = dict.fromkeys(
        pair for said in (title, *tags) for pair in _words(fold(said[:MAX_TITLE_CHARACTERS]))
    )
    kept = [pair for pair in wanted if pair[0] not in STOP_WORDS and not pair[0].isdecimal()]
    pieces = (piece for word, shown in kept[:MOST_WORDS] for piece in _pieces(word, shown))
    return tuple(islice(pieces, MOST_PIECES))


def _words(folded: str) -> Iterator[tuple[str, str]]:
    for chunk in folded.split():
        words = WORD.findall(chunk)
        if words and _script("".join(words)) in SIGNED:
            yield " ".join(words), chunk  # as `comparable` leaves it: to it signs are no letters
        else:
            yield from ((word, word) for word in words)


def _script(word: str) -> int:
    return ord(max(word))


def _pieces(word: str, shown: str) -> Iterator[tuple[str, str]]:
    script = _script(word)
    if script >= CJK:
        pairs = (word[at : at + 2] for at in range(len(word) - 1))
        yield from ((pair, pair) for pair in pairs if not EMPTY.search(pair))
    elif script in SIGNED and len(word) >= SIGNED_STEM:
        starts = range(len(word) - SIGNED_STEM + 1)
        yield from ((word[at : at + SIGNED_STEM], shown) for at in starts)
    elif len(word) >= STEM and script not in SIGNED:
        yield f" {word[: max(STEM, len(word) * 2 // 3)]}", shown
    elif len(word) >= SHORTEST:
        yield f" {word} ", shown


def _on_topic(shared: Sequence[str], context: Context) -> Finding:
    if context.reading is LanguageMatch.FOREIGN:
        return FOREIGN
    weight = ONE_WORD if len(shared) == 1 else MORE_WORDS
    reason = f"Speaks of what the post is about: {', '.join(shared[:SHOWN])}"
    return Finding(NAME, Signal.HAM, reason, "on_topic", weight, {"words": list(shared[:SHOWN])})


def _elsewhere(hosts: Sequence[str]) -> Finding:
    if not hosts:
        return NOTHING
    named = f"{hosts[0]} and {len(hosts) - 1} more" if len(hosts) > 1 else hosts[0]
    reason = f"Shares no word with the post, and leads to what was never seen here: {named}"
    weight = ELSEWHERE if len(hosts) < MANY else FAR_ELSEWHERE
    return Finding(NAME, Signal.SUSPECT, reason, "off_topic", weight, {"hosts": list(hosts)})
