"""One lab and one fake service for all tests of the plugin."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.wordpress.e2e.blogs import LAB, Blog, Lab
from integrations.wordpress.e2e.fake_service import SECRET, SITE, FakeService


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    if not (LAB / "up.sh").exists():
        pytest.skip(f"No WordPress lab at {LAB}; set WPLAB")
    run = os.environ.get("WPLAB_RUN")
    found = Lab(Path(run or tempfile.mkdtemp(prefix="wplab-")))
    found.up()
    yield found
    if not run:
        found.down()


@pytest.fixture(scope="session")
def fake() -> Iterator[FakeService]:
    with FakeService().running() as service:
        yield service


@pytest.fixture
def service(fake: FakeService) -> FakeService:
    fake.clear()
    return fake


@pytest.fixture(scope="session")
def installed(lab: Lab) -> Blog:
    lab.install_plugin("a")
    return Blog(lab, "a")


@pytest.fixture
def blog(installed: Blog, lab: Lab, service: FakeService) -> Blog:
    lab.configure("a", url=service.url, site_id=SITE, secret=SECRET, old_secret="")
    installed.ask("e2e_forget_unsent")
    for mail in (lab.run / "mail").glob("*.eml"):
        mail.unlink()
    return installed
