"""A link is asked once for a while; the memory forgets, and never stands in the way."""

from datetime import timedelta
from pathlib import Path

from moderator.domain.ports import Fate, LinkFate
from moderator.storage.base.database import Database
from moderator.storage.fetching.link_cache import AT_ONCE, KEPT, LinkCacheRows
from tests.builders import NOON

A, B = "https://a.test/x", "https://b.test/é…"
SHORT = LinkFate(
    A, Fate.SHORTENER, "It leads to b.test", 200, B, hops=(A, "https://m.test/", B), checked_at=NOON
)


def test_what_was_learned_comes_back_whole(database: Database) -> None:
    memory = LinkCacheRows(database)
    dead = LinkFate(B, Fate.DEAD, "The page does not exist", 404, B, (B,), NOON)
    memory.remember([SHORT, dead], NOON)
    assert memory.recall([A, B, "https://c.test/"], NOON) == {A: SHORT, B: dead}
    assert memory.recall([], NOON) == {}


def test_each_fate_is_kept_for_its_time(database: Database) -> None:
    memory = LinkCacheRows(database)
    for fate, kept in KEPT.items():
        memory.remember([LinkFate(A, fate, checked_at=NOON)], NOON)
        assert memory.recall([A], NOON + kept - timedelta(seconds=1))[A].fate is fate
        assert memory.recall([A], NOON + kept) == {}


def test_what_is_old_leaves_the_table(database: Database) -> None:
    memory = LinkCacheRows(database)
    memory.remember([LinkFate(A, Fate.OK, checked_at=NOON)], NOON)
    later = NOON + timedelta(days=2)
    memory.remember([LinkFate(B, Fate.OK, checked_at=later)], later)
    with database.read() as connection:
        urls = connection.exec_driver_sql("SELECT url FROM link_memory").scalars().all()
    assert list(urls) == [B]


def test_news_replace_what_was_known_and_never_the_other_way_round(database: Database) -> None:
    memory = LinkCacheRows(database)
    later = NOON + timedelta(minutes=5)
    memory.remember([LinkFate(A, Fate.DEAD, checked_at=later)], later)
    memory.remember([LinkFate(A, Fate.OK, checked_at=NOON)], later)
    assert memory.recall([A], later)[A].fate is Fate.DEAD
    memory.remember([LinkFate(A, Fate.OK, checked_at=later)], later)
    assert memory.recall([A], later)[A].fate is Fate.OK


def test_what_says_nothing_is_not_kept(database: Database) -> None:
    memory = LinkCacheRows(database)
    memory.remember([LinkFate(A, Fate.UNCHECKED), LinkFate(B, Fate.CUT_OFF)], NOON)
    assert memory.recall([A, B], NOON) == {}


def test_many_links_at_once(database: Database) -> None:
    memory = LinkCacheRows(database)
    fates = [LinkFate(f"https://e{n}.test/", Fate.OK, checked_at=NOON) for n in range(AT_ONCE + 9)]
    memory.remember(fates, NOON)
    assert len(memory.recall([fate.url for fate in fates], NOON)) == len(fates)


def test_without_the_database_nothing_is_remembered_and_nothing_fails(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'test.db'}")
    memory = LinkCacheRows(database)
    memory.remember([SHORT], NOON)
    assert memory.recall([A], NOON) == {}
    database.close()
