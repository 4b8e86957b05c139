import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from moderator.settings import Settings
from moderator.wsgi import build
from tests.redis_server import free_port
from tests.shared import ROOT


def serve(**environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "moderator.wsgi"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        stderr=subprocess.PIPE,
        text=True,
    )


def test_every_bad_setting_is_named_at_once() -> None:
    with serve(PORT="many", WEB_THREADS="0") as process:
        _, told = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "PORT" in told
    assert "WEB_THREADS" in told


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_listens_and_ends_when_asked(tmp_path: Path, ending: signal.Signals) -> None:
    port = str(free_port())
    with serve(DATA_DIR=str(tmp_path), PORT=port, REDIS_URL="redis://127.0.0.1:9/0") as process:
        assert process.stderr is not None
        while "listening" not in (line := process.stderr.readline()):
            assert line, "it ended without a word"
        process.send_signal(ending)
        process.communicate(timeout=30)
    assert process.returncode == 0


def test_another_server_gets_the_same_application(tmp_path: Path) -> None:
    app = build(Settings(data_dir=tmp_path, redis_url="redis://127.0.0.1:9/0"))
    assert app.test_client().get("/healthz").json == {"status": "ok"}
