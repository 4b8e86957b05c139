"""TCP proxies of our own, in one process: they pass, swallow (half-open) or refuse.

`python -m integrations.chaos.proxy NAME...` listens on a free port for each name and says them on
its standard output, as JSON. It then obeys one line of JSON each: {"name", "mode", "to": [port]}.

What is swallowed stays so for ever, as where a peer's machine has gone: its bytes go nowhere, no
end is passed on. Only connections that are opened later are passed again.
"""

import asyncio
import json
import sys
from dataclasses import dataclass, field

PIECE = 65_536


@dataclass(eq=False)
class Line:
    """One connection and its way on."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter | None = None
    is_swallowed: bool = False


@dataclass
class Proxy:
    mode: str = "pass"
    to: list[int] = field(default_factory=list)
    lines: set[Line] = field(default_factory=set)
    turn: int = 0

    def obey(self, mode: str, to: list[int] | None) -> None:
        self.mode = mode
        self.to = self.to if to is None else to
        for line in self.lines:
            line.is_swallowed |= mode == "swallow"
        if mode == "refuse":
            for line in list(self.lines):
                line.near.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(writer, is_swallowed=self.mode == "swallow")
        self.lines.add(line)
        try:
            await self._pass(line, reader)
        except OSError:
            writer.transport.abort()
        finally:
            self.lines.discard(line)

    async def _pass(self, line: Line, reader: asyncio.StreamReader) -> None:
        if self.mode == "refuse" or not self.to:
            line.near.transport.abort()
            return
        if line.is_swallowed:
            await _pump(line, reader, line.near)
            return
        self.turn += 1
        port = self.to[self.turn % len(self.to)]
        answers, line.far = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(
            _pump(line, reader, line.far), _pump(line, answers, line.near), return_exceptions=True
        )


async def _pump(line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on until the end, and then the end; what is swallowed has none."""
    try:
        while piece := await reader.read(PIECE):
            if not line.is_swallowed:
                writer.write(piece)
                await writer.drain()
    except OSError:
        pass
    if not line.is_swallowed:
        writer.close()


async def main(names: list[str]) -> None:
    proxies = {name: Proxy() for name in names}
    ports = {}
    for name, proxy in proxies.items():
        server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, backlog=512)
        ports[name] = server.sockets[0].getsockname()[1]
    print(json.dumps(ports), flush=True)
    loop = asyncio.get_running_loop()
    while order := await loop.run_in_executor(None, sys.stdin.readline):
        asked = json.loads(order)
        proxies[asked["name"]].obey(asked["mode"], asked.get("to"))
        print("{}", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
