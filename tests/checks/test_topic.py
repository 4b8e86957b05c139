from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.checks.topic import MOST_WORDS, Topic, subject
from moderator.domain.check import TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.reputation import Reputation, answerable_hosts
from moderator.domain.policy import Policy
from moderator.domain.submission import Author, Post
from moderator.domain.text.fold import fold
from moderator.domain.text.languages import Language
from moderator.domain.text.stop_words import STOP_WORDS
from tests.builders import NOON, a_context, a_pingback, a_site, a_submission

SEEN = Reputation(approved=1, approved_now=1.0, since=NOON)


def ask(
    text: str,
    title: str = "",
    *tags: str,
    seen: tuple[str, ...] = (),
    score: TextScore | None = None,
    page: str = "",
) -> Finding:
    post = Post(title=title, tags=tags)
    submission = a_submission(text, post=post, author=Author(name="Ann", url=page))
    named = answerable_hosts(Facts(submission, a_site().hosts), a_site())
    hosts = {host: SEEN if host in seen else Reputation() for host in named}
    return Topic().run(submission, a_context(hosts=hosts, text_score=score))


@pytest.mark.parametrize(
    ("text", "title", "word"),
    [
        ("I love the riverside walk", "The river", "river"),
        ("The RIVERS are full.", "About a river", "river"),
        ("Our library was closed", "Libraries in danger", "libraries"),
        ("more tea, please", "Tea at four", "tea"),
        ("Bibliothek geschlossen!", "Die Bibliotheken der Stadt", "bibliotheken"),
        ("Elle a écrit: liberté.", "Libertés publiques", "libertes"),
        ("Реку жалко", "О реке: реку спасут?", "реку"),
        ("Мне жаль библиотеку", "Библиотеки закрыты", "библиотеки"),
        ("我也喜欢长江的水", "长江的历史", "长江"),
        ("この映画は最高でした", "映画の感想", "映画"),
        ("강물이 깨끗해요", "강물 이야기", "강물"),
        ("मुझे कविता पसंद है", "कविता संग्रह", "कविता"),
        ("ผมชอบเชียงใหม่มาก", "ร้านกาแฟในเชียงใหม่", "ร้านกาแฟในเชียงใหม่"),
        ("𝐑𝐢𝐯𝐞𝐫!", "The river", "river"),
    ],
)
def test_a_word_of_the_title_speaks_for_a_comment(text: str, title: str, word: str) -> None:
    finding = ask(text, title)
    assert (finding.signal, finding.code) == (Signal.HAM, "on_topic")
    assert finding.reason == f"Speaks of what the post is about: {fold(word)}"
    assert finding.weight == -0.05


def test_two_words_speak_more_and_tags_count_as_the_title() -> None:
    finding = ask("The mayor wants a bridge over the river", "The river", "Bridges", "town hall")
    assert (finding.weight, finding.evidence) == (-0.1, {"words": ["river", "bridges"]})


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A great and very good read, thank you", "A great and very good post"),
        ("I was driven there", "The river"),
        ("Steam and teams", "Tea at four"),
        ("in 2024 we did", "Plans for 2024"),
        ("https://example.org/river", "The river"),
        ("所有的人都是好的", "今天的天气"),
        ("これはいいです", "いいですね"),
        ("", "The river"),
    ],
)
def test_no_word_shared_means_nothing(text: str, title: str) -> None:
    assert ask(text, title, seen=("example.org",)).signal is Signal.NEUTRAL


@pytest.mark.parametrize(
    ("text", "seen", "weight"),
    [
        ("Look at https://new.test/river", (), 0.05),
        ("Look at https://new.test/1 and https://old.test/", ("old.test",), 0.05),
        ("https://a.test https://b.test https://c.test", (), 0.1),
        ("Look at https://old.test/", ("old.test",), 0.0),
        ("Look at https://youtube.com/watch and https://bit.ly/a", (), 0.0),
        ("Look at https://blog.example.org/other", (), 0.0),
        ("This river: https://a.test https://b.test https://c.test", (), -0.05),
    ],
)
def test_links_to_the_unknown_and_no_word_of_the_post(
    text: str, seen: tuple[str, ...], weight: float
) -> None:
    assert ask(text, "The river", seen=seen).weight == weight


def test_the_finding_names_where_it_leads() -> None:
    finding = ask("Look: https://a.test https://www.b.test", "The river")
    assert finding.evidence == {"hosts": ["a.test", "b.test"]}
    end = "leads to what was never seen here: a.test and 1 more"
    assert finding.reason == f"Shares no word with the post, and {end}"


def test_the_page_of_an_author_is_no_link_of_the_comment() -> None:
    assert ask("I agree", "The river", page="https://ann.test").signal is Signal.NEUTRAL


@pytest.mark.parametrize("title", ["", "The", "2024", "???", "a b c"])
def test_nothing_is_said_without_a_title(title: str) -> None:
    assert ask("Look at https://new.test/", title).signal is Signal.NEUTRAL


def test_linkbacks_are_judged_by_their_source() -> None:
    pingback = a_pingback("https://new.test/", "Of the river https://new.test/")
    hosts = {"new.test": Reputation()}
    assert Topic().run(pingback, a_context(hosts=hosts)).signal is Signal.NEUTRAL


def test_a_language_that_is_new_here_stays_with_a_person() -> None:
    new = TextScore(0.0, is_familiar=False, language=Language(("fi",)))
    assert ask("Joki on kaunis", "Joki", score=new).weight == 0
    assert ask("Joki on kaunis", "Joki", score=TextScore(0.5)).weight == -0.05
    submission = a_submission("Joki on kaunis", post=Post(title="Joki"))
    own = replace(a_context(text_score=new), languages=frozenset({"fi"}))
    assert Topic().run(submission, own).weight == -0.05


def test_a_long_title_is_looked_at_in_part() -> None:
    assert len(subject(" ".join(f"word{n}x" for n in range(500)), ())) == MOST_WORDS


@given(st.text(max_size=60), st.text(max_size=60), st.lists(st.text(max_size=9), max_size=4))
def test_the_topic_weighs_little_either_way(text: str, title: str, tags: list[str]) -> None:
    finding = ask(f"{text} https://a.test https://b.test https://c.test", title, *tags)
    assert -0.1 <= finding.weight <= 0.1 < Policy().hold_at


@given(st.sampled_from(sorted(STOP_WORDS)), st.sampled_from(sorted(STOP_WORDS)))
def test_words_that_every_text_has_are_no_topic(one: str, other: str) -> None:
    assert subject(one.title(), (other.upper(),)) == ()
