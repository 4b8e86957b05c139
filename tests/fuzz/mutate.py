"""Makes bytes that look nearly right: pieces of good ones, spliced, repeated, cut, spoilt."""

from collections.abc import Callable, Sequence
from random import Random

MOST = 65_536  # bytes of one input
ODD = (
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xf4\x90\x80\x80",
    b"%",
    b"%00",
    b"%u0041",
    b"&#0;",
    b"&#x110000;",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"<![CDATA[",
    b"]]>",
    b"&b;",
    b"\\ud800",
    b"1e999",
    b"-0",
    b"9" * 400,
    b"NaN",
    b'{"a":' * 40,
    b"[" * 40,
    b'"',
    b"'",
    b"\r\n",
    b"\r\n\r\n--b",
    b"http://a\\@127.0.0.1/",
    b"http://[::1]/",
    b"javascript:",
    b"\xe2\x80\xae",
    b"\xcc\x81" * 50,
    b"=",
    b"&",
    b"+",
    b";",
    b"<a href=",
    b"<base href=//x>",
    b"<template>",
    b"<svg><style>",
    b"*.",
    b"/(a+)+$/",
    b"0/0",
)


def mutated(seeds: Sequence[bytes], random: Random) -> bytes:
    """One input of some of the seeds, changed one to eight times."""
    data = random.choice(seeds)
    for _ in range(random.randint(1, 8)):
        data = random.choice(CHANGES)(data, seeds, random)[:MOST]
    return data


def _at(data: bytes, random: Random) -> int:
    return random.randint(0, len(data))


def _insert(data: bytes, _seeds: Sequence[bytes], random: Random) -> bytes:
    at = _at(data, random)
    return data[:at] + random.choice(ODD) + data[at:]


def _splice(data: bytes, seeds: Sequence[bytes], random: Random) -> bytes:
    other = random.choice(seeds)
    return data[: _at(data, random)] + other[_at(other, random) :]


def _repeat(data: bytes, _seeds: Sequence[bytes], random: Random) -> bytes:
    start = _at(data, random)
    piece = data[start : start + random.randint(1, 40)]
    return data[:start] + piece * random.randint(2, 300) + data[start:]


def _cut(data: bytes, _seeds: Sequence[bytes], random: Random) -> bytes:
    start, end = sorted((_at(data, random), _at(data, random)))
    return data[:start] + data[end:]


def _spoil(data: bytes, _seeds: Sequence[bytes], random: Random) -> bytes:
    if not data:
        return random.randbytes(8)
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << random.randrange(8))]) + data[at + 1 :]


def _noise(data: bytes, _seeds: Sequence[bytes], random: Random) -> bytes:
    at = _at(data, random)
    return data[:at] + random.randbytes(random.randint(1, 32)) + data[at:]


CHANGES: tuple[Callable[[bytes, Sequence[bytes], Random], bytes], ...] = (
    _insert,
    _splice,
    _repeat,
    _cut,
    _spoil,
    _noise,
)
