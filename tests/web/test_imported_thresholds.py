"""A site whose past was imported learns from it what its thresholds would do: judged as today."""

import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from moderator.bootstrap.judging import judging_steps
from moderator.domain.queue import Job
from moderator.settings import Settings
from moderator.storage.history.past_trials import PastTrialRows
from tests.browser import Chromium
from tests.builders import NOON
from tests.storage.importing import OFFER, OPINION, exported, import_into
from tests.web.desk import Office, words
from tests.web.test_accessibility import REPORTS, axe, look_at
from tests.web.test_hostile_texts import enter

__all__ = ["axe"]

PAGE, PRESS = "/thresholds/blog", "/thresholds/blog/imported"
HONEST, SPAM = 56, 8
WORDS = [
    "council",
    "library",
    "bridge",
    "river",
    "winter",
    "summer",
    "tram",
    "town",
    "market",
    "people",
    "door",
    "window",
    "bread",
    "garden",
    "school",
    "teacher",
    "letter",
    "morning",
    "evening",
    "road",
    "hill",
    "forest",
    "paper",
    "story",
    "music",
    "cellar",
    "tower",
    "coat",
]


def bring(office: Office) -> None:
    """What people had decided elsewhere, each with words of its own, and one that waits."""
    honest = [exported(n, remark(n), created=at(n)) for n in range(HONEST)]
    spam = [
        exported(100 + n, f"{remark(100 + n)} {OFFER}", "spam", created=at(100 + n))
        for n in range(SPAM)
    ]
    import_into(office.database, [*honest, *spam, exported(200, OPINION, "hold")])


def remark(number: int) -> str:
    """Like no other one."""
    chance = random.Random(number)  # noqa: S311  # for texts
    return " ".join(chance.sample(WORDS, 12)).capitalize() + "."


def at(number: int) -> datetime:
    return NOON - timedelta(days=300 - number)


def work(office: Office) -> int:
    return judging_steps(Settings(), office.database, office.hints)[Job.DRY_RUN]()


def standing(office: Office) -> list[object]:
    with office.database.read() as connection:
        tables = ("submissions", "decisions", "deliveries", "author_counts", "lessons")
        return [connection.execute(text(f"SELECT * FROM {one}")).all() for one in tables]  # noqa: S608


def test_what_was_imported_is_judged_as_it_would_come_in_today(office: Office) -> None:
    bring(office)
    ben = office.browser("ben")
    page = words(ben.get(PAGE))
    assert f"People decided about {HONEST + SPAM} imported ones" in page
    assert "By the newest 1 submissions, of which people decided about 0" in page
    before = standing(office)
    assert ben.submit(PAGE, PRESS).location == f"{PAGE}#expect"
    page = words(ben.get(PAGE))
    assert "Imported ones are being judged again" in page
    assert "Judge them again" not in page
    assert Job.DRY_RUN in office.hints.sent
    assert work(office) == 1
    assert work(office) == 0
    page = words(ben.get(PAGE))
    assert f"{HONEST + SPAM} of them were imported with people's word on them" in page
    asked, known = HONEST + SPAM + 1, HONEST + SPAM
    assert f"By the newest {asked} submissions, of which people decided about {known}" in page
    assert "can be judged once more" in page
    assert standing(office) == before
    trial = PastTrialRows(office.database).trial("blog")
    assert trial is not None
    refused = [item.score for item in trial.items if item.by_person == "spam"]
    assert len(refused) == SPAM
    assert min(refused) < max(refused)  # each knows what was said of those before it


def test_what_is_judged_here_is_not_judged_again(office: Office) -> None:
    assert "imported ones" not in words(office.browser("ben").get(PAGE))


def test_who_may_not_decide_or_not_see_asks_nothing(office: Office) -> None:
    bring(office)
    assert "Judge them again" not in words(office.browser("vic").get(PAGE))
    for name, status in (("vic", 403), ("eve", 404)):
        assert office.browser(name).submit("/queue", PRESS).status_code == status
    assert not PastTrialRows(office.database).is_awaited("blog")


def test_a_site_that_went_meanwhile_ends_the_work(office: Office) -> None:
    bring(office)
    office.browser("anna").submit(PAGE, PRESS)
    office.browser("anna").submit("/sites/blog", "/sites/blog/remove", confirmed="blog")
    assert work(office) == 0
    assert PastTrialRows(office.database).trial("blog") is None


@pytest.mark.timeout(240)
def test_each_state_can_be_used_by_everybody(
    office: Office, chromium: Chromium, axe: str, address: str
) -> None:
    bring(office)
    enter(chromium, address)
    chromium.call("Page.addScriptToEvaluateOnNewDocument", source=REPORTS)
    look_at(chromium, axe, address + PAGE, 1)
    office.browser("ben").submit(PAGE, PRESS)
    look_at(chromium, axe, address + PAGE, 2)
    work(office)
    look_at(chromium, axe, address + PAGE, 5)
