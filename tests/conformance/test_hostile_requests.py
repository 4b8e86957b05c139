"""Requests that no honest client sends, on the wire, at every route: refused, and nothing hangs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from moderator.platforms import BY_NAME
from moderator.storage.base.database import Database
from moderator.web import create_app
from moderator.web.server.serve import RequestLimits
from tests.conformance.hostile_requests import FORM, JSON, XML, Kind, Target, kinds
from tests.databases import fresh
from tests.web.asking import KEY, Street
from tests.web.desk import Office
from tests.web.routes import Route, routes
from tests.web.serving import Reply, connected, read_replies, send, serving

SECONDS = 2.0  # that a request has to be whole; an answer must come at the latest then
MEANT = frozenset({501, 503, 505})
LONGEST = 200_000  # bytes of an answer
INSIDES = (b"Traceback", b"site-packages")
PARTS = 12  # one of them is enough on an ordinary day


@dataclass(frozen=True)
class Doors:
    port: int
    targets: tuple[Target, ...]

    def fault(self, target: Target, kind: Kind) -> str:
        """What is wrong with the answer, '' for nothing."""
        with connected(self.port) as connection:
            send(connection, kind(target))
            try:
                replies = read_replies(connection)
            except TimeoutError:
                return "it hangs"
            except OSError:  # closed while we were still sending: as good as an answer
                return ""
        return _wrong(replies[0]) if replies else "no answer"


def _wrong(reply: Reply) -> str:
    if reply.status >= 500 and reply.status not in MEANT:
        return f"status {reply.status}"
    if len(reply.body) > LONGEST or any(word in reply.body for word in INSIDES):
        return f"{len(reply.body)} bytes: {reply.body[:80]!r}"
    is_problem = reply.headers.get("content-type", "") == "application/problem+json"
    if is_problem and reply.body and json.loads(reply.body)["status"] != reply.status:
        return "the problem names another status"
    return ""


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    asking = Database(f"sqlite:///{tmp_path / 'doors.db'}")
    office_rows = Database(f"sqlite:///{tmp_path / 'office.db'}")
    for database in (asking, office_rows):
        fresh(database)
    office = Office(office_rows)
    cookie = f"moderator-session={office.browser('anna').cookie('session')}"
    services = replace(Street(asking).services(), dashboard=office.services().dashboard)
    app = create_app(services)
    found = {
        (route.method, route.path): _target(route, cookie)
        for name in sorted(BY_NAME)
        for route in routes(app, site_id="asked", key=KEY, name=name)
        if route.method in {"GET", "POST"}
    }
    assert {("POST", "/1.1/comment-check"), ("POST", "/v1/check"), ("GET", "/queue")} <= {*found}
    with serving(app, RequestLimits(request_seconds=SECONDS)) as port:
        yield Doors(port, tuple(found.values()))
    asking.close()
    office_rows.close()


def _target(route: Route, cookie: str) -> Target:
    if route.is_page:
        origin = {"Origin": "http://localhost"} if route.method == "POST" else {}
        return Target(route.method, route.path, FORM, {"Cookie": cookie, **origin})
    if "pingback" in route.path:
        return Target(route.method, route.path, XML)
    if not route.path.startswith(("/v1", "/platforms", "/blogspam")):
        return Target(route.method, route.path, FORM)
    return Target(route.method, route.path, JSON, {"Authorization": "Bearer mod_asked"})


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "part", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, PARTS))]
)
def test_what_no_honest_client_sends_is_answered(doors: Doors, part: int) -> None:
    """Each part has every kind and every door, and other pairs of them."""
    asked = 0
    wrong: dict[str, list[str]] = {}
    for number, (name, kind) in enumerate(kinds()):
        for target in doors.targets[(part - number) % PARTS :: PARTS]:
            asked += 1
            if fault := doors.fault(target, kind):
                wrong.setdefault(f"{name}: {fault}", []).append(f"{target.method} {target.path}")
    assert wrong == {}
    assert asked > 4_000
