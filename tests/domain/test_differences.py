"""Where alike texts differ: marked word by word, and put together again they are themselves."""

from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.pages.differences import compare

TEXTS = st.lists(st.text(alphabet="ab \n.", max_size=60), max_size=6)


def marked(*texts: str) -> list[list[str]]:
    return [[piece.text.strip() for piece in pieces if piece.differs]
            for pieces in compare(texts).pieces]  # fmt: skip


def test_swapped_added_and_missing_words_are_marked_where_they_stand() -> None:
    usual = "Buy the best cheap pills online now, my friend"
    assert marked(
        usual,
        usual,
        "Buy the top cheap pills online now, my friend",
        "Hello: buy the best cheap pills online now, my dear friend!",
        "Buy the best pills online NOW my friend",
    ) == [[], [], ["top"], ["Hello:", "dear"], []]


def test_the_most_typical_is_the_one_that_shares_most() -> None:
    assert compare(["a b c x", "a b c d", "y b c d"]).typical == 1
    assert compare([]).pieces == ()


@given(TEXTS)
def test_pieces_make_the_text_up_again(texts: list[str]) -> None:
    compared = compare(texts)
    assert ["".join(piece.text for piece in pieces) for pieces in compared.pieces] == texts
    if texts:
        assert not any(piece.differs for piece in compared.pieces[compared.typical])


def test_a_long_text_is_compared_at_its_beginning() -> None:
    long = " ".join(f"w{number}" for number in range(5_000))
    (_, pieces) = compare([long, long.replace("w3 ", "other ")]).pieces
    assert "".join(piece.text for piece in pieces) == long.replace("w3 ", "other ")
    assert [piece.text for piece in pieces if piece.differs] == ["other "]
