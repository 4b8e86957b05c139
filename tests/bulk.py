"""A database with a long past: written by the database itself, in seconds.

What is hot is hot on purpose: of all there is, one site has most, and one author, one text, one
host, one campaign, one hand at its place and one source with its target have a tenth each. Whoever
reads all that is said of one of them is as slow as who reads a whole table.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from moderator.domain.content.fingerprint import (
    address_key,
    author_key,
    name_key,
    place_key,
    target_key,
    text_key,
)
from moderator.domain.submission import Author
from moderator.storage.base.database import Database
from moderator.storage.base.payload import dump
from moderator.storage.base.times import to_ms
from moderator.storage.counts import AUTHOR_SOURCE, HOST_SOURCE
from moderator.storage.people.sites import SiteRows
from tests.builders import NOON, a_pingback, a_site, a_submission

SITES = 8
SPAN = 400 * 86_400_000  # milliseconds from the first one to the last, which came at noon
FIRST = to_ms(NOON) - SPAN
HOT = Author(name="Always Here", email="always@example.org", ip="192.0.2.77")
HOT_TEXT = "Earn a fortune from the sofa with this one simple method, ask me how it is done."
HOT_HOST = "hot.example"
HOT_SOURCE = "https://hot.example/links"
HOT_CAMPAIGN = "c" * 32
SENTENCE = "The bridge over the river was finished in the year when the old mill burnt down. "

NUMBERS = (
    "WITH RECURSIVE n(i) AS"
    " (SELECT CAST(0 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count),"
    " r AS (SELECT i, :first + i * :step AS at, <id> AS id, <site> AS site FROM n) "
)
SITE = "CASE WHEN i % 10 < 6 THEN 'blog' ELSE 'site-' || CAST(1 + i % 7 AS text) END"
CALM = "site-7"  # where nothing is held
STATUS = (
    f"CASE WHEN site = '{CALM}' OR i % 100 < 60 THEN 'approved' WHEN i % 100 < 80 THEN 'spam'"
    " WHEN i % 100 < 95 THEN 'hold' ELSE 'trash' END"
)
VERDICT = (
    "CASE WHEN i % 100 < 60 THEN 'approve' WHEN i % 100 < 80 THEN 'spam'"
    " WHEN i % 100 < 95 THEN 'hold' ELSE 'discard' END"
)
DECIDER = "CASE WHEN i % 17 = 0 THEN 'moderator' ELSE 'rule' END"
SUBMISSIONS = f"""
INSERT INTO submissions (id, site_id, platform_id, kind, digest, payload, text_key, author_key,
  place_key, address_key, name_key, target_key, created_at, received_at, sequence, status,
  decided_by, score, duplicate_of, decided_status, heard_status, heard_sequence,
  let_through_on, doubt, decided_at)
SELECT id, site, 'old-' || CAST(i AS text), CASE WHEN i % 23 = 0 THEN 'pingback' ELSE 'comment' END,
  'digest', replace(replace(:payload, '@id@', id), '@i@', CAST(i AS text)),
  CASE WHEN i % 10 = 3 THEN :hot_text WHEN i % 10 = 4 THEN '' ELSE 'text-' || CAST(i AS text) END,
  CASE WHEN i % 10 = 5 THEN :hot_author ELSE 'author-' || CAST(i % 5003 AS text) END,
  CASE WHEN i % 10 = 5 THEN :hot_place WHEN i % 10 = 6 THEN :hot_ends
    ELSE 'place-' || CAST(i AS text) END,
  :hot_address, CASE WHEN i % 10 = 5 THEN :hot_name ELSE 'name-' || CAST(i AS text) END,
  CASE WHEN i % 23 = 0 THEN :hot_target ELSE '' END,
  at, at, 1, {STATUS}, {DECIDER}, 0.1,
  CASE WHEN i % 10 = 3 AND i > 3 THEN :original ELSE '' END, {STATUS}, {STATUS}, 1,
  CASE WHEN i % 3 = 0 AND {STATUS} = 'approved' THEN :today ELSE 0 END, i,
  CASE WHEN i % 50 = 0 THEN NULL ELSE at END
FROM r ORDER BY i
"""  # noqa: S608  # our own words
DECISIONS = f"""
INSERT INTO decisions (id, submission_id, site_id, sequence, verdict, previous_status, score,
  hold_at, spam_at, policy_version, decided_by, decided_at, reasons, findings)
