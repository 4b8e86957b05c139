"""The clients that the documentation shows do what it says, against a served process."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from moderator.storage.base.database import Database
from tests.databases import fresh
from tests.sources import ROOT
from tests.web.asking import Street
from tests.web.contract import Contract
from tests.web.serving import serving

EXAMPLES = ROOT / "integrations" / "examples"
PROGRAMS = {"send.sh": "sh", "send.py": "python3", "send.mjs": "node", "send.php": "php"}


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir()))
def test_an_example_sends_a_comment_and_sees_it(name: str, tmp_path: Path) -> None:
    program = shutil.which(PROGRAMS[name])
    if program is None or (name == "send.sh" and shutil.which("curl") is None):
        pytest.skip(f"there is no {PROGRAMS[name]} here, or no curl: {name} was not run")
    database = Database(f"sqlite:///{tmp_path / 'examples.db'}")
    fresh(database)
    street = Street(database)
    with serving(street.app()) as port:
        named = {"MODERATOR": f"http://127.0.0.1:{port}", "SITE": "asked", "KEY": "mod_asked"}
        done = subprocess.run(  # noqa: S603  # our own examples
            [program, str(EXAMPLES / name)],
            env={**os.environ, **named},
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )
    database.close()
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["kind"], told["status"]) == ("comment", "queued")
    Contract(street.app()).validate(told, {"$ref": "#/components/schemas/SubmissionStatus"})
