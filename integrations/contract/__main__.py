"""schemathesis against the real service on loopback: is everything answered as the document says?

`make contract` installs it into a temporary folder, never into the project. EXAMPLES bounds how
many requests are drawn for each endpoint; SEED repeats a run.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from moderator.domain.site import Site
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import upgrade
from moderator.usecases.operate.sites import ManageSites
from tests.processes import Service

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_schema_conformance", "response_headers_conformance", "unsupported_method",
    "allow_header_conformance", "ignored_auth", "use_after_free",
)  # fmt: skip
PHASES = "examples,coverage,fuzzing,stateful"


def install(folder: Path) -> str:
    """Return the program."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", "schemathesis"], check=True)  # noqa: S603
    return str(folder / "venv" / "bin" / "st")


def ask(program: str, service: Service, key: str) -> int:
    command = [program, "run", f"{service.base}/openapi.json", "--checks", ",".join(CHECKS)]
    command += ["--phases", PHASES, "--header", f"Authorization: Bearer {key}", "--no-color"]
    command += ["--max-examples", os.environ.get("EXAMPLES", "100"), "--continue-on-failure"]
    command += ["--seed", os.environ.get("SEED", "1"), "--generation-database", ":memory:"]
    named = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(command, env=named, check=False, cwd=service.folder)  # noqa: S603
    return done.returncode


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="contract-"))
    url = f"sqlite:///{folder / 'contract.db'}"
    with closing(Database(url)) as database:
        upgrade(database)
        enrol, now = ManageSites(SiteRows(database), os.urandom), datetime.now(UTC)
        blog = Site(
            id="blog", name="A blog", url="http://blog.example", hosts=frozenset({"blog.example"}),
            has_feed=True,
        )  # fmt: skip
        key = enrol.add(blog, now).api_key
        enrol.client_key("blog", now, timedelta(0))
        program = os.environ.get("SCHEMATHESIS") or install(folder)
        with Service(folder, url) as service:
            service.wait_until_judging()
            result = ask(program, service, key)
    shutil.rmtree(folder, ignore_errors=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
