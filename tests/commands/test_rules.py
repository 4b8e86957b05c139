"""`moderator rules`: made, tried, moved and taken back from the command line."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.checks import LOCAL
from moderator.domain.policy import Moderation
from moderator.domain.submission import Author
from moderator.domain.verdict import Verdict
from moderator.judgement.near.index import MemoryNearIndex
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from tests.builders import a_submission
from tests.databases import fresh
from tests.house import House

TEXTS = ("My casino is open tonight.", "The bridge was finished in 1911.", "A casino, they say.")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    url = f"sqlite:///{tmp_path / 'rules.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    database = Database(url)
    fresh(database)
    house = House(database, MemoryNearIndex())
    for number, text in enumerate(TEXTS, start=1):
        it = a_submission(text, author=Author(name="Jo"))
        house.send(replace(it, id=f"{number:032x}", platform_id=str(number)))
    house.check(*LOCAL)
    house.moderate(f"{3:032x}", Verdict.APPROVE, seen=1)
    return house


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> list[str]:
    assert main(["rules", *words]) == code
    said = capsys.readouterr()
    return [" ".join(line.split()) for line in (said.err if code else said.out).splitlines()]


@pytest.mark.usefixtures("house")
def test_a_rule_is_made_tried_and_moved(capsys: pytest.CaptureFixture[str]) -> None:
    line, *rest = told(capsys, "add", "--kind", "pattern", r"cas\w+", "--site", "blog")
    id_, *shown = line.split()
    assert shown == ["draft", "pattern", "hold", "blog:", r"cas\w+"]
    assert rest == [
        "3 submissions read, the newest; 2 caught",
        "2 approve -> hold",
        "people decided about 1 of them, and agreed with 0 (0.00 to 79.35 %)",
        f"against people's word: {3:032x}",
    ]
    assert told(capsys, "shadow", id_)[0].split()[1] == "shadow"
    assert told(capsys, "live", id_)[0].split()[1] == "live"
    assert told(capsys, "expire", id_)[0].split()[1] == "expired"
    assert "cannot become live" in told(capsys, "live", id_, code=1)[0]
    number = told(capsys, "log")[0].split()[0]
    assert told(capsys, "undo", number)[0].split()[1] == "live"
    assert [row.split()[0] for row in told(capsys, "list")] == [id_]


@pytest.mark.usefixtures("house")
def test_what_is_not_earned_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    line, *rest = told(capsys, "add", "--kind", "pattern", "casino", "--do", "spam")
    assert rest[-1].startswith("It may not act: It would decide in a person's place")
    assert "people must have agreed" in told(capsys, "live", line.split()[0], code=1)[0]


def test_an_entry_acts_at_once(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "add", "casino", "--do", "discard", "--site", "blog", "--live", "--days", "7")
    house.sites = SiteRows(house.database)
    house.send(replace(a_submission("Another casino."), id=f"{9:032x}", platform_id="9"))
    house.check(*LOCAL)
    assert house.status(f"{9:032x}") == "trash"
    assert "caught 1 discard" in told(capsys, "list", "--site", "blog")[0]
    assert told(capsys, "list", "--site", "other") == []


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["add", "192.0.2.999"], "cannot be an entry"),
        (["add", "(", "--kind", "pattern"], "is no pattern"),
        (["add", "0", "--kind", "links"], "The number of links"),
        (["add", "casino", "--site", "nowhere"], "There is no such site"),
        (["add", "a+", "--kind", "pattern", "--live"], "draft first"),
        (["live", "nothing"], "There is no such rule"),
        (["undo", "99"], "There is no such change"),
    ],
)
def test_what_makes_no_sense_is_refused(
    words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert problem in told(capsys, *words, code=1)[0]
    assert told(capsys, "list") == []


def test_wordpress_settings_are_taken_over(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = tmp_path / "options.json"
    options = {
        "moderation_keys": "casino\r\n\r\nand/192.0.2.999\n*poker*",
        "blacklist_keys": "viagra",
        "comment_max_links": 2,
        "comment_whitelist": "0",
        "comment_moderation": "1",
        "blogname": "A blog",
    }
    export.write_text(json.dumps(options), "utf-8")
    seen = told(capsys, "wordpress", str(export), "--site", "blog", "--dry-run")
    assert "3 submissions read, the newest; 2 caught" in seen
    assert told(capsys, "list") == []
    told(capsys, "wordpress", str(export), "--site", "blog")
    assert len(told(capsys, "list")) == 3
    site = SiteRows(house.database).get("blog")
    assert site is not None
    assert site.policy.moderation is Moderation.BEFORE
    assert site.policy.previously_approved is False
    assert len(site.rules) == 3


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    "export", ["", "[", "[]", "{}", '{"blogname": "A blog"}', "7", "[" * 99_999]
)
def test_what_is_no_export_is_refused(
    export: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "options.json"
    path.write_text(export, "utf-8")
    assert told(capsys, "wordpress", str(path), "--site", "blog", code=1)
    assert told(capsys, "list") == []
