"""Runs the SSRF cases in a lab of our own: names that lie, inside servers that log connections."""

import asyncio
import os
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field

from moderator.clients.fetch.budget import HostBudget
from moderator.clients.fetch.fetcher import GuardedFetcher
from moderator.domain.errors import FetchError, RefusedError
from moderator.domain.ports import FetchedPage
from moderator.domain.urls.parse import read
from tests.conformance import memory
from tests.conformance.report import Result, show
from tests.conformance.ssrf_origin import OK, SECRET, Behaviours, hold_tls, is_known_page
from tests.lab import FakeResolver, Origin, authority, origin

GOOD = "127.0.0.10"  # stands for a public address: exactly its pairs are allowed
INSIDE = ("127.0.0.66", "127.0.0.1", "::1")
MAX_SECONDS = 12.0  # one deadline of 10 s, and the time to say so
MAX_BODY = 1024 * 1024
MAX_GROWTH = 32.0
Case = dict[str, object]
KEYS = {"id", "group", "url", "expect", "why", "env", "must_resolve_once"}
EXPECTED = ("fetched", "blocked", "bounded")
NOBODY = "nxdomain.test"  # a name that does not resolve, on purpose
ENDINGS = (".internal.test",)
LONG_PATH = 1_000


@dataclass(slots=True)
class Lab:
    """`ports` maps the port numbers written in the cases to those that were free."""

    tls: ssl.SSLContext
    inside: list[Origin] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)

    @property
    def allowed(self) -> frozenset[tuple[str, int]]:
        return frozenset((GOOD, port) for port in self.ports.values())

    def resolver(self) -> FakeResolver:
        """A fresh one per case, so that rebinding starts anew."""
        secret = INSIDE[0]
        table = {
            "good.test": [[GOOD]],
            "wrong.test": [[GOOD]],
            "internal.test": [[secret]],
            "localhost": [["127.0.0.1", "::1"]],
            "mixed.test": [[GOOD, secret]],
            "mixed2.test": [[secret, GOOD]],
            "rebind.test": [[GOOD], [secret]],
            "v6map.test": [[f"::ffff:{secret}"]],
            "nat64.test": [["64:ff9b::7f00:42"]],
            "meta.test": [["169.254.169.254"]],
        }
        return FakeResolver(table, stalls=frozenset({"slow.test"}))


def run(cases: list[Case]) -> list[Result]:
    """Cases with an environment of their own go last, one by one; the others together."""
    return asyncio.run(_run(cases))


async def _run(cases: list[Case]) -> list[Result]:
    async with AsyncExitStack() as stack:
        lab = await _build(stack)
        before = memory.mark()
        plain = [case for case in cases if "env" not in case]
        results = list(await asyncio.gather(*(_judge(case, lab) for case in plain)))
        growth = memory.peak() - before
        for case in (case for case in cases if "env" in case):
            with _environment(case, lab):
                results.append(await _judge(case, lab))
    for result in results:
        show(result)
    problems = (f"memory grew by {growth:.0f} MiB",) if growth > MAX_GROWTH else ()
    together = Result("all together", "ssrf", f"{growth:.1f} MiB", "bounded", 0, problems)
    show(together)
    return results if together.is_right else [*results, together]


async def _build(stack: AsyncExitStack) -> Lab:
    server, client = authority("good.test")
    lab = Lab(client)
    behave = Behaviours(lab.ports, INSIDE[0])
    plain = await stack.enter_async_context(origin(behave, host=GOOD))
    secure = await stack.enter_async_context(origin(behave, host=GOOD, tls=server))
    silent = await stack.enter_async_context(hold_tls(GOOD))
    lab.ports.update({"25100": plain.port, "25101": secure.port, "25103": silent.port})
    for host in INSIDE:
        for port in (plain.port, secure.port):
            inside = origin(SECRET, host=host, port=port)
            lab.inside.append(await stack.enter_async_context(inside))
    return lab


def refuse_unknown(case: Case, resolver: FakeResolver) -> None:
    """Raises ValueError for a case that seems blocked because the lab has no such host or page."""
    unknown = {*map(str, case.keys() - KEYS)}
    if case["expect"] not in EXPECTED:
        unknown.add(f"expect {case['expect']}")
    parsed = read(str(case["url"]))
    if parsed is not None and not parsed.is_literal:
        known = {*resolver.table, *resolver.stalls, NOBODY}
        is_named = parsed.host in known or parsed.host.endswith(ENDINGS) or "xn--" in parsed.host
        unknown |= set() if is_named else {f"host {parsed.host}"}
        is_page = is_known_page(parsed.path) or len(parsed.path) > LONG_PATH or "@" in parsed.path
        unknown |= set() if is_page else {f"page {parsed.path}"}
    if unknown:
        raise ValueError(f"{case.get('id')}: this runner does not know {sorted(unknown)}")


async def _judge(case: Case, lab: Lab) -> Result:
    resolver = lab.resolver()
    refuse_unknown(case, resolver)
    fetcher = GuardedFetcher(
        resolver=resolver, tls=lab.tls, budget=HostBudget(requests=100_000, silence=0)
    )
    url = _with_ports(str(case["url"]), lab)
    began = time.monotonic()
    page: FetchedPage | None = None
    try:
        page = await fetcher.get(url, allowed=lab.allowed)
        got = "fetched"
    except RefusedError:
        got = "refused"
    except FetchError:
        got = "failed"
    seconds = time.monotonic() - began
    problems = _problems(case, page, seconds)
    if any(inside.connections for inside in lab.inside):
        problems.append("an inside server was reached (by this or another case)")
    if case.get("must_resolve_once") and len(resolver.asked) != 1:
        problems.append(f"resolved {len(resolver.asked)} times")
    return Result(str(case["id"]), "ssrf", got, str(case["expect"]), seconds, tuple(problems))


def _problems(case: Case, page: FetchedPage | None, seconds: float) -> list[str]:
    problems = []
    match case["expect"]:
        case "fetched" if page is None or page.body != OK:
            problems.append("expected the page")
        case "blocked" if page is not None:
            problems.append("expected to be blocked")
        case _:
            pass  # bounded: what follows is asked of all
    if page is not None and len(page.body) > MAX_BODY:
        problems.append(f"{len(page.body)} bytes")
    if seconds > MAX_SECONDS:
        problems.append(f"took {seconds:.1f} s")
    return problems


def _with_ports(text: str, lab: Lab) -> str:
    for written, port in lab.ports.items():
        text = text.replace(written, str(port))
    return text


@contextmanager
def _environment(case: Case, lab: Lab) -> Iterator[None]:
    wanted = case["env"]
    assert isinstance(wanted, Mapping)
    before = dict(os.environ)
    os.environ.update({name: _with_ports(value, lab) for name, value in wanted.items()})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
