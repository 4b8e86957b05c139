"""Any web process answers a browser: sessions are rows, and no secret is a process's own."""

from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from moderator.bootstrap.operator import first_login
from moderator.settings import Settings
from moderator.wsgi import build
from tests.web.desk import CSRF, PASSWORD

BASE = "http://127.0.0.1:8000"


def token(client: FlaskClient, page: str) -> str:
    found = CSRF.search(client.get(page, base_url=BASE).text)
    assert found is not None
    return unescape(found[1])


def press(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    answer = client.post(path, data=fields, base_url=BASE, headers={"Origin": BASE})
    return answer.status_code, answer.location or ""


def lend(one: FlaskClient, other: FlaskClient) -> None:
    """The same browser, whose next request another process answers."""
    for name in ("moderator-session", "moderator-form"):
        cookie = one.get_cookie(name, domain="127.0.0.1")
        if cookie is not None:
            other.set_cookie(name, cookie.value, domain="127.0.0.1")


@pytest.fixture
def webs(tmp_path: Path) -> tuple[FlaskClient, FlaskClient, str]:
    """Two processes that share a database and nothing else, and the first log-in."""
    url = {"DATABASE_URL": f"sqlite:///{tmp_path / 'shared.db'}"}
    hosts = [Settings.from_environment(url | {"DATA_DIR": str(tmp_path / name)}) for name in "ab"]
    link = first_login(hosts[0])
    one, other = (build(host).test_client() for host in hosts)
    return one, other, link.removeprefix(BASE)


def test_who_logs_in_here_is_logged_in_there(webs: tuple[FlaskClient, FlaskClient, str]) -> None:
    one, other, link = webs
    fields = {"csrf": token(one, link), "password": PASSWORD, "again": PASSWORD}
    lend(one, other)
    assert press(other, link, **fields)[0] == 303  # the form of one, sent to the other
    lend(other, one)
    assert one.get("/queue", base_url=BASE).status_code == 200
    out = token(one, "/help")
    assert press(other, "/logout", csrf=out)[0] == 303
    status = one.get("/queue", base_url=BASE)
    assert (status.status_code, status.location.partition("?")[0]) == (303, "/login")
