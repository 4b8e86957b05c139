"""Reads an answer's body without believing what it says about its own size and coding."""

import zlib
from collections.abc import Mapping

from aiohttp import StreamReader

from moderator.domain.errors import FetchError

CHUNK = 65_536
GZIP = 31  # zlib's window bits for a gzip stream
GZIP_NAMES = frozenset({"gzip", "x-gzip"})
PLAIN_NAMES = frozenset({"", "identity"})


async def read_body(
    stream: StreamReader, headers: Mapping[str, str], limit: int
) -> tuple[bytes, bool]:
    """The decoded body, at most `limit` bytes, and whether it was cut there."""
    match headers.get("content-encoding", "").strip().lower():
        case name if name in PLAIN_NAMES:
            return await _read_plain(stream, limit)
        case name if name in GZIP_NAMES:
            return await _read_gzip(stream, limit)
        case _:
            raise FetchError("The answer is coded in a way that was not asked for")


async def _read_plain(stream: StreamReader, limit: int) -> tuple[bytes, bool]:
    body = bytearray()
    async for chunk in stream.iter_chunked(CHUNK):
        body += chunk
        if len(body) > limit:
            return bytes(body[:limit]), True
    return bytes(body), False


async def _read_gzip(stream: StreamReader, limit: int) -> tuple[bytes, bool]:
    decoder = zlib.decompressobj(GZIP)
    body = bytearray()
    async for chunk in stream.iter_chunked(CHUNK):
        try:
            body += decoder.decompress(chunk, limit + 1 - len(body))
        except zlib.error as error:
            raise FetchError("The answer is not the gzip stream it claims to be") from error
        if len(body) > limit:
            return bytes(body[:limit]), True
        if decoder.eof:
            return bytes(body), False
    if not decoder.eof:
        raise FetchError("The answer ended before it was complete")
    return bytes(body), False
