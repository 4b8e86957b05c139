"""`moderator site lists` and `thresholds`: what is set stands there, and judges."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.bootstrap.operator import open_site_management
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import CopyHandling, Mode, Moderation, Policy, decide
from moderator.domain.site import Site
from moderator.domain.verdict import Verdict
from moderator.settings import Settings
from tests.databases import a_database


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    url = a_database(tmp_path / "site.db")
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(["site", "add", "blog", "--url", "https://blog.example.org"]) == 0
    return Settings(database_url=url)


def lists_of(settings: Settings) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    with open_site_management(settings) as enrolment:
        site = enrolment.sites.get("blog")
    assert site is not None
    return site.policy.version, site.policy.denylist, site.policy.allowlist


def test_entries_are_put_on_a_list_and_taken_off(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    spam, news = "prefix:https://example.org/~spam/", "host:news.example.org"
    assert main(["site", "lists", "blog", "--deny", spam, "--deny", "pills", "--allow", news]) == 0
    assert lists_of(settings) == (2, (spam, "pills"), (news,))
    capsys.readouterr()
    assert main(["site", "lists", "blog", "--remove", "pills"]) == 0
    assert capsys.readouterr().out == f"deny  {spam}\nallow {news}\n"
    assert lists_of(settings) == (3, (spam,), (news,))


def test_an_entry_stands_on_the_list_it_was_put_on_last(settings: Settings) -> None:
    assert main(["site", "lists", "blog", "--deny", "example.org"]) == 0
    assert main(["site", "lists", "blog", "--allow", "example.org"]) == 0
    assert lists_of(settings) == (3, (), ("example.org",))


def test_looking_changes_nothing(settings: Settings) -> None:
    assert main(["site", "lists", "blog"]) == 0
    assert lists_of(settings) == (1, (), ())


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["nowhere"], "There is no site 'nowhere'"),
        (["blog", "--deny", "url:nonsense"], "No submission could match 'url:nonsense'"),
        (["blog", "--remove", "pills"], "No list of 'blog' has 'pills'"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str], words: list[str], problem: str
) -> None:
    assert main(["site", "lists", *words]) == 1
    assert problem in capsys.readouterr().err
    assert lists_of(settings) == (1, (), ())


def test_thresholds_are_changed_one_at_a_time(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["site", "thresholds", "blog", "--hold", "0.25"]) == 0
    assert main(["site", "thresholds", "blog", "--spam", "1.5"]) == 0
    capsys.readouterr()
    assert main(["site", "thresholds", "blog"]) == 0
    assert capsys.readouterr().out == "held from 0.25, spam from 1.5, listed from 3 reports\n"
    with open_site_management(settings) as enrolment:
        site = enrolment.sites.get("blog")
    assert site is not None
    half = Finding("some", Signal.SUSPECT, "half a reason", weight=0.3)
    assert decide([half], site.policy).verdict is Verdict.HOLD
    assert decide([half] * 4, site.policy).verdict is Verdict.HOLD
    assert site.policy.version == 3


@pytest.mark.parametrize(
    "words", [["--hold", "1"], ["--spam", "0.1"], ["--hold", "0"], ["--spam", "nan"]]
)
def test_thresholds_that_make_no_sense_change_nothing(
    settings: Settings, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["site", "thresholds", "blog", *words]) == 1
    assert "Thresholds go up" in capsys.readouterr().err
    assert lists_of(settings)[0] == 1


def site_of(settings: Settings) -> Site:
    with open_site_management(settings) as enrolment:
        site = enrolment.sites.get("blog")
    assert site is not None
    return site


def test_what_a_site_chooses_is_kept_one_by_one_and_shown(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = "mode usual, languages not declared, listed from 3 reports, copies discard"
    capsys.readouterr()
    assert main(["site", "set", "blog"]) == 0
    rest = "previously approved no, plain threshold 0.6, moderation usual"
    assert capsys.readouterr().out == f"{usual}, {rest}\n"
    assert site_of(settings).policy.version == 1
    assert main(["site", "set", "blog", "--mode", "careful", "--lang", "de_AT, en,de-AT"]) == 0
    assert main(["site", "set", "blog", "--copies", "hold", "--reports", "5"]) == 0
    words = ["--previously-approved", "yes", "--moderation", "observe"]
    assert main(["site", "set", "blog", *words]) == 0
    site = site_of(settings)
    assert site.langs == ("de-AT", "en")
    assert site.policy == Policy(
        version=4,
        mode=Mode.CAREFUL,
        report_at=5,
        copies=CopyHandling.HOLD,
        previously_approved=True,
        moderation=Moderation.OBSERVE,
    )
    capsys.readouterr()
    assert main(["site", "set", "blog", "--lang", "", "--previously-approved", "no"]) == 0
    assert capsys.readouterr().out == (
        "mode careful, languages not declared, listed from 5 reports, copies hold,"
        " previously approved no, plain threshold 0.6, moderation observe\n"
    )
    assert site_of(settings).langs == ()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--lang", "german"], "--lang 'german' is no language such as en or pt-BR"),
        (["--lang", "jp"], "--lang 'jp' is no language of ISO 639-1"),
        (["--lang", "de,,en"], "--lang 'de,,en' is no language"),
        (["--mode", "careful", "--reports", "0"], "The number of reports is 1 to 1000000"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_and_changes_nothing(
    settings: Settings, words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = site_of(settings)
    assert main(["site", "set", "blog", *words]) == 1
    assert problem in capsys.readouterr().err
    assert site_of(settings) == before


@pytest.mark.parametrize(
    "words", [["--mode", "strict"], ["--copies", "keep"], ["--previously-approved", "maybe"]]
)
def test_a_choice_is_one_of_those_offered(
    settings: Settings, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["site", "set", "blog", *words])
    assert "invalid choice" in capsys.readouterr().err
    assert site_of(settings).policy == Policy()


ADD = ["site", "add", "second", "--url", "https://second.example.org"]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--url", "second.example.org"], "--url 'second.example.org' cannot be used"),
        (["--url", "ftp://second.example.org/"], "not http or https"),
        (["--host", "https://second.example.org"], "--host"),
        (["--host", "second.example.org:99999"], "--host"),
        (["--allow", "nonsense:80"], "--allow 'nonsense:80' must be IP:PORT"),
        (["--allow", "192.0.2.10:0"], "port from 1 to 65535"),
        (["--callback-url", "ftp://second.example.org/"], "--callback-url"),
        (["--callback-url", "https://me@second.example.org/"], "hides its host"),
        (["--callback-url", "https://second.example.org:8443/"], "only where IP:8443 is allowed"),
        (["--callback-url", "http://192.168.0.7/"], "only where 192.168.0.7:80 is allowed"),
        (
            ["--callback-url", "http://[::1]:81/", "--allow", "[::1]:82"],
            "only where [::1]:81 is allowed",
        ),
        (["--callback-url", "http://localhost/"], "only where 127.0.0.1:80 is allowed"),
        (["--callback-url", "http://a.LOCALHOST:81/"], "only where 127.0.0.1:81 is allowed"),
        (["--callback-url", "http://127.1/"], "only where 127.0.0.1:80 is allowed"),
        (["--callback-url", "http://2130706433/"], "only where 127.0.0.1:80 is allowed"),
        (["--host", "*.example.org"], "--host '*.example.org' must be a name of letters"),
        (["--host=-second.example.org"], "must be a name of letters"),
        (["--url", "https://*.example.org/"], "its host must be a name of letters"),
        (["--url", "https://second.example.org:0/"], "its host must have a port"),
        (["--allow", "0.0.0.0:80"], "--allow '0.0.0.0:80' is the address of no machine"),
        (["--allow", "224.0.0.1:80"], "is the address of no machine"),
        (["--akismet-key", "my key"], "--akismet-key 'my key' is no Akismet key"),
        (["--name", " "], "--name ' ' is no name"),
        (
            ["--host", "a..b", "--lang", "xx-"],
            "in brackets; --lang 'xx-' is no language",
        ),
        (["--lang", "english please"], "--lang 'english please' is no language"),
    ],
)
def test_an_option_that_makes_no_sense_registers_nothing(
    settings: Settings, words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ADD, *words]) == 1
    assert problem in capsys.readouterr().err
    with open_site_management(settings) as enrolment:
        assert enrolment.sites.get("second") is None


@pytest.mark.usefixtures("settings")
def test_a_platform_is_one_that_we_speak(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*ADD, "--platform", "typewriter"])
    assert "generic" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["--callback-url", "http://192.168.0.7:8080/", "--allow", "192.168.0.7:8080"],
        ["--callback-url", "http://[0::1]/", "--allow", "[::1]:80"],
        ["--callback-url", "https://inside.example.org:8443/", "--allow", "10.0.0.7:8443"],
        ["--callback-url", "http://8.8.8.8/"],
        ["--callback-url", "http://localhost:81/", "--allow", "[::1]:81"],
        ["--host", "my_blog.example.org", "--host", "münchen.example", "--akismet-key", "0a1b2c"],
        ["--lang", "de_DE, en", "--platform", "wordpress"],
    ],
)
@pytest.mark.usefixtures("settings")
def test_what_makes_sense_is_taken(words: list[str]) -> None:
    assert main([*ADD, *words]) == 0


def test_what_callbacks_may_open_is_not_opened_for_strangers(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = "192.168.0.7:8080"
    words = ["--callback-url", f"http://{inside}/", "--allow", inside]
    assert main([*ADD, *words, "--allow-source", "[fd00::1]:80"]) == 0
    with open_site_management(settings) as enrolment:
        site = enrolment.sites.get("second")
    assert site is not None
    assert site.allowed_addresses == {("192.168.0.7", 8080)}
    assert site.source_addresses == {("fd00::1", 80)}
    capsys.readouterr()
    assert main(["site", "set", "second", "--allow-source", inside]) == 0
    assert f"sources at    public addresses, {inside}, [fd00::1]:80\n" in capsys.readouterr().out
    assert main(["site", "set", "second", "--remove-allow-source", inside]) == 0
    assert "sources at    public addresses, [fd00::1]:80\n" in capsys.readouterr().out


def test_hosts_are_kept_as_addresses_have_them(settings: Settings) -> None:
    assert main([*ADD, "--host", "WWW.Second.Example.org:443", "--host", "second.test:8080"]) == 0
    with open_site_management(settings) as enrolment:
        site = enrolment.sites.get("second")
    assert site is not None
    assert site.hosts == {"second.example.org", "www.second.example.org", "second.test:8080"}


def test_a_key_for_akismet_clients_is_shown_once_and_can_be_suspended(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["site", "akismet-key", "blog"]) == 0
    first = capsys.readouterr().out.split()[2]
    assert main(["site", "akismet-key", "blog"]) == 0
    second = capsys.readouterr().out.split()[2]
    assert all(re.fullmatch("[0-9a-f]{12}", key) for key in (first, second))
    now = datetime.now(UTC)
    asked = ((first, 23), (second, 23), (first, 25), (second, 25))
    with open_site_management(settings) as enrolment:
        of = enrolment.sites.by_client_key
        found = [of(key, now=now + timedelta(hours=hours)) for key, hours in asked]
    assert [holder is not None for holder in found] == [True, True, False, True]
    for word, is_suspended in (("--suspend", True), ("--restore", False)):
        assert main(["site", "akismet-key", "blog", word]) == 0
        with open_site_management(settings) as enrolment:
            holder = enrolment.sites.by_client_key(second, now=now)
        assert holder is not None
        assert holder.is_suspended is is_suspended


@pytest.mark.usefixtures("settings")
def test_a_plain_threshold_makes_sense_or_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "set", "blog", "--plain-threshold", "0.75"]) == 0
    assert "plain threshold 0.75" in capsys.readouterr().out
    assert main(["site", "set", "blog", "--plain-threshold", "0"]) == 1
    assert main(["site", "set", "blog", "--plain-threshold", "nan"]) == 1
