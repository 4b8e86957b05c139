"""`moderator near rebuild`: the index of near copies is read anew on demand."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.clients.redis.near_index import RedisNearIndex
from moderator.domain.content.facts import Facts
from moderator.domain.ids import new_id
from moderator.judgement.near.sketch import sketched
from moderator.storage.base.database import Database
from tests.builders import a_submission
from tests.databases import fresh
from tests.redis_server import RedisServer
from tests.stock import stock, stock_site

TEXT = "Every spring the council promises to mend the bridge, and every autumn the river rises."


def test_what_is_stored_is_known_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    redis_server: RedisServer,
) -> None:
    url = f"sqlite:///{tmp_path / 'near.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    database = Database(url)
    fresh(database)
    stock_site(database)
    now = datetime.now(UTC)  # Redis has no other clock
    known = replace(a_submission(TEXT), id=new_id(now, bytes(10)), received_at=now)
    stock(database, known)
    database.close()

    assert main(["near", "rebuild"]) == 0
    assert capsys.readouterr().out.startswith("1 comments were read in ")
    copy = a_submission(TEXT.replace("river", "water"), id="ff" * 16)
    met = RedisNearIndex(redis_server.url, prefix="moderator:").find_and_add(
        sketched([Facts(copy)])
    )
    assert met is not None
    assert [other for other, _ in met[0]] == [known.id]


def test_without_redis_there_is_nothing_to_rebuild(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'near.db'}")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    assert main(["near", "rebuild"]) == 1
