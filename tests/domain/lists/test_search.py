"""What is looked for is found, and in one walk through the text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.lists.numbers import Numbers
from moderator.domain.lists.search import Literals, PieceIndex, WordIndex
from moderator.domain.lists.spelling import words_of

LETTERS = st.text("ab ", max_size=30)
PIECES = st.lists(st.text("ab", min_size=1, max_size=4), max_size=60)
ROWS = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4), max_size=20)


@given(pieces=PIECES, text=LETTERS)
def test_every_piece_that_stands_in_a_text_is_found_there(pieces: list[str], text: str) -> None:
    index = PieceIndex()
    for piece in pieces:
        index.add(piece, piece)
    found = list(index.find(text))
    assert {value for value, _, _ in found} == {piece for piece in pieces if piece in text}
    assert all(text[start:end] == value for value, start, end in found)


@given(rows=ROWS, words=st.lists(st.sampled_from("abcd"), max_size=30))
def test_every_row_of_words_is_found_where_it_stands(
    rows: list[list[str]], words: list[str]
) -> None:
    index = WordIndex()
    for row in rows:
        index.add(row, " ".join(row))
    found = {value for value, _ in index.find(words)}
    spaced = f" {' '.join(words)} "
    assert found == {" ".join(row) for row in rows if f" {' '.join(row)} " in spaced}


def test_many_pieces_are_told_apart_by_how_they_go_on() -> None:
    index = PieceIndex()
    for number in range(10_000):
        index.add(f"piece{number:05}", str(number))
    assert list(index.find("a piece00042, a piece99999")) == [("42", 2, 12)]


SIGNED = st.text("ab+-", min_size=1, max_size=5)


@given(pieces=st.lists(SIGNED, max_size=20), text=st.text("ab+- ", max_size=30))
def test_signs_are_found_where_their_letters_are_whole_words(pieces: list[str], text: str) -> None:
    literals = Literals()
    for piece in pieces:
        literals.add(piece, words_of(piece), piece)
    found = {value for value, _ in literals.find(text, words_of(text))}
    assert found == {piece for piece in pieces if stands_alone(piece, text)}


def stands_alone(piece: str, text: str) -> bool:
    before = r"(?<![ab])" if piece[0].isalnum() else ""
    after = r"(?![ab])" if piece[-1].isalnum() else ""
    return re.search(before + re.escape(piece) + after, text) is not None


def number(digits: str, text: str) -> list[str]:
    numbers = Numbers()
    numbers.add(digits, digits)
    return [at for _, at in numbers.find(text)]


def test_a_number_is_found_however_it_is_grouped() -> None:
    assert number("15089347719", "call 1-508-934-7719 or (508) 934.7719!") == [
        "1-508-934-7719",
        "508-934-7719",
        "508) 934.7719",
    ]
    assert number("01701234567", "+49 (0)170 123 45 67") == ["49  170 123 45 67", "170 123 45 67"]


def test_a_number_is_the_same_from_abroad() -> None:
    assert number("88005553535", "+7 800 555-35-35")[0] == "7 800 555-35-35"
    assert number("88005553535", "+7 800 555-35-36") == []


def test_another_number_is_another() -> None:
    assert number("15089347719", "1 608 934 7719, 508 934 7718, 9347719") == []
    assert number("1234567", "12 34567 is one, 99 1234567 is not") == ["12 34567", "1234567"]
    assert number("15089347719", "150 and then 9347719") == []
