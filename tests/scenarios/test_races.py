"""Whatever happens while a worker is out asking, each once: judged as in test_any_order.py."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from tests.scenarios.order import KINDS
from tests.scenarios.test_any_order import ANN, AnyOrder
from tests.scenarios.work_model import World
from tests.scenarios.workers import GOOD_WORLD

SILENT_WORLD = World("silent", "links fine")
OTHER_WORLD = World("junk", "links maybe")
JOBS = ("check", "reach", "ask", "reverify")

HAPPENINGS: Mapping[str, Callable[[AnyOrder, int], None]] = {
    "told": lambda house, _: house.deliver(200, is_late=True),
    "edited": lambda house, which: house.updated(which, "fine", is_late=False),
    "edited, and dubious": lambda house, which: house.updated(which, "maybe", is_late=False),
    "deleted": lambda house, which: house.deleted(which),
    "approved": lambda house, which: house.moderate(which, Verdict.APPROVE, ANN, is_stale=False),
    "refused": lambda house, which: house.moderate(which, Verdict.SPAM, ANN, is_stale=False),
    "held at the blog": lambda house, which: house.blog_decides(which, "hold"),
    "judged anew": lambda house, which: house.renewed(which),
}


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("races") / "test.db"
    database = Database(f"sqlite:///{path}", synchronous="OFF")
    yield database
    database.close()


def begin(house: AnyOrder, job: str) -> None:
    """Have this to do for each kind of comment that ever has."""
    house.about = list(KINDS)
    for which in range(len(KINDS)):
        house.created(which, "fine")
    match job:
        case "reach":
            house.do("check", GOOD_WORLD)
        case "ask":
            house.work(SILENT_WORLD)
        case "reverify":
            house.work(GOOD_WORLD)
        case _:
            pass  # as it came


@pytest.mark.parametrize("is_judged", [False, True], ids=["", "judged"])
@pytest.mark.parametrize("happening", HAPPENINGS)
@pytest.mark.parametrize("job", JOBS)
def test_what_is_written_late_fits_what_happened_meanwhile(
    sqlite: Database, job: str, happening: str, *, is_judged: bool
) -> None:
    machine = type("Machine", (AnyOrder,), {"database": sqlite})
    house: AnyOrder = machine()
    begin(house, job)
    assert job in house.waiting
    house.do(job, OTHER_WORLD if job == "reverify" else GOOD_WORLD, is_slow=True)
    for which in range(len(KINDS)):
        HAPPENINGS[happening](house, which)
    if is_judged:
        house.work(GOOD_WORLD)
    house.wake(0)
    house.rows_are_as_the_table_says()
    house.what_waits_is_what_must()
    house.teardown()
