"""The form of an Akismet call is text, whatever it was written in, and bounded."""

from urllib.parse import quote_from_bytes, quote_plus

import pytest

from moderator.domain.errors import MalformedError, TooLargeError
from moderator.intake.akismet.form import FIELD_LIMIT, FIELDS_LIMIT, MAX_FIELDS, Form, read_form

FORM = "application/x-www-form-urlencoded"
BOUNDARY = "----x7"


def sent(text: str, charset: str, *more: tuple[str, str], content_type: str = FORM) -> Form:
    fields = [("comment_content", text.encode(charset))]
    fields += [(name, value.encode()) for name, value in more]
    body = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in fields)
    return read_form(body.encode(), content_type)


@pytest.mark.parametrize(
    ("text", "charset", "named"),
    [
        ("très bon café", "utf-8", ""),
        ("très bon café", "utf-8", "ISO-8859-1"),  # named, and not written
        ("très bon café", "iso-8859-1", ""),  # nothing said
        ("très bon café", "iso-8859-1", "ISO-8859-1"),
        ("zwölf Boxkämpfer für 5 €", "windows-1252", ""),
        ("спасибо за статью", "windows-1251", "windows-1251"),
        ("спасибо за статью", "koi8-r", "KOI8-R"),
        ("パンの焼き方がよく分かりました", "shift_jis", "Shift_JIS"),
        ("パンの焼き方がよく分かりました", "euc-jp", "EUC-JP"),
        ("谢谢你的文章，写得很好", "gbk", "GBK"),
        ("联通", "gbk", "gb2312"),  # also two letters of UTF-8
        ("喜歡這篇文章", "big5", "Big5"),
        ("좋은 글 감사합니다", "euc-kr", "EUC-KR"),
        ("plain words", "ascii", "no-such-charset"),
        ("très bon", "utf-8", "utf-7"),
    ],
)
def test_text_is_read_in_what_it_is_written_in(text: str, charset: str, named: str) -> None:
    assert sent(text, charset, ("blog_charset", named)).get("comment_content") == text


def test_the_request_may_name_the_charset_too() -> None:
    form = sent("merci", "ascii", content_type=f"{FORM}; charset=ISO-8859-2")
    assert form.get("comment_content") == "merci"
    form = sent("žluťoučký kůň", "iso-8859-2", content_type=f"{FORM}; charset=ISO-8859-2")
    assert form.get("comment_content") == "žluťoučký kůň"


def test_one_field_in_other_bytes_leaves_its_neighbours_as_they_are() -> None:
    form = read_form(b"comment_author=Jos%C3%A9&comment_content=%FF%FE%zz%+%C3(&x=%00y", FORM)
    assert form.get("comment_author") == "José"
    assert form.get("comment_content").startswith("ÿþ%zz% ")
    assert form.get("x") == "y"


def test_a_page_is_read_by_itself() -> None:
    page = quote_from_bytes("<p>Größe</p>".encode("iso-8859-1"))
    body = f"remote_source={page}&comment_content={quote_plus('Größe')}&blog_charset=UTF-8"
    form = read_form(body.encode(), FORM)
    assert (form.get("remote_source"), form.get("comment_content")) == ("<p>Größe</p>", "Größe")


@pytest.mark.parametrize("names", [("c[]", "c[]"), ("c[0]", "c[1]"), ("c", "c")])
def test_a_list_is_a_list_however_it_is_written(names: tuple[str, str]) -> None:
    form = read_form("&".join(f"{name}={n}" for n, name in enumerate(names)).encode(), FORM)
    assert form.all("c") == ["0", "1"]


def test_what_scripts_make_of_nothing_is_nothing() -> None:
    form = read_form(b"permalink=undefined&comment_author=&user_ip=192.0.2.1", FORM)
    assert form.get("permalink", "comment_author") == ""


def part(name: str, value: str, more: str = "") -> str:
    head = f'Content-Disposition: form-data; name="{name}"{more}'
    return f"--{BOUNDARY}\r\n{head}\r\n\r\n{value}\r\n"


def test_multipart_is_a_form_too() -> None:
    body = (
        part("blog", "http://blog.example")
        + part("comment_content", "a\r\nb & c=d")
        + part("photo", "not text", '; filename="a.png"')
    )
    form = read_form(
        f"{body}--{BOUNDARY}--\r\n".encode(), f'Multipart/Form-Data; boundary="{BOUNDARY}"'
    )
    assert form.fields == (("blog", "http://blog.example"), ("comment_content", "a\r\nb & c=d"))


@pytest.mark.parametrize(
    "body", [b"", b"&&&", b"=x", b"a", b"--\r\n", b"\x00\xff", b"name=%", b"%%%=%%%"]
)
@pytest.mark.parametrize(
    "content_type",
    [FORM, "", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data"],
)
def test_nothing_that_is_sent_breaks_it(body: bytes, content_type: str) -> None:
    read_form(body, content_type)


def test_fields_are_bounded() -> None:
    long = read_form(b"comment_content=" + b"a" * (FIELD_LIMIT + 5), FORM)
    assert len(long.get("comment_content")) == FIELD_LIMIT
    page = read_form(b"remote_source=" + b"a" * (2 * FIELDS_LIMIT), FORM)
    assert len(page.get("remote_source")) == 2 * FIELDS_LIMIT
    with pytest.raises(TooLargeError):
        read_form(b"comment_content=" + b"a" * FIELDS_LIMIT, FORM)
    with pytest.raises(MalformedError):
        read_form(b"a=1&" * (MAX_FIELDS + 1), FORM)
    body = part("a", "1") * (MAX_FIELDS + 1)
    with pytest.raises(MalformedError):
        read_form(body.encode(), f"multipart/form-data; boundary={BOUNDARY}")
