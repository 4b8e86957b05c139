"""A mail server as small as a test needs it: it speaks SMTP over a socket and keeps what it got."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


@dataclass
class SmtpServer:
    """`answers` are its own, by the first word of what it is told: all else is taken.

    `tls` is begun by STARTTLS. `heard` are the first words that it was told.
    """

    answers: dict[str, str] = field(default_factory=dict)
    greeting: str = "220 here"
    extensions: tuple[str, ...] = ()
    tls: ssl.SSLContext | None = None
    mails: list[EmailMessage] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

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
        self.say(self.told.greeting)
        while line := self.rfile.readline():
            word = line.split()[0].upper().decode() if line.split() else ""
            self.told.heard.append(word)
            if word == "QUIT":
                self.say("221 bye")
                return
            self.answer(word)

    def answer(self, word: str) -> None:
        match word:
            case _ if word in self.told.answers:
                self.say(self.told.answers[word])
            case "EHLO":
                offered = ["here", *(["STARTTLS"] if self.told.tls else []), *self.told.extensions]
                self.say("\r\n".join([*(f"250-{one}" for one in offered), "250 HELP"]))
            case "STARTTLS" if self.told.tls:
                self.say("220 go on")
                self.encrypt(self.told.tls)
            case "DATA":
                self.data()
            case _:
                self.say("250 ok")

    def encrypt(self, tls: ssl.SSLContext) -> None:
        try:
            self.connection = tls.wrap_socket(self.connection, server_side=True)
        except OSError:  # who does not trust us hangs up
            self.connection.close()
            return
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)

    def finish(self) -> None:
        super().finish()
        self.connection.close()

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
