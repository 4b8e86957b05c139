"""Which languages are a site's own, over a real database; and what that makes of its comments."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from benchmarks.first_month import sections
from moderator.checks import LOCAL
from moderator.domain.events.arrival import Event
from moderator.domain.submission import Author, Post, Submission
from moderator.domain.text.languages import LATEST
from moderator.domain.verdict import Verdict
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.storage.base.database import Database
from moderator.usecases.offline.stream import Stream
from tests.builders import NOON, a_site, a_submission
from tests.house import House

FRENCH = sections()["fr"].honest
ENGLISH = (
    "We crossed the bridge last summer and it was lovely.",
    "The mayor should have asked the people of the town first.",
    "My grandfather told me about the flood when I was six.",
    "I do not agree, the old road was much more dangerous.",
)


def comment(number: int, text: str, **changes: object) -> Submission:
    at = NOON + timedelta(seconds=number)
    given: dict[str, object] = {
        "id": f"{number:032x}",
        "platform_id": str(number),
        "created_at": at,
        "received_at": at,
        "author": Author(name=f"Reader {number}", email=f"reader{number}@example.org"),
        "post": Post(id="7"),
    }
    return a_submission(text, **(given | changes))


@pytest.fixture
def house(database: Database) -> House:
    """Its site declares nothing, and its posts have no titles."""
    house = House(database)
    house.text_judge = Scorer(shared_model())
    return house


def drain(house: House, *submissions: Submission) -> list[str]:
    house.send(*submissions)
    while house.check(*LOCAL):
        pass
    return [house.status(each.id) for each in submissions]


def approve(house: House, numbers: range) -> None:
    for number in numbers:
        each = comment(number, FRENCH[number % len(FRENCH)])
        assert drain(house, each) == ["hold"]
        house.moderate(each.id, Verdict.APPROVE, seen=1)


def test_three_approved_comments_make_a_language_the_sites_own(house: House) -> None:
    approve(house, range(1, 4))
    assert drain(house, comment(4, FRENCH[4])) == ["approved"]
    assert drain(house, comment(5, sections()["es"].honest[0])) == ["hold"]


def test_what_is_erased_is_not_counted_any_more(house: House) -> None:
    approve(house, range(1, 4))
    house.send(comment(2, "", status="trash"), event=Event.DELETED)
    assert drain(house, comment(4, FRENCH[4])) == ["hold"]


def test_three_of_many_are_too_few(house: House) -> None:
    approve(house, range(1, 4))
    many = [
        comment(number, f"{ENGLISH[number % 4]} That was {number} days ago.")
        for number in range(10, 10 + LATEST)
    ]
    assert set(drain(house, *many)) == {"approved"}
    assert drain(house, comment(5, FRENCH[5])) == ["hold"]


def test_the_service_does_not_talk_itself_into_a_language(house: House) -> None:
    """What its own languages let through makes no other site's, and none for good."""
    told = [comment(number, FRENCH[number], lang="fr-FR") for number in range(1, 7)]
    assert set(drain(house, *told)) == {"approved"}
    assert drain(house, comment(7, FRENCH[0])) == ["hold"]


@pytest.mark.parametrize(
    "changes",
    [
        {"lang": "fr-FR"},
        {"post": Post(title="Une semaine à vélo le long de la Loire")},
        {"post": Post(title="Loire", tags=("voyage à vélo", "bords de fleuve", "été en famille"))},
    ],
)
def test_a_post_tells_its_language(house: House, changes: dict[str, object]) -> None:
    assert drain(house, comment(1, FRENCH[1], **changes)) == ["approved"]


def stream(*langs: str) -> Stream:
    return Stream(a_site(langs=langs), LOCAL, MemoryNearIndex(), Scorer(shared_model()))


def judged(stream: Stream, submission: Submission) -> Verdict:
    (found,) = stream.judge([submission], submission.created_at)
    return found.decision.verdict


@pytest.mark.parametrize("lang", sorted(sections()))
def test_no_one_waits_for_writing_in_a_language_that_the_blog_declares(lang: str) -> None:
    here = stream(lang)
    for number, text in enumerate(sections()[lang].honest, start=1):
        assert judged(here, comment(number, text)) is Verdict.APPROVE, text


@pytest.mark.parametrize("lang", sorted(sections()))
def test_a_spun_campaign_with_links_waits_in_a_language_nobody_can_read(lang: str) -> None:
    """Other authors, other hosts, other words around: what strangers bring gives it away."""
    here, chance = stream(lang), random.Random(7)  # noqa: S311  # texts, no secrets
    pages = sections()[lang]
    for number in range(1, 13):
        words = [chance.choice(pages.honest), chance.choice(pages.spam)]
        chance.shuffle(words)
        spun = f"{' '.join(words)} https://offer{number}.example.net/{number}"
        assert judged(here, comment(number, spun)) is not Verdict.APPROVE, spun


def test_a_repeated_advertisement_by_pages_waits_from_the_third_on() -> None:
    here, verdicts = stream("pl"), []
    text = "Zarabiaj pięć tysięcy tygodniowo bez wychodzenia z domu, sprawdź naszą metodę numer"
    for number in range(1, 7):
        author = Author(name=f"Ola {number}", url=f"https://oferta{number}.test/")
        verdicts.append(judged(here, comment(number, f"{text} {number}", author=author)))
    assert Verdict.APPROVE not in verdicts[2:]


def test_a_kin_of_an_own_language_is_own_too() -> None:
    slovak = "Veľmi pekný článok, teším sa na pokračovanie o našich jabloniach."
    assert judged(stream("cs"), comment(1, slovak)) is Verdict.APPROVE
    assert judged(stream("pl"), comment(1, slovak)) is Verdict.HOLD


def test_a_stream_without_a_text_judge_has_no_languages(database: Database) -> None:
    house = House(database)
    assert drain(house, replace(comment(1, FRENCH[1]))) == ["approved"]
