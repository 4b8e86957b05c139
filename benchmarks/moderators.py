"""How long a decision takes when twenty moderators press at once, on the service as it runs.

Each has a session of their own and decides about one item a press: all in the same moment, again
and again, then each once a second. Also: a campaign of 500 members with one press, some of which
somebody else decided meanwhile. With many held ones, and a web process as in production.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from moderator.domain.account import Role
from moderator.domain.finding import Finding, Signal
from moderator.storage.base.database import Database
from moderator.usecases.moderate.sign_in import OpenedSession
from tests.builders import a_submission
from tests.processes import Service
from tests.stock import stock, stock_campaign
from tests.web.desk import PASSWORD, Office

MODERATORS = 20
PRESSES = 30  # of each: in the same moment as the others, and once a second
MEMBERS, DECIDED = 500, 20  # of a campaign; of these by somebody else meanwhile
ROUNDS = 3  # campaigns
HOLD = Finding("lists", Signal.SUSPECT, "Words of advertising", "advertising", 0.5)

Press = tuple[str, dict[str, str]]  # path and form
Say = Callable[[str, list[float]], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """A moderator's browser: one connection, one session."""

    connection: HTTPConnection
    session: OpenedSession

    def press(self, press: Press) -> tuple[float, dict[str, object]]:
        """Milliseconds until the answer is there, and what it says."""
        path, form = press
        body = urlencode({"csrf": self.session.session.csrf, **form})
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"moderator-session={self.session.value}",
        }
        began = time.perf_counter()
        self.connection.request("POST", path, body, headers)
        answer = self.connection.getresponse()
        said = answer.read()
        took = 1000 * (time.perf_counter() - began)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {said[:200]!r}")
        return took, json.loads(said)


def press_together(folder: Path, url: str, say: Say) -> None:
    """`url` is a database with many held ones, and the people of an Office."""
    with closing(Database(url)) as database:
        office = Office(database, now=datetime.now(UTC), is_new=False)
        opened = [_moderator(office, number) for number in range(MODERATORS)]
        campaigns = [_campaign(database, number) for number in range(ROUNDS)]
        held = _held(database, MODERATORS * (2 * PRESSES + 1))
    with _running(folder, url) as port:
        desks = [Desk(HTTPConnection("127.0.0.1", port, timeout=60), one) for one in opened]
        for desk in desks:
            desk.press(_decision(held.pop()))  # the first press of a process is none to measure
        presses = [[_decision(held.pop()) for _ in range(PRESSES)] for _ in desks]
        say(f"decision, {MODERATORS} moderators in the same moment", _at_once(desks, presses))
        each = [[_decision(held.pop()) for _ in range(PRESSES)] for _ in desks]
        say(f"decision, {MODERATORS} moderators, each once a second", _each_second(desks, each))
        took = [_decide_campaign(desks, *one) for one in campaigns]
        say(f"campaign of {MEMBERS}, {DECIDED} decided by others", took)


def _moderator(office: Office, number: int) -> OpenedSession:
    token = office.sign_in.invite(f"mod{number}", Role.OWNER, (), now=office.now)
    return office.sign_in.choose_password(token, PASSWORD, address="192.0.2.1", now=office.now)


def _campaign(database: Database, number: int) -> tuple[str, list[str]]:
    """Its id, and those of its members; each with its own last word."""
    text = f"Everybody number {number} can earn a fortune from the sofa, dear reader"
    members = []
    for one in range(MEMBERS):
        own = f"{number + 1:08x}{one + 1:024x}"
        members.append(replace(a_submission(f"{text} {one}"), id=own, platform_id=own))
    for member in members:
        stock(database, member, HOLD)
    return stock_campaign(database, *members, similarity=0.9), [one.id for one in members]


def _held(database: Database, many: int) -> list[str]:
    """So many more, each like nothing else: the others are copies that nobody could decide."""
    ids = [f"{0xD:08x}{number:024x}" for number in range(1, many + 1)]
    for number, id_ in enumerate(ids):
        text = f"Remark {number}: the bridge of {number * 7919 % 1911} was finished, at last."
        stock(database, replace(a_submission(text), id=id_, platform_id=id_), HOLD)
    return ids


@contextmanager
def _running(folder: Path, url: str) -> Iterator[int]:
    """Web and Redis alone: what workers do with decisions comes ten seconds later."""
    service = Service(folder, url, {"GRACE_SECONDS": "10"})
    service.redis.start()
    try:
        service.start("web")
        service.wait_until_ready()
        yield service.port
    finally:
        service.__exit__()


def _decision(submission_id: str) -> Press:
    form = {"verdict": "spam", "seen": "1", "version": "1"}
    return f"/submissions/{submission_id}/decision", form


def _at_once(desks: list[Desk], presses: list[list[Press]]) -> list[float]:
    gate = threading.Barrier(len(desks))

    def work(desk: Desk, mine: list[Press], took: list[float]) -> None:
        for press in mine:
            gate.wait()
            took.append(desk.press(press)[0])

    return _all(desks, presses, work)


def _each_second(desks: list[Desk], presses: list[list[Press]]) -> list[float]:
    began = time.monotonic()

    def work(desk: Desk, mine: list[Press], took: list[float]) -> None:
        own = desks.index(desk) / len(desks)  # people do not press in step
        for number, press in enumerate(mine):
            time.sleep(max(0.0, began + number + own - time.monotonic()))
            took.append(desk.press(press)[0])

    return _all(desks, presses, work)


def _all(
    desks: list[Desk],
    presses: list[list[Press]],
    work: Callable[[Desk, list[Press], list[float]], None],
) -> list[float]:
    took: list[float] = []
    threads = [
        threading.Thread(target=work, args=(desk, mine, took))
        for desk, mine in zip(desks, presses, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(took) != sum(map(len, presses)):
        raise RuntimeError("somebody was not answered")
    return took


def _decide_campaign(desks: list[Desk], campaign_id: str, members: list[str]) -> float:
    now = int(1000 * time.time())
    for id_ in members[:DECIDED]:
        desks[1].press(_decision(id_))
    form = {"verdict": "spam", "at": str(now)}
    took, said = desks[0].press((f"/campaign/{campaign_id}/decide", form))
    conflicts = said["conflicts"]
    told = len(conflicts) if isinstance(conflicts, list) else 0
    if (said["decided"], told) != (MEMBERS - DECIDED, DECIDED):
        raise RuntimeError(f"{said['decided']} decided, {told} conflicts")
    return took
