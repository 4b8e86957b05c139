"""`moderator replay`: what would have been, said without writing anything."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.checks import LOCAL
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Verdict
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.storage.base.database import Database
from tests.builders import a_submission
from tests.databases import fresh
from tests.house import House
from tests.usecases.test_judging import Asks

OPINION = "The council should have asked the people of the town before closing the library."
ADDRESS = Author(url="https://bit.ly/offer", email="bestplumberdallas@mail.example")


def comment(number: int, text: str, author: Author) -> Submission:
    return replace(a_submission(text, author=author), id=f"{number:032x}", platform_id=str(number))


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Three comments: an opinion, one by an advertiser, one that Akismet called spam."""
    url = f"sqlite:///{tmp_path / 'replay.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    database = Database(url)
    fresh(database)
    house = House(database, MemoryNearIndex())
    house.text_judge = Scorer(shared_model())
    house.send(
        comment(1, OPINION, Author()), comment(2, "Another matter: my cat can open doors.", ADDRESS)
    )
    house.check(*LOCAL)
    house.send(comment(3, "And who will pay for all of that in the end?", Author()))
    akismet = Asks(Finding("akismet", Signal.SPAM, "spam", weight=0.95), name="akismet")
    house.check(*LOCAL, remote=(akismet,))
    house.reach(akismet)
    return house


def replayed(capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    assert main(["replay", "--site", "blog", *options]) == 0
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def everything(house: House) -> list[tuple[object, ...]]:
    return house.rows("SELECT * FROM decisions") + house.rows("SELECT * FROM submissions")


def test_with_the_same_thresholds_nothing_changes(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(house)
    assert replayed(capsys) == [
        "3 submissions judged again; nothing was changed",
        "1 approve",
        "1 hold",
        "1 spam",
        "0 of them a person decided",
    ]
    assert everything(house) == before


def test_other_thresholds_are_tried(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(house)
    first, third, *lines = replayed(capsys, "--hold", "1.5", "--spam", "2", "--each")
    assert re.fullmatch(r"0{31}2 hold (\d\.\d+) -> approve \1", first)
    assert third.endswith("3 spam 0.95 -> approve 0.95")
    assert lines == [
        "3 submissions judged again; nothing was changed",
        "1 approve",
        "1 hold -> approve",
        "1 spam -> approve",
        "0 of them a person decided",
    ]
    assert everything(house) == before


def test_what_people_said_counts_for_what_came_later(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.moderate(f"{1:032x}", Verdict.APPROVE, seen=1)
    house.moderate(f"{2:032x}", Verdict.SPAM, seen=1)
    house.send(comment(4, "Another matter altogether, and nothing to sell.", ADDRESS))
    house.check(*LOCAL)
    lines = replayed(capsys, "--hold", "1", "--each")
    assert "2 of them a person decided" in lines
    assert "1 a person said approve: approve" in lines
    assert "1 a person said spam: approve" in lines


@pytest.mark.usefixtures("house")
def test_an_unknown_site_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--site", "nobody"]) == 1
    assert "no site nobody" in capsys.readouterr().err
