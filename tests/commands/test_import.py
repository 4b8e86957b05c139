"""`moderator import` and `moderator export`: a history comes in once, whole, and goes out again."""

import gzip
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.wxr import write
from moderator.__main__ import main
from moderator.clients.redis.near_index import RedisNearIndex
from moderator.domain.content.facts import Facts
from moderator.judgement.near.sketch import sketched
from tests.builders import a_submission
from tests.commands.importing import Place, place
from tests.intake.imports.samples import DISQUS
from tests.processes import ROOT
from tests.redis_server import RedisServer

EVERYTHING = ("submissions", "decisions", "author_counts", "host_rulings", "host_counts")
SMALL = 40


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    made = place(tmp_path / "here")
    monkeypatch.setenv("DATABASE_URL", made.url)
    monkeypatch.delenv("REDIS_URL", raising=False)
    return made


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "blog.xml"
    write(path, SMALL, posts=4)
    return path


def run(*words: object) -> int:
    return main([str(word) for word in words])


def everything(where: Place) -> dict[str, list[tuple[object, ...]]]:
    return {table: sorted(where.rows(f"SELECT * FROM {table}")) for table in EVERYTHING}  # noqa: S608


def test_what_is_imported_is_told_in_counts_and_tells_nobody(
    here: Place, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", "wordpress", export, "--site", "blog") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"{SMALL} records of blog.xml are imported" in said
    counts = dict(here.rows("SELECT status, count(*) FROM submissions GROUP BY status"))
    assert all(f"{number} {status}" in said for status, number in counts.items())
    assert sum(counts.values()) == SMALL
    assert "exports no comment that is spam" in said
    assert here.count("deliveries") == 0
    jobs = {row[0] for row in here.rows("SELECT DISTINCT job FROM queue")}
    assert jobs == {"learn"}


def test_a_dry_run_says_the_same_and_writes_nothing(
    here: Place, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", "wordpress", export, "--site", "blog", "--dry-run") == 0
    dry = capsys.readouterr().out
    assert "nothing was written" in dry
    assert [here.count(table) for table in (*EVERYTHING, "imports")] == [0] * 6
    run("import", "wordpress", export, "--site", "blog")
    wet = capsys.readouterr().out
    tally = re.compile(r"^ +[\d,]+ .*$", re.MULTILINE)
    assert tally.findall(dry) == tally.findall(wet)


def test_the_same_file_again_changes_nothing(
    here: Place, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", "wordpress", export, "--site", "blog")
    before = everything(here)
    assert run("import", "wordpress", export, "--site", "blog") == 0
    assert "was imported before" in capsys.readouterr().out
    assert everything(here) == before


def test_a_larger_export_of_the_same_blog_brings_what_is_new(
    here: Place, export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", "wordpress", export, "--site", "blog")
    text = export.read_text()
    comment = re.search(r"<wp:comment>.*?</wp:comment>", text, re.DOTALL)
    assert comment
    later = comment[0].replace("<wp:comment_id>1<", "<wp:comment_id>999<")
    second = tmp_path / "later.xml.gz"
    second.write_bytes(gzip.compress(text.replace("</item>", f"{later}</item>", 1).encode()))
    capsys.readouterr()
    assert run("import", "wordpress", second, "--site", "blog") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"{SMALL} known here already, left as they are" in said
    assert here.count("submissions") == SMALL + 1


@pytest.mark.parametrize("content", [b"", b"no export", b"<rss><channel>"])
def test_a_wrong_file_is_one_line_and_nothing_is_written(
    here: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    wrong = tmp_path / "wrong.xml"
    wrong.write_bytes(content)
    assert run("import", "wordpress", wrong, "--site", "blog") == 1
    said = capsys.readouterr()
    assert re.fullmatch(r"moderator: [A-Z].*\n", said.err)
    assert said.out == ""
    assert here.count("imports") == 0


def test_a_file_that_ends_too_early_brings_nothing_at_all(
    here: Place, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its first comments could be read."""
    export.write_bytes(export.read_bytes()[:-2_000])
    assert run("import", "wordpress", export, "--site", "blog") == 1
    assert "ends before it is complete" in capsys.readouterr().err
    assert here.count("submissions") == 0


@pytest.mark.usefixtures("here")
def test_an_unknown_site_and_a_file_that_is_not_there_are_named(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", "wordpress", export, "--site", "nobody") == 1
    assert run("import", "wordpress", export.with_name("none"), "--site", "blog") == 1
    assert run("export", "--site", "nobody") == 1
    said = capsys.readouterr().err.splitlines()
    assert [line.partition(" no ")[2] for line in said] == [
        "site nobody", f"file {export.with_name('none')}", "site nobody",
    ]  # fmt: skip


@pytest.mark.usefixtures("here")
def test_a_file_that_is_there_is_not_written_over(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = export.read_bytes()
    assert run("export", "--site", "blog", "--output", export) == 1
    assert re.fullmatch(r"moderator: .* cannot be written: File exists\n", capsys.readouterr().err)
    assert export.read_bytes() == before
    made = export.with_name("new.jsonl")
    assert run("export", "--site", "blog", "--output", made) == 0
    assert made.stat().st_mode & 0o777 == 0o600


def test_recent_texts_are_told_to_redis(
    here: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_server: RedisServer
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    text = "Every spring the council promises to mend the bridge, and every autumn it is not done."
    now = datetime.now(UTC)  # Redis has no other clock
    export = tmp_path / "disqus.xml"
    said = DISQUS.replace("It was finished in 1911.", text)
    export.write_text(said.replace("2026-03-04T12:00:00Z", now.isoformat()))
    assert run("import", "disqus", export, "--site", "blog") == 0
    copy = Facts(a_submission(text.replace("bridge", "tower"), id="ff" * 16))
    met = RedisNearIndex(redis_server.url, prefix="moderator:").find_and_add(sketched([copy]))
    assert met is not None
    ((known,),) = here.rows("SELECT id FROM submissions WHERE platform_id = '17'")
    assert [other for other, _ in met[0]] == [known]


def killed_at(where: Place, command: list[str], position: int) -> int:
    """Start the command, kill it once so many records are in; return how many were."""
    environment = {**os.environ, "DATABASE_URL": where.url}
    with subprocess.Popen(  # noqa: S603  # our own command
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            if sum(row[0] for row in where.rows("SELECT position FROM imports")) > position:
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.005)
        assert process.wait() == -signal.SIGKILL
    return int(where.rows("SELECT position FROM imports")[0][0])


@pytest.mark.timeout(300)
def test_who_is_killed_goes_on_where_it_stopped_without_loss_or_doubles(
    here: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = tmp_path / "many.xml"
    write(export, 2_000, posts=20)
    killed = place(tmp_path / "killed")
    command = [sys.executable, "-m", "moderator", "import", "wordpress", str(export)]
    command += ["--site", "blog"]
    positions = [killed_at(killed, command, at) for at in (0, 500)]
    assert sorted(set(positions)) == positions  # each went on from where the one before stopped
    assert 0 < positions[0] < positions[-1] < 2_000
    environment = {**os.environ, "DATABASE_URL": killed.url}
    last = subprocess.run(  # noqa: S603  # our own command
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    assert f"Going on after {positions[-1]:,} of 2,000 records" in last.stdout

    assert run("import", "wordpress", export, "--site", "blog") == 0
    assert everything(killed) == everything(here)
    counts = "SELECT counts, position FROM imports"
    assert killed.rows(counts) == here.rows(counts)
    told = capsys.readouterr().out
    assert last.stdout.splitlines()[1:] == told.splitlines()
    learning = "SELECT subject_id FROM queue WHERE job = 'learn' ORDER BY due_at"
    assert killed.rows(learning) == here.rows(learning)
    assert killed.count("deliveries") == 0
