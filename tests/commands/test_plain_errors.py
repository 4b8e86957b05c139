"""Where the plain threshold is set, the errors to expect at it are told."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import insert

from moderator.__main__ import main
from moderator.domain.answering.plain_errors import ELSEWHERE, PlainErrors, elsewhere, told
from moderator.storage.base.database import Database
from moderator.storage.history.received import HistoryRows
from moderator.storage.schema.tables import decisions, submissions
from tests.builders import a_site
from tests.house import House


def test_little_is_known_of_a_new_blog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'site.db'}")
    assert main(["site", "add", "blog", "--url", "https://blog.example.org"]) == 0
    capsys.readouterr()
    assert main(["site", "set", "blog", "--plain-threshold", "0.7"]) == 0
    line = (
        "at plain threshold 0.7: 4 (3 to 6) of 1,000 honest comments are called spam,"
        " 13 (5 to 32) of 1,000 spam are published; by 40 other blogs, for people decided 0 here\n"
    )
    assert capsys.readouterr().out.endswith(line)
    assert main(["site", "show", "blog"]) == 0
    assert capsys.readouterr().out.endswith(line)
    assert main(["site", "set", "blog", "--mode", "careful"]) == 0
    assert "of 1,000" not in capsys.readouterr().out


def test_the_docs_say_the_same() -> None:
    page = (Path(__file__).parents[2] / "docs" / "akismet-server.md").read_text()
    for plain_at, refused, published in ELSEWHERE:
        [row] = [line for line in page.splitlines() if line.startswith(f"| {plain_at}")]
        assert f"| {refused} (" in row
        assert row.endswith(f"| {published} |")


@pytest.mark.parametrize(
    ("plain_at", "refused", "published"),
    [(0.5, 162, 3), (0.55, 162, 3), (0.65, 84, 4), (0.2, 162, 3), (0.95, 7, 16), (10, 7, 16)],
)
def test_between_two_figures_the_worse_counts(
    plain_at: float, refused: int, published: int
) -> None:
    found = elsewhere(plain_at)
    assert (found.honest_refused, found.spam_published) == (refused, published)


def test_a_past_of_its_own_is_preferred_once_it_is_long_enough() -> None:
    assert "by 40 other blogs, for people decided 29 here" in told(PlainErrors(20, 1, 9, 1), 0.6)
    line = told(PlainErrors(20, 1, 10, 1), 0.6)
    assert "50 (9 to 236) of 1,000 honest comments are called spam" in line
    assert "100 (18 to 404) of 1,000 spam are published" in line
    assert "by 30 comments that people decided here" in line
    assert "an unknown number (0 to 1000) of 1,000 spam" in told(PlainErrors(40, 1, 0, 0), 0.6)


def decided(house: House, cases: Sequence[tuple[str, float, str, str]]) -> None:
    """Each: what a rule said and scored, then who said what."""
    with house.database.write() as connection:
        for number, (verdict, score, decided_by, status) in enumerate(cases):
            id_ = f"{number:032x}"
            row = {"id": id_, "site_id": "past", "platform_id": str(number), "kind": "comment",
                   "payload": "{}", "status": status, "decided_by": decided_by,
                   "received_at": 0, "created_at": 0}  # fmt: skip
            connection.execute(insert(submissions).values(row))
            for sequence, kind in ((1, "rule"), (2, decided_by)):
                said = {"id": f"{id_}-{sequence}", "submission_id": id_, "site_id": "past",
                        "sequence": sequence, "verdict": verdict, "score": score, "hold_at": 0.4,
                        "spam_at": 0.9, "policy_version": 1, "decided_by": kind,
                        "decided_at": 0}  # fmt: skip
                connection.execute(insert(decisions).values(said))


def test_the_past_is_what_would_have_been_told(database: Database) -> None:
    house = House(database)
    house.sites.add(a_site(id="past"), key_prefix="", key_digest="past", now=house.queue.now())
    decided(
        house,
        [
            ("approve", 0.1, "moderator", "approved"),
            ("hold", 0.5, "moderator", "approved"),
            ("hold", 0.6, "blog", "approved"),  # told spam
            ("spam", 0.9, "blog", "approved"),  # told spam
            ("discard", 0.0, "blog", "approved"),  # told spam
            ("approve", 0.1, "moderator", "spam"),  # published
            ("hold", 0.5, "moderator", "spam"),  # published
            ("hold", 0.7, "moderator", "spam"),
            ("spam", 0.9, "blog", "spam"),
            ("hold", 0.7, "moderator", "trash"),  # a copy says nothing
            ("hold", 0.7, "rule", "hold"),
            ("approve", 0.1, "rule", "approved"),
        ],
    )
    past = HistoryRows(database)
    assert past.plain_errors("past", 0.6) == PlainErrors(5, 3, 4, 2)
    assert past.plain_errors("past", 0.8) == PlainErrors(5, 2, 4, 3)
    assert past.plain_errors("nowhere", 0.6) == PlainErrors(0, 0, 0, 0)
