"""Who is told by mail of which sites, what was told last, and what waits there now."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, literal, literal_column, select, update

from moderator.domain.account import Role
from moderator.domain.pages.dashboard import CappedCount
from moderator.domain.pages.digest import DigestReader, SiteState, ToldState
from moderator.domain.queue import Job
from moderator.storage.base.database import Database, Statement
from moderator.storage.base.payload import dump, load_told
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.people.accounts import IS_ACTIVE
from moderator.storage.schema.tables import (
    deliveries,
    digests,
    moderator_sites,
    moderators,
    sites,
    submissions,
)

COUNT_UP_TO = 1_000
WAIT = Statement(
    "INSERT INTO queue (job, subject_id, site_id, due_at)"  # noqa: S608  # our own words
    f" VALUES ('{Job.DIGEST}', :id, '', :due_at) ON CONFLICT (job, subject_id) DO NOTHING"
)
END = Statement(f"DELETE FROM queue WHERE job = '{Job.DIGEST}' AND subject_id = :id")  # noqa: S608  # our own words


class DigestRows:
    """Honours usecases/operate/digest.py DigestStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def choose(
        self, moderator_id: str, mail: str, site_ids: Sequence[str], now: datetime, *, lang: str
    ) -> None:
        column = digests.c
        mine = column.moderator_id == moderator_id
        with self._database.write() as connection:
            connection.execute(
                update(moderators)
                .where(moderators.c.id == moderator_id)
                .values(mail=mail, mail_lang=lang)
            )
            connection.execute(delete(digests).where(mine, column.site_id.not_in(site_ids)))
            known = set(connection.scalars(select(column.site_id).where(mine)))
            for site_id in sorted(set(site_ids) - known):
                connection.execute(
                    insert(digests).values(moderator_id=moderator_id, site_id=site_id)
                )
            if site_ids:
                WAIT.run(connection, {"id": moderator_id, "due_at": to_ms(now)})
            else:
                END.run(connection, {"id": moderator_id})

    def chosen(self, moderator_id: str) -> tuple[str, tuple[str, ...]]:
        with self._database.read() as connection:
            mail = connection.scalar(
                select(moderators.c.mail).where(moderators.c.id == moderator_id)
            )
            mine = select(digests.c.site_id).where(digests.c.moderator_id == moderator_id)
            return mail or "", tuple(sorted(connection.scalars(mine)))

    def reader(self, moderator_id: str) -> DigestReader | None:
        person, chosen = moderators.c, digests.c
        with self._database.read() as connection:
            row = connection.execute(
                select(person.name, person.mail, person.mail_lang, person.role).where(
                    person.id == moderator_id, IS_ACTIVE
                )
            ).one_or_none()
            told = connection.execute(
                select(chosen.site_id, chosen.told).where(chosen.moderator_id == moderator_id)
            ).all()
            seen = set(
                connection.scalars(
                    select(moderator_sites.c.site_id).where(
                        moderator_sites.c.moderator_id == moderator_id
                    )
                )
            )
        if row is None or not row.mail:
            return None
        mine = {
            one.site_id: load_told(one.told) if one.told else ToldState()
            for one in told
            if row.role == Role.OWNER or one.site_id in seen
        }
        reader = DigestReader(moderator_id, row.name, row.mail, mine, row.mail_lang)
        return reader if mine else None

    def states(self, site_ids: Sequence[str]) -> list[SiteState]:
        with self._database.read() as connection:
            names = connection.execute(
                select(sites.c.id, sites.c.name).where(sites.c.id.in_(site_ids))
            ).all()
            found = []
            for site_id, name in sorted(tuple(row) for row in names):
                column, letters = submissions.c, deliveries.c
                held = (column.site_id == site_id, column.status == literal_column("'hold'"))
                some = select(literal(1)).where(*held).limit(COUNT_UP_TO + 1).subquery()
                number = connection.scalar(select(func.count()).select_from(some)) or 0
                # Apart: who asks for both at once has all of them read.
                first = select(func.min(column.received_at)).where(*held)
                last = select(func.max(column.received_at)).where(*held)
                oldest, newest = (connection.scalar(one) for one in (first, last))
                dead = select(literal(1)).where(
                    letters.state == literal_column("'dead'"), letters.site_id == site_id
                )
                lost = dead.limit(COUNT_UP_TO).subquery()
                found.append(
                    SiteState(
                        site_id,
                        name,
                        CappedCount(min(number, COUNT_UP_TO), is_more=number > COUNT_UP_TO),
                        None if oldest is None else from_ms(oldest),
                        "" if newest is None else f"{newest:015d}",
                        connection.scalar(select(func.count()).select_from(lost)) or 0,
                    )
                )
        return found

    def keep(self, moderator_id: str, told: Mapping[str, ToldState]) -> None:
        column = digests.c
        with self._database.write() as connection:
            for site_id, state in sorted(told.items()):
                connection.execute(
                    update(digests)
                    .where(column.moderator_id == moderator_id, column.site_id == site_id)
                    .values(told=dump(state))
                )
