"""No disguise of a text hides what an entry names, and no entry names a plain word it is not."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from moderator.domain.content.facts import Facts
from moderator.domain.errors import InvalidError
from moderator.domain.lists.compiled import CompiledList, compiled
from moderator.domain.lists.entry import EntryKind
from moderator.domain.lists.mentions import Mentions
from moderator.domain.lists.reading import read_entry
from moderator.domain.submission import Author
from moderator.domain.text.fold import SAME
from tests.builders import a_submission

LOOKS_LIKE: dict[str, list[str]] = {}
for code, latin in SAME.items():
    LOOKS_LIKE.setdefault(latin, []).append(chr(code))

NOBODY = Author()
PLAIN = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=12)
WORDS = PLAIN.filter(lambda word: word not in ("http", "https", "www"))
ANYTHING = st.text(st.characters(codec="utf-8"), max_size=20)


def full_width(letter: str) -> str:
    return chr(ord(letter) + 0xFEE0)


def bold(letter: str) -> str:
    return chr(0x1D41A + ord(letter) - ord("a"))


@st.composite
def disguised(draw: st.DrawFn, word: str) -> str:
    """The word with some letters in capitals, of full width, bold, or alike in another script."""
    letters = []
    for letter in word:
        shown = [letter, letter.upper(), full_width(letter), bold(letter), f"{letter}\u200b"]
        letters.append(draw(st.sampled_from([*shown, *LOOKS_LIKE.get(letter, [])])))
    return "".join(letters)


def named(entry: str, text: str, author: Author = NOBODY) -> list[str]:
    submission = replace(a_submission(text), author=author)
    hits = CompiledList((entry,)).hits(Mentions(Facts(submission)), in_disguise=True)
    return [hit.entry for hit in hits]


@given(st.data(), WORDS)
def test_a_word_in_disguise_is_still_named(data: st.DataObject, word: str) -> None:
    shown = data.draw(disguised(word))
    assert named(word, f"so much {shown} here") == [word]


@given(entry=WORDS, word=WORDS)
def test_an_entry_never_names_another_plain_word(entry: str, word: str) -> None:
    assume(entry not in (word, "example"))
    assert named(entry, word) == []
    assert named(entry, "", Author(name=word, url=f"https://{word}.example.org/")) == []


@given(entry=ANYTHING, text=ANYTHING)
def test_whatever_is_typed_is_read_or_refused(entry: str, text: str) -> None:
    ready = CompiledList((entry,))
    assert [why != "" for _, why in ready.unread] + [e.meaning != "" for e in ready.entries] == [
        True
    ]
    named(entry, text, Author(name=text, email=text, url=text, ip=text))


@given(ANYTHING)
def test_an_entry_names_the_text_that_it_is(entry: str) -> None:
    try:
        read = read_entry(entry)
    except InvalidError:
        return
    assume(read.sort in (EntryKind.WORDS, EntryKind.SIGNS, EntryKind.UNSPACED, EntryKind.SPELLING))
    assert named(entry, f"so {entry} there") == [read.typed]


def test_a_list_is_made_ready_once() -> None:
    typed = tuple(f"word{number}" for number in range(10))
    assert compiled(typed) is compiled(typed)
    assert compiled((*typed[:-1], typed[-1])) is compiled(typed)
