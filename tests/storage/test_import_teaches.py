"""What an import teaches: hosts, authors, languages, near copies, lessons."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from moderator.domain.check import TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.queue import Job
from moderator.domain.submission import Author
from moderator.domain.urls.hosts import names_of
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.near.sketch import sketched
from moderator.judgement.text.languages import language_of
from moderator.storage.base.database import Database
from moderator.storage.intake.imports import ImportRows
from moderator.usecases.judge.site_languages import SiteLanguages
from tests.builders import NOON, a_submission
from tests.house import BLOG, House
from tests.recount import counted, kept
from tests.storage.importing import CAROL, OFFER, OPINION, exported, import_into


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def test_decisions_are_reputations_of_their_own_time(house: House) -> None:
    old, young = NOON - timedelta(days=360), NOON - timedelta(days=1)
    import_into(
        house.database,
        [
            exported(1, OPINION, created=old),
            exported(2, OFFER, "spam", created=young, author=Author(name="Lamp")),
            exported(3, OFFER, "trash", created=young),
            exported(4, OFFER, "hold", created=young),
        ],
    )
    page, shop = names_of("carol-example.org")[0], names_of("lamp-desk-example.org")[0]
    keys = [("blog", page), ("blog", shop)]
    found = house.store.reputations(keys, NOON)
    assert (found["blog", page].approved, round(found["blog", page].approved_now, 2)) == (1, 0.25)
    assert (found["blog", shop].approved, found["blog", shop].spam) == (0, 1)
    author_key = Facts(a_submission(OPINION, author=CAROL)).author_key
    key = ("blog", house.database.mask(author_key))
    history = house.store.histories([key], NOON)[key]
    assert history.is_known(NOON)
    assert (history.first_seen, history.approved_by_person) == (old, 1)
    house.hurry(Job.TRAIN_SITE_MODEL)
    house.learn()  # the same again, and no younger by it
    assert house.store.reputations(keys, NOON) == found
    assert kept(house.database) == counted(house.database)


def test_approved_texts_tell_the_sites_languages(house: House) -> None:
    texts = (
        "Die Gemeinde h\u00e4tte die Leute fragen sollen, wie sie es fr\u00fcher immer tat.",
        "Mir hat der zweite Teil des Artikels besser gefallen als der erste, danke daf\u00fcr.",
        "Wir haben letztes Jahr dasselbe versucht und sind am Wetter gescheitert.",
    )
    import_into(house.database, [exported(n, each) for n, each in enumerate(texts)])
    facts = Facts(a_submission("Ein ganz neuer Kommentar in derselben Sprache wie die anderen."))
    score = TextScore(0.0, is_familiar=False, language=language_of(facts.unlinked))
    languages = SiteLanguages(house.store)({"x": (BLOG, facts, score)})
    assert "de" in languages["x"]


def test_texts_of_the_last_days_are_known_to_the_index_of_near_copies(house: House) -> None:
    near = MemoryNearIndex()
    long = f"{OPINION} They said that nobody would mind, and everybody did."
    use = import_into(
        house.database,
        [
            exported(1, long, created=NOON - timedelta(days=3)),
            exported(2, f"{long} And more.", created=NOON - timedelta(days=30)),
        ],
        near=near,
        now=NOON,
    )
    copy = Facts(a_submission(long.replace("library", "museum"), id="ff" * 16))
    met = near.find_and_add(sketched([copy]))
    assert met is not None
    ((known,),) = house.rows("SELECT id FROM submissions WHERE platform_id = '1'")
    assert [other for other, _ in met[0]] == [known]
    assert use.state("file").counts.without_near == 0


def test_texts_that_the_index_was_not_told_are_counted(house: House) -> None:
    use = import_into(house.database, [exported(1, OPINION, created=NOON)], now=NOON)
    assert use.state("file").counts.without_near == 1


def test_a_bounded_number_of_the_latest_decisions_is_learned_in_their_order(house: House) -> None:
    days = [NOON - timedelta(days=back) for back in range(9)]
    offers = [
        exported(n, f"{OFFER} {n}", "spam", created=day) for n, day in enumerate(days, start=100)
    ]
    opinions = [exported(n, f"{OPINION} {n}", created=day) for n, day in enumerate(days)]
    import_into(house.database, [*offers, *opinions])
    with house.database.write() as connection:
        connection.execute(text("DELETE FROM queue"))
    assert ImportRows(house.database).finish("blog", "file", 6) == 6
    queued = house.rows(
        "SELECT s.platform_id FROM queue q JOIN submissions s ON s.id = q.subject_id"
        " ORDER BY q.due_at"
    )
    assert {row[0] for row in queued} == {"0", "1", "2", "100", "101", "102"}
    assert [int(str(row[0])) % 100 for row in queued] == [2, 2, 1, 1, 0, 0]
    house.hurry(Job.TRAIN_SITE_MODEL)
    assert house.learn().load("blog")[0].lessons == 6
