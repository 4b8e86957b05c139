"""A name server on loopback that answers from a dictionary and counts what it is asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from dns import flags, message, rcode, rrset

HERE = "127.0.0.1"
SILENT = "silent"
FAILS = "fails"


@dataclass
class NameServer(asyncio.DatagramProtocol):
    """`names` maps a name to its addresses, or to SILENT or FAILS; others do not exist."""

    names: dict[str, list[str] | str] = field(default_factory=dict)
    ttl: int = 300
    asked: list[str] = field(default_factory=list)
    port: int = 0
    way: asyncio.DatagramTransport | None = None

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = message.from_wire(data)
        name = query.question[0].name.to_text(omit_final_dot=True)
        self.asked.append(name)
        found = self.names.get(name)
        if found != SILENT and self.way is not None:
            self.way.sendto(self._response(query, name, found).to_wire(), addr)

    def _response(
        self, query: message.Message, name: str, found: list[str] | str | None
    ) -> message.Message:
        assert isinstance(query, message.QueryMessage)
        response = message.make_response(query)
        response.flags |= flags.RA
        if found == FAILS:
            response.set_rcode(rcode.SERVFAIL)
        elif found is None:
            response.set_rcode(rcode.NXDOMAIN)
            zone = name.partition(".")[2]
            soa = f"ns.{zone}. mail.{zone}. 1 60 60 60 {self.ttl}"
            response.authority.append(rrset.from_text(f"{zone}.", self.ttl, "IN", "SOA", soa))
        elif found:
            response.answer.append(rrset.from_text(f"{name}.", self.ttl, "IN", "A", *found))
        return response


@asynccontextmanager
async def name_server(
    names: dict[str, list[str] | str], port: int = 0
) -> AsyncIterator[NameServer]:
    loop = asyncio.get_running_loop()
    server = NameServer(names)
    server.way, _ = await loop.create_datagram_endpoint(lambda: server, local_addr=(HERE, port))
    server.port = server.way.get_extra_info("sockname")[1]
    try:
        yield server
    finally:
        server.way.close()
        await asyncio.sleep(0)  # lets the loop close the socket
