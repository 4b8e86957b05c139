"""What goes wrong in a drain ends that drain alone, and a sweeper holds little until it must."""

import subprocess
import sys

import pytest
from sqlalchemy.exc import IntegrityError

from moderator.bootstrap.worker import contained
from moderator.domain.errors import StorageUnavailableError

HEAVY = ("numpy", "aiohttp", "httpx", "flask", "moderator.judgement", "sklearn")
IDLE = f"""
import sys
from moderator.bootstrap.worker import build_worker
from moderator.settings import Settings
worker = build_worker(Settings(database_url="sqlite://"))
worker.sweep()
print([name for name in {HEAVY!r} if name in sys.modules])
worker.start_sweeping()
worker.close()
"""


@pytest.mark.parametrize(
    "error",
    [
        StorageUnavailableError("The database does not answer"),
        KeyError("k"),
        MemoryError(),
        SystemExit(3),
        IntegrityError("INSERT", {}, ValueError("v")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_goes_wrong_is_logged_and_over(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    def step() -> int:
        raise error

    assert contained(step, "deliver", 0)() == 0
    assert "drain=deliver ended" in caplog.text


def test_who_interrupts_is_obeyed() -> None:
    def step() -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        contained(step, "deliver", 0)()


def test_an_idle_sweeper_holds_neither_model_nor_clients() -> None:
    told = subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", IDLE], check=True, capture_output=True, text=True
    )
    assert told.stdout == "[]\n"
