"""Sends comments from one process that costs little: requests made before, raw sockets, epoll.

Reads a Plan as JSON from stdin, says "ready", waits for a line, sends, and prints a Result.
Closed: each connection sends again once it is answered, until the time is over or, with `count`,
until so many were sent. Open (`rate` > 0): requests leave at fixed times, however slow the answers
are; waiting for a free connection counts as latency.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass, field

from benchmarks.comments import Room, bulk, form, request, single

FASTEST = 6_000  # requests per second that are prepared for a closed run
BULK = 50
MOST_CLOSED = 1_000  # connections that the server may close on us


@dataclass(frozen=True, slots=True)
class Plan:
    port: int
    key: str
    first: int  # number of the first comment
    seconds: float
    path: str = "/v1/submissions"
    connections: int = 32
    rate: float = 0.0  # requests per second; 0 is a closed run
    is_bulk: bool = False
    fastest: int = FASTEST
    count: int = 0  # requests of a closed run; 0: as many as there is time for
    room: str = Room.PLAIN.value
    pages: int = 0  # port of what comments link to
    is_form: bool = False  # what an Akismet client sends, with `key` as it is one

    def requests(self) -> list[bytes]:
        count = self.count or int(self.seconds * (self.rate or self.fastest))
        size = BULK if self.is_bulk else 1
        room = Room(self.room)
        if self.is_form:
            numbers = range(self.first, self.first + count)
            return [form(self.path, n, port=self.port, key=self.key) for n in numbers]
        return [
            request(
                self.path,
                bulk(n, BULK, room, self.pages) if self.is_bulk else single(n, room, self.pages),
                port=self.port,
                key=self.key,
                mark=f"bench-{n}",
            )
            for n in range(self.first, self.first + count * size, size)
        ]


@dataclass(slots=True)
class Result:
    """Times are seconds since 1970; `sent` and `answered` are per request, 0 if never."""

    statuses: dict[str, int] = field(default_factory=dict)
    sent: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    cpu: float = 0.0


@dataclass(slots=True)
class Connection:
    socket: socket.socket
    number: int = -1  # of the request under way
    buffer: bytes = b""


class Run:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.requests = plan.requests()
        self.sent = [0.0] * len(self.requests)
        self.answered = [0.0] * len(self.requests)
        self.statuses: Counter[str] = Counter()
        self.next = 0
        self.closed = 0
        self.pending: deque[int] = deque()
        self.selector = selectors.DefaultSelector()
        self.idle = [self._connect() for _ in range(plan.connections)]

    def _connect(self) -> Connection:
        made = Connection(socket.create_connection(("127.0.0.1", self.plan.port), timeout=30))
        made.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.selector.register(made.socket, selectors.EVENT_READ, made)
        return made

    def run(self) -> Result:
        cpu = time.process_time()
        start = time.time()
        until = start + self.plan.seconds
        while True:
            now = time.time()
            is_over = now >= until or (self.plan.count > 0 and self.next >= self.plan.count)
            self._due(start, now, is_over=is_over)
            self._send()
            if is_over and len(self.idle) == self.plan.connections and not self.pending:
                break
            if now > until + 30:
                break  # what is not answered by now stays a 0
            for key, _ in self.selector.select(self._pause(start, now)):
                self._receive(key.data)
        cpu = time.process_time() - cpu
        return Result(dict(self.statuses), self.sent[: self.next], self.answered[: self.next], cpu)

    def _due(self, start: float, now: float, *, is_over: bool) -> None:
        """Take up the requests whose time has come."""
        if self.plan.rate:
            last = int((now - start) * self.plan.rate)
        elif is_over:
            last = -1
        else:
            last = self.next + len(self.idle) - len(self.pending) - 1
        for number in range(self.next, min(last + 1, len(self.requests))):
            self.sent[number] = now
            self.pending.append(number)
            self.next = number + 1

    def _send(self) -> None:
        while self.pending and self.idle:
            connection = self.idle.pop()
            connection.number = self.pending.popleft()
            if not self.plan.rate:
                self.sent[connection.number] = time.time()
            try:
                connection.socket.sendall(self.requests[connection.number])
            except ConnectionError:
                self._replace(connection)

    def _pause(self, start: float, now: float) -> float:
        if not self.plan.rate or self.next >= len(self.requests):
            return 0.05
        return max(0.0, start + self.next / self.plan.rate - now)

    def _receive(self, connection: Connection) -> None:
        try:
            got = connection.socket.recv(65_536)
        except ConnectionError:
            got = b""
        if not got:
            self._replace(connection)
            return
        connection.buffer += got
        head, found, rest = connection.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
        if len(rest) < length:
            return
        self.answered[connection.number] = time.time()
        self.statuses[head[9:12].decode()] += 1
        connection.buffer = b""
        connection.number = -1
        self.idle.append(connection)

    def _replace(self, connection: Connection) -> None:
        """Connect again for one that the server closed, and send what it left unanswered again."""
        self.closed += 1
        if self.closed > MOST_CLOSED:
            raise ConnectionError("The server closes connections all the time")
        self.selector.unregister(connection.socket)
        connection.socket.close()
        if connection.number >= 0:
            self.pending.appendleft(connection.number)
        else:
            self.idle.remove(connection)
        self.idle.append(self._connect())


def main() -> None:
    run = Run(Plan(**json.loads(sys.stdin.readline())))
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(asdict(run.run())), flush=True)


if __name__ == "__main__":
    main()
