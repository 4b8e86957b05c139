"""One lab and one fake service for all tests of the plugin."""

from collections.abc import Iterator

import pytest

from integrations.wordpress.e2e.blogs import LAB, Blog, Lab, running_lab
from integrations.wordpress.e2e.fake_service import SECRET, SITE, FakeService


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    if not (LAB / "up.sh").exists():
        pytest.skip(f"No WordPress lab at {LAB}; set WPLAB")
    with running_lab() as found:
        yield found


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
