"""Runs every case of bad_inputs.jsonl against a really served process and judges the answers.

`python -m tests.conformance.bad_inputs [FILE]` prints each case: expected, got, ok. What a case
asks beyond its status is in `must`; `shortcomings` checks what a machine can see of it.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conformance.bad_input_case import SIGN_MODES, Json, request_bytes
from tests.conformance.bad_input_ground import Ground
from tests.conformance.bad_input_processes import a_ground_of_processes
from tests.shared import find_shared
from tests.web.serving import Reply, connected, read_replies, send

CASES = "conformance/security/bad_inputs.jsonl"
OK_STORED = (200, 202)


# What a case may say; one that says more would be sent without it, and seem right.
KEYS = {
    "id", "group", "method", "path_kind", "headers", "sign", "body", "expect", "must", "note",
    "wire",
}  # fmt: skip
WIRE = {
    "extra_header_lines", "no_auto_length", "raw_body", "content_length", "send_times",
    "precondition", "raw_request", "parallel", "repeat_header", "fresh_key", "send_bytes",
    "stream_chunks", "raw_body_gen", "raw_hex", "raw_random", "pipeline", "drip", "never_read",
}  # fmt: skip


def refuse_unknown(case: Json, ground: Ground) -> None:
    """Raises ValueError, naming what of the case nobody here would act on."""
    wire: Json = case.get("wire", {})
    unknown = {*case.keys() - KEYS, *(f"wire.{name}" for name in wire.keys() - WIRE)}
    if wire.get("precondition", "") not in ground.ports:
        unknown.add(f"wire.precondition {wire['precondition']}")
    if case["sign"].partition(":")[0] not in SIGN_MODES:
        unknown.add(f"sign {case['sign']}")
    if unknown:
        raise ValueError(f"{case.get('id')}: this runner does not know {sorted(unknown)}")


@dataclass(frozen=True)
class Outcome:
    case: Json
    replies: list[Reply]
    new_rows: int
    faults: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        got = sorted({reply.status for reply in self.replies})
        verdict = "ok" if not self.faults else "FAIL " + "; ".join(self.faults)
        name, expected = self.case["id"][:28], str(self.case["expect"])
        return f"{name:28} expected {expected:22} got {got!s:12} {verdict}"


def run_case(case: Json, ground: Ground) -> Outcome:
    """Send the case and judge what came back. Raises ValueError for what it does not know."""
    wire: Json = case.get("wire", {})
    refuse_unknown(case, ground)
    before, port = ground.rows(), ground.ports[wire.get("precondition", "")]
    replies = _send(case, ground, port)
    new_rows = ground.rows() - before
    outcome = Outcome(case, replies, new_rows)
    return Outcome(case, replies, new_rows, shortcomings(outcome))


def _send(case: Json, ground: Ground, port: int) -> list[Reply]:
    wire: Json = case.get("wire", {})
    if "Idempotency-Key" in case["headers"] and case["expect"] == [409, 422]:
        _send_original(case, ground, port)
    times = int(wire.get("send_times", 1))
    message_id = ground.fresh_id()
    requests = []
    for turn in range(times):
        is_fresh = bool(wire.get("fresh_key")) and turn
        own = ground.fresh_id() if is_fresh else message_id
        case_id = f"{case['id']}/{turn}" if is_fresh else case["id"]
        requests.append(request_bytes(case, ground.credentials, message_id=own, case_id=case_id))
    if "drip" in wire:
        return _drip(requests[0], wire["drip"], port, ground.pace)
    if "parallel" in wire:
        with ThreadPoolExecutor(wire["parallel"]) as pool:
            found = pool.map(lambda data: _ask(data, port), requests * int(wire["parallel"]))
            return [reply for replies in found for reply in replies]
    if "pipeline" in wire:
        count = int(wire["pipeline"])
        many = [
            request_bytes(
                case,
                ground.credentials,
                message_id=ground.fresh_id(),
                case_id=f"{case['id']}/{number}",
            )
            for number in range(count)
        ]
        return _ask(b"".join(many), port, count=count)
    return [reply for data in requests for reply in _ask(data, port)]


def _send_original(case: Json, ground: Ground, port: int) -> None:
    """Send what this case contradicts; an earlier case may have used its key already."""
    value = case["body"]["value"] | {"body": "as it was first"}
    original = case | {"body": {"gen": "json", "value": value}}
    data = request_bytes(
        original, ground.credentials, message_id=ground.fresh_id(), case_id=case["id"]
    )
    [reply] = _ask(data, port)
    assert reply.status in {*OK_STORED, 409}, reply


def _ask(data: bytes, port: int, *, count: int = 1) -> list[Reply]:
    with connected(port) as connection:
        send(connection, data)
        try:
            return read_replies(connection, count)
        except OSError:  # no answer in time, or cut off: judged as such
            return []


def _drip(data: bytes, drip: Json, port: int, pace: float) -> list[Reply]:
    """Send one part byte by byte until the server has had enough."""
    at = data.find(b"\r\n\r\n") + 4 if drip["part"] == "body" else 0
    end = time.monotonic() + drip["max_s"] * pace
    with connected(port) as connection:
        send(connection, data[:at])
        connection.settimeout(drip["interval_s"] * pace)
        for position in range(at, len(data)):
            send(connection, data[position : position + 1])
            try:
                if connection.recv(1, 2):  # MSG_PEEK: an answer is there
                    break
            except TimeoutError:
                if time.monotonic() > end:
                    return []
        connection.settimeout(10)
        return read_replies(connection)


def shortcomings(outcome: Outcome) -> list[str]:
    """Return what is wrong with the answers; empty is good."""
    case, faults = outcome.case, []
    if not outcome.replies:
        return ["no answer"]
    for reply in outcome.replies:
        faults += _faults_of(reply, case)
    statuses = [reply.status for reply in outcome.replies]
    stored = sum(status == 202 for status in statuses)
    if outcome.new_rows > max(stored, 0):
        faults.append(f"{outcome.new_rows} rows for {stored} times 202")
    if "parallel" in case.get("wire", {}) and len(_ids(outcome)) != 1:
        faults.append("more than one id")
    if "pipeline" in case.get("wire", {}) and len(statuses) != case["wire"]["pipeline"]:
        faults.append(f"{len(statuses)} answers")
    return sorted(set(faults))


def _faults_of(reply: Reply, case: Json) -> list[str]:
    faults = []
    repeated = 200 if case.get("wire", {}).get("send_times", 1) > 1 else None
    if reply.status not in case["expect"] and reply.status != repeated:
        faults.append(f"status {reply.status}")
    if reply.status >= 500 and reply.status not in {501, 503, 505}:
        faults.append("a 5xx that was not designed")
    if reply.status >= 400:
        if reply.headers.get("content-type") != "application/problem+json":
            faults.append("no problem+json")
        elif case["method"] != "HEAD" and json.loads(reply.body)["status"] != reply.status:
            faults.append("the problem names another status")
    if reply.status == 405 and "allow" not in reply.headers:
        faults.append("no Allow")
    if reply.status in {429, 503} and "retry-after" not in reply.headers:
        faults.append("no Retry-After")
    return faults


def _ids(outcome: Outcome) -> set[str]:
    return {json.loads(reply.body).get("id") for reply in outcome.replies}


def read_cases(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main() -> int:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else find_shared(CASES)
    if path is None:
        sys.stdout.write("SKIPPED: the cases are not here (give the file, or set SHARED_DIR)\n")
        return 0
    with TemporaryDirectory() as folder, a_ground_of_processes(Path(folder)) as ground:
        outcomes = []
        for case in read_cases(path):
            outcomes.append(run_case(case, ground))
            sys.stdout.write(outcomes[-1].line + "\n")
            sys.stdout.flush()
    bad = sum(bool(outcome.faults) for outcome in outcomes)
    sys.stdout.write(f"{len(outcomes) - bad} of {len(outcomes)} cases as expected\n")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
