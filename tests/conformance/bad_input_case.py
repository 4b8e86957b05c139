"""One case of bad_inputs.jsonl as the bytes that go over the wire.

The cases speak of an abstract comment (type, id, author, body, permalink, source, target,
created_at); here it becomes an event of our schema, signed the way the case says.
"""

import gzip
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moderator import signing
from moderator.domain.site import Secret
from tests.web.lab import URL

Json = dict[str, Any]
SIGN_MODES = {
    "valid", "none", "revoked-key", "site-a", "session-only", "half", "empty", "dup-header", "age",
    "ts", "reserialised", "old-secret", "expired-secret",
}  # fmt: skip
HOST = "moderation.example.org"
OF_COMMENT = {"type": "type", "id": "id", "created_at": "published"}
KNOWN = {*OF_COMMENT, "body", "permalink", "source", "target", "site"}  # the author stays as it is


@dataclass(frozen=True)
class Credentials:
    """What the site `blog` may sign with, and keys: `revoked` is one that is no good any more."""

    clock: Callable[[], datetime]
    current: Secret
    old: Secret
    expired: Secret
    key: str
    revoked: str


def expand(value: Any, case_id: str) -> bytes:  # noqa: ANN401 (a case is free JSON)
    """Return the bytes that a text or a generator describes."""
    if isinstance(value, str):
        return value.encode("latin-1", "replace")
    return GENERATORS[value["gen"]](value, case_id)


def _json(value: Json, case_id: str) -> bytes:
    return json.dumps(to_event(value["value"], case_id)).encode()


def _ok_with_body(value: Json, case_id: str) -> bytes:
    body = value["unit"] * value["times"] + value.get("suffix", "")
    return json.dumps(to_event(a_comment(body), case_id)).encode()


def _repeat(value: Json, _case_id: str) -> bytes:
    text = value.get("prefix", "") + value["unit"] * value["times"] + value.get("suffix", "")
    return bytes(text.encode("utf-8", "surrogatepass"))


def _encode(value: Json, case_id: str) -> bytes:
    event = json.dumps(to_event(value["value"], case_id), ensure_ascii=False)
    return event.encode(value["encoding"])


GENERATORS: dict[str, Callable[[Json, str], bytes]] = {
    "json": _json,
    "ok_with_body": _ok_with_body,
    "raw": lambda value, _: value["text"].encode("utf-8", "surrogatepass"),
    "repeat": _repeat,
    "encode": _encode,
    "hex": lambda value, _: bytes.fromhex(value["hex"]),
    "gzip": lambda value, case_id: gzip.compress(expand(value["of"], case_id)),
    "cut": lambda value, case_id: expand(value["of"], case_id)[: value["bytes"]],
}


def a_comment(body: str) -> Json:
    author = {"name": "A", "email": "a@b.test", "ip": "203.0.113.9"}
    return {
        "type": "comment",
        "id": "c-1",
        "author": author,
        "body": body,
        "permalink": "https://site.test/p",
    }


def to_event(value: Any, case_id: str) -> Any:  # noqa: ANN401 (a case is free JSON)
    """Map the abstract comment onto our schema; what is not an object stays as it is."""
    if not isinstance(value, dict):
        return value
    comment = {ours: value[name] for name, ours in OF_COMMENT.items() if name in value}
    if isinstance(comment.get("id"), str) and comment["id"]:
        comment["id"] = f"{case_id}/{comment['id']}"  # every case its own comment
    if "body" in value:
        comment["content"] = {"raw": value["body"], "format": "html"}
    parts: Json = {name: field for name, field in value.items() if name not in KNOWN}
    parts |= {"site": {"id": {"b": "other"}.get(value.get("site", ""), "blog")}, "comment": comment}
    if "permalink" in value:
        parts["post"] = {"url": value["permalink"]}
    if "source" in value or "target" in value:
        parts["linkback"] = {name: value[name] for name in ("source", "target") if name in value}
    return {"type": "comment.created", "timestamp": "2026-03-04T12:00:00Z", "data": parts}


