"""Finds many words, or pieces of text, at once: each text is walked through once.

What is looked for is kept by its beginning, so that the cost does not grow with its number.
"""

from collections.abc import Iterable, Iterator, Sequence
from operator import add

from moderator.domain.lists.inflection import stems

HEAD = 2  # characters by which pieces are kept
FEW_BEGINNINGS = 40  # beginnings of pieces


class PieceIndex:
    """Pieces of text, each with a value, that are looked for anywhere."""

    def __init__(self) -> None:
        self._single: dict[str, str] = {}
        self._heads: dict[str, dict[int, dict[str, str]]] = {}
        self.is_empty = True

    def add(self, piece: str, value: str) -> None:
        self.is_empty = False
        if len(piece) < HEAD:
            self._single[piece] = value
        else:
            lengths = self._heads.setdefault(piece[:HEAD], {})
            lengths.setdefault(len(piece), {})[piece] = value

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Each value with where its piece begins and ends; a single character is found once."""
        if self._single:
            for letter in self._single.keys() & set(text):
                place = text.index(letter)
                yield self._single[letter], place, place + 1
        if self._heads:
            for place in self._starts(text):
                for length, pieces in self._heads[text[place : place + HEAD]].items():
                    piece = text[place : place + length]
                    if piece in pieces:
                        yield pieces[piece], place, place + length

    def _starts(self, text: str) -> Iterable[int]:
        """Where pieces may begin."""
        heads = self._heads
        if len(heads) <= FEW_BEGINNINGS:  # looking for each is faster than looking at every place
            heads = {head: heads[head] for head in heads if head in text}
            if not heads:
                return ()
        return [place for place, pair in enumerate(map(add, text, text[1:])) if pair in heads]


class Literals:
    """Pieces with their signs. Those with words in them are kept by the longest of these."""

    def __init__(self) -> None:
        self._bare = PieceIndex()
        self._by_word: dict[str, dict[str, str]] = {}

    @property
    def is_empty(self) -> bool:
        return self._bare.is_empty and not self._by_word

    def add(self, piece: str, words: Sequence[str], value: str) -> None:
        if words:
            self._by_word.setdefault(max(words, key=len), {})[piece] = value
        else:
            self._bare.add(piece, value)

    def find(self, text: str, words: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Each value with its piece; letters at an end of one are not those of a longer word."""
        if not self._bare.is_empty:
            yield from ((value, text[start:end]) for value, start, end in self._bare.find(text))
        if self._by_word:
            for word in self._by_word.keys() & set(words):
                for piece, value in self._by_word[word].items():
                    if piece in text and _stands_alone(piece, text):
                        yield value, piece


def _stands_alone(piece: str, text: str) -> bool:
    start = text.find(piece)
    while start >= 0:
        end = start + len(piece)
        is_cut = start and text[start - 1].isalnum() and piece[0].isalnum()
        if not is_cut and not (piece[-1].isalnum() and text[end : end + 1].isalnum()):
            return True
        start = text.find(piece, start + 1)
    return False


class Node:
    """What may follow after some words, and the value of these words themselves."""

    __slots__ = ("following", "value")

    def __init__(self) -> None:
        self.following: dict[str, Node] = {}
        self.value = ""


class Affixes:
    """Beginnings or endings of words, each with a value."""

    def __init__(self) -> None:
        self.lengths: dict[int, dict[str, str]] = {}

    def add(self, affix: str, value: str) -> None:
        self.lengths.setdefault(len(affix), {})[affix] = value

    def find(self, word: str, *, at_end: bool) -> Iterator[str]:
        for length, affixes in self.lengths.items():
            affix = word[-length:] if at_end else word[:length]
            if affix in affixes:
                yield affixes[affix]


class WordIndex:
    """Words in a row, beginnings and endings of words, and what stands inside of them."""

    def __init__(self) -> None:
        self._first = Node()
        self._beginnings, self._endings, self._inside = Affixes(), Affixes(), PieceIndex()
        self.is_empty = True

    def add(self, words: Sequence[str], value: str) -> None:
        node = self._first
        for word in words:
            node = node.following.setdefault(word, Node())
        node.value, self.is_empty = value, False

    def add_affix(self, affix: str, value: str, *, at_end: bool) -> None:
        (self._endings if at_end else self._beginnings).add(affix, value)
        self.is_empty = False

    def add_inside(self, piece: str, value: str) -> None:
        self._inside.add(piece, value)
        self.is_empty = False

    def find(self, words: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Each value with the words that it was found in."""
        first = self._first.following
        for place, word in enumerate(words):
            if word in first:
                yield from self._walk(words, place)
            if not word.isascii():
                known = (first[stem].value for stem in stems(word) if stem in first)
                yield from ((value, word) for value in known if value)
        for affixes, at_end in ((self._beginnings, False), (self._endings, True)):
            if affixes.lengths:
                yield from ((v, w) for w in words for v in affixes.find(w, at_end=at_end))
        if not self._inside.is_empty:
            spaced = " ".join(words)
            for value, start, end in self._inside.find(spaced):
                yield value, spaced[start:end]

    def _walk(self, words: Sequence[str], place: int) -> Iterator[tuple[str, str]]:
        node, end = self._first, place
        while end < len(words):
            following = node.following.get(words[end])
            if following is None:
                return
            node, end = following, end + 1
            if node.value:
                yield node.value, " ".join(words[place:end])
