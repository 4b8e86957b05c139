"""What people ask beside deciding: the log by filters, notes, statistics, accounts, sites."""

from datetime import date, timedelta

from sqlalchemy import insert

from moderator.domain.account import Role, Session
from moderator.domain.errors import ConflictError
from moderator.domain.pages.dashboard import Note
from moderator.domain.pages.digest import ToldState
from moderator.domain.pages.log import LogQuery
from moderator.domain.verdict import Decider, DeciderKind
from moderator.storage.base.database import Database
from moderator.storage.dashboard.queries import DashboardRows
from moderator.storage.decisions.deliveries import DeliveryRows
from moderator.storage.people.digests import DigestRows
from moderator.storage.people.notes import NoteRows
from moderator.storage.people.site_keys import SiteKeyRows
from moderator.storage.people.staff import StaffRows
from moderator.storage.schema.tables import notes
from moderator.storage.upkeep.counting import CountingRows
from tests.builders import NOON
from tests.bulk import CALM, Past

MARIA = Decider(DeciderKind.MODERATOR, "m1", "Maria")
SCOPES = (None, ("blog",), ("blog", "site-1"), (CALM,))
QUERIES = (
    LogQuery(),
    LogQuery(who="m1"),
    LogQuery(who="blog", what="spam"),
    LogQuery(kind="pingback", what="discard"),
    LogQuery(since=date(2026, 3, 1), until=date(2026, 3, 4), what="note"),
)


def look_after(database: Database, past: Past, name: str) -> None:
    _note_and_read(database, past, name)
    _see_to_people(database, name)
    _tell(database, name)
    rows = DeliveryRows(database)
    for number in range(3):
        try:
            rows.resend(None, f"msg_{past.id(number)}-1", NOON)
        except ConflictError:
            continue
    SiteKeyRows(database).keys("blog")
    counting = CountingRows(database)
    for _ in range(3):
        counting.count()
    for scope in SCOPES:
        DashboardRows(database).statistics(scope, "", NOON)


def _note_and_read(database: Database, past: Past, name: str) -> None:
    for number in range(4):
        about = past.id(number)
        note = Note(f"{name}-note-{number}", about, MARIA, "Asked by mail", NOON)
        NoteRows(database).add(note, "blog")
    _have_many_notes(database, past, name)
    reading = DashboardRows(database)
    reading.submission_page(None, past.id(0))
    for scope in SCOPES:
        reading.colleagues(scope)
        for query in QUERIES:
            page = reading.log(scope, query, before="", limit=25)
            reading.log(scope, query, before=page.older, limit=25)


def _have_many_notes(database: Database, past: Past, name: str) -> None:
    """So many that looking through all of them would be seen."""
    rows = [
        {
            "id": f"{name}-{number}",
            "site_id": "blog",
            "submission_id": past.id(number),
            "words": "Of long ago",
            "written_at": number,
        }
        for number in range(2_000)
    ]
    with database.write() as connection:
        connection.execute(insert(notes), rows)


def _tell(database: Database, name: str) -> None:
    rows = DigestRows(database)
    rows.choose(name, "maria@example.org", ("blog", CALM), NOON, lang="de")
    rows.choose(name, "maria@example.org", ("blog",), NOON, lang="de")
    rows.chosen(name)
    rows.reader(name)
    rows.states(("blog", CALM))
    rows.keep(name, {"blog": ToldState("1", 2)})
    rows.choose(name, "", (), NOON, lang="de")


def _see_to_people(database: Database, name: str) -> None:
    """`name` is somebody who signed in."""
    rows = StaffRows(database)
    rows.assign(name, Role.MODERATOR, ("blog", CALM))
    rows.password_of(name)
    owner = rows.by_name(name)
    assert owner is not None
    for digest in ("c", "d"):
        session = Session(owner[0], "csrf", NOON, NOON + timedelta(days=1))
        rows.open_session(f"{name}{digest}", session)
    rows.sessions_of(name, NOON)
    rows.end_session(name, f"{name}c"[:16])
    rows.set_password(name, "hash", keep=f"{name}d")
    rows.end_other_sessions(name, keep=f"{name}d")
