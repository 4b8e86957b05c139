import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from moderator.__main__ import main
from tests.lab import Origin, Request, answer, origin, send

TARGET = "http://blog.example/2026/post-1/"
PAGE = f'<title>Reply \x1b[31m</title><p>See <a rel=ugc href="{TARGET}?utm_source=x">this</a>'


@contextmanager
def served() -> Iterator[Origin]:
    """An origin in a thread: the command brings its own event loop."""
    ready, done = Event(), Event()
    found: list[Origin] = []

    async def behave(writer: asyncio.StreamWriter, _: Request) -> None:
        await send(writer, answer(PAGE.encode()))

    async def serve() -> None:
        async with origin(behave) as running:
            found.append(running)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield found[0]
    finally:
        done.set()
        thread.join()


def test_what_the_verification_sees_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    with served() as running:
        source = f"http://127.0.0.1:{running.port}/a"
        allow = f"127.0.0.1:{running.port}"
        assert main(["verify", source, TARGET, "--allow", allow, "--json"]) == 0
    seen = json.loads(capsys.readouterr().out)
    assert seen.pop("milliseconds") >= 0
    assert seen == {
        "verdict": "linked",
        "reason": "The source links to the target",
        "source": source,
        "target": TARGET,
        "link": f"{TARGET}?utm_source=x",
        "anchor_text": "this",
        "rel": "ugc",
        "relation": "mention",
        "excerpt": "See this",
        "title": "Reply \x1b[31m",
        "author": "127.0.0.1",
        "flags": [],
        "tolerances": ["tracking_parameters"],
        "status": 200,
        "final_url": source,
        "hops": [source],
    }


def test_only_the_exact_pair_is_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    with served() as running:
        source = f"http://127.0.0.1:{running.port}/a"
        for allow in (f"127.0.0.1:{running.port + 1}", f"127.0.0.2:{running.port}"):
            assert main(["verify", source, TARGET, "--allow", allow, "--json"]) == 0
            assert json.loads(capsys.readouterr().out)["verdict"] == "refused"
        assert running.connections == 0


def test_a_terminal_is_not_spoken_to_by_strangers(capsys: pytest.CaptureFixture[str]) -> None:
    with served() as running:
        source = f"http://127.0.0.1:{running.port}/a"
        main(["verify", source, TARGET, "--allow", f"127.0.0.1:{running.port}"])
    told = capsys.readouterr().out
    assert "verdict:       linked\n" in told
    assert "\x1b" not in told


@pytest.mark.parametrize(
    ("source", "hosts", "verdict"),
    [
        ("http://blog.example/other/", [], "self_ping"),
        (TARGET, [], "refused"),
        ("http://www.blog.example/x", ["blog.example", "www.blog.example"], "self_ping"),
        ("http://other.example/x", ["another.example"], "refused"),
        ("file:///etc/passwd", [], "refused"),
    ],
)
def test_what_needs_no_fetch(
    source: str, hosts: list[str], verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [option for host in hosts for option in ("--host", host)]
    assert main(["verify", source, TARGET, "--json", *options]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == verdict


@pytest.mark.parametrize(
    ("option", "given"),
    [("--allow", "localhost:80"), ("--allow", "127.0.0.1:0"), ("--host", "http://blog.example/")],
)
def test_what_is_no_address_is_refused_when_it_is_given(
    option: str, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", TARGET, TARGET, option, given]) == 1
    assert f"{option} '{given}' must" in capsys.readouterr().err
