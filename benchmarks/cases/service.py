"""The service in this process: real rows on SQLite, the real web application, a web of pages."""

import json
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from benchmarks.cases.outcome import WORDS, Step
from moderator.checks import LOCAL, REMOTE
from moderator.domain.check import RemoteTools
from moderator.domain.errors import FetchError, ModeratorError
from moderator.domain.pages.api import SubmissionStatus
from moderator.domain.policy import Mode
from moderator.domain.ports import FetchedPage
from moderator.domain.queue import Job
from moderator.domain.submission import Submission
from moderator.domain.verdict import Verdict
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.storage.base.database import Database
from moderator.storage.dashboard.api import SubmissionStatusRows
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.upkeep.heartbeat import HeartbeatRows
from moderator.storage.upkeep.probe import Probe
from moderator.usecases.intake.accept import Accept
from moderator.usecases.moderate.submission_status import ReadSubmission
from moderator.usecases.operate.ready import CheckReadiness
from moderator.usecases.operate.sites import ListChange, ManageSites, SiteChoices
from moderator.usecases.services import Services
from moderator.web import create_app
from moderator.web.limits import RateLimit
from moderator.web.linkback_endpoints import EndpointLimits
from tests.builders import POST, a_site
from tests.databases import fresh
from tests.house import House
from tests.pages import NoMemory, NoSpamService

FORM = "application/x-www-form-urlencoded"
SITE = "blog"
MANY = 1_000_000
ROUNDS = 8  # in which a source that does not answer is asked again until a person is


@dataclass(frozen=True, slots=True)
class Shown:
    """What a source answers."""

    html: str
    status: int = 200
    kind: str = "text/html; charset=utf-8"


@dataclass
class Web:
    """A `Fetcher` over what is shown at addresses; all others are silent."""

    pages: dict[str, Shown] = field(default_factory=dict)

    async def get(
        self, url: str, *, allowed: frozenset[tuple[str, int]] = frozenset(), head: bool = False
    ) -> FetchedPage:
        shown = self.pages.get(url)
        if shown is None:
            raise FetchError("The host does not answer")
        return FetchedPage(
            url, shown.status, {"content-type": shown.kind}, shown.html.encode(), (url,), 1
        )


