import pytest

from moderator.domain.content.facts import Facts
from moderator.domain.content.prose import prose_of
from moderator.domain.text.apart import together
from tests.builders import a_submission

ADVERTISEMENT = "Buy cheap viagra online"
WORDS = "buy cheap viagra online"


def flags(text: str) -> str:
    return "".join(chr(0x1F1E6 + ord(c) - 97) if c.isalpha() else c for c in text.lower())


def in_brackets(text: str) -> str:
    return "".join(f"({c})" if c.isalpha() else c for c in text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("See https://www.facebook.com/328161397316808/posts/1598558580277077 now", "see now"),
        ("Größe: http://ab.example/straße und mehr", "grosse: und mehr"),
        ("[url=http://a.example/b]Cheap[/url] [img]http://x.example/y.jpg[/img]", "cheap"),
        ("hxxps no link, and/or none here", "hxxps no link, and/or none here"),
        ("www.shop.example/a?b=1", ""),
    ],
)
def test_links_are_no_words(text: str, read: str) -> None:
    assert prose_of(text) == read
    assert Facts(a_submission(text)).prose == read


@pytest.mark.parametrize(
    "between", ["\u2800", "\xa0", ".", "_", "*", "\U0001f525", "\u0332 ", "| ", "\u200b ", "\n"]
)
def test_letters_kept_apart_are_read_as_words(between: str) -> None:
    apart = "".join(letter + between for letter in ADVERTISEMENT)
    assert WORDS in prose_of(apart)


@pytest.mark.parametrize(
    "text",
    [
        "Buy ch34p v14gr4 0nl1n3, n0 pr35cr1pt10n n33d3d",
        "B35t c451n0 b0nu5, 51gn up t0d4y",
        "Ea$y m0n3y fr0m h0m3 t0d4y",
    ],
)
def test_digits_that_pass_for_letters_are_letters(text: str) -> None:
    read = prose_of(text)
    assert not set("0134$") & set(read)
    assert Facts(a_submission(text)).prose == read


@pytest.mark.parametrize(
    "text",
    [
        "my i7-9700k and the rtx4090 beat your b450 board",
        "gr8 m8, c u 2day @ 5",
        "thx m8, works 4 me now!!",
        "in 2024 i paid 1450 euros for 30m2, w4 would be 5 times as much",
        "the codes a1b2c3 d4e5f6 g7h8i9 were printed on the back of the four cards that we got",
    ],
)
def test_models_codes_and_slang_stay_as_they_are(text: str) -> None:
    assert prose_of(text) == text


def test_what_is_written_backwards_is_read_as_it_is_drawn() -> None:
    assert prose_of(f"\u202e{ADVERTISEMENT[::-1]}\u202c") == WORDS
    assert prose_of(f"Hello \u202e{ADVERTISEMENT[::-1]}") == f"hello {WORDS}"


def test_letters_in_brackets_and_of_flags_are_read_as_words() -> None:
    assert WORDS in prose_of(in_brackets(ADVERTISEMENT))
    assert prose_of(flags(ADVERTISEMENT)) == WORDS
    assert prose_of(" ".join(flags(ADVERTISEMENT))) == WORDS
    small = "".join(chr(0x249C + ord(c) - 97) if c.isalpha() else c for c in WORDS)
    assert WORDS in prose_of(small)


@pytest.mark.parametrize(
    "text",
    [
        "He lives in the U. S. A. now",
        "A, b, c and d are wrong",
        "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7 we go to both",
        "o_O x_x :D",
        "plan b is a joke",
    ],
)
def test_what_people_write_letter_by_letter_stays(text: str) -> None:
    assert together(text) == text


@pytest.mark.parametrize("around", ["{}", "see {}", "{} now", "I say: {}!"])
def test_the_shortest_run_is_seen_wherever_it_stands(around: str) -> None:
    for between in (" ", ".", ", ", "-"):
        assert "viagra" in prose_of(around.format(between.join("viagra")))
