"""What kind of page came back, read with the right charset: a DOM, plain text, or JSON."""

import re
from dataclasses import dataclass

import msgspec
import turbohtml
import turbohtml.detect  # registers the whatwg-* decoders

from moderator.domain.ports import FetchedPage

HTML = "text/html"
XML_TYPES = frozenset({"application/xhtml+xml", "text/xml", "application/xml"})
XML_ENCODING = re.compile(rb"""^<\?xml[^>]{0,99}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# What a page without a type may begin with to be taken for HTML (WHATWG MIME sniffing).
HTML_STARTS = (
    *(b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<h1", b"<div"),
    *(b"<font", b"<table", b"<a", b"<style", b"<title", b"<b", b"<br", b"<p", b"<!--"),
)
SPACE = b"\t\n\x0c\r "
BINARY = frozenset(range(0x09)) | frozenset({0x0B}) | frozenset(range(0x0E, 0x1B))


@dataclass(frozen=True, slots=True)
class PlainText:
    text: str


@dataclass(frozen=True, slots=True)
class Json:
    strings: tuple[str, ...]


Document = turbohtml.Document | PlainText | Json


def read_document(page: FetchedPage, *, scripting: bool = True) -> Document | None:
    """The page as what it says it is; None when that is not text.

    With `scripting` the content of noscript is what a browser makes of it: nothing.
    """
    kind, charset = content_type(page)
    kind = kind or sniff(page.body)
    if kind == HTML:
        return _parse(page.body, charset, scripting=scripting)
    if kind in XML_TYPES:
        return _parse_xml(page.body, charset, scripting=scripting)
    if kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json")):
        return Json(tuple(_strings(page.body)))
    if kind.startswith("text/"):
        return PlainText(_parse_text(page.body, charset))
    return None


def content_type(page: FetchedPage) -> tuple[str, str]:
    """The media type and the charset parameter of the header, both lower case, '' if absent."""
    kind, *parameters = page.headers.get("content-type", "").split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    charsets = [value for name, _, value in pairs if name.strip().lower() == "charset"]
    charset = charsets[0].strip().strip("\"'").lower() if charsets else ""
    return kind.strip().lower(), charset


def sniff(body: bytes) -> str:
    """The type of a page that does not say it."""
    if body.startswith(BOMS):
        return HTML
    start = body[:512].lstrip(SPACE)
    lowered = start.lower()
    for tag in HTML_STARTS:
        if lowered.startswith(tag) and (
            tag == b"<!--" or lowered[len(tag) : len(tag) + 1] in b" >"
        ):
            return HTML
    return "application/octet-stream" if BINARY & frozenset(start) else "text/plain"


def _parse(body: bytes, charset: str, *, scripting: bool) -> turbohtml.Document:
    """A byte-order mark beats the header, the header beats <meta>; UTF-7 is never believed."""

    def parse(encoding: str | None) -> turbohtml.Document:
        return turbohtml.parse(
            body,
            encoding=encoding,
            positions=False,
            scripting=scripting,
            allow_declarative_shadow_roots=False,
        )

    try:
        return parse(charset or None)
    except LookupError:  # a charset that no browser knows
        return parse(None)


def _parse_xml(body: bytes, charset: str, *, scripting: bool) -> turbohtml.Document:
    """As XML where it is well-formed (an empty <title/> ends there), else as browsers read HTML."""
    declared = XML_ENCODING.match(body)
    label = charset or (declared[1].decode("ascii") if declared else "")
    try:
        return turbohtml.parse_xml(_parse_text(body, label).removeprefix("\ufeff"))
    except turbohtml.HTMLParseError:
        return _parse(body, charset, scripting=scripting)


def _parse_text(body: bytes, charset: str) -> str:
    """Decode with the decoders of browsers only: Python has some that run code or for hours."""
    label = "utf-16" if body.startswith(BOMS[1:]) else charset
    try:
        return body.decode(f"whatwg-{label or 'utf-8'}", "replace")
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return body.decode("utf-8", "replace")


def _strings(body: bytes) -> list[str]:
    """Every string value of a JSON text, keys left out; nothing when it is broken."""
    try:
        root: object = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return []
    found: list[str] = []
    waiting = [root]
    while waiting:
        match waiting.pop():
            case str() as text:
                found.append(text)
            case list() as values:
                waiting.extend(values)
            case dict() as values:
                waiting.extend(values.values())
            case _:
                pass  # numbers, booleans, null
    return found
