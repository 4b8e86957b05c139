"""A mail server as small as a test needs it: it speaks SMTP over a socket and keeps what it got."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


@dataclass
class SmtpServer:
    """`refusal` is its answer to every recipient; '' takes them."""

    refusal: str = ""
    mails: list[EmailMessage] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[str]:
        """Yields its address, as SMTP_URL has it."""
        with _Listener(("127.0.0.1", 0), _Talk) as server:
            server.told = self
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield f"smtp://127.0.0.1:{server.server_address[1]}"
            server.shutdown()
            thread.join()


class _Listener(socketserver.ThreadingTCPServer):
    told: SmtpServer


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"QUIT":
                self.say("221 bye")
                return
            if word == b"DATA":
                self.data()
            else:
                self.say((self.told.refusal if word == b"RCPT" else "") or "250 ok")

    @property
    def told(self) -> SmtpServer:
        return cast("_Listener", self.server).told

    def data(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        found = message_from_bytes(b"".join(lines), policy=policy.default)
        self.told.mails.append(found)
        self.say("250 taken")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