SELECT id || '-1', id, site, 1, {VERDICT}, 'queued', 0.1, 0.5, 0.9, 1, {DECIDER}, at, '[]', '[]'
FROM r ORDER BY i
"""  # noqa: S608  # our own words
DELIVERIES = """
INSERT INTO deliveries (id, site_id, submission_id, decision_id, event, body, state, tries,
  created_at, finished_at, sequence)
SELECT 'msg_' || id || '-1', site, id, id || '-1', 'verdict.issued', :body,
  CASE WHEN i % 10 = 7 THEN 'waiting' WHEN i % 10 = 8 THEN 'dead' ELSE 'delivered' END, 1, at, at, 1
FROM r ORDER BY i
"""
# Long queues: one site floods the checks and half of that was tried before; looks and callbacks are
# still to come, but for a few.
QUEUE = """
INSERT INTO queue (job, subject_id, site_id, lane, due_at, attempts)
SELECT CASE i % 10 WHEN 0 THEN 'reverify' WHEN 1 THEN 'check' WHEN 2 THEN 'reach'
  WHEN 3 THEN 'learn' WHEN 4 THEN 'teach' ELSE 'deliver' END,
  CASE WHEN i % 10 < 5 THEN id ELSE 'msg_' || id || '-1' END, site,
  CASE WHEN i % 10 >= 5 THEN id WHEN i % 10 = 2 THEN 'lane-' || CAST(i % 50 AS text) ELSE '' END,
  CASE WHEN i % 10 = 1 OR i % 1000 < 10 THEN at ELSE :noon + 86400000000 + i END, (i / 20) % 2
FROM r ORDER BY i
"""
KEYS = """
INSERT INTO intake_keys (site_id, key, digest, submission_id, received_at)
SELECT site, 'key-' || CAST(i AS text), 'digest', id, CASE WHEN i % 50 = 0 THEN at ELSE :noon + at
  END
FROM r ORDER BY i
"""
RULINGS = """
INSERT INTO host_rulings (site_id, host, submission_id, is_spam, decided_at)
SELECT site, CASE WHEN i % 10 = 5 THEN :hot_host ELSE 'host-' || CAST(i % 5003 AS text) || '.test'
  END, id, i % 2, at
FROM r ORDER BY i
"""
MEMBERS = """
INSERT INTO campaign_members (submission_id, campaign_id, site_id, joined_at, how, relative_id,
  similarity)
SELECT id, CASE WHEN i % 10 = 3 THEN :hot_campaign ELSE 'campaign-' || CAST(i % 997 AS text) END,
  site, at, 'same', :original, 1.0
FROM r WHERE i % 10 < 5 ORDER BY i
"""
SHARES = """
INSERT INTO campaign_sites (campaign_id, site_id, first_id, shape, members, first_seen, last_seen)
SELECT campaign_id, site_id, min(submission_id), 'shape', count(*), min(joined_at), max(joined_at)
FROM campaign_members GROUP BY campaign_id, site_id
"""
CAMPAIGNS = """
INSERT INTO campaigns (id, members, first_seen, last_seen)
SELECT campaign_id, sum(members), min(first_seen), max(last_seen)
FROM campaign_sites GROUP BY campaign_id
"""
GATHERED = """
UPDATE submissions SET campaign_id = coalesce((SELECT m.campaign_id FROM campaign_members m
  WHERE m.submission_id = submissions.id), '')
"""
# Every phrase is held by some, and a few by many.
PHRASES = """
INSERT INTO phrases (key, submission_id)
SELECT CASE WHEN i % 10 = 3 THEN 7 ELSE i % 997 END, id FROM r ORDER BY i
"""
IN_ADVANCE = """
INSERT INTO advance_rulings (id, campaign_id, site_id, verdict, moderator_name, act, made_at,
  ends_at)
SELECT 'ruling-' || CAST(i AS text), 'campaign-' || CAST(i % 997 AS text), site, 'spam', 'mod',
  'act-' || CAST(i AS text), at, :noon + at
FROM r WHERE i % 10 = 0 ORDER BY i
"""
CLAIMS = """
INSERT INTO claims (line, moderator_id, moderator_name, until)
SELECT id, 'mod', 'mod', at FROM r WHERE i % 1000 = 4 ORDER BY i
"""
# Some words that many have, and one that a few have.
WORDS = """
INSERT INTO search_words (submission_id, word)
SELECT id, 'bridge' FROM r UNION ALL SELECT id, '=kind:comment' FROM r
UNION ALL SELECT id, '=reason:code-' || CAST(i % 50 AS text) FROM r
UNION ALL SELECT id, 'word' || CAST(i % 9973 AS text) FROM r WHERE i % 2 = 0
"""
LINKS = """
INSERT INTO link_memory (url, fate, checked_at, expires_at)
SELECT 'https://host-' || CAST(i AS text) || '.test/', 'ok', at, :noon + at FROM r ORDER BY i
"""
FETCHES = """
INSERT INTO fetch_accounts (name, count, until)
SELECT 'host-' || CAST(i AS text) || '.test', 1, :noon + at FROM r ORDER BY i
"""
LESSONS = """
INSERT INTO lessons (submission_id, site_id, text, is_spam, trace)
SELECT id, site, CASE WHEN i % 10 = 3 THEN :hot_text ELSE 'text-' || CAST(i AS text) END, i % 2,
  :body
