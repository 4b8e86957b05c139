"""Stands where clients look for Akismet: takes plain HTTP, a proxy's CONNECT and TLS, and hands all
on to the service, byte by byte. So clients that name their host themselves need no change.
"""

import contextlib
import socket
import ssl
import threading
from pathlib import Path
from typing import Self

import trustme

HOSTS = ("rest.akismet.com", "*.rest.akismet.com", "moderator.test")
TLS_HELLO = b"\x16"
HEAD_LIMIT = 65_536
PIECE = 65_536
PATIENCE = 30.0  # seconds without a byte


class Front:
    """`with Front(folder, port) as front`: what comes to `front.port` goes to `port`."""

    def __init__(self, folder: Path, port: int) -> None:
        self._to = port
        root = trustme.CA()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        root.issue_cert(*HOSTS).configure_cert(self._tls)
        self.authority = folder / "authority.pem"
        root.cert_pem.write_to_path(str(self.authority))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])

    @property
    def names(self) -> dict[str, str]:
        """The environment by which programs of any language find here."""
        address, authority = f"http://127.0.0.1:{self.port}", str(self.authority)
        return {
            "http_proxy": address,
            "PERL_LWP_ENV_PROXY": "1",
            "SSL_CERT_FILE": authority,
            "NODE_EXTRA_CA_CERTS": authority,
            "FRONT": str(self.port),
        }

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(PATIENCE)
        with (
            contextlib.suppress(OSError),
            contextlib.closing(self._opened(client)) as opened,
            socket.create_connection(("127.0.0.1", self._to), PATIENCE) as service,
        ):
            back = threading.Thread(target=_copy, args=(service, opened), daemon=True)
            back.start()
            _copy(opened, service)
            back.join()

    def _opened(self, client: socket.socket) -> socket.socket:
        """The connection without what is around it: a CONNECT, TLS."""
        first = client.recv(8, socket.MSG_PEEK)
        if first.startswith(b"CONNECT "):
            head = b""
            while not head.endswith(b"\r\n\r\n") and len(head) < HEAD_LIMIT:
                head += client.recv(1)
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            first = client.recv(1, socket.MSG_PEEK)
        if first.startswith(TLS_HELLO):
            return self._tls.wrap_socket(client, server_side=True)
        return client


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
