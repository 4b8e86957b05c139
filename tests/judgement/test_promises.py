"""Nobody is called a spammer for an opinion or a link: on rows that people wrote, if at hand."""

import json

import pytest

from moderator.checks import LOCAL
from moderator.commands.evaluate import rows
from moderator.commands.judge import answers
from moderator.domain.site import Site
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.judgement.training.measures import Row
from moderator.usecases.offline.stream import Stream
from tests.shared import shared_or_skip

SITE = Site(id="site", name="site", url="", hosts=frozenset())


def verdicts(golds: list[Row]) -> list[str]:
    stream = Stream(SITE, LOCAL, MemoryNearIndex(), Scorer(shared_model()))
    return [json.loads(line)["verdict"] for line in answers(stream, SITE, golds, 500)]


def share(found: list[str], verdict: str) -> float:
    return found.count(verdict) / len(found)


def test_honest_comments_with_links_are_no_spam() -> None:
    found = verdicts(rows(shared_or_skip("data/challenge_linked_ham.jsonl")))
    assert share(found, "spam") <= 0.002
    assert share(found, "hold") <= 0.1


def test_opinions_that_were_never_trained_on_are_no_spam() -> None:
    golds = rows(shared_or_skip("data/dev.jsonl"))
    found = verdicts([row for row in golds if row["source"] == "ucc_globeandmail_val"])
    assert share(found, "spam") <= 0.0005
    assert share(found, "hold") <= 0.04


@pytest.mark.parametrize("disguise", ["zero-width", "homoglyph"])
def test_disguise_does_not_change_the_verdict(disguise: str) -> None:
    golds = rows(shared_or_skip("data/challenge_obfuscated_spam.jsonl"))
    dressed = [row for row in golds if row["source"] == f"ch_obf_{disguise}"]
    assert share(verdicts(dressed), "approve") <= 0.06
