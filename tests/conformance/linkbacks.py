"""Runs the linkback cases against our verification, with the suite's own origin and canary."""

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast
from urllib.request import urlopen

from moderator.clients.fetch.budget import HostBudget
from moderator.clients.fetch.fetcher import GuardedFetcher
from moderator.domain.linkback.verification import Claim, Verification, verify_source
from tests.conformance import memory
from tests.conformance.report import Result, show
from tests.lab import FakeResolver

HERE = "127.0.0.1"
PUBLIC = "93.184.216.34"
TARGET = "http://blog.example/2026/post-1/"
MAX_SECONDS = 20.0
MAX_GROWTH = 32.0
Case = dict[str, object]
Hits = dict[str, dict[str, int]]


def run(folder: Path, *, leave_out: frozenset[str] = frozenset()) -> tuple[list[Result], int]:
    """All results, and how many connections reached the canary. Behaviours may be left out."""
    with origin(folder) as port:
        cases = [json.loads(line) for line in ask(port, "__cases").splitlines()]
        fetcher = GuardedFetcher(
            resolver=FakeResolver(
                {
                    "localhost": [[HERE, "::1"]],
                    "rebind.source.test": [[PUBLIC], [HERE]],
                    "mixed.source.test": [[PUBLIC, HERE]],
                }
            ),
            budget=HostBudget(requests=100_000, silence=0),
        )
        _verify(fetcher, _claim(cases[0], is_webmention=False), port)  # warm: measures cases only
        ask(port, "__reset")
        taken = [case for case in cases if _behaviour(case) not in leave_out]
        results = [result for case in taken for result in _run_case(case, fetcher, port)]
        hits = json.loads(ask(port, "__hits"))
    return results, hits["canary"]


def _behaviour(case: Case) -> object:
    """What the origin does; None where it is not to be asked at all."""
    serve = cast("Case | None", case["serve"])
    return serve and serve["behaviour"]


def _run_case(case: Case, fetcher: GuardedFetcher, port: int) -> Iterator[Result]:
    expect = cast("Case", case["expect"])
    runs = [(False, expect["verdict"])]
    if "webmention_verdict" in expect:
        runs.append((True, expect["webmention_verdict"]))
    for is_webmention, verdict in runs:
        before = memory.mark()
        began = time.monotonic()
        seen = _verify(fetcher, _claim(case, is_webmention=is_webmention), port)
        seconds = time.monotonic() - began
        growth = memory.peak() - before
        problems = [] if seen.verdict == verdict else [f"expected {verdict}: {seen.reason}"]
        problems += _unmet(case, seen, is_webmention=is_webmention)
        problems += _over(case, seconds, growth, port)
        name = f"{case['name']}{' (webmention)' if is_webmention else ''}"
        level = str(case["level"])
        result = Result(name, level, seen.verdict, str(verdict), seconds, tuple(problems))
        show(result)
        yield result


def _verify(fetcher: GuardedFetcher, claim: Claim, port: int) -> Verification:
    return asyncio.run(verify_source(claim, fetcher, frozenset({(HERE, port)})))


def _claim(case: Case, *, is_webmention: bool) -> Claim:
    return Claim(
        source=str(case["source"]),
        target=str(case["target"]),
        own_hosts=frozenset({"blog.example"}),
        counts_embeds=is_webmention,
    )


def _unmet(case: Case, seen: Verification, *, is_webmention: bool) -> list[str]:
    expect = cast("Case", case["expect"])
    wanted = str(expect.get("excerpt_contains", ""))
    problems = []
    if wanted not in seen.context.excerpt and not is_webmention:
        problems.append(f"excerpt without {wanted!r}: {seen.context.excerpt!r}")
    missing = set(cast("list[str]", expect.get("flags", []))) - set(seen.flags)
    if missing:
        problems.append(f"flags missing: {sorted(missing)}")
    return problems


def _over(case: Case, seconds: float, growth: float, port: int) -> list[str]:
    limits = cast("dict[str, float]", cast("Case", case["expect"]).get("limits", {}))
    hits = json.loads(ask(port, "__hits"))
    read = hits["bytes"].get(case["name"], 0) / 1024 / 1024
    problems = []
    if seconds > limits.get("seconds", MAX_SECONDS):
        problems.append(f"took {seconds:.1f} s")
    if growth > limits.get("rss_growth_mib", MAX_GROWTH):
        problems.append(f"memory grew by {growth:.0f} MiB")
    if read > limits.get("read_mib", float("inf")):
        problems.append(f"read {read:.1f} MiB")
    if hits["canary"]:
        problems.append("the canary was reached")
    return problems


@contextmanager
def origin(folder: Path, target: str = TARGET) -> Iterator[int]:
    """The suite's own origin in a process of its own."""
    port = _two_free_ports()
    command = [sys.executable, "origin.py", "--port", str(port), "--target", target]
    # S603: the command is written above
    with subprocess.Popen(  # noqa: S603
        command, cwd=folder, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()  # printed once it listens
        try:
            yield port
        finally:
            process.terminate()


def _two_free_ports() -> int:
    """A free port whose next is free too: the canary listens there."""
    while True:
        with socket.create_server((HERE, 0)) as first:
            port: int = first.getsockname()[1]
            try:
                socket.create_server((HERE, port + 1)).close()
            except OSError:
                continue
            return port


def ask(port: int, path: str) -> str:
    with urlopen(f"http://{HERE}:{port}/{path}") as response:
        return cast("str", response.read().decode("utf-8"))
