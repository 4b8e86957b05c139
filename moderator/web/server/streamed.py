"""Answers that are made while they are sent, where the gateway can: a whole log fits no memory."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Response

from moderator.web.server.call import STREAM
from moderator.web.server.later import CAN_WAIT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Streamed(Response):
    """A server of another kind gets its parts as PEP 3333 has it."""

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        environ[STREAM] = CAN_WAIT in environ
        return super().__call__(environ, start_response)
