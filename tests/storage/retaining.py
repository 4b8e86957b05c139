"""Submissions that were judged and told, made old, and what is taken away of them."""

from dataclasses import replace

from moderator.domain.events.arrival import Event
from moderator.domain.finding import Finding, Signal
from moderator.domain.queue import Job
from moderator.domain.submission import Author, Request, Submission
from moderator.domain.timing.retention import Retention
from moderator.storage.schema.tables import metadata
from moderator.storage.upkeep.retention import RetentionRows
from tests.builders import a_submission
from tests.house import Blog, House
from tests.usecases.test_judging import Says

DAY = 86_400_000
NEEDLE = "quixotilda"
MAIL, ADDRESS = f"Anna@{NEEDLE}.example.org", "198.51.100.77"
ANNA = Author(name="Anna", email=MAIL, ip=ADDRESS, user_agent=f"{NEEDLE}/1.0")
USUAL = Retention(addresses=10, words=20, pages=5)
TOLD: dict[str, object] = {"entries": [MAIL.lower()], "at": ADDRESS, "campaign_id": "kept"}
SPAM = Finding("lists", Signal.SPAM, f"The denylist names {MAIL}", "denied", 1.0, TOLD)
HOLD = Finding("lists", Signal.SUSPECT, f"The denylist names {MAIL}", "denied", 0.5, TOLD)
FINE = Finding("lists", Signal.HAM, f"The allowlist names {MAIL} at {ADDRESS}", "allowed", -0.1)


def sent(house: House, number: int, said: Finding, **changes: object) -> Submission:
    """One that was judged, and of which the blog was told."""
    text = str(changes.pop("text", f"{NEEDLE} says this, and nobody else, number {number}."))
    given: dict[str, object] = {
        "id": f"{number:032x}",
        "platform_id": str(number),
        "author": ANNA,
        "request": Request(referrer=f"https://{NEEDLE}.test/"),
        "ext": {"note": NEEDLE},
    }
    submission = a_submission(text, **(given | changes))
    house.send(submission)
    house.check(Says(said))
    house.deliver(Blog())
    return submission


def edit(house: House, one: Submission, text: str) -> None:
    house.send(replace(one, text=text, content=text), event=Event.UPDATED)


def settle(house: House) -> None:
    """Let the blog be told, and be learned what people said."""
    house.deliver(Blog())
    house.hurry(Job.TRAIN_SITE_MODEL)
    house.learn()
    with house.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM queue WHERE job = 'teach'")


def age(house: House, days: float) -> None:
    """Let all that was decided lie so many days further back."""
    with house.database.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE submissions SET decided_at = decided_at - {int(days * DAY)}"  # noqa: S608  # a number
            " WHERE decided_at IS NOT NULL"
        )


def apply(house: House, usual: Retention = USUAL) -> None:
    rows = RetentionRows(house.database, house.sites.all, usual)
    while rows.apply():
        pass


def stored(house: House, id_: str) -> Submission:
    return house.store.stored_submissions([id_])[id_].submission


def naming(house: House, *needles: str) -> set[str]:
    """The columns in which any of these stands, in any case."""
    found = set()
    with house.database.read() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(table.select()).mappings():
                found |= {
                    f"{table.name}.{name}"
                    for name, value in row.items()
                    if any(needle.lower() in str(value).lower() for needle in needles)
                }
    return found