class Service:
    """One blog and everything that works for it."""

    def __init__(self, database: Database) -> None:
        self.house = House(database, MemoryNearIndex())
        self._learn()
        self.web = Web()
        self._ways = RemoteTools(self.web, NoSpamService(), NoMemory())
        self.enrol = ManageSites(self.house.sites, secrets.token_bytes)
        self._key = self.enrol.rotate(SITE, now()).api_key
        self.client = self._app().test_client()
        self._ids: list[str] = []
        self._html: dict[str, str] = {}

    def _app(self) -> Flask:
        database, house = self.house.database, self.house
        services = Services(
            accept=Accept(IntakeRows(database), house.sites, house.hints, MANY),
            sites=house.sites,
            show=ReadSubmission(SubmissionStatusRows(database)),
            ready=CheckReadiness(HeartbeatRows(database), Probe(database)),
            clock=now,
            entropy=secrets.token_bytes,
        )
        limit = RateLimit(MANY, MANY)
        return create_app(services, limit=limit, endpoint_limits=EndpointLimits(limit, limit))

    def relist(self, which: str, entries: list[str]) -> str:
        """Put entries on a list, as `moderator site lists` does; why they were refused, or ''."""
        try:
            self.enrol.relist(SITE, ListChange(**{which: entries}))
        except ModeratorError as error:
            return str(error)
        return ""

    def choose(self, lang: str, mode: str) -> None:
        """What the blog declares, as `moderator site set` does."""
        langs = tuple(filter(None, lang.split(",")))
        self.enrol.choose(SITE, SiteChoices(langs=langs or None, mode=Mode(mode) if mode else None))

    def send(self, event: Mapping[str, object]) -> str:
        """Post an event to the webhook and work until it is judged; return our id."""
        answer = post_event(self.client, self._key, event)
        if answer.status_code // 100 != 2:
            raise ValueError(f"{answer.status_code}: {answer.text}")
        id_ = str(answer.get_json()["id"])
        if id_ not in self._ids:
            self._ids.append(id_)
        self.work()
        return id_

    def knock(self, door: str, body: bytes, content_type: str, html: str = "") -> str:
        """Post to a linkback door and work until it is judged; return our id."""
        path = f"/doors/{SITE}/{door}?target={POST.url}"
        answer = self.client.post(path, data=body, content_type=content_type)
        known = {str(row[0]) for row in self.house.rows("SELECT id FROM submissions")}
        [id_] = known - set(self._ids) or {""}
        if not id_:
            raise ValueError(f"{answer.status_code}: {answer.text}")
        self._ids.append(id_)
        self._html[id_] = html
        self.work()
        return id_

    def work(self) -> None:
        """Judge whatever waits; a source that does not answer is asked until its time is over."""
        for _ in range(ROUNDS):
            while self.house.check(*LOCAL, remote=REMOTE) + self.house.reach(
                *REMOTE, ways=self._ways
            ):
                pass
            if not self.house.rows("SELECT 1 FROM queue WHERE job IN ('check', 'reach')"):
                return
            self.house.hurry(Job.CHECK_LOCAL, Job.CHECK_REMOTE)

    def moderate(self, id_: str, verdict: Verdict) -> None:
        """Decide as a person on the dashboard does, and let it teach."""
        view = self._view(id_)
        seen = view.decisions[-1].sequence
        self.house.moderate(id_, verdict, seen=seen, version=view.content_version)
        self.house.hurry(Job.TRAIN_SITE_MODEL)
        self._learn()
        self.work()

    def _learn(self) -> None:
        self.house.text_judge = Scorer(shared_model(), self.house.learn().get)

    def _view(self, id_: str) -> SubmissionStatus:
        """As the blog may see it. Raises LookupError."""
        view = SubmissionStatusRows(self.house.database).find(SITE, id_)
        if view is None:
            raise LookupError(f"there is no submission {id_}")
        return view

    def steps(self) -> tuple[Step, ...]:
        """All that was sent, in order, as it stands now."""
        return tuple(self._step(id_) for id_ in self._ids)

    def _step(self, id_: str) -> Step:
        view, stored = self._view(id_), self.house.store.stored_submissions([id_]).get(id_)
        verdict = WORDS.get(view.status, view.status)
        if not view.decisions or stored is None:
            return Step(verdict)
        score, said = view.decisions[-1].decision.score, _said(stored.submission)
        return Step(verdict, score, view.findings, said, self._html.get(id_, ""))

    def newcomer(self) -> tuple[int, str]:
        """Register a site as an operator does beside this busy web; the first answer to its key."""
        self.client.get("/v1/submissions/0", headers={"Authorization": f"Bearer {self._key}"})
        beside = Database(str(self.house.database.engine.url))
        added = ManageSites(SiteRows(beside), secrets.token_bytes).add(a_site(id="new"), now())
        answer = post_event(self.client, added.api_key, an_event(1, {"text": "Hello"}, "new"))
        beside.close()
        return answer.status_code, answer.text

    def close(self) -> None:
        self.house.database.close()


def _said(submission: Submission) -> dict[str, str]:
    said = {"author": submission.author.name, "text": submission.text}
    linkback = submission.linkback
    if linkback is None:
        return said
    return said | {
        "title": linkback.source_title,
        "text": linkback.excerpt,
        "relation": linkback.relation,
    }


def now() -> datetime:
    return datetime.now(UTC)


def post_event(client: FlaskClient, key: str, event: Mapping[str, object]) -> TestResponse:
    headers = {"Authorization": f"Bearer {key}"}
    body = json.dumps(event).encode()
    return client.post(
        "/v1/submissions", data=body, headers=headers, content_type="application/json"
    )


def an_event(
    number: int, content: Mapping[str, object], site: str = SITE, kind: str = "comment.created"
) -> dict[str, object]:
    """An event of the webhook; `content` names what differs (text, format, author, post, ...)."""
    comment: dict[str, object] = {
        "id": str(content.get("id", number)),
        "type": content.get("kind", "comment"),
        "content": {"raw": content.get("text", ""), "format": content.get("format", "text")},
    }
    for name in ("parent_id", "published", "status"):
        if name in content:
            comment[name] = content[name]
    url = str(content.get("post") or POST.url)
    title = content.get("post_title") or POST.title
    data: dict[str, object] = {
        "site": {"id": site},
        "comment": comment,
        "author": content.get("author") or {},
        "post": {"id": POST.id if url == POST.url else url, "url": url, "title": title},
    }
    if "honeypot" in content:
        data["request"] = {"honeypot": content["honeypot"]}
    return {"type": kind, "timestamp": now().isoformat(), "data": data}


class Stock:
    """Databases with the schema and nothing in them, made once and copied."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="moderator-cases-"))
        self._count = 0
        empty = Database(f"sqlite:///{self._folder / 'empty.db'}")
        fresh(empty)
        empty.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder)

    @contextmanager
    def service(self) -> Iterator[Service]:
        self._count += 1
        path = self._folder / f"{self._count}.db"
        shutil.copy(self._folder / "empty.db", path)
        service = Service(Database(f"sqlite:///{path}"))
        try:
            yield service
        finally:
            service.close()
