"""What real processes did is what they say: /metrics of any of them, and their logs."""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.usecases.operate.sites import ManageSites
from tests.builders import a_site
from tests.marks import long_but
from tests.processes import ROOT, FakeBlog, Service
from tests.redis_server import free_port
from tests.web.lab import an_event

TOKEN = "a-token-of-the-operator"
SECRET = "quixotilda"
SILENT = "moderator_process_silent_seconds"
COMMENTS = 12
Key = tuple[str, tuple[tuple[str, str], ...]]


def _ask(url: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, body, given)  # noqa: S310  # loopback
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return int(answer.status), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def _numbers(base: str) -> dict[Key, float]:
    """As Prometheus reads them."""
    status, page = _ask(f"{base}/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def _of(numbers: dict[Key, float], name: str, *, by: str = "") -> Counter[str]:
    found: Counter[str] = Counter()
    for (sample, labels), value in numbers.items():
        if sample == name:
            found[dict(labels).get(by, "")] += round(value)
    return found


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def _logged(folder: Path, event: str) -> Iterator[dict[str, object]]:
    for log in sorted(folder.glob("*.log")):
        for line in log.read_text().splitlines():
            if line.startswith("{"):
                said = json.loads(line)
                if said.get("event") == event:
                    yield said


@contextmanager
def _another_host(service: Service) -> Iterator[str]:
    """A web process that shares nothing with the others but the database."""
    port = free_port()
    folder = service.folder / "other"
    folder.mkdir()
    environment = {**service.environment, "PORT": str(port), "DATA_DIR": str(folder)}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(  # our own program
            [sys.executable, "-m", "moderator.wsgi"], env=environment, cwd=ROOT, stderr=log
        ) as process,
    ):
        try:
            _until_it_listens(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _until_it_listens(base: str, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            assert _ask(f"{base}/healthz")[0] == 200
        except OSError:
            threading.Event().wait(0.05)
        else:
            return
    raise AssertionError("It ended")


def _send_all(service: Service, api_key: str) -> Counter[str]:
    """Good and bad requests; return how many were answered how."""
    good = {"Authorization": f"Bearer {api_key}", "Content_Type": "application/json"}
    sent = [
        *((json.dumps(an_event(platform_id=str(n))).encode(), good) for n in range(COMMENTS)),
        (b"{", good),
        (b"{}", good | {"Authorization": "Bearer nobody"}),
    ]
    url = f"{service.base}/v1/submissions"
    return Counter(str(_ask(url, body, **headers)[0]) for body, headers in sent)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    "database_url", long_but(("sqlite", "postgres"), "postgres"), indirect=True
)
def test_all_processes_tell_what_all_of_them_did(tmp_path: Path, database_url: str) -> None:
    database = Database(database_url)
    extra = {"METRICS_TOKEN": TOKEN, "LOG_FORMAT": "json"}
    with FakeBlog() as blog, Service(tmp_path, database_url, extra) as service:
        allowed = frozenset({("127.0.0.1", blog.port)})
        site = a_site(id="blog", callback_url=blog.url, allowed_addresses=allowed)
        credentials = ManageSites(SiteRows(database), os.urandom).add(site, database.now())
        answered = _send_all(service, credentials.api_key)
        assert answered["202"] == COMMENTS
        for status in (_ask(f"{service.base}/{SECRET}")[0], _ask(f"{service.base}/metrics")[0]):
            assert status in {401, 404}
        assert len(blog.wait_for(COMMENTS, seconds=60)) == COMMENTS
        with _another_host(service) as other:
            for name in ("worker", "worker2", "sweeper", "web"):
                _end(service.processes[name])
            numbers = _numbers(other)
    with database.read() as connection:
        rows = connection.execute(text("SELECT id, submission_id, verdict FROM decisions")).all()
    database.close()
    _assert_requests(numbers, answered)
    _assert_work(numbers, Counter(str(row.verdict) for row in rows))
    _assert_logged(tmp_path, {row.id: (row.submission_id, row.verdict) for row in rows})


def _assert_work(numbers: dict[Key, float], verdicts: Counter[str]) -> None:
    assert _of(numbers, "moderator_decisions_total", by="verdict") == verdicts
    assert _of(numbers, "moderator_callbacks_total", by="state") == {"delivered": COMMENTS}
    assert _of(numbers, "moderator_callbacks_total", by="status") == {"2xx": COMMENTS}
    for name in ("moderator_decision_seconds", "moderator_callback_seconds"):
        assert numbers[f"{name}_count", ()] == COMMENTS
        assert numbers[f"{name}_bucket", (("le", "+Inf"),)] == COMMENTS
        assert 0 < numbers[f"{name}_sum", ()] < 180 * COMMENTS
    assert numbers["moderator_held", ()] == verdicts["hold"]
    assert numbers["moderator_database_up", ()] == 1
    assert _of(numbers, "moderator_queue_rows", by="job")["check"] == 0
    kinds = {dict(labels).get("kind") for (name, labels) in numbers if name == SILENT}
    assert kinds == {"web", "worker", "sweeper"}
    assert not any(word in str(labels) for _, labels in numbers for word in (SECRET, "blog"))


def _assert_logged(folder: Path, decisions: dict[str, tuple[str, str]]) -> None:
    decided = list(_logged(folder, "decision"))
    said = Counter((one["submission"], one["verdict"]) for one in decided)
    assert said == Counter(decisions.values())
    told = list(_logged(folder, "callback"))
    assert {one["callback"] for one in told} == {f"msg_{id_}" for id_ in decisions}
    assert {(one["state"], one["status"]) for one in told} == {("delivered", 204)}
    assert all(0 <= int(str(one["ms"])) < 180_000 for one in (*decided, *told))


def _assert_requests(numbers: dict[Key, float], answered: Counter[str]) -> None:
    sent = {
        dict(labels)["status"]: value
        for (name, labels), value in numbers.items()
        if name == "moderator_requests_total" and ("route", "/v1/submissions") in labels
    }
    assert sent == answered
    asked = {labels for name, labels in numbers if name == "moderator_requests_total"}
    assert (("route", "none"), ("status", "404")) in asked
    assert (("route", "/metrics"), ("status", "401")) in asked
