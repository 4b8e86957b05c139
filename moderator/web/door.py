"""Reads requests more strictly than waitress does alone, and refuses early.

waitress lets through: two Host headers, none at all, 2,000 headers, folded lines, a length beside
chunks, a path of any length, a target on another host, and a request that never ends. Every rule
stands in a function `judge_...`; what it sees is bytes, before anything is made of them.
"""

import re
import time

from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver
from waitress.utilities import BadRequest, Error, RequestHeaderFieldsTooLarge

MAX_LINE = 8_192
MAX_HEADERS = 100
MAX_CHUNK_LINE = 1_024  # size and extensions of a chunk; also the trailer

# As far as it came: a method, a target, a version; printable ASCII between single spaces.
PARTIAL_LINE = re.compile(rb"[A-Za-z-]{1,24}(?: [!-~]*(?: [!-~]{0,8})?)?")
WHOLE_LINE = re.compile(rb"[A-Za-z-]{1,24} [!-~]+ HTTP/1\.[01]")
BARE = re.compile(rb"(?<!\r)\n|\r[^\n]")
FOLDED = re.compile(rb"\r\n[ \t]")
# These may stand once. All else that is sent twice means a list to HTTP.
ONCE = re.compile(
    rb"\r\n(host|content-(?:length|type|encoding)|transfer-encoding|authorization|idempotency-key"
    rb"|webhook-(?:id|timestamp|signature)|x-site-id)[ \t]*:",
    re.IGNORECASE,
)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked[ \t]*\r\n")  # in lower case
HOST = re.compile(r"[A-Za-z0-9._-]+(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?")


class Refusal(Error):  # type: ignore[misc]  # noqa: N818 (untyped, and never raised)
    """A refusal of ours; `body` is a sentence for the caller."""

    code = 400
    reason = "Bad Request"


class RequestTimeout(Refusal):
    code = 408
    reason = "Request Timeout"


class TooLarge(Refusal):
    code = 413
    reason = "Request Entity Too Large"


class UriTooLong(Refusal):
    code = 414
    reason = "URI Too Long"


class Misdirected(Refusal):
    code = 421
    reason = "Misdirected Request"


class TooManyHeaders(Refusal):
    code = 431
    reason = "Request Header Fields Too Large"


def judge_line(head: bytes) -> Refusal | None:
    """Judge what has come of the first line, so that a stranger to HTTP is answered at once."""
    line, end, _ = head.partition(b"\r\n")
    if len(line) > MAX_LINE:
        return UriTooLong(f"The request line is longer than {MAX_LINE} bytes")
    if not end:
        complete = not line or PARTIAL_LINE.fullmatch(line.removesuffix(b"\r"))
        return None if complete else Refusal("This is not HTTP")
    if WHOLE_LINE.fullmatch(line) and b"#" not in line and b" //" not in line:
        return None
    return Refusal("The request line is not METHOD TARGET HTTP/1.1")


def judge_size(head: bytes) -> Refusal | None:
    """Judge how many headers there are, and whether a length stands beside chunks."""
    if head.count(b"\r\n") > MAX_HEADERS + 2:
        return TooManyHeaders(f"More than {MAX_HEADERS} headers")
    lower = head.lower()
    codings = lower.count(b"\ntransfer-encoding")
    if not codings:
        return None
    is_old = lower.partition(b"\r\n")[0].endswith(b" http/1.0")
    is_alone = codings == 1 and b"\ncontent-length" not in lower
    if is_old or not is_alone or not CHUNKED.search(lower):
        return Refusal("Transfer-Encoding may be chunked, in HTTP/1.1, without Content-Length")
    return None


def judge_repeats(head: bytes) -> Refusal | None:
    """Judge a head that has more lines than different headers."""
    names = [name.lower() for name in ONCE.findall(head)]
    if FOLDED.search(head) or len(set(names)) != len(names):
        return Refusal("A header goes over two lines, or is there twice and may stand once")
    return None


class DoorParser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """One request as it comes in."""

    body_rcv: ChunkedReceiver | None  # or one that counts, which has no chunks

    def __init__(self, adj: Adjustments) -> None:
        super().__init__(adj)
        self.started = time.monotonic()
        self._is_line_good = False
        self._judged_again_at = 0  # bytes of the head

    def received(self, data: bytes) -> int:
        if not self._is_line_good and not self.completed:
            refusal = self._judge_line(data)
            if refusal is not None:
                self.refuse(refusal)
                return len(data)
        seen = max(0, len(self.header_plus) - 1)  # a CR at the end was not judged yet
        consumed = int(super().received(data))
        if self.body_rcv is None and not self.completed and BARE.search(self.header_plus, seen):
            self.refuse(Refusal("Lines end in CR LF"))
        if self.chunked and self.body_rcv is not None and not self.completed:
            self._judge_chunk(self.body_rcv)
        return consumed

    def _judge_line(self, data: bytes) -> Refusal | None:
        """Judge the line when it is complete or has grown: byte by byte would cost its square."""
        if len(self.header_plus) + len(data) < self._judged_again_at and b"\n" not in data:
            return None
        head = (self.header_plus + data).lstrip(b"\r\n")[: MAX_LINE + 2]
        self._judged_again_at = len(self.header_plus) + len(data) + len(head) // 8
        self._is_line_good = b"\r\n" in head
        return judge_line(head)

    def _judge_chunk(self, receiver: ChunkedReceiver) -> None:
        """Refuse what is announced and can never come to a good end, without waiting for it."""
        if receiver.chunk_remainder > self.adj.max_request_body_size:
            self.refuse(TooLarge("A chunk is larger than any body may be"))
        elif max(len(receiver.control_line), len(receiver.trailer)) > MAX_CHUNK_LINE:
            self.refuse(Refusal("A chunk extension or trailer is too long"))

    def parse_header(self, header_plus: bytes) -> None:
        # Past its limit waitress parses a line of its own making to answer 431.
        is_own = self.header_bytes_received >= self.adj.max_request_header_size
        refusal = None if is_own else judge_size(header_plus)
        if refusal is None:
            super().parse_header(header_plus)
            refusal = self._judge_host()
            if header_plus.count(b"\r\n") != len(self.headers) + 2:
                refusal = refusal or judge_repeats(header_plus)
        if refusal is not None:
            self.error = refusal
            self.body_rcv = None

    def refuse(self, refusal: Refusal) -> None:
        """End this request with an answer, whatever has come of it."""
        self.error = refusal
        self.completed = True

    def _judge_host(self) -> Refusal | None:
        host = self.headers.get("HOST")
        if host is None:
            return Refusal("The Host header is missing") if self.version == "1.1" else None
        if not HOST.fullmatch(host):
            return Refusal("The Host header is not a host")
        if self.proxy_netloc and self.proxy_netloc.lower() != host.lower():
            return Misdirected("The target names another host than the Host header")
        return None


def explain(error: Error) -> tuple[int, str, str]:
    """Return status, phrase and a sentence that repeats nothing of the request."""
    if isinstance(error, Refusal):
        return error.code, error.reason, str(error.body)
    if isinstance(error, RequestHeaderFieldsTooLarge | BadRequest):
        return error.code, error.reason, "The request is malformed or too large"
    return error.code, error.reason, "The request cannot be served"
