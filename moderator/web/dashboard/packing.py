"""Compresses pages and static files (gzip), and keeps what was compressed of static files.

A page that carries a secret may be guessed from its compressed length (BREACH), so a form's token
looks different on every page (security.py).
"""

import zlib
from functools import lru_cache

from flask import Response, request

LEAST = 512  # bytes; below this a page grows
LEVEL_OF_PAGE, LEVEL_OF_FILE = 5, 9
GZIP = 16 + zlib.MAX_WBITS
WORDY = frozenset({
    "text/html", "text/css", "text/javascript", "application/javascript", "application/json",
    "image/svg+xml",
})  # fmt: skip


def pack(response: Response) -> Response:
    """After every request of the dashboard."""
    if response.mimetype not in WORDY or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") <= 0 or response.status_code == 304:  # noqa: PLR2004
        return response
    is_file = response.direct_passthrough
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < LEAST:
        return response
    response.set_data(_packed_file(body) if is_file else _packed(body, LEVEL_OF_PAGE))
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)
    return response


@lru_cache(maxsize=16)
def _packed_file(body: bytes) -> bytes:
    return _packed(body, LEVEL_OF_FILE)


def _packed(body: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, wbits=GZIP)
    return packer.compress(body) + packer.flush()
