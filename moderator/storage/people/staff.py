"""What people change about each other and about themselves: roles, sessions, passwords."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from moderator.domain.account import Role, SeenSession
from moderator.domain.errors import NotFoundError
from moderator.storage.base.database import Database
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.people.accounts import IS_ACTIVE, AccountRows, id_of, keep_an_owner
from moderator.storage.schema.tables import moderator_sites, moderators, sessions, sites

HANDLE = 16  # characters of a session's digest that name it


class StaffRows(AccountRows):
    """Honours usecases/moderate/people.py StaffStore."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._database = database

    def assign(self, name: str, role: Role, site_ids: Sequence[str]) -> None:
        """Give a moderator another role and other sites, from their next request on.

        Raises NotFoundError; ConflictError for the last owner who can log in.
        """
        with self._database.write() as connection:
            if role is Role.OWNER:
                key = id_of(connection, name)
            else:
                key = keep_an_owner(connection, name, f"{name} stays an owner")
            known = _known(connection, site_ids)
            connection.execute(
                update(moderators).where(moderators.c.id == key).values(role=role.value)
            )
            connection.execute(delete(moderator_sites).where(moderator_sites.c.moderator_id == key))
            for site_id in known if role is not Role.OWNER else ():
                connection.execute(
                    insert(moderator_sites).values(moderator_id=key, site_id=site_id)
                )

    def password_of(self, moderator_id: str) -> str:
        """The hash; '' for who may not log in."""
        with self._database.read() as connection:
            wanted = select(moderators.c.password).where(moderators.c.id == moderator_id, IS_ACTIVE)
            return connection.scalar(wanted) or ""

    def set_password(self, moderator_id: str, password: str, *, keep: str) -> None:
        """Set a hash, and end all sessions but the one with the digest `keep`."""
        with self._database.write() as connection:
            connection.execute(
                update(moderators).where(moderators.c.id == moderator_id).values(password=password)
            )
            _end_others(connection, moderator_id, keep)

    def sessions_of(self, moderator_id: str, now: datetime) -> list[SeenSession]:
        """The open sessions, the newest first."""
        mine = sessions.c.moderator_id == moderator_id
        wanted = select(sessions).where(mine, sessions.c.expires_at > to_ms(now))
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(sessions.c.created_at.desc())).all()
        return [
            SeenSession(
                handle=row.digest[:HANDLE],
                created_at=from_ms(row.created_at),
                expires_at=from_ms(row.expires_at),
                address=row.address,
                agent=row.agent,
            )
            for row in rows
        ]

    def end_session(self, moderator_id: str, handle: str) -> None:
        mine = sessions.c.moderator_id == moderator_id
        with self._database.write() as connection:
            digests = connection.scalars(select(sessions.c.digest).where(mine)).all()
            ended = [digest for digest in digests if digest[:HANDLE] == handle]
            connection.execute(delete(sessions).where(sessions.c.digest.in_(ended)))

    def end_other_sessions(self, moderator_id: str, *, keep: str) -> None:
        with self._database.write() as connection:
            _end_others(connection, moderator_id, keep)


def _end_others(connection: Connection, moderator_id: str, keep: str) -> None:
    mine = sessions.c.moderator_id == moderator_id
    connection.execute(delete(sessions).where(mine, sessions.c.digest != keep))


def _known(connection: Connection, site_ids: Sequence[str]) -> list[str]:
    """Raises NotFoundError."""
    known = set(connection.scalars(select(sites.c.id).where(sites.c.id.in_(site_ids))))
    unknown = sorted(set(site_ids) - known)
    if unknown:
        raise NotFoundError(f"There is no site {', '.join(unknown)}")
    return sorted(known)
