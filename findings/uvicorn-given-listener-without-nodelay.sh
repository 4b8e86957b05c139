#!/usr/bin/env bash
# uvicorn 0.54.0 (PyPI) on asyncio (Python 3.11) serves a listening socket handed to it (sockets=[...]), the way to
# bind before dropping rights or to learn the port first. One expects its connections to be like those of
# a listener it opens itself: asyncio promises TCP_NODELAY on stream connections.
# Seen: asyncio sets TCP_NODELAY only where the socket's proto is IPPROTO_TCP. socket.create_server, and
# uvicorn's own Config.bind_socket (used for several workers and for reloading), make it with proto 0,
# which accepted sockets inherit: these connections keep Nagle's algorithm. With a socket made with
# IPPROTO_TCP, or the port given to uvicorn, the option is set.
# Why it matters: head and body are separate writes for small JSON answers; on kept-alive connections
# the second waits for the client's delayed acknowledgement. A comment API slows down by changing nothing
# but who opens the port. Give the proto explicitly.
# Prints the option as read from an accepted connection, per way of listening; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check uvicorn==0.54.0 2>"$folder/pip" ||
    { cat "$folder/pip"; exit 2; }
"$folder/venv/bin/python" - <<'PYTHON' | tee "$folder/seen"
import asyncio
import socket

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

seen = []


class Watched(H11Protocol):
    def connection_made(self, transport):
        connection = transport.get_extra_info("socket")
        seen.append(bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
        super().connection_made(transport)


async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


def with_proto():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


async def visit(name, make):
    config = uvicorn.Config(app, port=0, http=Watched, loop="asyncio", lifespan="off", log_level="error")
    listener = make(config)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([listener] if listener else None))
    while not server.started:
        await asyncio.sleep(0)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: blog.example.org\r\nConnection: close\r\n\r\n")
    await reader.read()
    writer.close()
    server.should_exit = True
    await running
    print(f"{name:28} TCP_NODELAY {seen[-1]}")


WAYS = {
    "port given to uvicorn": lambda config: None,
    "socket.create_server": lambda config: socket.create_server(("127.0.0.1", 0)),
    "uvicorn Config.bind_socket": lambda config: config.bind_socket(),
    "socket with IPPROTO_TCP": lambda config: with_proto(),
}
for way, maker in WAYS.items():
    asyncio.run(visit(way, maker))
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: the option is set otherwise than seen"; exit 1; }
port given to uvicorn        TCP_NODELAY True
socket.create_server         TCP_NODELAY False
uvicorn Config.bind_socket   TCP_NODELAY False
socket with IPPROTO_TCP      TCP_NODELAY True
SEEN
