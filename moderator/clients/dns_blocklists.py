"""Asks DNS blocklists (RFC 5782) about domains, and believes only what a sound list would say.

An address in 127.0.0.0/8 is a listing, NXDOMAIN is none. Lists also answer to say that they will
not: 127.255.255.0/24 (Spamhaus: mistyped zone, public resolver, too many questions) and 127.0.0.1
(SURBL and others: refused). These, foreign addresses and silence are UNKNOWN.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network

from dns.asyncresolver import Resolver
from dns.exception import DNSException
from dns.message import Message
from dns.nameserver import Do53Nameserver
from dns.rdatatype import RdataType
from dns.resolver import NXDOMAIN, Answer, LifetimeTimeout, NoAnswer, NoResolverConfiguration

from moderator.clients.breaker import Breaker
from moderator.clients.fetch.loop_semaphore import LoopSemaphore
from moderator.domain.errors import SettingsError
from moderator.domain.ports import BlocklistAnswer, BlocklistStatus

LISTS = IPv4Network("127.0.0.0/8")
TROUBLE = IPv4Network("127.255.255.0/24")
REFUSED = IPv4Address("127.0.0.1")
NEVER_LISTED = "invalid"  # RFC 5782, 5: a list that lists it lists everything
TRY_SECONDS = 1.0
SECONDS = 2.0  # of one question, with a second try
REST = 10.0
AT_ONCE = 64
LONGEST = 3600.0  # seconds that an answer is kept at most
SHORTEST = 60.0  # also of an answer that does not say how long it holds
MAX_KEPT = 20_000
KEY_LENGTH = 16

Codes = tuple[str, ...]  # none: not listed


class SilentError(Exception):
    """The list gave no answer that says anything about the host; why, as a clause.

    `code` is what it answered instead, '' for nothing.
    """

    def __init__(self, why: str, code: str = "") -> None:
        super().__init__(why)
        self.code = code


class DnsBlocklists:
    """Honours domain/ports.py HostLists. One instance serves a process, in any event loop."""

    def __init__(
        self,
        zones: Sequence[str],
        resolvers: Sequence[tuple[str, int]] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = SECONDS,
    ) -> None:
        self._resolver = _resolver(resolvers)
        self._breakers = {zone: Breaker(clock, rest=REST) for zone in zones}
        self._clock = clock
        self._seconds = seconds
        self._slots = LoopSemaphore(AT_ONCE)
        self._kept: OrderedDict[str, tuple[float, Codes]] = OrderedDict()

    async def ask(self, hosts: Sequence[str]) -> list[BlocklistAnswer]:
        questions = [self._ask(host, zone) for zone in self._breakers for host in hosts]
        return list(await asyncio.gather(*questions))

    async def _ask(self, host: str, zone: str) -> BlocklistAnswer:
        shown = without_key(zone)
        try:
            codes = await self._believed(host, zone)
        except SilentError as error:
            return BlocklistAnswer(host, shown, BlocklistStatus.UNKNOWN, detail=str(error))
        return BlocklistAnswer(
            host, shown, BlocklistStatus.LISTED if codes else BlocklistStatus.CLEAR, codes
        )

    async def _believed(self, host: str, zone: str) -> Codes:
        """Raises SilentError, also when the list lists whatever it is asked."""
        codes = await self.codes(host, zone)
        if codes and await self.codes(NEVER_LISTED, zone):
            raise SilentError("it lists everything")
        return codes

    async def codes(self, host: str, zone: str) -> Codes:
        """What the zone says, whether or not it is to be believed. Raises SilentError."""
        name = f"{host}.{zone}."
        until, codes = self._kept.get(name, (0.0, ()))
        if self._clock() < until:
            return codes
        async with self._slots.here():
            if self._breakers[zone].is_open:
                raise SilentError("it did not answer a moment ago")
            codes, lifetime = await self._look_up(name, self._breakers[zone])
        self._kept.pop(name, None)
        self._kept[name] = (self._clock() + min(LONGEST, max(SHORTEST, lifetime)), codes)
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return codes

    async def _look_up(self, name: str, breaker: Breaker) -> tuple[Codes, float]:
        """The codes of a listing and the seconds they hold. Raises SilentError."""
        try:
            answer = await self._resolver.resolve(name, "A", search=False, lifetime=self._seconds)
        except NXDOMAIN as error:
            responses = error.responses()  # type: ignore[no-untyped-call]  # dnspython's only gap
            return (), max(map(_absent_for, responses.values()), default=SHORTEST)
        except NoAnswer:
            return (), SHORTEST
        except LifetimeTimeout as error:
            breaker.trip()
            raise SilentError(f"nothing within {self._seconds:g} s") from error
        except DNSException as error:
            raise SilentError("the name server failed") from error
        try:
            return _listing(answer), float(answer.rrset.ttl if answer.rrset else SHORTEST)
        except SilentError:
            breaker.trip()
            raise


def without_key(zone: str) -> str:
    """The zone as it may be shown: some lists put the customer's key into its first label."""
    first, _, rest = zone.partition(".")
    return rest if len(first) >= KEY_LENGTH and "." in rest else zone


def _resolver(resolvers: Sequence[tuple[str, int]]) -> Resolver:
    """Raises SettingsError when nobody can be asked."""
    try:
        resolver = Resolver(configure=not resolvers)
    except NoResolverConfiguration as error:
        raise SettingsError("DNS_RESOLVER must be set: the system names no resolver") from error
    if resolvers:
        resolver.nameservers = [Do53Nameserver(address, port) for address, port in resolvers]
    resolver.timeout = TRY_SECONDS
    return resolver


def _absent_for(response: Message) -> float:
    """How long a name that does not exist may be taken not to (RFC 2308)."""
    signs = [rrset for rrset in response.authority if rrset.rdtype == RdataType.SOA]
    return float(min(signs[0].ttl, signs[0][0].minimum)) if signs else SHORTEST


def _listing(answer: Answer) -> Codes:
    """Raises SilentError when the addresses are not about the host."""
    addresses = sorted(IPv4Address(record.address) for record in answer)
    codes = [each for each in addresses if each in LISTS and each not in TROUBLE]
    listed = tuple(str(code) for code in codes if code != REFUSED)
    if not listed:
        said = str(addresses[0])
        raise SilentError(f"it answered {said}, which is no listing", said)
    return listed
