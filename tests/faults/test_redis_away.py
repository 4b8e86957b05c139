"""Redis says only "look now": dead or hung, everything is still answered, judged and delivered."""

from pathlib import Path

import pytest

from moderator.storage.base.database import Database
from tests.databases import fresh
from tests.faults.test_kill import Sender, decisions_of_all, enrol
from tests.marks import long_but
from tests.processes import FakeBlog, Service

FEW = 20
ALONE = "dead, and the sweeper too"


@pytest.mark.timeout(180)
@pytest.mark.parametrize("fault", long_but(["dead", "hung", ALONE], "dead", "hung"))
def test_work_goes_on_without_redis(fault: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    database = Database(url)
    fresh(database)
    with FakeBlog() as blog:
        key = enrol(database, blog)
        with Service(tmp_path, url, workers=1) as service:
            if fault == "hung":
                service.redis.hang()
            else:
                service.wait_until_judging()
                service.redis.stop()
            if "sweeper" in fault:
                service.kill("sweeper")  # a worker that hears of nothing looks for itself
            sender = Sender(service.base, key)
            ids = [sender.send(number) for number in range(FEW)]
            got = blog.wait_for(FEW, seconds=90)
            if fault == "hung":
                service.redis.resume()
    assert sender.answers == {202: FEW}
    assert got == {f"msg_{id_}-1" for id_ in ids}
    assert decisions_of_all(database) == dict.fromkeys(ids, 1)
    database.close()
