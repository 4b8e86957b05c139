"""What a trackback says and is told."""

from urllib.parse import quote

import pytest
from defusedxml.ElementTree import fromstring

from moderator.domain.errors import RequestError
from moderator.domain.events.arrival import Receipt
from moderator.intake.linkback import trackback
from tests.intake.calls import FORM, SOURCE, a_call, form

JAPANESE = "今日は川の記事を読みました。とても面白かったです。"
RUSSIAN = "Сегодня я прочитал статью о реке, очень интересно."


def told(body: bytes) -> tuple[str | None, str]:
    answer = fromstring(body)
    return answer.findtext("error"), answer.findtext("message") or ""


def test_the_senders_words_are_kept_as_text() -> None:
    sent = form(url=SOURCE, title="<b>Weekend</b> &amp; more", blog_name="Reader", excerpt="A\nB")
    submission = trackback.parse(sent, a_call()).submission
    assert submission.kind == trackback.KIND
    assert (submission.author.name, submission.text) == ("Reader", "A B")
    assert submission.linkback is not None
    assert submission.linkback.source_title == "Weekend & more"


def test_the_charset_that_is_named_counts() -> None:
    sent = b"url=https%3A%2F%2Freader.example.net%2Fa&excerpt=caf%E9"
    call = a_call(content_type=f"{FORM}; charset=ISO-8859-1")
    assert trackback.parse(sent, call).submission.text == "caf\N{LATIN SMALL LETTER E WITH ACUTE}"


@pytest.mark.parametrize("charset", ["nonsense", "hex", "idna", "unicode_escape", "utf-7"])
def test_a_charset_that_is_none_does_no_harm(charset: str) -> None:
    call = a_call(content_type=f"{FORM}; charset={charset}")
    sent = form(url=SOURCE, excerpt="plain")
    assert trackback.parse(sent, call).submission.text == "plain"


def test_the_words_do_not_make_another_trackback_of_it() -> None:
    one = trackback.parse(form(url=SOURCE, excerpt="one"), a_call())
    other = trackback.parse(form(url=SOURCE, excerpt="other"), a_call())
    assert (one.digest, one.submission.platform_id) == (other.digest, other.submission.platform_id)


@pytest.mark.parametrize(
    ("sent", "changes"),
    [
        (form(title="no url"), {}),
        (form(url=SOURCE), {"query": {}}),
        (form(url=SOURCE), {"query": {"target": "https://elsewhere.example/1"}}),
        (form(url=SOURCE), {"content_type": "application/json"}),
        (form(url="gopher://reader.example.net/"), {}),
        (b"&".join(b"a%d=1" % number for number in range(100)), {}),
    ],
)
def test_a_bad_one_is_told_why(sent: bytes, changes: dict[str, object]) -> None:
    with pytest.raises(RequestError) as refused:
        trackback.parse(sent, a_call(**changes))
    code, message = told(trackback.refused(refused.value).body)
    assert code == "1"
    assert message


def test_a_new_one_is_taken_and_a_known_one_named() -> None:
    assert told(trackback.accepted(Receipt("1", is_new=True)).body) == ("0", "")
    code, message = told(trackback.accepted(Receipt("1", is_new=False)).body)
    assert (code, "already" in message) == ("1", True)


@pytest.mark.parametrize("named", ["field", "header", "neither"])
@pytest.mark.parametrize(
    ("codec", "label", "text"),
    [
        ("euc_jp", "EUC-JP", JAPANESE),
        ("shift_jis", "x-sjis", JAPANESE),
        ("shift_jis", "Windows-31J", JAPANESE),
        ("iso2022_jp", "ISO-2022-JP", JAPANESE),
        ("cp1251", "windows-1251", RUSSIAN),
        ("utf-8", "UTF-8", RUSSIAN),
    ],
)
def test_words_are_read_in_their_charset_however_it_is_named(
    codec: str, label: str, text: str, named: str
) -> None:
    body = f"url={quote(SOURCE)}&excerpt={quote(text.encode(codec))}"
    body += f"&charset={label}" if named == "field" else ""
    call = a_call(content_type=FORM + f"; charset={label}" * (named == "header"))
    assert trackback.parse(body.encode(), call).submission.text == text


@pytest.mark.parametrize(
    ("codec", "words"), [("shift_jis", "猫"), ("euc_jp", "川"), ("cp1251", "Да!"), ("cp1251", "ЖЖ")]
)
def test_a_word_in_no_named_charset_is_left_to_the_source(codec: str, words: str) -> None:
    body = f"url={quote(SOURCE)}&title={quote(words.encode(codec))}"
    linkback = trackback.parse(body.encode(), a_call()).submission.linkback
    assert linkback is not None
    assert linkback.source_title == ""


def test_an_accent_among_plain_letters_is_no_riddle() -> None:
    body = f"url={quote(SOURCE)}&excerpt=Caf%E9+closed"
    assert trackback.parse(body.encode(), a_call()).submission.text == "Café closed"


@pytest.mark.parametrize("charset", ["UTF-16", "UTF-16LE", "ISO-2022-JP", "x-mac-cyrillic"])
def test_the_address_is_read_whatever_charset_is_named(charset: str) -> None:
    read = trackback.parse(form(url=SOURCE, title="Ours", charset=charset), a_call()).submission
    assert (read.author.url, read.author.name) == (SOURCE, "Ours")


def test_words_that_cannot_be_read_are_left_to_the_source() -> None:
    body = f"url={quote(SOURCE)}&title=Good&excerpt=%E3%81%93%FF%FE&charset=utf-8".encode()
    read = trackback.parse(body, a_call()).submission
    assert "\ufffd" not in read.text + read.author.name
