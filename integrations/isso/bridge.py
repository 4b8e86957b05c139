"""Isso with a web hook: tells the moderation service of comments, and does what it decides.

A WSGI application beside Isso's own (`gunicorn bridge:application`), with Isso as it is. Needs
`[moderation] enabled = true` and `notify = stdout` in Isso's configuration (ISSO_SETTINGS names
it), and in the environment MODERATOR_URL (`https://…/platforms/isso/SITE`), MODERATOR_KEY (the
site's bearer key) and MODERATOR_SECRET (its secret). Callbacks come to `/moderator/verdict`.
"""

import base64
import hashlib
import hmac
import json
import logging
import os
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import isso

log = logging.getLogger("isso")

PATH = "/moderator/verdict"
TOLERANCE = 300  # seconds between the sender's clock and ours
TRIES = 6
FIRST_WAIT = 2.0  # seconds before the second try; doubled from try to try
BODY_LIMIT = 1024 * 1024
PUBLIC, PENDING, DELETED = 1, 2, 4

Start = Callable[[str, list[tuple[str, str]]], object]
Row = dict[str, Any]


class Bridge:
    """Stands where Isso's own notifier to the log would: it hears of every comment."""

    latest: "Bridge"

    def __init__(self, app: Any) -> None:  # noqa: ANN401  # Isso has no types
        self.app = app
        self._ours = threading.local()  # whether what happens is by a verdict
        Bridge.latest = self

    def __iter__(self) -> Iterator[tuple[str, Callable[..., None]]]:
        yield "comments.new:after-save", self._new
        yield "comments.edit", self._edited
        yield "comments.activate", self._activated
        yield "comments.delete", self._deleted

    def tell_waiting(self) -> None:
        """Tell of what waits since before: who knows it already answers so."""
        for comment in self.app.db.comments.fetchall(mode=PENDING, limit=None):
            found = self.app.db.comments.get(comment["id"])
            self._new(self.app.db.threads.get(found["tid"]), found)

    def judge(self, data: Row) -> tuple[str, Row]:
        """Do what a callback says; return the answer."""
        id_, status = int(data["comment"]["id"]), data["status"]
        comment = self.app.db.comments.get(id_)
        if comment is None or comment["mode"] == DELETED:
            return "404 Not Found", {}
        if status == "approved" and comment["mode"] == PENDING:
            with self.app.lock:
                self.app.db.comments.activate(id_)
            self._ours.is_so = True
            self.app.signal("comments.activate", self.app.db.threads.get(comment["tid"]), comment)
            self._ours.is_so = False
        elif status in ("spam", "trash"):
            with self.app.lock:
                self.app.db.comments.delete(id_)
        elif status == "hold" and comment["mode"] == PUBLIC:  # Isso cannot hold it again
            return "200 OK", {"applied": False, "status": "approved", "reason": "published"}
        return "200 OK", {"applied": True}

    def _new(self, thread: Row, comment: Row) -> None:
        self._tell({"event": "comments.new", "thread": thread, "comment": comment})

    def _edited(self, comment: Row) -> None:
        found = self.app.db.comments.get(comment["id"])
        thread = self.app.db.threads.get(found["tid"])
        self._tell({"event": "comments.edit", "thread": thread, "comment": found})

    def _activated(self, thread: Row, comment: Row) -> None:
        if not getattr(self._ours, "is_so", False):
            self._tell({"event": "comments.activate", "thread": thread, "comment": comment})

    def _deleted(self, id_: int) -> None:
        self._tell({"event": "comments.delete", "comment": {"id": int(id_)}})

    def _tell(self, event: Row) -> None:
        comment = {name: value for name, value in event["comment"].items() if name != "voters"}
        thread = {name: value for name, value in dict(event.get("thread") or {}).items() if value}
        body = json.dumps(event | {"comment": comment, "thread": thread}).encode()
        threading.Thread(target=_post, args=(body,), daemon=True).start()


def _post(body: bytes) -> None:
    """What cannot be told now waits in Isso, and is told at the next start."""
    headers = {
        "Authorization": f"Bearer {os.environ['MODERATOR_KEY']}",
        "Content-Type": "application/json",
    }
    for number in range(TRIES):
        request = urllib.request.Request(  # noqa: S310  # the operator's own address
            os.environ["MODERATOR_URL"], data=body, headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=10):  # noqa: S310
                return
        except OSError as error:
            log.warning("the moderation service took no comment: %s", error)
            threading.Event().wait(FIRST_WAIT * 2 ** min(number, TRIES))


def is_signed(environ: Row, body: bytes) -> bool:
    """Whether a callback is signed as in Standard Webhooks, by the site's secret, just now."""
    id_, stamp = environ.get("HTTP_WEBHOOK_ID", ""), environ.get("HTTP_WEBHOOK_TIMESTAMP", "")
    if not stamp.isdecimal() or abs(time.time() - int(stamp)) > TOLERANCE:
        return False
    key = base64.b64decode(os.environ["MODERATOR_SECRET"].removeprefix("whsec_"))
    signed = f"{id_}.{stamp}.".encode() + body
    ours = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    offered = environ.get("HTTP_WEBHOOK_SIGNATURE", "").split(" ")
    return any(hmac.compare_digest(f"v1,{ours}".encode(), each.encode()) for each in offered)


def with_verdicts(inner: Callable[[Row, Start], Iterable[bytes]], bridge: Bridge) -> Any:  # noqa: ANN401
    """Isso, and one address more."""

    def answer(environ: Row, start: Start) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
            return inner(environ, start)
        size = min(int(environ.get("CONTENT_LENGTH") or 0), BODY_LIMIT)
        body = environ["wsgi.input"].read(size)
        status, told = "401 Unauthorized", Row()
        if is_signed(environ, body):
            status, told = bridge.judge(json.loads(body)["data"])
        start(status, [("Content-Type", "application/json")])
        return [json.dumps(told).encode()]

    return answer


def make() -> Any:  # noqa: ANN401
    isso.Stdout = Bridge  # the one notifier that Isso makes for `notify = stdout`
    conf = isso.config.load(isso.config.default_file(), os.environ["ISSO_SETTINGS"])
    inner = isso.make_app(conf)
    Bridge.latest.tell_waiting()
    return with_verdicts(inner, Bridge.latest)


if "ISSO_SETTINGS" in os.environ:
    application = make()
