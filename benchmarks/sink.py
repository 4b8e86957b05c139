"""A blog that takes every callback at once and does nothing else."""

import socket
import sys
import threading

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


def serve(client: socket.socket) -> None:
    """Answer every request on one connection."""
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    waiting = b""
    while got := client.recv(65_536):
        waiting += got
        while True:
            head, found, rest = waiting.partition(b"\r\n\r\n")
            if not found:
                break
            length = head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
            if len(rest) < int(length or 0):
                break
            waiting = rest[int(length or 0) :]
            client.sendall(ANSWER)
    client.close()


def main() -> None:
    door = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=256)
    while True:
        client, _ = door.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()


if __name__ == "__main__":
    main()
