"""Whatever an operator changes by command is a line that owners see, and no secret is in it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from benchmarks.wxr import write
from moderator.__main__ import main
from moderator.domain.pages.audit import AuditLine, AuditQuery
from moderator.storage.audit import AuditRows
from moderator.storage.base.database import Database
from moderator.storage.schema.tables import deliveries, rules, site_layers
from tests.builders import a_submission
from tests.commands.test_site_wordpress import Blog
from tests.commands.tree import every_call
from tests.databases import fresh
from tests.stock import stock
from tests.web.desk import Office, words
from tests.web.held import HOLD

SECRET = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"  # made up, and never told
KEY, PASSWORD = "0123456789ab", "abcd efgh ijkl mnop"
# What only shows, reads or copies, or fills a database that is empty: nobody's doing is lost.
ONLY_LOOKS = frozenset(
    {
        "admin list", "backup", "db upgrade", "doctor", "evaluate", "export", "judge",
        "links recheck", "model show", "near rebuild", "privacy export", "privacy scrub", "replay",
        "restore",
        "rules list", "rules log", "rules test", "site list", "site show", "train", "verify",
        "version",
    }
)  # fmt: skip
# Each command that changes something, and the lines that it leaves: act, about and detail.
DONE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("model reset --site blog", ("forgot blog ",)),
    ("prepare", ("site_added demo ",)),
    ("seed --demo", ()),
    ("admin create kim --site blog", ("invited kim moderator: blog",)),
    ("admin link kim", ("linked kim ",)),
    ("admin logout kim", ("logged_out kim ",)),
    ("admin disable kim", ("disabled kim ",)),
    ("admin enable kim", ("enabled kim ",)),
    ("site add tea --url https://tea.example.org --signing-secret SECRET", ("site_added tea ",)),
    ("site rotate tea", ("rotated tea secrets changed",)),
    ("site akismet-key tea", ("key_made tea client keys changed",)),
    ("site thresholds tea", ()),
    ("site thresholds tea --hold 0.3 --spam 1.2", ("thresholds tea hold at 0.3, spam at 1.2",)),
    ("site set tea", ()),
    (
        "site set tea --mode careful --name Tea --akismet-key KEY --host tea.example.net",
        ("site_changed tea name Tea, hosts 1 more, 0 fewer, akismet key changed, mode careful",),
    ),
    ("site lists tea --deny casino --deny viagra", ("site_changed tea denylist 2 more, 0 fewer",)),
    ("site lists tea --dry-run --deny else", ()),
    ("site retention tea --addresses 30", ("site_changed tea addresses 30",)),
    (
        "site wordpress tea --user keeper --password-file FOLDER/password",
        ("site_changed tea wordpress changed",),
    ),
    ("site wordpress tea --off", ("site_changed tea wordpress taken away",)),
    ("rules add casino --site tea --live", ("rule RULE live list hold: casino",)),
    ("rules shadow RULE", ("rule RULE shadow list hold: casino",)),
    ("rules draft RULE", ("rule RULE draft list hold: casino",)),
    ("rules live RULE", ("rule RULE live list hold: casino",)),
    ("rules expire RULE", ("rule RULE expired list hold: casino",)),
    ("rules undo 5", ("rule RULE live list hold: casino",)),
    ("rules wordpress FOLDER/options --site tea", ("thresholds  0.3 1.2 before",)),
    ("import wordpress FOLDER/blog.xml --site tea", ("imported tea 5 records, wordpress",)),
    ("deliveries retry", ("sent_again  1 callbacks",)),
    ("privacy erase --site blog --email alice@example.org", ("erased  1 submissions",)),
    ("site remove tea --yes", ("site_removed tea ",)),
)  # fmt: skip


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setattr("moderator.bootstrap.operator.WordPressClient", Blog)
    (tmp_path / "password").write_text(PASSWORD)
    (tmp_path / "options").write_text(
        json.dumps([{"option_name": "comment_moderation", "option_value": "1"}])
    )
    write(tmp_path / "blog.xml", 5, posts=1)
    database = Database(f"sqlite:///{tmp_path / 'moderator.db'}")
    fresh(database)
    yield database
    database.close()


def newest(database: Database, after: int) -> list[AuditLine]:
    """What was written since, the oldest first."""
    found = AuditRows(database).lines(AuditQuery(), 0, 100)
    return [line for line in reversed(found) if line.number > after]


def test_every_command_that_changes_something_is_named() -> None:
    named = {" ".join(words.split()[:2]) for words, _ in DONE}
    calls = {call.name for call in every_call(Path("/nowhere"))} - ONLY_LOOKS
    assert calls - named - {"seed", "prepare", "import"} == set()
    assert {words.split()[0] for words, _ in DONE} >= {"seed", "prepare", "import"}


def test_each_thing_that_an_operator_does_is_a_line(database: Database, tmp_path: Path) -> None:
    office = Office(database)
    stock(database, a_submission(id="s1"), HOLD)
    with database.write() as connection:
        connection.execute(update(deliveries).values(state="dead"))
        connection.execute(
            insert(site_layers).values(site_id="blog", version=1, basis="", state=b"", changed_at=0)
        )
    given, last = {"FOLDER": str(tmp_path), "SECRET": SECRET, "KEY": KEY}, 0
    for typed, expected in DONE:
        assert main([filled(word, given) for word in typed.split(" ")]) == 0, typed
        lines = newest(database, last)
        given["RULE"] = newest_rule(database)
        told = [f"{line.act} {line.about} {line.detail}" for line in lines]
        assert told == [filled(one, given) for one in expected], typed
        assert {line.by.name for line in lines} <= {"operator"}
        last = lines[-1].number if lines else last
    seen(office)


def filled(word: str, given: dict[str, str]) -> str:
    for name, value in given.items():
        word = word.replace(name, value)
    return word


def newest_rule(database: Database) -> str:
    with database.read() as connection:
        return connection.scalar(select(rules.c.id).order_by(rules.c.made_at).limit(1)) or ""


def seen(office: Office) -> None:
    """On the page and in both exports, by who did it; and no secret is."""
    anna = office.browser("anna")
    page = words(anna.get("/audit?who=operator"))
    assert "operator registered the site tea" in page
    assert "operator erased what is kept of an author: 1 submissions" in page
    told = [json.loads(one) for one in anna.get("/audit.jsonl?who=operator").text.splitlines()]
    assert {one["who"] for one in told} == {"operator"}
    rows = anna.get("/audit.csv?who=operator").text.splitlines()
    assert len(rows) == 1 + len(told)
    everything = "".join((page, str(told), *rows))
    assert not [one for one in (SECRET, KEY, PASSWORD, "alice@example") if one in everything]


def test_the_first_link_is_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert main(["prepare"]) == 0
    database = Database(f"sqlite:///{tmp_path / 'moderator.db'}")
    told = [(line.act, line.about) for line in newest(database, 0)]
    database.close()
    assert told == [("linked", "admin"), ("site_added", "demo")]
