import asyncio
import gzip
import json
import zlib
from datetime import timedelta

import pytest

from moderator.clients.courier import ANSWER_BYTES, HttpCourier
from moderator.domain.decisions.delivery import (
    Callback,
    CallbackAnswer,
    DeliveryState,
    judge_answer,
)
from tests.builders import NOON, a_site
from tests.clients.fetching import HERE, saying
from tests.lab import Behaviour, Request, answer, origin
from tests.lab import send as write

NO = b'{"applied": false, "reason": "changed_by_human"}'
CALLBACK = Callback("m1", "blog", b'{"type": "verdict.issued"}', tries=0)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PLENTY = 50  # turns of the loop after which everybody has read what was sent


def sent(behave: Behaviour, *, seconds: float = 5) -> CallbackAnswer:
    """What the courier makes of an answer."""

    async def run() -> CallbackAnswer:
        async with origin(behave) as blog:
            site = a_site(
                callback_url=f"http://{HERE}:{blog.port}/verdict",
                allowed_addresses=frozenset({(HERE, blog.port)}),
            )
            courier = HttpCourier(lambda: NOON, seconds=seconds)
            try:
                return await courier.send(site, CALLBACK)
            finally:
                await courier.close()
                assert [request.body for request in blog.requests] == [CALLBACK.body]

    return asyncio.run(run())


def state(told: CallbackAnswer) -> DeliveryState:
    return judge_answer(told, 1, now=NOON, jitter=0).state


def in_pieces(*pieces: bytes) -> Behaviour:
    async def behave(writer: asyncio.StreamWriter, _: Request) -> None:
        for piece in pieces:
            await write(writer, piece)
            for _turn in range(PLENTY):
                await asyncio.sleep(0)

    return behave


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def padded(size: int) -> bytes:
    return json.dumps({"padding": "x" * size, "applied": False, "reason": "late"}).encode()


@pytest.mark.parametrize("status", [200, 201, 202, 207])
def test_a_refusal_is_heard_with_any_success(status: int) -> None:
    told = sent(saying(answer(NO, status=status)))
    assert told == CallbackAnswer(status, refusal="changed_by_human")
    assert state(told) is DeliveryState.REFUSED


@pytest.mark.parametrize("cut", [1, 10, 16, len(NO) - 1])
def test_a_refusal_in_two_pieces_is_heard(cut: int) -> None:
    whole = answer(NO)
    split = len(whole) - len(NO) + cut
    assert sent(in_pieces(whole[:split], whole[split:])).refusal == "changed_by_human"


def test_a_refusal_in_chunks_is_heard() -> None:
    pieces = [chunk(NO[i : i + 7]) for i in range(0, len(NO), 7)]
    assert sent(in_pieces(CHUNKED, *pieces, b"0\r\n\r\n")).refusal == "changed_by_human"


def test_a_refusal_up_to_the_end_of_the_connection_is_heard() -> None:
    assert sent(in_pieces(b"HTTP/1.1 200 OK\r\n\r\n", NO[:20], NO[20:])).refusal


def test_a_coded_refusal_is_heard() -> None:
    told = answer(gzip.compress(NO), headers={"Content-Encoding": "gzip"})
    assert sent(saying(told)).refusal == "changed_by_human"


@pytest.mark.parametrize("size", [4_000, ANSWER_BYTES - 200])
def test_a_refusal_behind_much_else_is_heard(size: int) -> None:
    assert sent(saying(answer(padded(size)))).refusal == "late"


@pytest.mark.parametrize(
    "told",
    [
        answer(padded(ANSWER_BYTES)),
        answer(gzip.compress(padded(2_000_000)), headers={"Content-Encoding": "gzip"}),
        answer(NO, headers={"Content-Length": "500"}),
        CHUNKED + chunk(NO),
        answer(gzip.compress(NO)[:-9], headers={"Content-Encoding": "gzip"}),
        answer(zlib.compress(NO), headers={"Content-Encoding": "deflate"}),
        answer(NO, headers={"Content-Encoding": "br"}),
    ],
    ids=["too long", "too long when decoded", "cut off", "cut off chunks", "cut off gzip",
         "deflate", "unknown coding"],
)  # fmt: skip
def test_an_answer_that_cannot_be_read_whole_is_asked_for_again(told: bytes) -> None:
    heard = sent(saying(told))
    assert heard.status == 200
    assert heard.error
    attempt = judge_answer(heard, 1, now=NOON, jitter=0)
    assert attempt.state is DeliveryState.WAITING
    assert attempt.retry_at == NOON + timedelta(seconds=5)


def test_an_answer_that_never_ends_is_asked_for_again() -> None:
    async def drip(writer: asyncio.StreamWriter, _: Request) -> None:
        await write(writer, answer(NO)[:-5])
        await asyncio.Event().wait()

    heard = sent(drip, seconds=0.2)
    assert heard == CallbackAnswer(0, "no complete answer in 0.2 s")
    assert state(heard) is DeliveryState.WAITING


@pytest.mark.parametrize(
    "told",
    [
        answer(status=204),
        answer(status=204, headers={"Content-Encoding": "gzip"}),
        answer(headers={"Content-Encoding": "br"}),
        answer(b"ok"),
        answer(b"\xff\xfe"),
        answer(b'{"applied": true}'),
        answer(b'{"applied": null}'),
        answer(b"[" * 60_000),
        answer(b"<p>" + b"x" * 200_000),
    ],
    ids=["204", "204 coded", "empty", "words", "no text", "applied", "null", "deep", "a page"],
)  # fmt: skip
def test_any_other_success_means_that_it_was_applied(told: bytes) -> None:
    heard = sent(saying(told))
    assert (heard.error, heard.refusal) == ("", "")
    assert state(heard) is DeliveryState.DELIVERED


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ('"a\\u0000b"', "a b"),
        ('"\\ud800"', "the blog did not apply it"),
        ("null", "the blog did not apply it"),
        ("[[1]]", "the blog did not apply it"),
        (json.dumps("x" * 500), "x" * 200),
    ],
)
def test_a_reason_is_kept_as_a_database_can_take_it(reason: str, kept: str) -> None:
    body = f'{{"applied": false, "reason": {reason}}}'.encode()
    assert sent(saying(answer(body))).refusal == kept


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (302, DeliveryState.WAITING),
        (404, DeliveryState.REFUSED),
        (410, DeliveryState.REFUSED),
        (500, DeliveryState.WAITING),
    ],
)
def test_other_answers_are_judged_by_their_status(status: int, expected: DeliveryState) -> None:
    heard = sent(saying(answer(NO, status=status, headers={"Retry-After": "7"})))
    assert heard == CallbackAnswer(status, f"the blog answered {status}", retry_after=7)
    assert state(heard) is expected
