"""No loop of the program takes more than linear time, whatever strangers send."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from moderator.checks import LOCAL
from moderator.checks.source_link import SourceLink
from moderator.domain.check import RemoteTools
from moderator.domain.errors import RequestError
from moderator.domain.submission import Format
from moderator.domain.text.markup import plain
from moderator.intake.akismet.comment import submission
from moderator.intake.akismet.form import read_form
from moderator.intake.webhook.reader import EventOrigin
from moderator.judgement.learning.stream_learner import StreamLearner
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.usecases.offline.stream import Stream
from tests.builders import NOON, POST, a_context, a_pingback, a_site, a_submission
from tests.linear.work import Work
from tests.pages import NoMemory, NoSpamService, Pages

LENGTHS = (8_192, 32_768, 131_072)  # characters
AT_LENGTH = (16_384, 65_536, 262_144)
TIMES = 4
GROWTH = 1.3  # of the work per character when the text is four times as long
SLACK = 40_000  # that may be done whatever the length
ID = "0" * 31 + "1"
MOST = 60_000  # characters of a field that is judged
PART = '\r\n--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n'
RUNS = {
    "letters": "a", "capitals": "A", "digits": "7", "dots": ".", "spaces": " ", "lines": "\n",
    "commas": "a,", "words": "ab ", "other words": "river stone ", "marks": "e\u0301\u0323",
    "many marks": "\u0301", "invisible": "a\u200b", "braille": "a\u2800", "emoji": "\U0001f600",
    "flags": "\U0001f1e9\U0001f1ea", "ideographs": "\u8bd7", "hangul": "\ud55c ",
    "brackets": "[", "pairs": "[url]", "parentheses": "(a)", "less": "<", "tags": "<b>",
    "nested": "<blockquote>",
    "links": '<a href="https://a.example/">a</a> ', "images": "<img src=x>",
    "comments": "<!--", "entities": "&amp;", "bad entities": "&#x",
    "addresses": "https://a.example/b ",
    "one address": "https://a.example/",
    "hosts": "a.example ", "subdomains": "a.", "slashes": "//a",
    "mails": "a@b.example ", "ats": "@", "handles": "@a ", "telephones": "+49 171 5550100 ",
    "quotes": '"', "apostrophes": "'", "percent": "%2", "ellipses": "\u2026", "stars": "*",
    "colons": "a:", "queries": "?a=b&", "hyphens": "a-", "underscores": "_", "pipes": "|",
}  # fmt: skip


def text_of(run: str, length: int) -> str:
    return (run * (length // len(run) + 1))[:length]


def judged(text: str) -> None:
    """As a comment, through the whole local judgement."""
    learner = StreamLearner(shared_model())
    stream = Stream(a_site(), LOCAL, MemoryNearIndex(), Scorer(learner.model, learner.layer_of))
    comment = replace(a_submission(text, id=ID), text=plain(text, Format.HTML))
    stream.judge([comment], NOON)


def named(text: str) -> None:
    """As what a comment brings beside its text."""
    author = replace(
        a_submission().author, name=text, url=f"https://{text}", email=f"{text}@a.example"
    )
    post = replace(POST, title=text)
    learner = StreamLearner(shared_model())
    stream = Stream(a_site(), LOCAL, MemoryNearIndex(), Scorer(learner.model, learner.layer_of))
    stream.judge([a_submission(id=ID, author=author, post=post)], NOON)


def read(text: str) -> None:
    """As the page that a linkback comes from."""
    source = "https://other.example/page"
    page = f'<title>{text}</title><p>{text} <a href="{POST.url}">there</a> {text}'
    tools = RemoteTools(Pages({source: page}), NoSpamService(), NoMemory())
    asyncio.run(SourceLink().run(a_pingback(source), a_context(), tools))


def asked(text: str) -> None:
    """As the form of an Akismet client, in both its codings."""
    door = EventOrigin("blog", NOON, lambda: ID)
    for kind, before, after in (
        ("application/x-www-form-urlencoded", "comment_content=", "&remote_source="),
        (
            "multipart/form-data; boundary=b",
            PART.format("comment_content"),
            PART.format("remote_source"),
        ),
    ):
        body = f"{before}{text[:MOST]}{after}{text}".encode()
        with suppress(RequestError):
            submission(read_form(body, kind), door)


DOORS = {"comment": judged, "names": named, "page": read, "form": asked}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS.keys())
def test_work_grows_no_faster_than_the_text(door: str, run: str) -> None:
    assert grown(door, run, LENGTHS) == set()


@pytest.mark.long
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS.keys())
def test_nor_at_length(door: str, run: str) -> None:
    assert grown(door, run, AT_LENGTH) == set()


def grown(door: str, run: str, lengths: tuple[int, ...]) -> set[str]:
    take = DOORS[door]
    take("warm")
    return growing([Work().of(partial(take, text_of(run, n))) for n in lengths])


def growing(done: list[dict[str, int]]) -> set[str]:
    """The modules whose work per character grows from each length to the next."""
    steps = [
        {
            name
            for name, work in after.items()
            if work > GROWTH * TIMES * before.get(name, 0) + SLACK
        }
        for before, after in pairwise(done)
    ]
    return set.intersection(*steps)


def looks_at_all_from_each_place(text: str) -> int:
    return sum(text[:place].count("b") for place in range(0, len(text), 256))


def test_what_grows_faster_is_seen() -> None:
    here = Path(__file__).parent
    slow = looks_at_all_from_each_place
    done = [Work(here).of(partial(slow, text_of("a", n))) for n in LENGTHS]
    assert growing(done) == {"test_loops.py"}
    done = [Work(here).of(partial(text_of, "a", n)) for n in LENGTHS]
    assert growing(done) == set()
