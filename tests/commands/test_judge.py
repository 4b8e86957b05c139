import io
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime

import pytest

from moderator.__main__ import main
from moderator.commands.judge import START, read, submission
from moderator.domain.errors import MalformedError
from moderator.domain.submission import Submission
from moderator.judgement.learning.anchors import anchors
from moderator.usecases.offline.stream import Stream, StreamVerdict
from tests.builders import a_site

SITE = a_site()
OPINION = "The council should have asked the people of the town before closing the only library."
SPAM = "Please subscribe to my new channel and check out my videos, whatsapp +1 202 555 0123"


def judged(
    texts: Sequence[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *options: str,
) -> list[dict[str, object]]:
    rows = [
        {"id": f"row{number}", "text": text, "author": "Ann", "email": "ann@example.org"}
        for number, text in enumerate(texts)
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert main(["judge", *options]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("size", ["1", "2", "500"])
def test_a_stream_is_judged_in_order(
    size: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [OPINION, SPAM, OPINION.upper(), OPINION.replace("council", "coumcil"), "Nice!"]
    lines = judged(texts, monkeypatch, capsys, "--batch", size)
    assert [line["id"] for line in lines] == [f"row{number}" for number in range(5)]
    assert [line["verdict"] for line in lines] == [
        "approve",
        "spam",
        "discard",
        "approve",  # nearly the same is not the same
        "approve",
    ]
    assert [line["dup_of"] for line in lines] == [None, None, "row0", None, None]


def test_contributions_add_up_to_the_score(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (line,) = judged([SPAM], monkeypatch, capsys)
    reasons = line["reasons"]
    assert isinstance(reasons, list)
    total = sum(reason["contribution"] for reason in reasons)
    assert line["score"] == pytest.approx(min(total, 1.0))


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"text": null}'])
def test_a_broken_line_is_named(line: str) -> None:
    with pytest.raises(MalformedError, match="Line 2"):
        list(read(io.StringIO('{"id": 1, "text": ""}\n' + line)))


def test_a_row_without_an_id_has_the_number_of_its_place() -> None:
    rows = read(io.StringIO('\ufeff{"text": "a"}\n\n{"id": "x", "text": "b"}\n{"text": "c"}'))
    assert [row["id"] for row in rows] == ["1", "x", "3"]


def test_labels_teach_the_site(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ads = [f"Halpa laina heti tilille ilman vakuuksia numero {n}, soita" for n in range(4)]
    rows = [{"id": n, "text": text, "label": "spam"} for n, text in enumerate(ads)]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(json.dumps(row) for row in rows)))
    assert main(["judge", "--learn"]) == 0
    first, *_, last = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert last["score"] > first["score"]


def stream(
    rows: Sequence[dict[str, object]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *options: str,
) -> list[str]:
    """The verdicts."""
    lines = "\n".join(json.dumps({"id": n, **row}) for n, row in enumerate(rows))
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert main(["judge", *options]) == 0
    return [json.loads(line)["verdict"] for line in capsys.readouterr().out.splitlines()]


def of(name: str, day: int, label: str, **more: object) -> dict[str, object]:
    """A comment of that day in March, unlike the others, by somebody with a page."""
    text = f"On day {day} {name} saw {day * 17 + 3} herons and as many ducks near the old bridge."
    page = f"https://{name.lower()}.test/"
    row = {"text": text, "author": name, "email": f"{name}@example.org", "url": page}
    return {**row, "date": f"2026-03-{day:02}", "label": label, **more}


def test_what_is_held_is_decided_and_what_is_approved_is_published(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page waits; whom a person approved does not wait again; nor who stood for a week."""
    quiet = [of("Bob", day, "spam", url="") for day in (2, 3, 9)]
    rows = [
        of("Ann", 1, "ham"),
        quiet[0],
        of("Ann", 2, "ham"),
        {**quiet[1], "url": "https://bob.test/"},
    ]
    held = stream(rows, monkeypatch, capsys, "--mode", "careful", "--learn", "held")
    assert held == ["hold", "approve", "approve", "hold"]
    late = [of("Bob", 2, "ham", url=""), of("Bob", 9, "ham")]
    careful = ("--mode", "careful", "--learn", "held")
    assert stream(late, monkeypatch, capsys, *careful) == ["approve", "approve"]
    early = [of("Bob", 2, "ham", url=""), of("Bob", 8, "ham")]
    assert stream(early, monkeypatch, capsys, *careful) == ["approve", "hold"]


def test_a_bare_name_is_nobody(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    careful = ("--mode", "careful", "--learn", "held")
    bare = [of("Ann", day, "ham", email="", url=f"https://ann{day}.test/") for day in (1, 20)]
    assert stream(bare, monkeypatch, capsys, *careful) == ["hold", "hold"]
    placed = [{**row, "ip": "192.0.2.7"} for row in bare]
    assert stream(placed, monkeypatch, capsys, *careful) == ["hold", "approve"]


def test_the_sites_own_people_never_wait(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [of("Ann", 1, "ham", role="administrator"), of("Bob", 1, "ham", role="subscriber")]
    assert stream(rows, monkeypatch, capsys, "--mode", "careful") == ["approve", "hold"]


def test_the_post_is_the_one_named_or_that_of_the_title() -> None:
    def read_as(row: dict[str, object]) -> Submission:
        return submission({"id": 1, "text": "Yes.", **row}, SITE, 0, START)

    assert read_as({"post": "7", "post_title": "The river"}).post.id == "7"
    assert read_as({"post_title": "The river"}).post.id == "The river"
    assert read_as({"parent_id": "12"}).parent_id == "12"


def test_the_site_declares_its_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stream([of("Ann", 1, "ham")], monkeypatch, capsys, "--lang", "de,en") == ["hold"]
    assert main(["judge", "--lang", "jp"]) == 1
    assert "--lang 'jp' is no language of ISO 639-1" in capsys.readouterr().err


def test_texts_that_repeat_one_another_are_a_campaign(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("Alpha", "Bravo", "Delta", "Echo")
    pitch = "I earned a fortune last week with the help of {}, and so can everybody who asks"
    lines = judged([*(pitch.format(name) for name in names), OPINION], monkeypatch, capsys)
    assert [line["campaign"] for line in lines] == [None, None, "row0", "row0", None]


def test_what_stands_beside_the_text_counts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    about = {"post_title": "The town library", "tags": ["council"]}
    rows: list[dict[str, object]] = [
        {"id": 1, "text": OPINION, "kind": "comment", "lang": "en", "date": "", "url": ""},
        {"id": 2, "text": OPINION + " Yes.", "author": "Best Plumber Dallas", **about},
        {"id": 3, "text": OPINION + " No!", "email": "a@yopmail.com", "tags": "library, cats"},
        {"id": 4, "text": OPINION + " Perhaps.", "tags": 7, "post_title": None, "other": []},
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(json.dumps(row) for row in rows)))
    assert main(["judge"]) == 0
    told = []
    for line in capsys.readouterr().out.splitlines():
        reasons = json.loads(line)["reasons"]
        told.append({r["code"]: r["contribution"] for r in reasons})
    plain, named, mailed, odd = (
        {
            code: told[at].get(code)
            for code in ("on_topic", "advertising_author", "disposable_email")
        }
        for at in range(4)
    )
    assert list(plain.values()) == list(odd.values()) == [None, None, None]
    assert list(named.values()) == [-0.1, 0.4, None]
    assert list(mailed.values()) == [-0.05, None, 0.1]


def test_a_row_is_of_its_date_or_follows_the_row_before(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    judge_, created = Stream.judge, list[datetime]()

    def noting(stream: Stream, batch: Sequence[Submission], now: datetime) -> list[StreamVerdict]:
        created.extend(each.created_at for each in batch)
        assert now == batch[-1].created_at
        return judge_(stream, batch, now)

    monkeypatch.setattr(Stream, "judge", noting)
    dates = (None, "2014-05-02 12:00:00", "yesterday", 1_399_118_400, "2013-01-01", True, 10**40)
    rows = [{"id": n, "text": OPINION, "date": date} for n, date in enumerate(dates)]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(json.dumps(row) for row in rows)))
    assert main(["judge"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(dates)
    assert [f"{when:%Y-%m-%d %H:%M:%S}" for when in created] == [
        "2000-01-01 00:00:00",
        "2014-05-02 12:00:00",
        "2014-05-02 12:00:01",
        "2014-05-03 12:00:00",
        "2014-05-03 12:00:00",  # never before the row before
        "2014-05-03 12:00:01",
        "2014-05-03 12:00:02",
    ]


def test_two_days_apart_the_same_author_says_the_same_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"text": "Thank you for this page!", "email": "ann@example.org"}
    dates = ("2014-05-01 10:00:00", "2014-05-01 10:00:07", "2014-05-04 10:00:00")
    rows = [{"id": date, "date": date, **said} for date in dates]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(json.dumps(row) for row in rows)))
    assert main(["judge"]) == 0
    verdicts = [json.loads(line)["verdict"] for line in capsys.readouterr().out.splitlines()]
    assert verdicts == ["approve", "discard", "approve"]


def test_judging_needs_neither_web_nor_queue_nor_database() -> None:
    """What is not imported costs no time: a stream is judged at once."""
    script = (
        "import sys; from moderator.__main__ import main; main(['judge']);"
        " print(*sorted(sys.modules), file=sys.stderr)"
    )
    row = json.dumps({"id": "a", "text": f"{OPINION} See https://example.org/page"})
    done = subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", script], input=row, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["id"] == "a"
    imported = set(done.stderr.split())
    assert "moderator.commands.judge" in imported
    assert not imported & {
        "aiohttp",
        "alembic",
        "celery",
        "flask",
        "httpx",
        "moderator.bootstrap",
        "moderator.commands.site",
        "moderator.settings",
        "redis",
        "scipy",
        "sklearn",
        "sqlalchemy",
        "unittest",
    }


def test_the_grammar_is_read_only_to_learn(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    anchors.cache_clear()
    judged([OPINION, SPAM], monkeypatch, capsys)
    assert anchors.cache_info().currsize == 0


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("משתתפת בצערכם", "אני לא מסכים עם הכותב, הממשלה הזאת לא עשתה כלום בשביל התושבים."),
        ("Спасибо", "Не согласен с автором: налоги поднимают для всех, а платят бедные."),
        ("Хвала на тексту", "Били смо тамо прошле године, предивно место за одмор."),
        ("京都旅行", "去年の秋に行きましたが、紅葉がとてもきれいでした。"),
    ],
)
def test_the_script_of_a_brief_title_tells_what_a_blog_writes_in(
    title: str, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"text": text, "post_title": title}, {"text": text, "post_title": "A walk"}]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(map(json.dumps, rows))))
    assert main(["judge"]) == 0
    told = [json.loads(line)["verdict"] for line in capsys.readouterr().out.splitlines()]
    assert told == ["approve", "hold"]
