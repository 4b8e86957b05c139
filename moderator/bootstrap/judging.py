"""Wires what judges and learns: the drains that need the spam model and its libraries."""

import threading
from dataclasses import replace
from datetime import timedelta

from moderator.bootstrap.event_log import StandardLog
from moderator.bootstrap.parts import Step, build_bell, build_trials, clock, new_token
from moderator.checks import LOCAL, REMOTE
from moderator.checks.rules import Rules
from moderator.checks.source_link import SourceLink
from moderator.clients.redis.near_index import RedisNearIndex
from moderator.domain.ports import Hints
from moderator.domain.queue import Job
from moderator.domain.site import Site
from moderator.judgement.learning.stream_learner import StreamLearner
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.platforms import platform_of
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.history.past_trials import PastTrialRows
from moderator.storage.history.received import HistoryRows
from moderator.storage.judging.rows import JudgingRows
from moderator.storage.learning.site_models import SiteModelRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.queue import Queue
from moderator.storage.rules import RuleRows
from moderator.usecases.answering.try_out import TryOut
from moderator.usecases.judge.context import ContextLoader
from moderator.usecases.judge.local import CheckLocal
from moderator.usecases.learn.relearn import RetrainSiteModel
from moderator.usecases.learn.site_model import TrainSiteModel
from moderator.usecases.offline.judge_past import JudgePast
from moderator.usecases.offline.stream import Stream
from moderator.usecases.rules.run_dry import RunDry
from moderator.usecases.rules.try_rule import TryRule
from moderator.usecases.run.near_index import RefillNearIndex


def judging_steps(settings: Settings, database: Database, hints: Hints) -> dict[Job, Step]:
    queue, store, sites = Queue(database), JudgingRows(database), SiteRows(database)
    model, layers = shared_model(), SiteModelRows(database)
    is_across = settings.campaigns_across_sites == "on"
    near = _near(settings) if settings.redis_url else None
    context_loader = ContextLoader(
        store=store,
        sites=sites,
        near=near,
        text_judge=Scorer(model, layers.get),
        is_across=is_across,
    )
    ring = build_bell(settings).ring
    check = CheckLocal(
        queue=queue,
        store=store,
        context_loader=context_loader,
        local=LOCAL,
        remote=REMOTE,
        platform_of=platform_of,
        new_token=new_token,
        hints=hints,
        announce=ring,
    )
    relearn = RetrainSiteModel(layers=layers, model=model, log=StandardLog())
    return {
        Job.CHECK_LOCAL: lambda: relearn() + check(),
        Job.TRY: _trying(
            settings, replace(context_loader, store=JudgingRows(database, is_trial=True))
        ),
        Job.TRAIN_SITE_MODEL: TrainSiteModel(
            queue=queue, store=store, layers=layers, sites=sites, model=model, new_token=new_token
        ),
        Job.DRY_RUN: _trying_past(database, sites),
    }


def _trying_past(database: Database, sites: SiteRows) -> RunDry:
    """Rules on stored history, and what was imported as it would come in today."""
    return RunDry(
        queue=Queue(database),
        store=RuleRows(database),
        try_rule=TryRule(history=HistoryRows(database), sites=sites, check=Rules()),
        judge_past=JudgePast(
            store=PastTrialRows(database), sites=sites, stream_of=_stream, clock=clock
        ),
        new_token=new_token,
    )


def _stream(site: Site) -> tuple[Stream, StreamLearner]:
    """A site's stream from its beginning, which nobody taught anything yet."""
    learner = StreamLearner(shared_model())
    scorer = Scorer(learner.model, learner.layer_of)
    return Stream(site=site, local=LOCAL, near=MemoryNearIndex(), text_judge=scorer), learner


def _trying(settings: Settings, context_loader: ContextLoader) -> TryOut:
    """Nothing may remember what is only tried, and the near index remembers what it is asked."""
    return TryOut(
        trials=build_trials(settings),
        context_loader=replace(context_loader, near=None),
        local=LOCAL,
        page=SourceLink(),
        clock=clock,
        announce=build_bell(settings).ring,
    )


def near_index_refill(settings: Settings, database: Database, stopping: threading.Event) -> Step:
    near = _near(settings)
    return RefillNearIndex(
        archive=JudgingRows(database), near=near, new_token=new_token, stopping=stopping
    )


def _near(settings: Settings) -> RedisNearIndex:
    return RedisNearIndex(
        settings.redis_url, prefix=settings.redis_prefix, keep=timedelta(days=settings.near_days)
    )
