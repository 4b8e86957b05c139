"""Where browsers reach us, once an operator has said so: no address is made of a `Host` header.

Whoever asks writes that header, and some proxies hand it on. So it may name anything, and an
address that we give out would lead there.
"""

from typing import TYPE_CHECKING, Any  # an environment holds anything
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ASKED_HOST = "moderator.asked_host"  # the header as it was sent: Akismet clients put a key there


class PublicAddress:
    """WSGI middleware: sets host, scheme and path prefix to those of `public_url`.

    A proxy may take the prefix off or leave it on.
    """

    def __init__(self, app: "WSGIApplication", public_url: str) -> None:
        parts = urlsplit(public_url)
        self._app = app
        self._scheme, self._host, self._prefix = parts.scheme, parts.netloc, parts.path

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> "Iterable[bytes]":
        environ[ASKED_HOST] = environ.get("HTTP_HOST", "")
        environ["HTTP_HOST"] = self._host
        environ["wsgi.url_scheme"] = self._scheme
        take_off(environ, self._prefix)
        return self._app(environ, start_response)


def prefix_of(public_url: str) -> str:
    """The path below which everything lies, '' for none."""
    return urlsplit(public_url).path


def take_off(environ: dict[str, Any], prefix: str) -> None:
    """Let the path begin below `prefix`, whether it still has it or not; once per request."""
    if environ.get("SCRIPT_NAME", "") == prefix:
        return
    environ["SCRIPT_NAME"], path = prefix, str(environ["PATH_INFO"])
    if path == prefix or path.startswith(f"{prefix}/"):
        environ["PATH_INFO"] = path[len(prefix) :] or "/"
