"""`moderator site lists`: entries are tried, taken from files, and explained."""

import io
import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.bootstrap.operator import open_site_management
from moderator.domain.submission import Author, Submission
from moderator.judgement.near.index import MemoryNearIndex
from moderator.settings import Settings
from moderator.storage.base.database import Database
from tests.builders import NOON, a_submission
from tests.databases import fresh
from tests.house import House

STAFF = Author(name="Ed", role="editor", is_authenticated=True)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    url = f"sqlite:///{tmp_path / 'lists.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    database = Database(url)
    fresh(database)
    return House(database, MemoryNearIndex())


def sent(house: House, *texts: str, author: Author | None = None) -> list[Submission]:
    submissions = [
        replace(
            a_submission(text, author=author or Author(name="Jo")),
            id=f"{number:032x}",
            platform_id=str(number),
            received_at=NOON + timedelta(minutes=number),
        )
        for number, text in enumerate(texts, start=1)
    ]
    house.send(*submissions)
    return submissions


def lists_of(site_id: str = "blog") -> tuple[tuple[str, ...], tuple[str, ...]]:
    with open_site_management(Settings.from_environment(os.environ)) as enrolment:
        site = enrolment.sites.get(site_id)
    assert site is not None
    return site.policy.denylist, site.policy.allowlist


def test_an_entry_is_tried_on_what_came_last(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    old, _, new = sent(house, "the casino of old", "a garden", "Casino bonus!")
    words = ["site", "lists", "blog", "--deny", "casino", "--allow", "garden", "--dry-run"]
    assert main(words) == 0
    assert capsys.readouterr().out.splitlines() == [
        "deny  casino\tthe word 'casino'",
        "      would have named 2: 2 queued",
        f"      {new.id} in the text: 'casino'",
        f"      {old.id} in the text: 'casino'",
        "allow garden\tthe word 'garden'",
        "      would have named 1: 1 queued",
        "      00000000000000000000000000000002 in the text: 'garden'",
        "3 submissions read, the newest; nothing was changed",
    ]
    assert main([*words, "--among", "2"]) == 0
    assert "would have named 1: 1 queued" in capsys.readouterr().out


def test_all_pages_of_the_past_are_read(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    sent(house, *(f"casino number {number}" for number in range(450)))
    assert main(["site", "lists", "blog", "--deny", "casino", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "would have named 450: 450 queued" in out
    assert "450 submissions read" in out


def test_the_blog_s_own_people_are_passed_over(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    sent(house, "the casino", author=STAFF)
    assert main(["site", "lists", "blog", "--deny", "casino", "--dry-run"]) == 0
    assert "would have named none\n1 submissions read" in capsys.readouterr().out


@pytest.mark.usefixtures("house")
def test_trying_changes_nothing_and_refuses_as_storing_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["site", "lists", "blog", "--deny", "/a|b/", "--dry-run"]) == 1
    assert "patterns are not read" in capsys.readouterr().err
    assert main(["site", "lists", "nowhere", "--deny", "casino", "--dry-run"]) == 1
    assert "There is no site 'nowhere'" in capsys.readouterr().err


FILE = """\ufeff# what others block
casino

192.0.2.
/a|b/
casino
赌
#tag
"""


@pytest.mark.usefixtures("house")
def test_a_file_is_taken_line_by_line_and_what_is_refused_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["site", "add", "other", "--url", "https://other.example.org"]) == 0
    path = tmp_path / "list.txt"
    path.write_text(FILE, encoding="utf-8")
    capsys.readouterr()
    assert main(["site", "lists", "other", "--deny-from", str(path)]) == 0
    shown = capsys.readouterr()
    assert shown.out == "deny  casino\ndeny  192.0.2.\ndeny  #tag\n"
    refused = shown.err.splitlines()
    assert [line.split(" ")[0] for line in refused] == [f"{path}:5:", f"{path}:7:", f"{path}:"]
    assert refused[-1] == f"{path}: 3 entries read, 2 lines refused"
    stdin = io.TextIOWrapper(io.BytesIO(b"*.ru\n"))
    monkeypatch.setattr("sys.stdin", stdin)
    assert main(["site", "lists", "other", "--allow-from", "-"]) == 0
    assert lists_of("other") == (("casino", "192.0.2.", "#tag"), ("*.ru",))


@pytest.mark.usefixtures("house")
def test_what_is_no_text_is_no_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"\xff\xfe")
    assert main(["site", "lists", "blog", "--deny-from", str(path)]) == 1
    assert main(["site", "lists", "blog", "--deny-from", str(tmp_path / "none.txt")]) == 1
    assert capsys.readouterr().err.count("cannot be read") == 2


@pytest.mark.usefixtures("house")
def test_what_an_earlier_version_took_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "add", "other", "--url", "https://other.example.org"]) == 0
    with open_site_management(Settings.from_environment(os.environ)) as enrolment:
        site = enrolment.sites.get("other")
        assert site is not None
        policy = replace(site.policy, denylist=("/a|b/", "casino", "赌"))
        enrolment.sites.set_policy("other", policy)
    capsys.readouterr()
    assert main(["site", "lists", "other", "--explain"]) == 0
    shown = capsys.readouterr()
    assert shown.out == "deny  /a|b/\ndeny  casino\tthe word 'casino'\ndeny  赌\n"
    assert shown.err.count("deny: counts for nothing: ") == 2
    main(["doctor", "--json"])
    (symptom,) = [s for s in json.loads(capsys.readouterr().out) if s["what"] == "lists"]
    assert symptom["state"] == "note"
    assert symptom["detail"].startswith("other: 2 entries count for nothing; '/a|b/' cannot be")
    assert symptom["cure"] == "see `moderator site lists other`"
