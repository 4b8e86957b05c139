from dataclasses import replace

import pytest

from moderator.checks.advertising_link import AT_MOST, AdvertisingLink
from moderator.domain.check import AuthorHistory, TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.reputation import Reputation
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Format
from moderator.domain.text.languages import Language
from moderator.domain.verdict import Verdict
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from tests.builders import NOON, a_context, a_pingback, a_submission

DOT = 'I fully agree. <a href="https://casino.example.com/">.</a>'
IMAGE = '<a href="https://pills.example.com/"><img src="https://pills.example.com/ad.png"></a>'
OFTEN = TextScore(0.0, links=9.0)


def ask(
    text: str,
    format_: Format = Format.HTML,
    *,
    score: TextScore | None = None,
    history: AuthorHistory | None = None,
    hosts: dict[str, Reputation] | None = None,
    languages: frozenset[str] = frozenset(),
) -> Finding:
    submission = a_submission(text, format=format_)
    context = a_context(text_score=score, history=history, hosts=hosts)
    return AdvertisingLink().run(submission, replace(context, languages=languages))


@pytest.mark.parametrize(
    "text",
    [DOT, IMAGE, '<a href="http://x.example/">\u200b</a> hello', '<a href="//y.example/a"></a>'],
)
def test_a_link_that_nobody_sees_waits(text: str) -> None:
    finding = ask(text)
    assert "shows no words" in finding.reason
    assert decide([finding], Policy()).verdict is Verdict.HOLD


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://casino.example.com/" style="display:none">casino</a> I agree.',
        '<span hidden>I <a href="https://casino.example.com/">agree</a></span> with you.',
        '<p style="font-size: 0"><a href="https://casino.example.com/">casino</a></p> I agree.',
    ],
)
def test_a_link_out_of_sight_waits(text: str) -> None:
    finding = ask(text)
    assert "out of sight" in finding.reason
    assert decide([finding], Policy()).verdict is Verdict.HOLD


@pytest.mark.parametrize("name", ["", " ", ".", "\u200b", "![a](https://pills.example.com/a.png)"])
def test_a_link_of_markdown_that_shows_no_words_waits(name: str) -> None:
    finding = ask(f"I agree. [{name}](https://casino.example.com/)", Format.MARKDOWN)
    assert "shows no words" in finding.reason


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        ("@[maria_k](https://casino.example.com/) I agree.", Format.MARKDOWN),
        ('<a href="https://casino.example.com/">@maria</a> I agree.', Format.HTML),
    ],
)
def test_a_mention_that_leads_elsewhere_is_suspect(text: str, format_: Format) -> None:
    assert "mention" in ask(text, format_).reason


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        ('<a href="https://social.example/@maria">@<span>maria</span></a> I agree.', Format.HTML),
        ("@[maria](https://github.com/maria) see above", Format.MARKDOWN),
        ("[the paper](https://paper.example/1) is better", Format.MARKDOWN),
        ('<a href="https://www.flickr.com/photos/1"><img src="a.jpg"></a> my garden', Format.HTML),
        ('See <a href="https://paper.example/1">the paper</a>.', Format.HTML),
        ("no link at all", Format.TEXT),
    ],
)
def test_links_that_show_where_they_lead(text: str, format_: Format) -> None:
    assert ask(text, format_).signal is Signal.NEUTRAL


def test_the_marks_of_a_bulletin_board_count() -> None:
    finding = ask("hello [url=http://x.example/a]cheap shoes[/url]", Format.TEXT)
    assert "bulletin board" in finding.reason


def test_parts_add_up_and_never_make_spam() -> None:
    finding = ask(f"{DOT} [url=http://x.example/a]b[/url]", score=OFTEN)
    parts = finding.evidence["parts"]
    assert isinstance(parts, dict)
    assert len(parts) == 3
    assert finding.weight == AT_MOST <= sum(parts.values())
    assert decide([finding], Policy()).verdict is Verdict.HOLD


@pytest.mark.parametrize(("by_text", "adds"), [(0.0, 0.3), (0.2, 0.1), (0.35, 0.0)])
def test_what_the_text_said_already_is_not_said_twice(by_text: float, adds: float) -> None:
    text = "I put a clip of it on the page of our choir, have a look http://choir.example.com/a"
    assert ask(text, score=TextScore(by_text, links=2.5)).weight == adds


def test_what_the_link_model_cannot_read_weighs_nothing() -> None:
    text = "Comprare qui http://casino.example.com/bonus"
    italian = TextScore(0.0, is_familiar=False, language=Language(("it",)), links=9.0)
    assert ask(text, score=italian, languages=frozenset({"it"})).weight == 0
    assert ask(text, score=italian, languages=frozenset({"en"})).weight > 0


def test_a_link_of_who_is_known_weighs_nothing() -> None:
    text = "Buy here http://casino.example.com/bonus"
    assert ask(text, score=OFTEN).signal is Signal.SUSPECT
    assert ask(text, score=OFTEN, history=AuthorHistory(approved=3)).signal is Signal.NEUTRAL
    assert ask(text, score=OFTEN, history=AuthorHistory(spam=1)).signal is Signal.SUSPECT


def test_a_link_to_what_people_approved_here_weighs_nothing() -> None:
    text = "Here http://known.example/a and http://www.known.example/b"
    known = {"known.example": Reputation(approved=1, approved_now=1.0, since=NOON)}
    assert ask(text, score=OFTEN, hosts=known).signal is Signal.NEUTRAL
    assert ask(f"{text} http://x.test/", score=OFTEN, hosts=known).signal is Signal.SUSPECT


def test_a_linkback_is_judged_by_its_source() -> None:
    submission = a_pingback("https://x.test/?aff=1")
    context = a_context(text_score=OFTEN)
    assert AdvertisingLink().run(submission, context).signal is Signal.NEUTRAL


@pytest.mark.parametrize(
    "link",
    [
        "https://www.facebook.com/328161397316808/posts/1598558580277077",
        "https://twitter.com/anna/status/1234567890123456789",
        "https://bsky.app/profile/anna.bsky.social/post/3kabc",
        "https://www.nytimes.com/2020/01/02/world/story.html",
        "https://anna.blogspot.com/2011/05/the-mill.html",
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "The government has let the nurses down, and everybody in this house knows it: {}",
        "Our choir sings at the market on Saturday, everybody is welcome! {}",
        "That is what the party promised before the election: {}",
    ],
)
def test_everyday_links_of_honest_readers_pass(text: str, link: str) -> None:
    submission = a_submission(text.format(link))
    (score,) = Scorer(shared_model()).score([Facts(submission)])
    finding = AdvertisingLink().run(submission, a_context(text_score=score))
    assert decide([finding], Policy()).verdict is Verdict.APPROVE
    assert score.probability < 0.4
