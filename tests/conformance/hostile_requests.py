"""Requests that no honest client sends, by kind: bytes for any path, with whatever lets one in."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

JSON, FORM, XML = "application/json", "application/x-www-form-urlencoded", "text/xml"
BOUNDARY = "multipart/form-data; boundary=x"
DEEP, WIDE = 100_000, 20_000
EVENT = (
    '{"type":"comment.created","timestamp":"2026-03-04T12:00:00Z","data":{"site":{"id":"asked"},'
    '"comment":{"id":"1","type":"comment","content":{"raw":%s,"format":"text"}},'
    '"author":{"name":"Jane"},"post":{"url":"https://asked.example/a"}}}'
)


@dataclass(frozen=True)
class Target:
    """Where a request goes; `headers` let it in, `reads` is the content type that is read there."""

    method: str
    path: str
    reads: str = FORM
    headers: Mapping[str, str] = field(default_factory=dict)

    def request(
        self, body: bytes = b"", kind: str = "", *lines: str, method: str = "", path: str = ""
    ) -> bytes:
        """`lines` are header lines as they are sent, in place of the usual ones of their name."""
        sent = [line.partition(":")[0].lower() for line in lines]
        usual = {"Host": "localhost", "Connection": "close", **self.headers}
        if body or self.method == "POST":
            usual["Content-Type"] = kind or self.reads
            if "transfer-encoding" not in sent:
                usual["Content-Length"] = str(len(body))
        kept = [f"{name}: {value}" for name, value in usual.items() if name.lower() not in sent]
        first = f"{method or self.method} {path or self.path} HTTP/1.1"
        head = "\r\n".join([first, *kept, *[line for line in lines if line], "", ""])
        return head.encode("utf-8", "surrogateescape") + body


Kind = Callable[[Target], bytes]


def kinds() -> Iterator[tuple[str, Kind]]:
    """Each with its name."""
    yield from _bodies()
    yield from _codings()
    yield from _lengths()
    yield from _chunks()
    yield from _heads()
    yield from _paths()
    yield from _methods()


def _sent(body: bytes, kind: str = "", *lines: str) -> Kind:
    return lambda target: target.request(body, kind, *lines)


def _bodies() -> Iterator[tuple[str, Kind]]:
    texts = {
        "deep lists": "[" * DEEP,
        "deep objects": '{"a":' * DEEP,
        "deep and closed": "[" * DEEP + "]" * DEEP,
        "the same key twice": '{"type":"a","type":"comment.created","data":{},"data":{}}',
        "a huge number": '{"data":' + "9" * DEEP + "}",
        "a huge exponent": '{"data":1e400,"timestamp":-1e400}',
        "no number": '{"data":NaN,"timestamp":Infinity}',
        "half a pair": EVENT % '"\\ud800"',
        "NUL": EVENT % '"a\\u0000b"',
        "another kind of value": '"a"',
        "null": "null",
        "no end": '{"type":"comment.created"',
        "more behind": EVENT % '"a"' + "{}",
        "wide": "{" + ",".join(f'"{n}":0' for n in range(WIDE)) + "}",
        "long text": EVENT % json.dumps("a" * 200_000),
        "nothing": "",
    }
    for name, text in texts.items():
        yield f"JSON: {name}", _sent(text.encode(), JSON)
    yield "JSON: NUL as it is", _sent(b'{"a":"\x00"}', JSON)
    yield "JSON: no UTF-8", _sent(b'{"a":"\xff\xc0\x80"}', JSON)
    yield "JSON: a mark of byte order", _sent(b"\xef\xbb\xbf{}", JSON)
    for coding in ("utf-16", "utf-32", "utf-7"):
        yield f"JSON: in {coding}", _sent('{"a":"b"}'.encode(coding), f"{JSON}; charset={coding}")
    yield "JSON: in no charset", _sent(b"{}", f"{JSON}; charset=nonsense")
    yield "JSON said to be a form", _sent((EVENT % '"a"').encode(), FORM)
    yield "any body of another type", _sent(b"\x00\x01\x02", "application/x-unknown")
    yield "a body of a type that is none", _sent(b"a=b", '\\"; charset=;;; =')
    yield from _forms()
    yield from _parts()
    yield from _xml()


def _forms() -> Iterator[tuple[str, Kind]]:
    forms = {
        "many fields": b"&".join(b"f%d=1" % n for n in range(DEEP)),
        "many of one name": b"&".join(b"comment_content=1" for _ in range(WIDE)),
        "only separators": b"&" * DEEP + b"=" * DEEP,
        "half an escape": b"blog=%&comment_content=%z1%u1234&%=%",
        "NUL": b"blog=a%00b&name=%00&password=%00&source=%00&target=%00",
        "half a pair": b"blog=%ED%A0%80&name=%ED%A0%80&source=%ED%A0%80&target=%ED%A0%80",
        "no UTF-8": b"blog=%ff%fe&name=\xff\xfe&source=\xff&target=\xc0\x80",
        "brackets": b"comment" + b"[" * WIDE + b"=1",
        "long": b"comment_content=" + b"a" * 900_000,
    }
    for name, body in forms.items():
        yield f"form: {name}", _sent(body, FORM)
    yield "form: in another charset", _sent("name=é".encode("utf-16"), f"{FORM}; charset=utf-16")
    yield "form: in no charset", _sent(b"name=a", f"{FORM}; charset=\x80nonsense")


def _parts() -> Iterator[tuple[str, Kind]]:
    part = b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n1\r\n'
    many = b"".join(part % n for n in range(WIDE)) + b"--x--\r\n"
    file = b'--x\r\nContent-Disposition: form-data; name="a"; filename="../../a"\r\n\r\n'
    yield "parts: many", _sent(many, BOUNDARY)
    yield "parts: no end", _sent(part % 1, BOUNDARY)
    yield "parts: no boundary", _sent(part % 1, "multipart/form-data")
    yield (
        "parts: an endless boundary",
        _sent(part % 1, "multipart/form-data; boundary=" + "x" * 9_000),
    )
    yield "parts: a boundary of nothing", _sent(b"----", 'multipart/form-data; boundary=""')
    yield "parts: a file", _sent(file + b"a" * 600_000 + b"\r\n--x--\r\n", BOUNDARY)
    yield "parts: a long head", _sent(b"--x\r\nA: " + b"a" * 300_000, BOUNDARY)
    yield "parts: heads without end", _sent(b"--x\r\n" + b"A: b\r\n" * WIDE, BOUNDARY)
    yield (
        "parts: mixed in each other",
        _sent(b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 500, BOUNDARY),
    )
    named = b"--x\r\nContent-Disposition: form-data; name*=utf-8''%ff%00; name=a\r\n\r\n1\r\n--x--"
    yield "parts: an odd name", _sent(named, BOUNDARY)


def _xml() -> Iterator[tuple[str, Kind]]:
    call = b"<methodCall><methodName>pingback.ping</methodName><params>%s</params></methodCall>"
    laughs = b"".join(b'<!ENTITY a%d "%s">' % (n + 1, b"&a%d;" % n * 10) for n in range(8))
    texts = {
        "entities": b'<!DOCTYPE a [<!ENTITY a0 "ha">' + laughs + b"]><a>&a8;</a>",
        "a file": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "deep": b"<a>" * 15_000,
        "attributes": b"<a " + b" ".join(b'a%d="1"' % n for n in range(5_000)) + b"/>",
        "no parameters": call % b"",
        "a huge number": call % (b"<param><value><int>" + b"9" * 9_000 + b"</int></value></param>"),
        "no number": call % b"<param><value><int>x</int></value></param>" * 2,
        "structures": call % (b"<param><value><array><data>" * 3_000),
        "no UTF-8": call % b"<param><value>\xff\xfe</value></param>",
        "another coding": b"<?xml version='1.0' encoding='utf-7'?>" + call % b"",
        "a coding that is none": b"<?xml version='1.0' encoding='nonsense'?>" + call % b"",
        "NUL": call % b"<param><value>\x00</value></param>",
        "nothing": b"",
    }
    for name, body in texts.items():
        yield f"XML: {name}", _sent(body, XML)


def _codings() -> Iterator[tuple[str, Kind]]:
    bomb = gzip.compress(bytes(20_000_000))
    for coding in ("gzip", "deflate", "br", "zstd", "gzip, gzip", "identity", "nonsense", ""):
        yield (
            f"a body that is {coding or 'coded in nothing'}",
            _sent(bomb[:60_000], "", f"Content-Encoding: {coding}"),
        )


def _lengths() -> Iterator[tuple[str, Kind]]:
    for length in (
        "-1",
        "+2",
        "0x2",
        "2, 2",
        "2, 3",
        "1e3",
        "9" * 400,
        "٣",
        "two",
        "",
        "99999999999",
    ):
        yield f"a length of {length[:12]!a}", _sent(b"{}", "", f"Content-Length: {length}")


def _chunks() -> Iterator[tuple[str, Kind]]:
    chunks = {
        "no number": b"xyz\r\n{}\r\n0\r\n\r\n",
        "below nothing": b"-2\r\n{}\r\n0\r\n\r\n",
        "a huge one": b"f" * 40 + b"\r\n{}\r\n0\r\n\r\n",
        "a long extension": b"2;" + b"a" * 60_000 + b"\r\n{}\r\n0\r\n\r\n",
        "no line between": b"2\r\n{}0\r\n\r\n",
        "only line feeds": b"2\n{}\n0\n\n",
        "many trailers": b"2\r\n{}\r\n0\r\n" + b"A: b\r\n" * 2_000 + b"\r\n",
        "tiny ones": b"1\r\na\r\n" * 60_000 + b"0\r\n\r\n",
        "well": b"2\r\n{}\r\n0\r\n\r\n",
    }
    for name, body in chunks.items():
        yield f"chunks: {name}", _sent(body, "", "Transfer-Encoding: chunked")
    yield (
        "chunks and a length",
        _sent(b"2\r\n{}\r\n0\r\n\r\n", "", "Transfer-Encoding: chunked", "Content-Length: 2"),
    )
    for coding in (
        "gzip, chunked",
        "chunked, chunked",
        "identity",
        "chunked, identity",
        "Chunked;a",
    ):
        yield (
            f"sent as {coding}",
            _sent(b"2\r\n{}\r\n0\r\n\r\n", "", f"Transfer-Encoding: {coding}"),
        )


ODD = "\udcff\udcfe"  # bytes that are no UTF-8
VALUES = ("", "\x00", ODD, "a" * 20_000, "é", "%00%ff", '"', ",,,;;;==", "9" * 400, "\t", "[[[(((")
NAMES = (
    "Authorization", "Cookie", "Accept", "Accept-Language", "Accept-Encoding", "Origin", "Referer",
    "User-Agent", "Range", "If-None-Match", "If-Modified-Since", "X-Forwarded-For",
    "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "Expect", "Upgrade", "Idempotency-Key",
    "webhook-id", "webhook-timestamp", "webhook-signature", "X-Site-Id", "X-Signature",
    "Content-Type", "Date",
)  # fmt: skip
HOSTS = (
    "localhost.", "localhost..", ".", "a" * 64, f"{'a.' * 200}a", "localhost:", "localhost:99999",
    "localhost:x", "a@localhost",
    "[::1", "[::1]:80", "", " ", "a b", "a,b", "xn--", "é", ODD, "a" * 5_000, "localhost/..", "\\",
    "127.0.0.1:80:80", "localhost\tx", "_", "-a-", "%6c",
)  # fmt: skip


def _heads() -> Iterator[tuple[str, Kind]]:
    for name in NAMES:
        for value in VALUES:
            yield f"{name} of {value[:9]!a}", _sent(b"", "", f"{name}: {value}")
    for scheme in ("Basic", "Bearer", "Digest", "Basic é", "Basic ====", "Bearer " + "a" * 9_000):
        yield f"to be let in by {scheme[:12]!a}", _sent(b"", "", f"Authorization: {scheme}")
    for host in HOSTS:
        yield f"for the host {host[:16]!a}", _sent(b"", "", f"Host: {host}")
    yield "for two hosts", _sent(b"", "", "Host: localhost", "Host: localhost")
    yield "for no host", lambda target: target.request().replace(b"Host: localhost\r\n", b"")
    yield "many headers", _sent(b"", "", *(f"X-{n}: 1" for n in range(DEEP)))
    yield "many of one name", _sent(b"", "", *("X-A: 1" for _ in range(2_000)))
    yield "many cookies", _sent(b"", "", "Cookie: " + "; ".join(f"c{n}=1" for n in range(3_000)))
    yield "a header without a colon", _sent(b"", "", "nonsense")
    yield "a header that goes on", _sent(b"", "", "X-A: 1\r\n b")
    yield "a name with a space", _sent(b"", "", "X A : 1")
    yield "a name that is none", _sent(b"", "", f"{ODD}: 1")
    yield "a bare line end", _sent(b"", "", "X-A: 1\nX-B: 2")
    yield "to go on first", _sent(b"{}", "", "Expect: 100-continue")


def _at(path: str) -> Kind:
    return lambda target: target.request(path=path.replace("*", target.path))


def _paths() -> Iterator[tuple[str, Kind]]:
    many, deep = "&".join(f"a{n}=1" for n in range(5_000)), "/.." * 500
    tricks = (
        "*/", "*//", "/*", "//evil.test*", "*/.", "*/..", f"*{deep}", "*/%2e%2e/%2e%2e", "*%00",
        "*%ff", "*%2f", "*%5c", "*\\", "*;a=b", "*.", "*%20", "*#a", "*?", "*??", "*?%",
        f"*?{many}", "*?" + "a" * 60_000, "/" + "a" * 60_000, "/" * 5_000, f"*{ODD}", "*é", "?", "",
        "*%ED%A0%80", "*?%00=%ff", "*?page=%ED%A0%80", f"*?page={'9' * 400}", "*?after=-1",
        "*?site=%00", "/%", "http://localhost*", "http://evil.test*", "ftp://localhost*", "http:*",
        "/..%c0%af", "/.git/config", "/static/../moderator.wsgi", "/static//etc/passwd",
        "/static/%2e%2e/%2e%2e/settings.py", "/static/..%5c..%5csettings.py",
    )  # fmt: skip
    for trick in tricks:
        yield f"the path {trick[:24]!a}", _at(trick)


def _methods() -> Iterator[tuple[str, Kind]]:
    methods = (
        "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND",
        "get", "G", "GET\x00", "A" * 9_000, "(", "PRI",
    )  # fmt: skip
    for method in methods:
        yield f"the method {method[:9]!a}", _by(method)
    yield "another protocol", lambda target: target.request().replace(b"HTTP/1.1", b"HTTP/9.9", 1)
    yield "an old protocol", lambda target: target.request().replace(b"HTTP/1.1", b"HTTP/1.0", 1)
    yield "no protocol", lambda target: target.request().replace(b" HTTP/1.1", b"", 1)


def _by(method: str) -> Kind:
    return lambda target: target.request(method=method)
