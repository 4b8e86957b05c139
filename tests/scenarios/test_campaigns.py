"""The wired service with two sites: the setting is heeded, and a reprinted petition is not held."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from moderator.bootstrap.worker import Worker, build_worker
from moderator.domain.events.arrival import Arrival, Event
from moderator.domain.ids import new_id
from moderator.domain.queue import Job
from moderator.domain.submission import Author, Submission
from moderator.settings import Settings
from moderator.storage.dashboard.api import SubmissionStatusRows
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import upgrade
from tests.builders import NOON, a_site, a_submission
from tests.fakes import RULES
from tests.redis_server import RedisServer

PETITION = (
    "We, the citizens of this town, ask the council to keep the public library open on {}, because"
    " it is the only warm and quiet place where children can learn and the old can meet."
)
DAYS = ("Mondays", "Tuesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def signed(number: int, site: str, text: str) -> Submission:
    when = NOON + timedelta(seconds=number)
    return a_submission(
        text,
        id=new_id(when, number.to_bytes(10, "big")),
        site_id=site,
        platform_id=str(number),
        author=Author(name=f"Citizen {number}", email=f"citizen{number}@example.org"),
        created_at=when,
        received_at=when,
    )


@pytest.fixture
def settings(tmp_path: Path, redis_server: RedisServer) -> Settings:
    return replace(Settings(), data_dir=tmp_path, redis_url=redis_server.url)


@contextmanager
def running(settings: Settings) -> Iterator[Worker]:
    worker = build_worker(settings)
    upgrade(worker.database)
    for name in ("blog", "other"):
        SiteRows(worker.database).add(a_site(id=name), key_prefix=name, key_digest=name, now=NOON)
    yield worker
    worker.close()


def judged(settings: Settings, *submissions: Submission) -> dict[str, tuple[str, str]]:
    """Status and campaign of each, by its id."""
    with running(settings) as worker:
        for submission in submissions:
            IntakeRows(worker.database).add(
                [Arrival(Event.CREATED, submission, submission.id)], RULES
            )
            for job in (Job.CHECK_LOCAL, Job.CHECK_REMOTE):
                worker.drains[job]()
        views = SubmissionStatusRows(worker.database)
        found = ((s.id, views.find(s.site_id, s.id)) for s in submissions)
        return {id_: (view.status, view.campaign_id) for id_, view in found if view is not None}


def petition() -> list[Submission]:
    """Nearly the same six times, on two sites in turn."""
    return [
        signed(number, ("blog", "other")[number % 2], PETITION.format(day))
        for number, day in enumerate(DAYS)
    ]


def test_a_petition_on_two_sites_is_one_campaign_and_not_held(settings: Settings) -> None:
    found = judged(settings, *petition())
    assert {status for status, _ in found.values()} <= {"approved", "trash"}
    assert len({campaign for _, campaign in found.values()}) == 1
    assert "" not in {campaign for _, campaign in found.values()}


def test_with_the_setting_off_each_site_has_its_own(settings: Settings) -> None:
    given = petition()
    found = judged(replace(settings, campaigns_across_sites="off"), *given)
    own = {site: {found[s.id][1] for s in given if s.site_id == site} for site in ("blog", "other")}
    assert [len(campaigns) for campaigns in own.values()] == [1, 1]
    assert own["blog"] != own["other"]
