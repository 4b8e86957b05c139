"""What programs are answered with: JSON and, from the API, the headers of every such answer."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec
from flask import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

JSON = "application/json"
PROBLEM = "application/problem+json"
API_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)

_encoder = msgspec.json.Encoder()


class JsonAnswer(Response):
    """A finished body. Werkzeug copies and inspects headers for cases that cannot arise here."""

    def get_wsgi_response(
        self, environ: "WSGIEnvironment"
    ) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        body = self.get_data()
        headers = [
            *self.headers.to_wsgi_list(),
            *API_HEADERS,
            ("Content-Length", str(len(body))),
        ]
        return () if environ["REQUEST_METHOD"] == "HEAD" else (body,), self.status, headers


class LateAnswer(Response):
    """An answer that is made when it is sent: until then, what it waits for may gather company."""

    def __init__(self, make: Callable[[], Response]) -> None:
        super().__init__()
        self._make = make

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterator[bytes]:
        yield from self._make()(environ, start_response)


def json_answer(value: object, status: int, *, content_type: str = JSON) -> JsonAnswer:
    """Return `value` as an answer of the API."""
    answer = JsonAnswer(status=status, content_type=content_type)
    answer.response = [_encoder.encode(value)]
    return answer


def script_answer(value: object, status: int) -> Response:
    """Return `value` for the script of our own pages, with the headers of a page."""
    return Response(_encoder.encode(value), status=status, mimetype=JSON)
