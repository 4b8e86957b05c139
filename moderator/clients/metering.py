"""A socket that stops listening to who talks too much: interim answers have no other cap."""

import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class MeteredSocket(socket.socket):
    """Receives at most `most` bytes in its life, then fails as if the other side had hung up."""

    __slots__ = ("_left",)

    def __init__(self, family: int, kind: int, proto: int, *, most: int) -> None:
        super().__init__(family, kind, proto)
        self._left = most

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        received = super().recv(bufsize, flags)
        self._spend(len(received))
        return received

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0) -> int:
        count = super().recv_into(buffer, nbytes, flags)
        self._spend(count)
        return count

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise ConnectionAbortedError("the other side sends more than anybody asked for")
