"""Wires what judges and learns: the drains that need the spam model and its libraries."""

import threading

from moderator.bootstrap.parts import Step, new_token
from moderator.checks import LOCAL, REMOTE
from moderator.clients.redis.near_index import RedisNearIndex
from moderator.domain.ports import Hints
from moderator.domain.queue import Job
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.platforms import platform_of
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.judging.rows import JudgingRows
from moderator.storage.learning.site_models import SiteModelRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.queue import Queue
from moderator.usecases.judge.context import ContextLoader
from moderator.usecases.judge.local import CheckLocal
from moderator.usecases.learn.relearn import RetrainSiteModel
from moderator.usecases.learn.site_model import TrainSiteModel
from moderator.usecases.run.near_index import RefillNearIndex


def judging_steps(settings: Settings, database: Database, hints: Hints) -> dict[Job, Step]:
    queue, store, sites = Queue(database), JudgingRows(database), SiteRows(database)
    model, layers = shared_model(), SiteModelRows(database)
    is_across = settings.campaigns_across_sites == "on"
    near = RedisNearIndex(settings.redis_url) if settings.redis_url else None
    context_loader = ContextLoader(store, sites, near, Scorer(model, layers.get), is_across)
    check = CheckLocal(queue, store, context_loader, LOCAL, REMOTE, platform_of, new_token, hints)
    relearn = RetrainSiteModel(layers, model)
    return {
        Job.CHECK_LOCAL: lambda: relearn() + check(),
        Job.TRAIN_SITE_MODEL: TrainSiteModel(queue, store, layers, sites, model, new_token),
    }


def near_index_refill(settings: Settings, database: Database, stopping: threading.Event) -> Step:
    near = RedisNearIndex(settings.redis_url)
    return RefillNearIndex(JudgingRows(database), near, new_token, stopping)
