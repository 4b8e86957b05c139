"""What counts as the same in other words, and what is said on one's own."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.content.fingerprint import comparable
from moderator.domain.text.rewording import KEYS, NOTHING, Told, resemblance, told

VOCABULARY = """
bridge river stone garden window letter morning kitchen teacher village summer winter paper
music copper engine harbour market mountain island pencil carpet bottle candle basket ladder
orchard meadow railway station library museum theatre concert painter sailor farmer baker
"""
WORDS = VOCABULARY.split()
PITCH = (
    "I lost years worrying about money before my cousin showed me how people earn a second income"
    " from home with a simple trading method and in the first month I made more than in my old job"
    " so read the guide and start today you will thank me later"
)
QUOTE = (
    "You write that people earn a second income from home with a simple trading method and in the"
    " first month more than in an old job. My aunt fell for such a thing last winter and it took"
    " her savings, so please tell your readers what the licence of that broker says before they pay"
)
THANKS = "Thank you so much for sharing this with us, it has been a great help to me and my family"


def said(text: str) -> Told:
    return told(comparable(text))


def spun(text: str, swapped: int, seed: int) -> Told:
    chance = random.Random(seed)  # noqa: S311  # texts, no secrets
    words = text.split()
    for place in chance.sample(range(len(words)), swapped):
        words[place] = chance.choice(WORDS)
    return said(" ".join(words))


def test_a_text_in_other_words_resembles_several_of_its_kind() -> None:
    others = [spun(PITCH, 9, seed) for seed in range(3)]
    assert all(resemblance(spun(PITCH, 9, seed), others) for seed in range(3, 40))


def test_most_pairs_are_known_already() -> None:
    pairs = [(spun(PITCH, 9, seed), spun(PITCH, 9, seed + 100)) for seed in range(100)]
    assert sum(resemblance(one, [other]) > 0 for one, other in pairs) >= 90
    assert sum(len({*one.keys} & {*other.keys}) >= 2 for one, other in pairs) >= 85


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PITCH, QUOTE),
        (
            f"{THANKS}. Our garden wall fell in the storm and your drawing of the drain saved it",
            f"{THANKS}. Visit our shop for the cheapest watches and bags with free delivery today",
        ),
        ("Me too, thank you for sharing!", "Me too, thank you for sharing!"),
        (PITCH, " ".join(WORDS)),
        (PITCH, ""),
    ],
    ids=["quoted and answered", "the usual thanks", "short", "other words", "nothing"],
)
def test_what_is_said_on_one_s_own_resembles_nothing(one: str, other: str) -> None:
    assert resemblance(said(one), [said(other)]) == 0
    assert resemblance(said(other), [said(one)]) == 0
    spam = [spun(PITCH, 9, seed) for seed in range(6)]
    assert other == PITCH or resemblance(said(other), spam) == 0


def test_scripts_without_spaces_are_read_by_letters() -> None:
    text = "我在家里用一个简单的方法赚钱第一个月就比以前的工作赚得多请阅读指南今天就开始"
    changed = text.replace("简单", "神奇").replace("指南", "说明")
    assert resemblance(said(changed), [said(text)]) > 0
    assert said("谢谢分享写得很好") is NOTHING


@given(st.text(max_size=2_000))
def test_a_text_is_itself_and_has_few_keys(text: str) -> None:
    one = said(text)
    assert len(one.keys) <= KEYS
    assert resemblance(one, []) == 0
    assert 0 <= resemblance(one, [one]) <= 1
    assert one.keys == said(text.upper().lower()).keys or text.upper().lower() != text.lower()


@given(st.lists(st.sampled_from(WORDS), min_size=20, max_size=60))
def test_the_same_text_resembles_itself_wholly(words: list[str]) -> None:
    one = told(" ".join(words))
    assert resemblance(one, [one]) in (0.0, 1.0)
