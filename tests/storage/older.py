"""A database as an earlier version left it: the tables of a revision, with a few rows in each.

What the first version wrote is written here as it wrote it; every later table gets a row of values
that its columns take. A new table needs nothing here, unless a column must say something special.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, Connection, Float, Integer, LargeBinary, MetaData, Table, insert

from moderator.domain.rule import Rule, RuleKind
from moderator.domain.verdict import Decider, DeciderKind, Verdict
from moderator.judgement.learning.site_layer import SiteLayer
from moderator.storage.base.database import Database
from moderator.storage.base.payload import dump
from moderator.storage.schema.migrate import config

Values = dict[str, object]

KEY, COOKIE = "mod_of-an-earlier-version", "cookie-of-an-earlier-version"
THEN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
MS = int(THEN.timestamp() * 1000)
LATER = MS + 20 * 365 * 86_400_000  # what must not be over yet
HELD_WORDS = "A held remark about bridges and boats"
APPROVED, HELD, QUEUED, PINGED, ERASED = (f"{MS + n:012x}7{n:019x}" for n in range(5))


def revisions(database: Database) -> list[str]:
    """Every schema that ever was, but the newest."""
    scripts = ScriptDirectory.from_config(config(database))
    return [each.revision for each in reversed(list(scripts.walk_revisions()))][:-1]


def make_older(database: Database, revision: str) -> dict[str, int]:
    """Bring an empty database to a revision and fill it; return how many rows each table has."""
    command.upgrade(config(database), revision)
    with database.write() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            if table.name != "alembic_version":
                _fill(connection, table)
        if "notes" in metadata.tables:  # since then who sees every site has another name
            connection.exec_driver_sql("UPDATE moderators SET role = 'owner'")
        return count_rows(connection)


def count_rows(connection: Connection) -> dict[str, int]:
    metadata = MetaData()
    metadata.reflect(connection)
    return {
        table.name: len(connection.execute(table.select()).all())
        for table in metadata.sorted_tables
        if table.name != "alembic_version"
    }


def _fill(connection: Connection, table: Table) -> None:
    for given in ROWS.get(table.name, lambda: [{}])():
        values = {name: value for name, value in given.items() if name in table.columns}
        for column in table.columns:
            is_numbered = column.primary_key and isinstance(column.type, Integer)
            if column.name in values or column.nullable or column.server_default is not None:
                continue
            if not (is_numbered and len(table.primary_key.columns) == 1):
                values[column.name] = USUAL.get(column.name) or _any(column.name, column.type)
        connection.execute(insert(table).values(values))


def _any(name: str, kind: object) -> object:
    if isinstance(kind, LargeBinary):
        return b"{}"
    if isinstance(kind, BigInteger) and name.endswith(("_at", "_seen", "until")):
        return MS
    return 1 if isinstance(kind, Integer | Float) else name


USUAL: Values = {
    "site_id": "old",
    "submission_id": APPROVED,
    "campaign_id": "c1",
    "moderator_id": "m1",
}


def _payload(id_: str, number: int, words: str, **more: object) -> str:
    """As the first version wrote it."""
    said: Values = {
        "id": id_, "site_id": "old", "platform_id": str(number), "kind": "comment",
        "content": words, "format": "text", "text": words, "created_at": THEN.isoformat(),
        "received_at": THEN.isoformat(),
        "author": {"id": "", "name": "Alice", "email": "alice@example.org", "url": "",
                   "ip": "192.0.2.10", "user_agent": "", "role": "", "provider": "",
                   "is_authenticated": False, "trusted": False},
        "post": {"id": "7", "url": "https://old.example.org/river", "title": "The river",
                 "tags": [], "published": None, "comments_open": None},
        "linkback": None,
        "request": {"referrer": "", "honeypot_name": "", "honeypot_value": "",
                    "accept_language": ""},
        "parent_id": "", "status": "hold", "status_native": "", "link": "", "version": "",
        "lang": "", "ref": "", "reports": 2, "ext": {},
    }  # fmt: skip
    return json.dumps(said | more)


def _submission(id_: str, number: int, status: str, words: str, **more: object) -> Values:
    is_decided = status != "queued"
    return {
        "id": id_, "site_id": "old", "platform_id": str(number), "kind": "comment",
        "digest": f"digest {number}", "payload": _payload(id_, number, words, **more),
        "text_key": f"text {number}", "author_key": "alice", "created_at": MS, "received_at": MS,
        "sequence": int(is_decided), "status": status, "decided_status": status * is_decided,
        "decided_by": "rule" * is_decided, "score": 0.5,
    } | ({"kind": more["kind"]} if "kind" in more else {})  # fmt: skip


def _submissions() -> list[Values]:
    pinged = {"protocol": "pingback", "source": "https://reader.example.net/1",
              "target": "https://old.example.org/river", "source_title": "", "excerpt": "",
              "source_html": None}  # fmt: skip
    return [
        _submission(APPROVED, 1, "approved", "The bridge was finished in 1911."),
        _submission(HELD, 2, "hold", HELD_WORDS),
        _submission(QUEUED, 3, "queued", "When was the ferry given up?"),
        _submission(PINGED, 4, "approved", "", kind="pingback", linkback=pinged),
        _submission(ERASED, 5, "erased", "") | {"payload": "", "erased_at": MS},
    ]


def _decisions() -> list[Values]:
    return [
        {
            "id": f"{id_}-1", "submission_id": id_, "site_id": "old", "sequence": 1,
            "verdict": verdict, "previous_status": "queued", "score": 0.5, "hold_at": 0.4,
            "spam_at": 0.9, "policy_version": 1, "decided_by": "rule", "decided_at": MS,
            "reasons": '[{"code":"spam_text","text":"It reads like spam","contribution":0.5}]',
        }
        for id_, verdict in ((APPROVED, "approve"), (HELD, "hold"), (PINGED, "approve"))
    ]  # fmt: skip


def _deliveries() -> list[Values]:
    return [
        {
            "id": f"msg_{id_}-1", "site_id": "old", "submission_id": id_, "sequence": 1,
            "decision_id": f"{id_}-1", "event": "verdict.issued", "body": b"{}", "state": state,
            "created_at": MS,
        }
        for id_, state in ((APPROVED, "delivered"), (HELD, "dead"))
    ]  # fmt: skip


def _rule() -> str:
    maria = Decider(DeciderKind.MODERATOR, "m1", "Maria")
    return dump(Rule("r1", "old", RuleKind.LIST, "casino", Verdict.SPAM, maria, THEN))


# What the columns of a table must say; all else is made up.
ROWS: dict[str, Callable[[], list[Values]]] = {
    "sites": lambda: [
        {"id": "old", "name": "An old blog", "url": "https://old.example.org", "lang": "en",
         "hosts": '["old.example.org"]', "allowed_addresses": '[["192.0.2.1", 8080]]'}
    ],
    "api_keys": lambda: [{"digest": sha256(KEY.encode()).hexdigest(), "prefix": KEY[:8]}],
    "submissions": _submissions,
    "decisions": _decisions,
    "deliveries": _deliveries,
    "queue": lambda: [{"job": "check", "subject_id": QUEUED, "site_id": "old", "due_at": MS}],
    "moderators": lambda: [{"id": "m1", "name": "Maria", "role": "admin"}],
    "sessions": lambda: [
        {"digest": sha256(COOKIE.encode()).hexdigest(), "csrf": "c", "expires_at": LATER}
    ],
    "site_layers": lambda: [{"state": SiteLayer().to_bytes()}],
    "campaign_members": lambda: [{"site_id": "old", "campaign_id": "c1"}],
    "campaigns": lambda: [{"id": "c1"}],
    "campaign_sites": lambda: [{"first_id": APPROVED}],
    "advance_rulings": lambda: [{"campaign_id": "c1", "site_id": "old", "verdict": "spam"}],
    "rules": lambda: [{"id": "r1", "site_id": "old", "payload": _rule()}],
    "rule_log": lambda: [{"rule_id": "r1", "site_id": "old", "after": _rule()}],
    "pulse": lambda: [{"name": "web old"}, {"name": "worker old"}],
    "decision_counts": lambda: [{"verdict": "approve", "decided_by": "rule"}],
}  # fmt: skip
