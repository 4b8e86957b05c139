"""/metrics: for who has the token, in a format that is read as it is meant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import TestResponse

from moderator.domain.decisions.metrics import COUNTED, DECISION_SECONDS, REQUESTS, Count
from moderator.domain.errors import StorageCause, StorageUnavailableError
from moderator.domain.pages.health import Level
from moderator.storage.base.database import Database
from moderator.usecases.operate.metrics import ReadMetrics
from moderator.usecases.run.counting import Counters, RequestLog
from moderator.web import create_app
from moderator.web.server.gateway import Traffic
from moderator.web.traffic import traffic
from tests.databases import fresh
from tests.fakes import FakeLog
from tests.web.asking import TOKEN, Street
from tests.web.lab import Lab
from tests.web.serving import serving, talk


@dataclass
class CountsInMemory:
    is_away: bool = False
    added: list[Count] = field(default_factory=list)
    asked: int = 0

    def add(self, counts: Sequence[Count]) -> None:
        self._answer()
        self.added += counts

    def counts(self) -> list[Count]:
        self._answer()
        return self.added

    def levels(self) -> list[Level]:
        self.asked += 1
        return [Level("moderator_held", "Held", 3), Level("x", "X", 0.5, (("of", 'a "b"\\\n'),))]

    def _answer(self) -> None:
        if self.is_away:
            raise StorageUnavailableError(cause=StorageCause.SILENT)


def read(page: str) -> dict[str, float]:
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    database = Database(f"sqlite:///{tmp_path / 'street.db'}")
    fresh(database)
    yield Street(database)
    database.close()


def ask(street: Street, given: str) -> TestResponse:
    headers = {"Authorization": given} if given else {}
    return street.app().test_client().get("/metrics", headers=headers)


def test_who_has_the_token_reads_them(street: Street) -> None:
    answer = ask(street, f"bearer {TOKEN}")
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    numbers = read(answer.text)
    assert numbers["moderator_database_up"] == 1
    assert numbers["moderator_build_info 1"] == 1
    assert numbers["moderator_queue_rows check"] == 0
    assert numbers["moderator_decision_seconds_count"] == 0


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}",
     "Bearer \u00fc", f"Bearer  {TOKEN}"],
)  # fmt: skip
def test_nobody_else_does(street: Street, given: str) -> None:
    answer = ask(street, given)
    assert answer.status_code == 401
    assert "moderator_" not in answer.text


def test_without_a_token_there_is_no_such_page(street: Street) -> None:
    app = create_app(replace(street.services(), metrics_token=""))
    for given in ("Bearer ", f"Bearer {TOKEN}"):
        answer = app.test_client().get("/metrics", headers={"Authorization": given})
        assert answer.status_code == 404


def test_every_metric_explains_itself_and_is_there_before_it_counts() -> None:
    page = ReadMetrics(Counters(), CountsInMemory(), "1")()
    families = {family.name: family for family in text_string_to_metric_families(page)}
    for metric in COUNTED:
        assert families[metric.name.removesuffix("_total")].documentation == metric.help


def test_a_histogram_adds_up() -> None:
    counters = Counters()
    for seconds in (0.1, 0.11, 4_000.0):
        counters.observe(DECISION_SECONDS, seconds)
    numbers = read(ReadMetrics(counters, CountsInMemory(), "1")())
    name = "moderator_decision_seconds"
    assert numbers[f"{name}_bucket 0.1"] == 1  # a bound belongs to its own bucket
    assert numbers[f"{name}_bucket 0.25"] == 2
    assert numbers[f"{name}_bucket 3600.0"] == 2
    assert numbers[f"{name}_bucket +Inf"] == numbers[f"{name}_count"] == 3
    assert numbers[f"{name}_sum"] == pytest.approx(4000.21)


def test_labels_come_back_as_they_were() -> None:
    assert read(ReadMetrics(Counters(), CountsInMemory(), "1")())['x a "b"\\\n'] == 0.5


def test_while_the_database_is_away_that_is_all_there_is_to_say_and_nothing_is_lost() -> None:
    counters, store = Counters(), CountsInMemory(is_away=True)
    metrics = ReadMetrics(counters, store, "1")
    counters.add(REQUESTS, "/healthz", "200")
    assert read(metrics()) == {"moderator_database_up": 0, "moderator_build_info 1": 1}
    counters.add(REQUESTS, "/healthz", "200")
    store.is_away = False
    assert read(metrics())["moderator_requests_total /healthz 200"] == 2


def test_who_asks_often_asks_the_database_no_oftener() -> None:
    store = CountsInMemory()
    metrics = ReadMetrics(Counters(), store, "1")
    assert read(metrics())["moderator_held"] == read(metrics())["moderator_held"] == 3
    assert store.asked == 1


def watched(log: FakeLog, counters: Counters) -> Traffic:
    return replace(traffic(2), watcher=RequestLog(counters, log))


def test_every_answer_is_counted_by_the_route_that_gave_it() -> None:
    counters, store = Counters(), CountsInMemory()
    requests = {
        b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n": "/healthz 200",
        b"GET /v1/submissions/%s HTTP/1.1\r\nHost: a\r\n\r\n"
        % (b"5eca" * 8): "/v1/submissions/<submission_id> 401",
        b"GET /quixotilda HTTP/1.1\r\nHost: a\r\n\r\n": "none 404",
        b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n": "none 400",
        b"DELETE /healthz HTTP/1.1\r\nHost: a\r\n\r\n": "none 405",
    }
    with serving(Lab().app(), traffic=watched(FakeLog(), counters)) as port:
        for request in requests:
            talk(port, request)
    numbers = read(ReadMetrics(counters, store, "1")())
    told = {
        name.removeprefix("moderator_requests_total ") for name in numbers if "requests" in name
    }
    assert not any("quixotilda" in one or "5ec" in one for one in told)
    assert told == set(requests.values())


@pytest.mark.parametrize(
    ("head", "proxy", "counted"),
    [
        ("X-Forwarded-For: 192.0.2.7\r\n", "", 1),
        ("X-Forwarded-For: 192.0.2.7\r\n", "127.0.0.1", 0),
        ("", "", 0),
    ],
)
def test_a_neighbour_that_speaks_for_others_is_noticed(head: str, proxy: str, counted: int) -> None:
    counters, log = Counters(), FakeLog()
    asked = f"GET /healthz HTTP/1.1\r\nHost: a\r\n{head}\r\n".encode()
    with serving(Lab().app(), proxy=proxy, traffic=watched(log, counters)) as port:
        for _ in range(2):
            talk(port, asked)
    numbers = read(ReadMetrics(counters, CountsInMemory(), "1")())
    assert numbers["moderator_unnamed_proxy_total"] == 2 * counted
    assert log.told == [("unnamed_proxy", {"address": "127.0.0.1"})] * counted
