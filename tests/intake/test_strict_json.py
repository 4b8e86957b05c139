import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.errors import MalformedError
from moderator.intake.webhook import strict_json


def nested(depth: int, opening: str, closing: str) -> bytes:
    return (opening * depth + "1" + closing * depth).encode()


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a":1}', {"a": 1}),
        (b' { "a" : [ 1 , 2.5 , null ] } \n', {"a": [1, 2.5, None]}),
        (b'"\\u00e9\\ud83d\\ude00\\/"', "é😀/"),
        (b'"\\\\u0000"', "\\u0000"),
        (b"18446744073709551615", 2**64 - 1),
        (b'{"a":{"a":{"a":1}}}', {"a": {"a": {"a": 1}}}),
        (nested(strict_json.MAX_DEPTH, "[", "]"), json.loads(nested(32, "[", "]"))),
        (b'{"a":"' + b"[{" * 500 + b'"}', {"a": "[{" * 500}),
    ],
)
def test_strict_json_is_read(body: bytes, value: object) -> None:
    assert strict_json.parse(body) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"{} x",
        b"{}{}",
        b"NaN",
        b'{"a":Infinity}',
        b"[-Infinity]",
        b"1e999",
        b"9" * 10_000,
        b"18446744073709551616",
        b"-9223372036854775809",
        b'{"a":1,"a":1}',
        b'{"a":1,"\\u0061":2}',
        b'{"a" :1, "b":{"x":[],"x" :[]}}',
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"a\\u0000b"',
        b'{"\\u0000":1}',
        b'[["\\u0000"]]',
        b'"\xff"',
        b'"\xc0\xaf"',
        b'"\xed\xa0\x80"',
        b'"\x01"',
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        '{"a":1}'.encode("utf-32"),
        b"'a'",
        b"{a:1}",
        b"[1,]",
        b"// no\n1",
        nested(strict_json.MAX_DEPTH + 1, "[", "]"),
        nested(strict_json.MAX_DEPTH + 1, '{"a":', "}"),
        nested(500, '[{"a":', "}]"),
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=lambda body: f"{len(body)} {body[:24]!r}",
)
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedError):
        strict_json.parse(body)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(value=JSON, is_ascii=st.booleans(), indent=st.none() | st.just(1))
def test_what_others_write_is_read_back(
    value: object, *, is_ascii: bool, indent: int | None
) -> None:
    body = json.dumps(value, ensure_ascii=is_ascii, indent=indent).encode()
    assert strict_json.parse(body) == value


@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        strict_json.parse(body)
    except MalformedError:
        return


@given(text=st.text('{}[]",:\\ u0dc8a1eE.-nulltrfs\n', max_size=60))
def test_what_is_read_is_what_the_standard_parser_reads(text: str) -> None:
    try:
        value = strict_json.parse(text.encode())
    except MalformedError:
        return
    assert value == json.loads(text)
