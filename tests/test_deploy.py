"""What is deployed elsewhere names commands, settings and files that exist."""

import configparser
import re
import shlex
from pathlib import Path

import pytest
import yaml

from moderator.intake.webhook.events import BULK_LIMIT
from moderator.settings import table
from tests.test_celery import processes

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "integrations" / "deploy"
OURS = {name for name, _, _ in table()}
NOT_OURS = {"PATH", "PYTHONUNBUFFERED"}


def compose() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def unit(name: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment, method-assign]  # names keep their case
    read.read(DEPLOY / "systemd" / name)
    return read


def words_of(line: str) -> list[str]:
    """What a process is started with, wherever Python lies."""
    command = line.rpartition(" exec ")[2].rstrip("'")
    return [Path(word).name if "/bin/" in word else word for word in shlex.split(command)]


def test_compose_starts_what_the_procfile_starts() -> None:
    services = compose()["services"]
    for name, command in processes().items():
        service = services[name]
        assert isinstance(service, dict)
        started = service["command"]
        given = shlex.split(started[-1].rpartition(" exec ")[2]) if "sh" in started else started
        assert given == words_of(command)


def test_compose_sets_what_is_a_setting() -> None:
    environment = compose()["x-moderator"]["environment"]
    assert isinstance(environment, dict)
    assert set(environment) - OURS == set()


def test_every_service_that_is_waited_for_tells_when_it_is_there() -> None:
    services = compose()["services"]
    for service in services.values():
        assert isinstance(service, dict)
        for name, wanted in service.get("depends_on", {}).items():
            other = services[name]
            assert isinstance(other, dict)
            assert wanted == {"condition": "service_healthy"}
            assert "test" in other["healthcheck"]


def test_the_units_start_what_the_procfile_starts() -> None:
    for name, command in processes().items():
        started = unit(f"moderator-{name}.service")["Service"]["ExecStart"]
        assert words_of(started) == words_of(command)


def test_the_image_copies_what_is_there_and_sets_what_is_a_setting() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    copied = [name for part in re.findall(r"^COPY (?!--)(.+) \S+$", lines, re.MULTILINE)
              for name in part.split()]  # fmt: skip
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    [block] = re.findall(r"^ENV (.+)$", lines, re.MULTILINE)
    assert {pair.partition("=")[0] for pair in block.split()} - OURS == NOT_OURS
    assert "USER 10001" in lines


@pytest.mark.parametrize("name", ["nginx.conf", "nginx-below-a-path.conf"])
def test_every_nginx_example_hands_on_the_host_and_the_sender(name: str) -> None:
    nginx = (DEPLOY / name).read_text()
    for header in ("Host $host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme"):
        assert f"proxy_set_header {header};" in nginx


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nginx.conf", "client_max_body_size {}m;"),
        ("nginx-below-a-path.conf", "client_max_body_size {}m;"),
        ("Caddyfile", "max_size {}MiB"),
        ("Caddyfile-below-a-path", "max_size {}MiB"),
    ],
)
def test_every_proxy_example_lets_the_largest_bulk_through(name: str, said: str) -> None:
    assert said.format(BULK_LIMIT // 1024 // 1024) in (DEPLOY / name).read_text()
