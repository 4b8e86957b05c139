"""Reads the bodies that strangers post at endpoints: bounded, and never coded."""

from typing import Any

from flask import request

from moderator.domain.errors import MalformedError, TooLargeError, UnsupportedMediaError

Environ = dict[str, Any]
MAX_DIGITS = 12  # of a length; Python's int() would refuse 4,301 of them


def body_within(limit: int) -> bytes:
    """Return the bytes sent. Raises TooLargeError, UnsupportedMediaError."""
    if request.headers.get("Content-Encoding"):
        raise UnsupportedMediaError("Send the body without Content-Encoding")
    judge_length(request.environ, limit)
    body = read_body(request.environ)
    if len(body) > limit:  # in chunks
        raise TooLargeError(f"The body is larger than {limit} bytes")
    return body


def judge_length(environ: Environ, limit: int) -> None:
    """Raises TooLargeError for a length that is said; of chunks nothing is."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if len(length) > MAX_DIGITS or int(length) > limit:
        raise TooLargeError(f"The body is larger than {limit} bytes")


def sent_headers() -> dict[str, str]:
    """The headers of a request by their names in lower case."""
    return {name.lower(): value for name, value in request.headers}


def read_body(environ: Environ) -> bytes:
    """Return the bytes sent, whose length is judged already. Raises MalformedError."""
    length = environ.get("CONTENT_LENGTH")
    if not length:
        return request.get_data(cache=False)  # in chunks: bounded by MAX_CONTENT_LENGTH
    body: bytes = environ["wsgi.input"].read(int(length))
    if len(body) < int(length):
        raise MalformedError("The body ended early")
    return body