def sign(
    mode: str, body: bytes, credentials: Credentials, message_id: str
) -> list[tuple[str, str]]:
    """Return the headers that prove, or pretend to prove, who sends `body`."""
    plain = {
        "none": [],
        "revoked-key": [("Authorization", f"Bearer {credentials.revoked}")],
        "site-a": [("Authorization", f"Bearer {credentials.key}")],
        "session-only": [("Cookie", "__Host-session=abcdefghijklmnop")],
    }
    if mode in plain:
        return plain[mode]
    name, _, argument = mode.partition(":")
    now = credentials.clock() - timedelta(seconds=int(argument) if name == "age" else 0)
    if mode == "reserialised":
        body = json.dumps(json.loads(body), indent=1).encode()
    secret = {
        "old-secret": credentials.old,
        "expired-secret": Secret(credentials.expired.value, now),
    }.get(mode, credentials.current)
    headers = signing.sign(message_id, body, secrets=[secret], now=now)
    return [*_spoilt(headers, name, argument), ("X-Site-Id", "blog")]


def _spoilt(headers: dict[str, str], name: str, argument: str) -> list[tuple[str, str]]:
    signature = headers[signing.SIGNATURE]
    changes = {
        "ts": {signing.TIMESTAMP: argument},
        "half": {signing.SIGNATURE: signature[: len(signature) // 2]},
        "empty": {signing.SIGNATURE: ""},
    }.get(name, {})
    twice = [(signing.SIGNATURE, signature)] if name == "dup-header" else []
    return [*(headers | changes).items(), *twice]


def request_bytes(case: Json, credentials: Credentials, *, message_id: str, case_id: str) -> bytes:
    """Return the request of a case, broken in the way the case says."""
    wire: Json = case.get("wire", {})
    if "raw_request" in wire:
        return bytes(wire["raw_request"].encode("latin-1"))
    if "raw_hex" in wire:
        return bytes.fromhex(wire["raw_hex"])
    if "raw_random" in wire:
        return random.Random(7).randbytes(wire["raw_random"])  # noqa: S311 (noise, not a secret)
    body = expand(case["body"], case_id)
    headers = sign(case["sign"], body, credentials, message_id)
    lines = [f"{case['method']} ".encode() + _target(case["path_kind"]) + b" HTTP/1.1"]
    lines += _header_lines(case, headers)
    sent = _sent_body(wire, body)
    if not wire.get("no_auto_length"):
        lines.append(f"Content-Length: {wire.get('content_length', len(body))}".encode())
    return b"\r\n".join([*lines, b"", sent])


def _sent_body(wire: Json, body: bytes) -> bytes:
    if "raw_body" in wire:
        body = wire["raw_body"].encode("latin-1")
    elif "raw_body_gen" in wire:
        body = expand(wire["raw_body_gen"], "")
    elif "stream_chunks" in wire:
        size = int(wire["stream_chunks"]["size"])
        chunk = f"{size:x}\r\n".encode() + b"a" * size + b"\r\n"
        body = chunk * int(wire["stream_chunks"]["max"])
    return body[: wire.get("send_bytes", len(body))]


def _target(path_kind: Any) -> bytes:  # noqa: ANN401 (a case is free JSON)
    target = expand(path_kind, "")
    if target.startswith(b"http"):
        return target.replace(b"/intake", URL.encode(), 1)
    return target.replace(b"intake", URL.encode(), 1)


def _header_lines(case: Json, signed: list[tuple[str, str]]) -> list[bytes]:
    wire: Json = case.get("wire", {})
    given = {name: value for name, value in case["headers"].items() if value is not None}
    extra = [line.encode("latin-1") for line in wire.get("extra_header_lines", ())]
    names_host = any(line.lower().startswith(b"host:") for line in extra)
    headers = {"Content-Type": "", **given} if "Content-Type" in given else dict(given)
    if "Host" not in case["headers"] and not names_host:
        headers = {"Host": HOST, **headers}
    lines = [f"{name}: ".encode() + expand(value, "") for name, value in headers.items()]
    lines += [f"{name}: {value}".encode("latin-1") for name, value in signed]
    if "repeat_header" in wire:
        line, times = wire["repeat_header"]
        lines += [line.encode()] * times
    return lines + extra
