"""The stream in memory and the service on a database come to the very same judgements."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.checks import LOCAL
from moderator.clients.redis.near_index import RedisNearIndex
from moderator.domain.finding import Finding
from moderator.domain.ids import new_id
from moderator.domain.submission import Author, Format, Kind, Post, Submission
from moderator.domain.verdict import Verdict
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.phrasebook import phrasebook
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.platforms import platform_of
from moderator.storage.base.database import Database
from moderator.storage.base.payload import load_findings, load_reasons
from moderator.storage.learning.site_models import SiteModelRows
from moderator.usecases.judge.context import ContextLoader
from moderator.usecases.judge.local import CheckLocal
from moderator.usecases.learn.site_model import TrainSiteModel
from moderator.usecases.offline.stream import Stream, StreamVerdict
from tests.builders import NOON, a_pingback
from tests.house import BLOG, House
from tests.marks import long_but
from tests.redis_server import RedisServer

COUNT = 150
TEXTS = [text for _, text in phrasebook().texts(2, random.Random(5))]  # noqa: S311
PITCH = "Everybody can earn a fortune with {} from the sofa, ask me how it is done at {}"
AUTHORS = [
    Author(name=f"Reader {n}", email=f"reader{n}@example.org", url=f"https://page{n}.test/")
    for n in range(6)
] + [Author(), Author(name="Best plumber Dallas", url="https://bit.ly/x")]


def submissions(chance: random.Random) -> Iterator[Submission]:
    """Copies, near copies, excerpts, links and returning authors, over several months."""
    when = NOON
    for number in range(1, COUNT + 1):
        when += timedelta(hours=chance.choice((0, 1, 30, 90)))
        text = chance.choice(
            (
                chance.choice(TEXTS),
                chance.choice(TEXTS[:5]),
                chance.choice(("Thank you for this!", "waka waka eh eh", "")),
                PITCH.format(chance.choice("ABCDE") * 6, f"https://shop{number % 3}.test/"),
            )
        )
        pingback = a_pingback(f"https://source{number % 4}.test/{number}", text)
        comment = replace(pingback, kind=Kind.COMMENT, linkback=None)
        yield replace(
            chance.choice((comment, comment, comment, pingback)),
            id=new_id(NOON + timedelta(milliseconds=number), number.to_bytes(10, "big")),
            platform_id=str(number),
            content=text,
            format=Format.HTML,
            created_at=when,
            received_at=when,
            author=chance.choice(AUTHORS),
            post=Post(id="7", url="https://blog.example.org/7", title="The river and the bridge"),
        )


WORDS = (Verdict.APPROVE, Verdict.APPROVE, Verdict.APPROVE, Verdict.SPAM, Verdict.DISCARD)


class Service:
    """The worker's check, and the learning from people, on one database."""

    def __init__(self, database: Database, redis_url: str) -> None:
        self.house = house = House(database, RedisNearIndex(redis_url, patience=9))
        around = ContextLoader(house.store, house.sites, house.near, Scorer(shared_model()))
        args = (house.queue, house.store, around, LOCAL, (), platform_of, house.new_token)
        self.check = CheckLocal(*args, house.hints)
        layers = SiteModelRows(database)
        args_ = (house.queue, house.store, layers, house.sites, shared_model(), house.new_token)
        self.learn = TrainSiteModel(*args_)

    def judge(self, batch: Sequence[Submission]) -> None:
        self.house.send(*batch)
        while self.check():
            pass

    def moderate(self, id_: str, verdict: Verdict) -> None:
        seen = self.house.store.stored_submissions([id_])[id_].sequence
        self.house.moderate(id_, verdict, seen=seen)
        while self.learn():
            pass
        while self.check():  # what follows for others
            pass

    def first_decision(self, id_: str) -> tuple[object, ...]:
        (row,) = self.house.rows(
            "SELECT verdict, score, duplicate_of, reasons, findings FROM decisions"  # noqa: S608
            f" WHERE submission_id = '{id_}' AND sequence = 1"
        )
        verdict, score, original, reasons, findings = row
        return verdict, score, original, load_reasons(str(reasons)), load_findings(str(findings))


def as_stored(judged: StreamVerdict) -> tuple[object, ...]:
    decision = judged.decision
    findings = tuple(map(_plain, judged.findings))
    reasons = tuple(replace(each, evidence=_lists(each.evidence)) for each in decision.reasons)
    return str(decision.verdict), decision.score, decision.duplicate_of, reasons, findings


def _plain(finding: Finding) -> Finding:
    return replace(finding, evidence=_lists(finding.evidence))


def _lists(evidence: dict[str, object]) -> dict[str, object]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in evidence.items()}


@pytest.mark.parametrize("seed", long_but(range(3), 0))
def test_one_stream_is_judged_alike(
    database: Database, redis_server: RedisServer, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  # a stream, no secret
    everyone = list(submissions(chance))
    service = Service(database, redis_server.url)
    stream = Stream(BLOG, LOCAL, MemoryNearIndex(), Scorer(shared_model()))
    said: dict[str, StreamVerdict] = {}
    waiting = list(everyone)
    while waiting:  # people decide now and then, and change their minds
        size = chance.choice((1, 2, 20))
        batch, waiting = waiting[:size], waiting[size:]
        now = service.house.queue.now()
        service.judge(batch)
        for submission, judged in zip(batch, stream.judge(batch, now), strict=True):
            said[submission.id] = judged
        decided = chance.choice(everyone[: len(said)])
        verdict = Verdict.SPAM if "shop1" in decided.content else chance.choice(WORDS)
        service.moderate(decided.id, verdict)
        stream.learn(decided, verdict, service.house.queue.now())
    for submission in everyone:
        assert service.first_decision(submission.id) == as_stored(said[submission.id])
    ids = [submission.id for submission in everyone]
    campaigns = service.house.store.campaigns(ids)
    assert campaigns == stream.past.campaigns(ids)
    codes = {finding.code for judged in said.values() for finding in judged.findings}
    assert codes >= {"duplicate", "campaign", "approved_before", "host_spam"}
    assert codes & {"nearly_same", "near_known_spam"}
