"""`moderator site show` names whatever a site can be set to by any of the `site` commands."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.commands import site as commands
from moderator.domain.site import WordPressAccess
from moderator.storage.base.database import Database
from moderator.storage.wordpress import WordPressRows
from tests.databases import a_database

# By command and option: what is typed behind it, and what `show` then says, after its own word.
SHOWN: dict[tuple[str, str], tuple[str, str, str]] = {
    ("set", "--signature"): ("body-hex", "signature", "body-hex in X-Signature (weak)"),
    ("set", "--signature-header"): ("X-Coral-Signature", "signature", "in X-Coral-Signature"),
    ("set", "--signing-secret"): ("whsec_" + "B" * 32, "secret", "an earlier one until"),
    ("set", "--name"): ("The blog", "name", "The blog"),
    ("set", "--url"): ("https://new.example.org", "address", "https://new.example.org"),
    ("set", "--host"): ("third.test:8080", "hosts", "third.test:8080"),
    ("set", "--platform"): ("wordpress", "platform", "wordpress"),
    ("set", "--callback-url"): ("https://blog.example.org/v", "callbacks to", "example.org/v"),
    ("set", "--akismet-key"): ("0a1b2c3d4e5f", "Akismet key", "set"),
    ("set", "--allow"): ("10.0.0.7:8080", "allowed", "10.0.0.7:8080"),
    ("set", "--allow-source"): ("10.0.0.8:8080", "sources at", "10.0.0.8:8080"),
    ("set", "--feed"): ("on", "feed", "on"),
    ("set", "--mode"): ("careful", "mode", "mode careful,"),
    ("set", "--lang"): ("de,en", "mode", "languages de,en,"),
    ("set", "--reports"): ("7", "mode", "listed from 7 reports,"),
    ("set", "--copies"): ("hold", "mode", "copies hold,"),
    ("set", "--plain-threshold"): ("0.73", "mode", "plain threshold 0.73,"),
    ("set", "--previously-approved"): ("yes", "mode", "previously approved yes,"),
    ("set", "--moderation"): ("before", "mode", "moderation before"),
    ("thresholds", "--hold"): ("0.35", "thresholds", "held from 0.35,"),
    ("thresholds", "--spam"): ("0.95", "thresholds", "spam from 0.95"),
    ("thresholds", "--reports"): ("8", "mode", "listed from 8 reports,"),
    ("retention", "--addresses"): ("7", "addresses", "7 days: e-mail and IP"),
    ("retention", "--refused"): ("20", "refused", "20 days: the words of spam"),
    ("retention", "--pages"): ("0", "pages", "for ever: what the sources"),
    ("lists", "--deny"): ("casino", "lists", "1 denied, 0 allowed"),
    ("lists", "--allow"): ("tea", "lists", "0 denied, 1 allowed"),
}
# Options that take back what another has set, or that change nothing.
OTHERS = {
    "set": {"--remove-host", "--remove-allow", "--remove-allow-source"},
    "thresholds": set[str](),
    "retention": set[str](),
    "lists": {"--remove", "--deny-from", "--allow-from", "--dry-run", "--among", "--explain"},
}


def shown(capsys: pytest.CaptureFixture[str], label: str) -> str:
    """The one line that begins with this word, or words."""
    capsys.readouterr()
    assert main(["site", "show", "blog"]) == 0
    begins = "mode " if label == "mode" else f"{label}  "
    lines = capsys.readouterr().out.splitlines()
    [found] = [line for line in lines if line.startswith(begins)]
    return found


def options(action: str) -> Iterator[str]:
    parser = argparse.ArgumentParser()
    commands.configure(parser)
    [actions] = [one for one in vars(parser)["_actions"] if one.dest == "action"]
    for one in vars(actions.choices[action])["_actions"]:
        yield from (name for name in one.option_strings if name not in {"-h", "--help"})


@pytest.fixture(autouse=True)
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    url = a_database(tmp_path / "site.db")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("KEEP_PAGES_DAYS", "33")
    assert main(["site", "add", "blog", "--url", "https://blog.example.org"]) == 0
    return Database(url)


@pytest.mark.parametrize("action", OTHERS)
def test_every_option_that_sets_something_is_walked(action: str) -> None:
    walked = {option for command, option in SHOWN if command == action}
    assert walked | OTHERS[action] == set(options(action))


@pytest.mark.parametrize(("action", "option"), SHOWN)
def test_what_is_set_is_shown(action: str, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    value, label, words = SHOWN[action, option]
    assert words not in shown(capsys, label)
    more = ["--signature", "body-hex"] if option == "--signature-header" else []
    assert main(["site", action, "blog", option, value, *more]) == 0
    assert words in shown(capsys, label)


def test_days_are_the_installations_until_the_site_has_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert (
        shown(capsys, "pages") == "pages      33 days (usual): what the sources of linkbacks said"
    )
    assert main(["site", "retention", "blog", "--pages", "33"]) == 0
    assert shown(capsys, "pages") == "pages      33 days: what the sources of linkbacks said"


def test_a_wordpress_that_is_polled_is_shown_without_its_password(
    blog: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shown(capsys, "polled at") == "polled at     no WordPress"
    access = WordPressAccess("https://blog.example.org", "editor", "abcd efgh")
    WordPressRows(blog).connect("blog", access)
    assert shown(capsys, "polled at") == "polled at     https://blog.example.org as editor"


def test_keys_of_akismet_clients_are_counted_and_never_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert shown(capsys, "asked with").endswith("no key for Akismet clients")
    assert main(["site", "akismet-key", "blog"]) == 0
    capsys.readouterr()
    assert main(["site", "akismet-key", "blog"]) == 0
    key = capsys.readouterr().out.splitlines()[-2].split()[-1]
    assert shown(capsys, "asked with") == "asked with    2 keys for Akismet clients"
    assert main(["site", "akismet-key", "blog", "--suspend"]) == 0
    capsys.readouterr()
    assert main(["site", "show", "blog"]) == 0
    told = capsys.readouterr().out
    assert ("2 keys for Akismet clients (suspended)" in told, key in told) == (True, False)
