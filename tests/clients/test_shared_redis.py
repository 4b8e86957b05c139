"""A Redis that others share: names of our own, and a user who may do no more than it must."""

import re
from pathlib import Path

import pytest
import redis

from moderator.clients.redis.bell import RedisBell
from moderator.clients.redis.connect import ask_redis, tls_of
from moderator.clients.redis.hints import CeleryHints
from moderator.clients.redis.near_index import RedisNearIndex
from moderator.clients.redis.trials import RedisTrials
from moderator.domain.answering.trial import Trial
from moderator.domain.queue import Job
from moderator.storage.base.database import Database
from moderator.storage.schema.migrate import upgrade
from tests.builders import a_submission
from tests.clients.test_near_index import EDITED, RIVER, newcomers
from tests.faults.test_kill import Sender, enrol
from tests.processes import FakeBlog, Service
from tests.redis_server import RedisServer

DOCS = Path(__file__).parents[2] / "docs" / "operating.md"
OURS, THEIRS = "ours:", "theirs:"


def documented_user() -> list[str]:
    """The words of the ACL line in the operating docs, for the prefix `moderator:`."""
    [line] = re.findall(r"^ +(ACL SETUSER (?:.*\\\n)*.*)$", DOCS.read_text(), re.MULTILINE)
    return str(line).replace("\\\n", " ").split()


def test_hints_of_two_installations_do_not_meet(redis_server: RedisServer) -> None:
    ours, theirs = (
        CeleryHints(redis_server.url, prefix=prefix, patience=9) for prefix in (OURS, THEIRS)
    )
    assert ours.work_is_due(Job.DELIVER)
    assert theirs.work_is_due(Job.DELIVER)
    theirs.clear(Job.DELIVER)
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.llen("ours:deliver") == client.llen("theirs:deliver") == 1
        assert client.exists("ours:pending:deliver")
        assert not client.exists("theirs:pending:deliver")


def test_texts_of_two_installations_do_not_meet(redis_server: RedisServer) -> None:
    ours, theirs = (
        RedisNearIndex(redis_server.url, prefix=prefix, patience=9) for prefix in (OURS, THEIRS)
    )
    assert ours.find_and_add(newcomers([RIVER])) == [()]
    assert theirs.find_and_add(newcomers([EDITED], first=1)) == [()]
    [met] = ours.find_and_add(newcomers([EDITED], first=2)) or []
    assert [int(id_, 16) for id_, _ in met] == [0]


def test_who_mends_one_index_leaves_the_other_as_it_is(redis_server: RedisServer) -> None:
    ours, theirs = (
        RedisNearIndex(redis_server.url, prefix=prefix, patience=9) for prefix in (OURS, THEIRS)
    )
    assert ours.hold("we")
    assert theirs.hold("they")
    assert ours.mended("we", 0)
    assert ours.gap() is None
    assert theirs.gap() is not None


def test_trials_and_bells_of_two_installations_do_not_meet(redis_server: RedisServer) -> None:
    ours, theirs = (RedisTrials(redis_server.url, prefix=prefix) for prefix in (OURS, THEIRS))
    trial = Trial(a_submission())
    assert ours.ask(trial)
    assert theirs.take(10) == []
    assert ours.take(10) == [trial]
    listener = RedisBell(redis_server.url, prefix=OURS)
    listener.wait(0.0)
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.pubsub_channels() == [b"ours:decided"]
    listener.rest()


@pytest.mark.timeout(120)
def test_a_user_limited_to_our_names_is_enough(tmp_path: Path, redis_server: RedisServer) -> None:
    """Comments are judged by a worker, and nothing that was asked of Redis was denied."""
    with redis.Redis.from_url(redis_server.url) as client:
        client.execute_command(*documented_user())
        url = redis_server.url.replace("redis://", "redis://moderation:secret@")
        database_url = f"sqlite:///{tmp_path / 'test.db'}"
        database = Database(database_url)
        upgrade(database)
        with FakeBlog() as blog:
            key = enrol(database, blog)
            with Service(tmp_path, database_url, {"REDIS_URL": url}, workers=1) as service:
                service.wait_until_judging()
                sender = Sender(service.base, key)
                ids = {f"msg_{sender.send(number)}-1" for number in range(8)}
                assert blog.wait_for(8, seconds=30) == ids
        assert client.execute_command("ACL", "LOG") == []
        assert ask_redis(url).policy == "unknown"  # INFO is not for this user
        kept = [key for key in client.keys("*") if not key.startswith(b"moderator:")]
        assert kept == []
        assert client.keys("moderator:alike:*")
    database.close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("redis://h:1/0", {}),
        ("rediss://h:1/0", {"ssl_cert_reqs": "required", "ssl_check_hostname": True}),
        (
            "rediss://h:1/0?ssl_ca_certs=/ca.pem",
            {"ssl_cert_reqs": "required", "ssl_check_hostname": True, "ssl_ca_certs": "/ca.pem"},
        ),
        (
            "rediss://h:1/0?ssl_cert_reqs=none",
            {"ssl_cert_reqs": "none", "ssl_check_hostname": False},
        ),
        (
            "rediss://h:1/0?ssl_check_hostname=false",
            {"ssl_cert_reqs": "required", "ssl_check_hostname": False},
        ),
    ],
)
def test_celery_looks_at_certificates_unless_told_not_to(url: str, told: dict[str, object]) -> None:
    assert tls_of(url) == told
