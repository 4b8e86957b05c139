"""`moderator site wordpress`: what does not work changes nothing; the password is never told."""

from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.bootstrap.operate.doctor import check_health
from moderator.bootstrap.operator import open_site_management
from moderator.domain.site import Site, WordPressAccess
from moderator.platforms.wordpress_rest.answers import WordPressAnswer
from moderator.platforms.wordpress_rest.requests import WordPressRequest
from moderator.settings import Settings
from tests.databases import a_database
from tests.wordpress import problem, said

PASSWORD = "abcd efgh ijkl mnop"
SITE = ["site", "add", "blog", "--url", "https://blog.example.org/news/"]


class Blog:
    def __init__(self) -> None:
        self.answer = said([], total=3)
        self.seen: list[Site] = []

    async def ask(self, site: Site, _request: WordPressRequest) -> WordPressAnswer:
        self.seen.append(site)
        return self.answer


@pytest.fixture
def blog(monkeypatch: pytest.MonkeyPatch) -> Blog:
    blog = Blog()
    monkeypatch.setattr("moderator.bootstrap.operator.WordPressClient", lambda: blog)
    return blog


pytestmark = pytest.mark.usefixtures("blog", "settings")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    url = a_database(tmp_path / "site.db")
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(SITE) == 0
    return Settings(database_url=url)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\n")
    return str(path)


def access(settings: Settings) -> WordPressAccess | None:
    with open_site_management(settings) as management:
        site = management.sites.get("blog")
    assert site is not None
    return site.wordpress


def connect(file: str, *more: str) -> int:
    return main(["site", "wordpress", "blog", "--user", "keeper", "--password-file", file, *more])


def test_what_works_is_kept_and_polled(
    settings: Settings, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert connect(file) == 0
    assert main(["site", "wordpress", "blog"]) == 0
    assert main(["doctor"]) == 0
    printed = capsys.readouterr()
    assert "3 comments are on hold there" in printed.out
    assert "https://blog.example.org/news is polled as keeper." in printed.out
    assert PASSWORD not in printed.out + printed.err
    assert access(settings) == WordPressAccess("https://blog.example.org/news", "keeper", PASSWORD)
    [poll] = [check for check in check_health(settings) if check.what == "wordpress"]
    assert poll.detail == "blog: not polled yet"


def test_what_does_not_work_changes_nothing(
    settings: Settings, blog: Blog, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    blog.answer = problem(403, "rest_forbidden_context")
    assert connect(file) == 1
    printed = capsys.readouterr()
    assert "this user may not moderate comments" in printed.err
    assert PASSWORD not in printed.out + printed.err
    assert access(settings) is None


@pytest.mark.parametrize(
    ("given", "home"),
    [
        ("https://www.example.org/wp-json/", "https://www.example.org"),
        ("https://www.example.org/wp-json", "https://www.example.org"),
        ("https://www.example.org/?rest_route=/", "https://www.example.org"),
        ("https://www.example.org/blog/", "https://www.example.org/blog"),
    ],
)
def test_the_address_is_read_as_people_paste_it(
    settings: Settings, file: str, given: str, home: str
) -> None:
    assert connect(file, "--url", given) == 0
    found = access(settings)
    assert found is not None
    assert found.url == home


def test_one_part_can_be_replaced_alone(settings: Settings, file: str) -> None:
    connect(file)
    assert main(["site", "wordpress", "blog", "--user", "other"]) == 0
    found = access(settings)
    assert found is not None
    assert (found.user, found.password) == ("other", PASSWORD)


def test_it_can_be_stopped(settings: Settings, file: str) -> None:
    connect(file)
    assert main(["site", "wordpress", "blog", "--off"]) == 0
    assert access(settings) is None


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["nowhere", "--user", "x"], "There is no site 'nowhere'"),
        (["blog", "--user", "x"], "--user and --password-file are needed at first"),
        (["blog", "--user", "x", "--password-file", "/nowhere"], "cannot be read"),
        (["blog", "--user", "a:b", "--password-file", "FILE"], "--user has a colon"),
        (
            ["blog", "--user", "x", "--password-file", "FILE", "--url", "http://blog.example.org"],
            "anybody between could read the password",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(
    blog: Blog, file: str, words: list[str], problem: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert main(["site", "wordpress", *(file if word == "FILE" else word for word in words)]) != 0
    assert problem in capsys.readouterr().err
    assert blog.seen == []
