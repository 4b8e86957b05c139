"""What is read of a content with markup."""

from moderator.domain.submission import Format
from moderator.domain.text.markup import plain


def test_a_comment_that_is_all_script_is_read_as_sanitizers_leave_it() -> None:
    """Most take the tags and keep what stood between them."""
    content = "<script>document.write('<b>cheap watches</b>')"
    assert "cheap watches" in plain(content, Format.HTML)
    assert "<" not in plain(content, Format.HTML)


def test_a_script_beside_words_is_not_read() -> None:
    assert plain("<p>I agree.</p><script>count()</script>", Format.HTML) == "I agree."


def test_tags_alone_say_nothing() -> None:
    assert plain("<img src=x><br>", Format.HTML) == ""
