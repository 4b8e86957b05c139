"""Reads the bodies that strangers post at doors: bounded, and never coded."""

from flask import request

from moderator.domain.errors import TooLargeError, UnsupportedMediaError


def body_within(limit: int) -> bytes:
    """Return the bytes sent. Raises TooLargeError, UnsupportedMediaError."""
    if request.headers.get("Content-Encoding"):
        raise UnsupportedMediaError("Send the body without Content-Encoding")
    if (request.content_length or 0) > limit:
        raise TooLargeError(f"The body is larger than {limit} bytes")
    body = request.stream.read(limit + 1)
    if len(body) > limit:
        raise TooLargeError(f"The body is larger than {limit} bytes")
    return body
