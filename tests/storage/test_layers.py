"""A worker judges by many sites' layers and keeps few of them."""

import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import insert

from moderator.judgement.learning.site_layer import SiteLayer, Step
from moderator.judgement.learning.sparse import sparse
from moderator.judgement.text.features import BUCKETS
from moderator.storage.base.database import Database
from moderator.storage.learning import site_models as module
from moderator.storage.learning.site_models import SiteModelRows
from moderator.storage.schema.tables import site_layers, sites
from tests.builders import a_site
from tests.databases import fresh
from tests.stock import stock_site

SITES = 1_000
MOST = 500_000


def a_layer(lessons: int, size: int = 1_000) -> SiteLayer:
    chance = np.random.default_rng(lessons)
    every = np.zeros(BUCKETS, dtype=np.int32)
    every[chance.choice(BUCKETS, size, replace=False)] = 1
    steps = {f"{n:032x}": Step(is_spam=True, size=1.0) for n in range(50)}
    return SiteLayer(sparse(every), lessons=lessons, steps=steps)


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Database]:
    """A thousand sites that taught something."""
    database = Database(f"sqlite:///{tmp_path / 'crowded.db'}")
    fresh(database)
    state = a_layer(1).to_bytes()
    with database.write() as connection:
        connection.execute(
            insert(sites),
            [{"id": f"site{n}", "name": "", "url": "", "created_at": 0} for n in range(SITES)],
        )
        connection.execute(
            insert(site_layers),
            [
                {"site_id": f"site{n}", "version": 1, "state": state, "changed_at": 0}
                for n in range(SITES)
            ],
        )
    yield database
    database.close()


def _get(rows: SiteModelRows, site_id: str, seen: list[weakref.ref[NDArray[np.int32]]]) -> int:
    found = rows.get(site_id)
    assert found is not None
    assert found.lessons == 1
    seen.append(weakref.ref(found.over.values))
    return found.nbytes


def test_a_thousand_sites_fit_into_the_memory_of_a_few(crowded: Database) -> None:
    rows = SiteModelRows(crowded, most_bytes=MOST)
    seen: list[weakref.ref[NDArray[np.int32]]] = []
    sizes = {_get(rows, f"site{number}", seen) for number in range(SITES)}
    [size] = sizes
    alive = sum(ref() is not None for ref in seen)
    assert MOST // 2 < alive * size <= MOST


def test_a_site_in_use_is_not_read_again(crowded: Database) -> None:
    rows = SiteModelRows(crowded, most_bytes=MOST)
    busy = rows.get("site0")
    idle = rows.get("site1")
    for number in range(2, 200):
        rows.get(f"site{number}")
        assert rows.get("site0") is busy
    assert rows.get("site1") is not idle


def test_a_layer_over_the_limit_is_kept_alone(database: Database) -> None:
    stock_site(database)
    rows = SiteModelRows(database, most_bytes=1)
    assert rows.save([], {"blog": (a_layer(3), 0)})
    first = rows.get("blog")
    assert first is not None
    assert rows.get("blog") is first


def test_what_is_judged_by_follows_what_is_taught_and_reset(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CACHE_SECONDS", float("-inf"))
    stock_site(database)
    stock_site(database, a_site(id="other"))
    rows, worker = SiteModelRows(database), SiteModelRows(database)
    assert worker.get("blog") is None
    for version, lessons in enumerate((1, 7)):
        assert rows.save([], {"blog": (a_layer(lessons), version)})
        found = worker.get("blog")
        assert found is not None
        assert found.lessons == lessons
    assert rows.reset("blog")
    assert worker.get("blog") is None
    assert rows.save([], {"blog": (a_layer(9), 0)})
    assert getattr(worker.get("blog"), "lessons", 0) == 9


def test_what_can_be_taken_back_is_read_for_teaching_only(database: Database) -> None:
    stock_site(database)
    rows = SiteModelRows(database)
    layer = a_layer(2)
    assert rows.save([], {"blog": (layer, 0)})
    judged_by = rows.get("blog")
    assert judged_by is not None
    assert not judged_by.steps
    assert rows.load("blog")[0].steps == layer.steps
    assert np.array_equal(judged_by.weights, layer.weights)
    assert replace(judged_by, steps=layer.steps).to_bytes()