FROM r ORDER BY i
"""
MODERATOR = """
INSERT INTO moderators (id, name, created_at) VALUES ('mod', 'mod', :noon)
"""
SESSIONS = """
INSERT INTO sessions (digest, moderator_id, created_at, expires_at)
SELECT 'old-' || CAST(i AS text), 'mod', at, :noon + at FROM r WHERE i % 10 = 0 ORDER BY i
"""
PAST = (
    SUBMISSIONS, DECISIONS, DELIVERIES, QUEUE, KEYS, RULINGS, MEMBERS, SHARES, CAMPAIGNS, GATHERED,
    PHRASES, IN_ADVANCE, CLAIMS, WORDS, LINKS, FETCHES, LESSONS, MODERATOR, SESSIONS,
)  # fmt: skip


NOW = "SELECT CAST(strftime('%s', CURRENT_TIMESTAMP) AS integer)"
NOW_POSTGRES = "SELECT extract(epoch FROM now())::bigint"


@dataclass(frozen=True, slots=True)
class Past:
    """What was stored, for who wants to ask for it."""

    count: int

    @property
    def step(self) -> int:
        """Milliseconds from one to the next."""
        return max(1, SPAN // self.count)

    def id(self, number: int) -> str:
        """The id of the `number`-th, counted from 0: like ours, it begins with its time."""
        return f"{FIRST + number * self.step:012x}{number:020d}"


def store_past(database: Database, count: int) -> Past:
    """Store `count` submissions with all that was derived from them; `database` is empty."""
    past = Past(count)
    for number in range(SITES):
        name = f"site-{number}" if number else "blog"
        site = a_site(id=name, callback_url="https://blog.example.org/verdict")
        if SiteRows(database).get(name) is None:
            SiteRows(database).add(site, key_prefix="p", key_digest=f"past-{number}", now=NOON)
    with database.write() as connection:
        if database.is_postgres:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        for statement in PAST:
            _run(connection, statement, past, database)
        for source, everyone in ((AUTHOR_SOURCE, "id <> ''"), (HOST_SOURCE, "site_id <> ''")):
            connection.execute(text(source.count(everyone)))
    return past


def _run(connection: Connection, statement: str, past: Past, database: Database) -> None:
    is_postgres, mask = database.is_postgres, database.mask
    if " r " in statement:
        before, _, rest = statement.partition("SELECT")
        statement = f"{before}{NUMBERS}SELECT{rest}"
    id_ = (
        "lpad(to_hex(:first + i * :step), 12, '0') || lpad(CAST(i AS text), 20, '0')"
        if is_postgres
        else "printf('%012x%020d', :first + i * :step, i)"
    )
    (now,) = connection.exec_driver_sql(NOW_POSTGRES if is_postgres else NOW).one()
    given: dict[str, object] = {
        "today": int(now) // 86_400,
        "count": past.count,
        "first": FIRST,
        "step": past.step,
        "noon": to_ms(NOON),
        "payload": dump(a_submission(f"@i@ {SENTENCE * 4}", id="@id@", platform_id="old-@i@")),
        "body": b"{}",
        "hot_author": mask(author_key(HOT)),
        "hot_address": mask(address_key(HOT)),
        "hot_name": mask(name_key(a_submission(HOT_TEXT, author=HOT))),
        "hot_place": mask(place_key(a_submission(HOT_TEXT, author=HOT))),
        "hot_ends": mask(place_key(a_pingback(HOT_SOURCE))),
        "hot_target": target_key(a_pingback(HOT_SOURCE)),
        "hot_text": text_key(a_submission(HOT_TEXT)),
        "hot_host": HOT_HOST,
        "hot_campaign": HOT_CAMPAIGN,
        "original": past.id(3),
    }
    sql = statement.replace("<id>", id_).replace("<site>", SITE)
    connection.execute(text(sql), {name: given[name] for name in given if f":{name}" in sql})
