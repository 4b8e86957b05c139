"""A removed site leaves nothing behind, and what is another site's stays as it was."""

import pytest
from sqlalchemy import Connection, Table, insert, select

from moderator.domain.errors import InvalidError, NotFoundError
from moderator.domain.events.arrival import Arrival, Event
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Submission
from moderator.storage.base.database import Database
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.tables import (
    akismet_counts,
    campaigns,
    host_rulings,
    lessons,
    metadata,
    moderator_sites,
    moderators,
    phrases,
    search_words,
    site_layers,
)
from moderator.storage.upkeep import removal
from moderator.storage.upkeep.removal import RemovalRows
from moderator.usecases.intake.accept import rules
from moderator.usecases.operate.change_sites import RemoveSite
from tests.builders import NOON, a_site, a_submission
from tests.stock import stock, stock_campaign, stock_site

HELD = Finding("some", Signal.SUSPECT, "a reason", weight=0.5)
GOING, STAYING = "going-site", "staying-site"
EACH = 7


def fill(database: Database, site_id: str) -> list[Submission]:
    """Something of this site in every table that can have it."""
    site = stock_site(database, a_site(id=site_id))
    SiteRows(database).add_client_key(site_id, f"key-{site_id}", now=NOON, expires_at=NOON)
    made = [
        a_submission(id=f"{site_id}-{number}", site_id=site.id, platform_id=str(number))
        for number in range(EACH)
    ]
    for submission in made:
        stock(database, submission, HELD)
    arrival = a_submission(id=f"{site_id}-new", site_id=site_id, platform_id="new")
    store = IntakeRows(database)
    store.add([Arrival(Event.CREATED, arrival, "digest", key="k")], rules(SiteRows(database)))
    first = f"{site_id}-0"
    with database.write() as connection:
        for table, row in (
            (akismet_counts, {"site_id": site_id, "month": 202603, "blog": "blog.test"}),
            (host_rulings, {"site_id": site_id, "host": "a.test", "submission_id": first,
                            "is_spam": 1, "decided_at": 1}),
            (lessons, {"site_id": site_id, "submission_id": first, "is_spam": 1, "trace": b""}),
            (site_layers, {"site_id": site_id, "version": 1, "state": b"", "changed_at": 1}),
            (phrases, {"key": 7, "submission_id": first}),
            (search_words, {"submission_id": first, "word": "tea"}),
            (moderators, {"id": f"m-{site_id[:3]}", "name": site_id[:3], "created_at": 1}),
            (moderator_sites, {"moderator_id": f"m-{site_id[:3]}", "site_id": site_id}),
        ):  # fmt: skip
            connection.execute(insert(table).values(row))
        for table in metadata.sorted_tables:
            if {"site_id", "submission_id"} & set(table.c.keys()) and not holds(
                connection, table, site_id
            ):
                connection.execute(insert(table).values(a_row(table, site_id)))
    return made


def holds(connection: Connection, table: Table, site_id: str) -> bool:
    return any(site_id in str(tuple(row)) for row in connection.execute(select(table)))


def a_row(table: Table, site_id: str) -> dict[str, object]:
    """Something of a site in a table that is not filled above: a later one, too."""
    named = {
        "site_id": site_id,
        "submission_id": f"{site_id}-0",
        "moderator_id": f"m-{site_id[:3]}",
    }
    number = 1001 + len(site_id)
    by_type: dict[type, object] = {str: site_id, int: number, float: 1.0, bytes: b""}
    return {
        column.name: named.get(column.name, by_type[column.type.python_type])
        for column in table.columns
        if column.name in named or (column.server_default is None and not column.nullable)
    }


def naming(database: Database, word: str) -> dict[str, list[str]]:
    """The rows that name one site and not the other, by table."""
    other = {GOING: STAYING, STAYING: GOING}[word]
    found: dict[str, list[str]] = {}
    for name, rows in everything(database).items():
        named = sorted(row for row in rows if word in row and other not in row)
        if named:
            found[name] = named
    return found


def everything(database: Database) -> dict[str, list[str]]:
    with database.read() as connection:
        return {
            table.name: [str(tuple(row)) for row in connection.execute(select(table)).all()]
            for table in metadata.sorted_tables
        }


def test_all_of_a_site_goes_and_nothing_of_another(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "PIECE", 3)
    monkeypatch.setattr(removal, "ROWS", 2)
    staying, going = fill(database, STAYING), fill(database, GOING)
    campaign = stock_campaign(database, *staying[:3], *going[:4])
    before = naming(database, STAYING)
    assert {"submissions", "decisions", "deliveries", "queue", "intake_keys"} <= before.keys()
    sites = SiteRows(database)
    remove = RemoveSite(sites, RemovalRows(database))
    assert remove.count(GOING) == EACH + 1
    with pytest.raises(InvalidError, match="Nothing was removed"):
        remove(GOING, STAYING)
    remove(GOING, GOING)
    assert naming(database, GOING) == {}
    assert GOING not in str(everything(database))
    after = naming(database, STAYING)
    assert after == before
    with database.read() as connection:
        members = select(campaigns.c.members).where(campaigns.c.id == campaign)
        assert connection.scalar(members) == EACH  # the same text: all of them are in it
    with pytest.raises(NotFoundError):
        RemoveSite(SiteRows(database), RemovalRows(database))(GOING, GOING)


def test_what_comes_in_meanwhile_goes_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, GOING)
    late = a_submission(id="going-site-late", site_id=GOING, platform_id="late")
    rows = RemovalRows(database)
    end, left = rows._end, [late]  # noqa: SLF001

    def end_after_one_more(site_id: str) -> bool:
        if left:
            stock(database, left.pop(), HELD)
        return end(site_id)

    monkeypatch.setattr(rows, "_end", end_after_one_more)
    rows.remove(GOING)
    assert naming(database, GOING) == {}


def test_a_removal_that_was_cut_short_is_finished_by_the_next(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, GOING)
    monkeypatch.setattr(removal, "PIECE", 3)
    with monkeypatch.context() as broken:
        broken.setattr(RemovalRows, "_empty", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            RemovalRows(database).remove(GOING)
    assert SiteRows(database).get(GOING) is not None
    RemovalRows(database).remove(GOING)
    assert naming(database, GOING) == {}


def test_an_intake_that_has_not_heard_of_it_is_told_so(database: Database) -> None:
    fill(database, GOING)
    known = SiteRows(database)
    assert known.get(GOING) is not None  # and is remembered for two seconds
    RemovalRows(database).remove(GOING)
    late = Arrival(Event.CREATED, a_submission(site_id=GOING), "digest", key="other")
    [answer] = IntakeRows(database).add([late], rules(known))
    assert isinstance(answer, NotFoundError)
    assert str(answer) == "The site was removed"
    assert naming(database, GOING) == {}
