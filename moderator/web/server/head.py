"""The head of a request, as llhttp read it: judged, and made into a WSGI environment.

llhttp (through httptools) refuses what two readers could read in two ways: a length that is no
number, two lengths, a length beside chunks, a coding after chunks, folded lines, bare line feeds,
blanks before a colon, controls. Here is the rest: headers that may stand once, the Host, the
target, and a first line that is not quite one.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import unquote_to_bytes, urlsplit

from moderator.domain.urls.addresses import Network, is_among

MAX_LINE = 8_192
MAX_HEADERS = 100

WHOLE_LINE = re.compile(rb"[A-Za-z-]{1,24} [!-~]+ HTTP/1\.[01]")
# These may stand once. All else that is sent twice means a list to HTTP.
ONCE = frozenset(
    {
        "HTTP_HOST", "CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_CONTENT_ENCODING",
        "HTTP_TRANSFER_ENCODING", "HTTP_AUTHORIZATION", "HTTP_IDEMPOTENCY_KEY",
        "HTTP_WEBHOOK_ID", "HTTP_WEBHOOK_TIMESTAMP", "HTTP_WEBHOOK_SIGNATURE", "HTTP_X_SITE_ID",
    }
)  # fmt: skip
UNPREFIXED = frozenset({"CONTENT_LENGTH", "CONTENT_TYPE"})
# Anyone can write these; two of them are believed when our own proxy does.
FORWARDED_FOR, FORWARDED_PROTO = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"
FORWARDED = frozenset(
    {
        FORWARDED_FOR, FORWARDED_PROTO, "HTTP_FORWARDED", "HTTP_X_FORWARDED_BY",
        "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
    }
)  # fmt: skip
# A label has 1 to 63 octets (RFC 1035, 2.3.4); at the end there may be the root's full stop.
HOST = re.compile(
    r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?(?::[0-9]{1,5})?"
    r"|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?"
)
ABSOLUTE = re.compile(r"https?://([^/?#]*)((?:[/?][^#]*)?)", re.IGNORECASE)

LINE_END = b"\r\n"

Environ = dict[str, object]  # PEP 3333
Headers = Iterable[tuple[bytes, bytes]]


class Refusal(Exception):  # noqa: N818 (an answer, not a fault)
    """An answer to what never reaches the application; `detail` repeats nothing of it."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


@lru_cache(maxsize=1_024)
def place_of(name: bytes) -> str:
    """Return a header's place in the environment; '' for one that could pass for another."""
    if b"_" in name:
        return ""
    place = name.decode("latin-1").upper().replace("-", "_")
    return place if place in UNPREFIXED else f"HTTP_{place}"


def judge_line(line: bytes) -> None:
    """Judge the first line. Raises Refusal."""
    if not WHOLE_LINE.fullmatch(line):
        raise Refusal(400, "The request line is not METHOD TARGET HTTP/1.1")


def fill(environ: Environ, headers: Headers, target: bytes, *, body_limit: int) -> None:
    """Put a head into `environ`, where SERVER_PROTOCOL stands already. Raises Refusal."""
    for name, value in headers:
        _add(environ, place_of(name), value)
    _judge_host(environ)
    _set_target(environ, target.decode("ascii"))
    if int(str(environ.get("CONTENT_LENGTH", 0))) > body_limit:
        raise too_large(body_limit)
    if "HTTP_TRANSFER_ENCODING" in environ:
        _judge_coding(environ)


def too_large(limit: int) -> Refusal:
    return Refusal(413, f"The body is larger than {limit} bytes")


def has_body(environ: Environ) -> bool:
    return environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ


def _add(environ: Environ, place: str, value: bytes) -> None:
    text = value.strip().decode("latin-1")
    if place not in environ:
        if place:
            environ[place] = text
    elif place in ONCE:
        raise Refusal(400, "A header is there twice and may stand once")
    else:
        environ[place] = f"{environ[place]}, {text}"


def _judge_host(environ: Environ) -> None:
    host = environ.get("HTTP_HOST")
    if host is None:
        if environ["SERVER_PROTOCOL"] == "HTTP/1.1":
            raise Refusal(400, "The Host header is missing")
    elif not HOST.fullmatch(str(host)):
        raise Refusal(400, "The Host header is not a host")


def _set_target(environ: Environ, target: str) -> None:
    if not target.startswith("/") and target != "*":
        absolute = ABSOLUTE.fullmatch(target)
        if absolute is None:
            raise Refusal(400, "The target is not a path")
        usual = ":443" if target[:6].lower() == "https:" else ":80"
        named = str(environ.get("HTTP_HOST", "")).lower().removesuffix(usual)
        if absolute[1].lower().removesuffix(usual) != named:  # some write it in one place alone
            raise Refusal(421, "The target names another host than the Host header")
        target = absolute[2] or "/"
    if target.startswith("//") or "#" in target:
        raise Refusal(400, "The target is not a path")
    path, _, environ["QUERY_STRING"] = target.partition("?")
    environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1") if "%" in path else path


def _judge_coding(environ: Environ) -> None:
    # A wish for another protocol would end llhttp's reading before the chunks.
    is_chunked = str(environ["HTTP_TRANSFER_ENCODING"]).lower() == "chunked"
    is_newest = environ["SERVER_PROTOCOL"] == "HTTP/1.1"
    if not is_newest or not is_chunked or "HTTP_UPGRADE" in environ:
        raise Refusal(400, "Transfer-Encoding may be chunked, in HTTP/1.1, without Upgrade")


def forget_forwarded(environ: Environ) -> bool:
    """Return whether somebody else was named as the sender."""
    is_named = FORWARDED_FOR in environ
    for key in FORWARDED.intersection(environ):
        del environ[key]
    return is_named


@lru_cache(maxsize=64)
def is_neighbour(address: str) -> bool:
    """Whether this is an address of a network behind a router, where proxies stand."""
    try:
        return ip_address(address).is_private
    except ValueError:
        return False


def believe_forwarded(environ: Environ, proxies: tuple[Network, ...]) -> None:
    """Take the sender's address and scheme from the proxies before us, as far as they are any.

    Each proxy adds at the end whom it heard: the sender is the last who is no proxy of ours.
    """
    sender = _sender(str(environ.get(FORWARDED_FOR, "")), proxies)
    scheme = str(environ.get(FORWARDED_PROTO, "")).rpartition(",")[2].strip().lower()
    forget_forwarded(environ)
    if sender:
        environ["REMOTE_ADDR"] = sender
    if scheme in {"http", "https"}:
        environ["wsgi.url_scheme"] = scheme


def _sender(heard: str, proxies: tuple[Network, ...]) -> str:
    sender = ""
    for each in reversed(heard.split(",")):
        address = _address(each.strip())
        if not address:
            break
        sender = address
        if not is_among(proxies, address):
            break
    return sender


def _address(text: str) -> str:
    """Return an IP address, with a port or without; '' for anything else."""
    for read in (str, _hostname):
        try:
            return str(ip_address(read(text)))
        except ValueError:
            continue
    return ""


def _hostname(text: str) -> str:
    return urlsplit(f"//{text}").hostname or ""
