"""Wires what judges and learns: the drains that need the spam model and its libraries."""

import threading
from dataclasses import replace

from moderator.bootstrap.parts import Step, build_bell, build_trials, clock, new_token
from moderator.checks import LOCAL, REMOTE
from moderator.checks.source_link import SourceLink
from moderator.clients.redis.near_index import RedisNearIndex
from moderator.domain.ports import Hints
from moderator.domain.queue import Job
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.platforms import platform_of
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.judging.rows import JudgingRows
from moderator.storage.learning.site_models import LayerRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.queue import Queue
from moderator.usecases.answering.try_out import TryOut
from moderator.usecases.judge.context import Surroundings
from moderator.usecases.judge.local import Check
from moderator.usecases.learn.relearn import Relearn
from moderator.usecases.learn.site_model import Learn
from moderator.usecases.run.near_index import Mend


def judging_steps(settings: Settings, database: Database, hints: Hints) -> dict[Job, Step]:
    queue, store, sites = Queue(database), JudgingRows(database), SiteRows(database)
    model, layers = shared_model(), LayerRows(database)
    is_across = settings.campaigns_across_sites == "on"
    near = RedisNearIndex(settings.redis_url) if settings.redis_url else None
    surroundings = Surroundings(
        store=store,
        sites=sites,
        near=near,
        text_judge=Scorer(model, layers.get),
        is_across=is_across,
    )
    ring = build_bell(settings).ring
    check = Check(
        queue=queue,
        store=store,
        surroundings=surroundings,
        local=LOCAL,
        remote=REMOTE,
        platform_of=platform_of,
        new_token=new_token,
        hints=hints,
        announce=ring,
    )
    relearn = Relearn(layers, model)
    return {
        Job.CHECK: lambda: relearn() + check(),
        Job.TRY: _trying(
            settings, replace(surroundings, store=JudgingRows(database, is_trial=True))
        ),
        Job.LEARN: Learn(
            queue=queue, store=store, layers=layers, sites=sites, model=model, new_token=new_token
        ),
    }


def _trying(settings: Settings, surroundings: Surroundings) -> TryOut:
    """Nothing may remember what is only tried, and the near index remembers what it is asked."""
    return TryOut(
        trials=build_trials(settings),
        surroundings=replace(surroundings, near=None),
        local=LOCAL,
        page=SourceLink(),
        clock=clock,
        announce=build_bell(settings).ring,
    )


def mending(settings: Settings, database: Database, stopping: threading.Event) -> Step:
    near = RedisNearIndex(settings.redis_url)
    return Mend(archive=JudgingRows(database), near=near, new_token=new_token, stopping=stopping)
