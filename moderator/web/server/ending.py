"""A transport whose end destroys no answer.

Closing a socket with unread bytes sends a reset, which can overtake what was written. So our side
alone is closed, and the other is read for a moment more.
"""

import asyncio
from collections.abc import Callable


class FlushingTransport(asyncio.Transport):
    """Like `transport`, but `close` closes our half; `closed` is told so, once."""

    def __init__(self, transport: asyncio.Transport, closed: Callable[[], object]) -> None:
        super().__init__()
        self._transport = transport
        self._closed = closed
        self._is_half_closed = False

    def close(self) -> None:
        if self.is_closing():
            return
        self._is_half_closed = True
        try:
            self._transport.write_eof()
        except OSError:  # the other side is gone already
            self._transport.abort()
        self._closed()

    def is_closing(self) -> bool:
        return self._is_half_closed or self._transport.is_closing()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._transport.write(data)

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()

    def get_extra_info(self, name: str, default: object = None) -> object:
        return self._transport.get_extra_info(name, default)
