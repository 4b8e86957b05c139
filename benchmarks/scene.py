"""A site with a past, for pictures: what people decided in two weeks, and rules in every state."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from benchmarks.spun import spin
from moderator.checks.rules import Rules
from moderator.domain.decisions.moderation import SeenVersion
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Author
from moderator.domain.verdict import Decider, DeciderKind, Verdict
from moderator.storage.base.database import Database
from moderator.storage.history.received import HistoryRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.queue import Queue
from moderator.storage.rules import RuleRows
from moderator.storage.schema.tables import claims, queue, sites
from moderator.storage.upkeep.counting import CountingRows
from moderator.usecases.rules.run_dry import RunDry
from moderator.usecases.rules.try_rule import TryRule
from tests.builders import a_submission
from tests.stock import stock, stock_campaign
from tests.web.desk import Browser, Office
from tests.web.scenery import furnish, let_through

DAYS, COMMENTS = 14, 360
WAITING, FLOOD = 12, 12  # of the newest nobody looked at yet; members of a campaign
HONEST = (
    "The depot was already leaking when I was a child; somebody should have said it then.",
    "My season ticket runs until June, and nobody can tell me what becomes of it.",
    "A bus every ten minutes would do. It is the every ten minutes that I do not believe.",
    "Thank you for the minutes of the meeting. Item 7 is worse than the headline.",
    "I disagree with nearly all of this, and I am glad that somebody wrote it.",
)
SPAM = (
    "Loans for everybody, no papers, no questions, money tonight: https://quick-loan.example/ask",
    "Our casino has the best odds of the year, play now and win: https://casino-night.example/",
    "Watches like the real ones, for a tenth of the price: https://replica-time.example/",
)
NAMES = ("Harold", "Ines", "Jonas", "Marta", "Pavel", "Sofia", "Wim")
NOTE = "Asked her by mail which bridge she means.\nWait until Friday."
SITES = {"blog": "The tram blog", "other": "Letters from the river"}
BEN = Decider(DeciderKind.MODERATOR, "ben", "ben")
RULES = (
    {"what": "casino\ncasino-night.example", "does": "spam", "name": "Gambling", "as": "live"},
    {"kind": "pattern", "what": r"loans? for every\w+", "does": "hold", "name": "Loans"},
    {"kind": "links", "what": "4", "does": "hold", "site": "", "as": "live"},
    {"what": "author:Harold", "does": "approve", "name": "Drove line 4", "as": "draft"},
)


def furnish_all(office: Office) -> dict[str, str]:
    """Put something on every page; the pages whose addresses hold an id, by name."""
    database = office.database
    furnish_past(office)
    submissions = furnish(database, "blog", office.now)
    campaign = stock_flood(database, office.now)
    let_through(database)
    ben = office.browser("ben")
    held = [line.split('"')[0] for line in ben.get("/queue").text.split('data-id="')[1:]]
    ben.submit(f"/submissions/{held[0]}", f"/submissions/{held[0]}/notes", words=NOTE)
    ben.decide(held[2], "spam")
    anna = office.browser("anna")
    anna.submit("/people", "/people", name="kim", role="viewer", site="blog")
    anna.submit("/people", "/people/link", name="vic")
    anna.submit("/sites/blog", "/sites/blog/choices", mode="careful", copies="discard")
    thresholds = {"hold": "0.3", "spam": "0.9", "moderation": "usual", "as": "shadow"}
    anna.submit("/thresholds/blog", "/thresholds/blog", **thresholds)
    rules = make_rules(office, anna)
    tidy(database)
    sold = next(one.id for one in submissions if "furniture" in one.author.name)
    return {
        "item": f"/submissions/{held[2]}",
        "campaign": f"/campaign/{campaign}",
        "rule": rules[1],
        "block": f"/submissions/{sold}/rule/block",
        "welcome": f"/welcome/{office.sign_in.renew('eve', now=office.now)}",
    }


def tidy(database: Database) -> None:
    """Everything is counted, nothing waits for workers, and nobody is at a line."""
    counting = CountingRows(database)
    while counting.count():
        pass
    with database.write() as connection:
        connection.execute(delete(queue))
        connection.execute(delete(claims))
        for site_id, name in SITES.items():
            named = update(sites).where(sites.c.id == site_id).values(name=name)
            connection.execute(named)


def furnish_past(office: Office, seed: int = 4) -> None:
    """What came in two weeks; people decided about nearly all that was held."""
    chance = random.Random(seed)  # noqa: S311  # texts, no secrets
    for number in range(COMMENTS):
        is_spam = chance.random() < 0.4
        text = chance.choice(SPAM if is_spam else HONEST)
        weight = min(max(chance.gauss(0.75 if is_spam else 0.2, 0.25), 0.0), 1.3)
        at = office.now - timedelta(days=DAYS) * (1 - number / COMMENTS) - timedelta(hours=3)
        author = Author(name=chance.choice(NAMES), email=f"reader{number % 40}@mail.example")
        given = replace(
            a_submission(f"{text} ({number})", author=author),
            id=f"{number + 1:032x}",
            platform_id=f"past-{number}",
            created_at=at,
            received_at=at,
        )
        reason = f"The text reads like spam ({min(weight, 1):.0%})"
        found = Finding("spam_text", Signal.SUSPECT, reason, "spam_text", round(weight, 2))
        stock(office.database, given, found)
        is_held = 0.4 <= weight < 0.9
        if (is_held and number < COMMENTS - WAITING) or number % 5 == 0:  # a person looked at it
            said = Verdict.SPAM if is_spam else Verdict.APPROVE
            seen, now = SeenVersion(1, 1), at + timedelta(minutes=chance.randint(3, 300))
            office.moderate(given.id, said, BEN, seen=seen, now=now)


def stock_flood(database: Database, now: datetime) -> str:
    """One text in twelve ways, all held; the campaign's id."""
    found = []
    for number in range(FLOOD):
        text, name, mail = spin(number, f"https://income{number % 4}.example/guide")
        at = now - timedelta(minutes=70 - 3 * number)
        given = replace(
            a_submission(text, author=Author(name=name, email=mail, ip=f"203.0.113.{number}")),
            id=f"{9_000 + number:032x}",
            platform_id=f"flood-{number}",
            created_at=at,
            received_at=at,
        )
        reason = "The text reads like spam (62%)"
        stock(database, given, Finding("spam_text", Signal.SUSPECT, reason, "spam_text", 0.62))
        found.append(given)
    return stock_campaign(database, *found, similarity=0.71)


def make_rules(office: Office, anna: Browser) -> list[str]:
    """Rules in every state; their pages."""
    made = []
    for wish in RULES:
        fields = {"kind": "list", "site": "blog"} | wish
        made.append(anna.submit("/rules", "/rules", **fields).location.partition("?")[0])
    database = office.database
    tries = TryRule(HistoryRows(database), SiteRows(database), Rules())
    step = RunDry(Queue(database), RuleRows(database), tries, print, lambda: "token")
    while step():
        pass
    anna.submit(made[1], f"{made[1]}/move", to="shadow", seen="1")
    return made
