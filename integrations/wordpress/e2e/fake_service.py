"""The smallest service the plugin can talk to: checks signatures, answers as told."""

import base64
import hashlib
import hmac
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from integrations.wordpress.e2e.blogs import Json

SITE = "site_blog_a"
SECRET = "whsec_" + base64.b64encode(b"a secret of the plugin's tests...").decode()
OTHER = "whsec_" + base64.b64encode(b"the one that came before that....").decode()

EVENTS = "/v1/submissions/bulk"
Event = dict[str, Json]


def sign(message_id: str, timestamp: str, body: bytes, secret: str = SECRET) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def _taken(_event: Event) -> int:
    return 202


class FakeService:
    """`refuse` answers one event with a status of its own, `outage` the whole request."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.requests: list[tuple[str, str, bytes]] = []
        self.outage = 0
        self.delay = 0.0
        self.refuse: Callable[[Event], int] = _taken
        self.url = ""

    def clear(self) -> None:
        self.events.clear()
        self.requests.clear()
        self.outage, self.delay, self.refuse = 0, 0.0, _taken

    def of(self, event_type: str) -> list[Event]:
        return [event for event in self.events if event["type"] == event_type]

    @contextmanager
    def running(self) -> Iterator["FakeService"]:
        service = self

        class Requests(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = service._answer(self.path, dict(self.headers), body)
                _send(self, status, answer)

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()

    def _is_genuine(self, headers: dict[str, str], body: bytes) -> bool:
        lower = {name.lower(): value for name, value in headers.items()}
        message_id, timestamp = lower.get("webhook-id", ""), lower.get("webhook-timestamp", "0")
        return (
            lower.get("x-site-id") == SITE
            and abs(time.time() - int(timestamp)) < 300
            and lower.get("webhook-signature") == sign(message_id, timestamp, body)
        )

    def _answer(
        self, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, object]]:
        time.sleep(self.delay)
        if self.outage:
            return self.outage, {"title": "Out of order", "status": self.outage}
        if path != EVENTS:
            return 404, {"title": "Not Found", "status": 404}
        if not self._is_genuine(headers, body):
            return 401, {"title": "Unauthorized", "status": 401}
        lower = {name.lower(): value for name, value in headers.items()}
        self.requests.append((path, lower["webhook-id"], body))
        events = json.loads(body)["events"]
        if not events:
            wrong = {"pointer": "/events", "detail": "A list of events is required"}
            return 422, {"title": "Unprocessable Content", "status": 422, "errors": [wrong]}
        results = []
        for index, event in enumerate(events):
            status = self.refuse(event)
            if status < 300:
                self.events.append(event)
                results.append({"index": index, "status": status, "id": uuid.uuid4().hex})
            else:
                said = {"title": "Refused", "status": status, "detail": "for a <b>reason</b>"}
                results.append({"index": index, "status": status, "problem": said})
        return 200, {"results": results}


def _send(request: BaseHTTPRequestHandler, status: int, answer: dict[str, object]) -> None:
    body = json.dumps(answer).encode()
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def verdict(
    comment_id: int,
    status: str,
    *,
    sequence: int = 1,
    expected: str = "hold",
    by: str = "rule",
) -> Event:
    return {
        "type": "verdict.issued",
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "data": {
            "verdict_id": uuid.uuid4().hex,
            "sequence": sequence,
            "final": True,
            "site": {"id": SITE},
            "comment": {"id": str(comment_id), "type": "comment"},
            "ref": f"wp-{comment_id}",
            "status": status,
            "expected_status": expected,
            "decided_by": {"kind": by, "id": "one", "name": "Somebody"},
            "reasons": [
                {
                    "code": "x",
                    "text": "A reason & <script>alert(1)</script>more",
                    "contribution": 0.5,
                }
            ],
        },
    }


def deliver(
    blog_url: str,
    message: Event,
    *,
    message_id: str = "",
    secret: str = SECRET,
    timestamp: int = 0,
) -> httpx.Response:
    """Send a callback as the real service does."""
    body = json.dumps(message).encode()
    message_id = message_id or f"msg_{uuid.uuid4().hex}"
    stamp = str(timestamp or int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,AAAA {sign(message_id, stamp, body, secret)}",
    }
    return httpx.post(
        f"{blog_url}/wp-json/moderator/v1/verdict", content=body, headers=headers, timeout=60
    )
