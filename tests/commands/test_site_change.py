"""`moderator site set`, `remove` and `rotate --at-once`: every value is judged when it is given."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from moderator import signing
from moderator.__main__ import main
from moderator.bootstrap.operator import open_site_management
from moderator.domain.site import Site
from moderator.settings import Settings
from tests.databases import a_database

ADDRESS = "https://blog.example.org"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    url = a_database(tmp_path / "site.db")
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(["site", "add", "blog", "--url", ADDRESS, "--host", "old.example.org"]) == 0
    return Settings(database_url=url)


def site_of(settings: Settings, id_: str = "blog") -> Site | None:
    with open_site_management(settings) as management:
        return management.sites.get(id_)


def known(settings: Settings) -> Site:
    site = site_of(settings)
    assert site is not None
    return site


def test_what_is_known_of_a_site_is_changed_and_shown(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    words = ["--name", "The blog", "--platform", "wordpress", "--akismet-key", "0a1b2c3d4e5f"]
    words += ["--callback-url", "http://10.0.0.7:8080/hook", "--allow", "10.0.0.7:8080"]
    assert main(["site", "set", "blog", *words, "--feed", "on", "--mode", "careful"]) == 0
    assert capsys.readouterr().out == (
        "name          The blog\n"
        "address       https://blog.example.org\n"
        "hosts         blog.example.org, old.example.org\n"
        "platform      wordpress\n"
        "callbacks to  http://10.0.0.7:8080/hook\n"
        "allowed       public addresses, 10.0.0.7:8080\n"
        "sources at    public addresses\n"
        "Akismet key   set\n"
        "feed          on\n"
        "mode careful, languages not declared, listed from 3 reports, copies discard,"
        " previously approved no, plain threshold 0.6, moderation usual\n"
    )
    site = known(settings)
    assert (site.name, site.platform, site.akismet_key) == ("The blog", "wordpress", "0a1b2c3d4e5f")
    assert site.allowed_addresses == {("10.0.0.7", 8080)}
    assert site.has_feed


def test_what_is_not_named_stays_and_what_is_empty_goes(settings: Settings) -> None:
    words = ["--callback-url", "https://blog.example.org/hook", "--akismet-key", "0a1b2c3d4e5f"]
    assert main(["site", "set", "blog", *words]) == 0
    assert main(["site", "set", "blog", "--callback-url", ""]) == 0
    site = known(settings)
    assert (site.callback_url, site.akismet_key) == ("", "0a1b2c3d4e5f")
    assert main(["site", "set", "blog", "--akismet-key", ""]) == 0
    assert known(settings).akismet_key == ""


def test_a_blog_that_moves_is_still_known_by_its_earlier_host(settings: Settings) -> None:
    assert main(["site", "set", "blog", "--url", "https://new.example.org/blog/"]) == 0
    assert known(settings).hosts == {"blog.example.org", "new.example.org", "old.example.org"}
    words = ["--remove-host", "OLD.example.org:443", "--host", "third.test:8080"]
    assert main(["site", "set", "blog", *words]) == 0
    assert known(settings).hosts == {"blog.example.org", "new.example.org", "third.test:8080"}


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--callback-url", "ftp://blog.example.org/"], "--callback-url 'ftp://blog.example.org/'"),
        (["--callback-url", "http://127.0.0.1:9/"], "only where 127.0.0.1:9 is allowed"),
        (["--callback-url", "http://[::1]:9/"], "only where [::1]:9 is allowed"),
        (["--callback-url", "http://localhost:9/"], "only where 127.0.0.1:9 is allowed"),
        (["--host", "https://blog.example.org"], "--host 'https://blog.example.org' must be HOST"),
        (["--allow", "nonsense"], "--allow 'nonsense' must be IP:PORT"),
        (["--lang", "german"], "--lang 'german' is no language"),
        (["--url", ""], "--url '' cannot be used"),
        (["--name", ""], "--name '' is no name"),
        (["--remove-host", "blog.example.org"], "is the host of the blog's address"),
        (["--remove-host", "other.example.org"], "--remove-host 'other.example.org' is not there"),
        (["--remove-allow", "10.0.0.7:80"], "--remove-allow '10.0.0.7:80' is not there"),
        (["--akismet-key", "a b"], "--akismet-key 'a b' is no Akismet key"),
        (["--reports", "0"], "The number of reports"),
    ],
)
def test_what_makes_no_sense_is_told_on_one_line_and_changes_nothing(
    settings: Settings, words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = known(settings)
    assert main(["site", "set", "blog", "--mode", "careful", "--name", "New", *words]) == 1
    told = capsys.readouterr().err
    assert problem in told
    assert told.count("\n") == 1
    assert known(settings) == before


def test_an_address_that_callbacks_need_stays_allowed(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--callback-url", "http://10.0.0.7:8080/hook", "--allow", "10.0.0.7:8080"]
    assert main(["site", "set", "blog", *words]) == 0
    assert main(["site", "set", "blog", "--remove-allow", "10.0.0.7:8080"]) == 1
    assert "only where 10.0.0.7:8080 is allowed" in capsys.readouterr().err
    gone = ["--remove-allow", "10.0.0.7:8080", "--callback-url", ""]
    assert main(["site", "set", "blog", *gone]) == 0
    assert known(settings).allowed_addresses == frozenset()


@pytest.mark.parametrize("words", [["--platform", "typewriter"], ["--feed", "maybe"]])
def test_what_is_chosen_from_a_list_is_one_of_it(settings: Settings, words: list[str]) -> None:
    before = known(settings)
    with pytest.raises(SystemExit) as stopped:
        main(["site", "set", "blog", *words])
    assert stopped.value.code == 2
    assert known(settings) == before


@pytest.mark.parametrize("typed", ["", "yes\n", "Blog\n"])
def test_a_site_is_removed_only_by_its_name(
    settings: Settings,
    typed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert main(["site", "remove", "blog"]) == 1
    assert "Nothing was removed" in capsys.readouterr().err
    assert site_of(settings) is not None
    monkeypatch.setattr("sys.stdin", io.StringIO("blog\n"))
    assert main(["site", "remove", "blog"]) == 0
    assert "the site blog for good: 0 submissions" in capsys.readouterr().out
    assert site_of(settings) is None


def test_a_script_is_not_asked(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "remove", "blog", "--yes"]) == 0
    assert site_of(settings) is None
    assert main(["site", "remove", "blog", "--yes"]) == 1
    assert "There is no site 'blog'" in capsys.readouterr().err
    assert main(["site", "add", "blog", "--url", ADDRESS]) == 0


def test_credentials_that_leaked_can_end_at_once(settings: Settings) -> None:
    assert main(["site", "rotate", "blog"]) == 0
    assert len(signing_secrets(settings)) == 2
    assert main(["site", "rotate", "blog", "--at-once"]) == 0
    [secret] = signing_secrets(settings)
    headers = signing.sign("m", b"{}", secrets=known(settings).secrets, now=datetime.now(UTC))
    assert headers["webhook-signature"].count("v1,") == 1
    assert secret.startswith("whsec_")


def signing_secrets(settings: Settings) -> list[str]:
    now = datetime.now(UTC)
    secrets = known(settings).secrets
    return [each.value for each in secrets if each.expires_at is None or each.expires_at > now]
