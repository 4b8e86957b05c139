"""Moderators, their one-time links and their sessions; secrets only as digests."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from moderator.domain.account import Account, Moderator, Role, Session
from moderator.domain.errors import ConflictError, NotFoundError
from moderator.storage.base.database import Database
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.schema.tables import (
    login_links,
    moderator_sites,
    moderators,
    sessions,
    sites,
)

IS_ACTIVE = moderators.c.disabled_at.is_(None)
HAS_PASSWORD = moderators.c.password != ""
LAST_OWNER = "nobody else is an owner who can log in; let another one choose a password first"


class AccountRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, moderator: Moderator, now: datetime) -> None:
        with self._database.write() as connection:
            known = set(
                connection.scalars(select(sites.c.id).where(sites.c.id.in_(moderator.sites)))
            )
            unknown = sorted(set(moderator.sites) - known)
            if unknown:
                raise NotFoundError(f"There is no site {', '.join(unknown)}")
            try:
                connection.execute(
                    insert(moderators).values(
                        id=moderator.id,
                        name=moderator.name,
                        role=moderator.role.value,
                        created_at=to_ms(now),
                    )
                )
            except IntegrityError as error:
                taken = f"There is a moderator named {moderator.name} already"
                raise ConflictError(taken) from error
            for site_id in sorted(known):
                connection.execute(
                    insert(moderator_sites).values(moderator_id=moderator.id, site_id=site_id)
                )

    def by_name(self, name: str) -> tuple[Moderator, str] | None:
        with self._database.read() as connection:
            row = connection.execute(
                select(moderators).where(moderators.c.name == name, IS_ACTIVE)
            ).one_or_none()
            if row is None:
                return None
            return _moderator(connection, row.id, row.name, row.role), row.password

    def is_staffed(self) -> bool:
        with self._database.read() as connection:
            found = connection.scalar(
                select(moderators.c.id).where(HAS_PASSWORD, IS_ACTIVE).limit(1)
            )
        return found is not None

    def add_link(self, moderator_id: str, digest: str, expires_at: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(
                insert(login_links).values(
                    digest=digest, moderator_id=moderator_id, expires_at=to_ms(expires_at)
                )
            )

    def link_owner(self, digest: str, now: datetime) -> Moderator | None:
        with self._database.read() as connection:
            return _link_owner(connection, digest, now)

    def redeem(self, digest: str, password: str, now: datetime) -> Moderator | None:
        with self._database.write() as connection:
            moderator = _link_owner(connection, digest, now)
            used = connection.execute(delete(login_links).where(login_links.c.digest == digest))
            if moderator is None or used.rowcount != 1:
                return None
            mine = moderator.id
            end_all(connection, mine)
            connection.execute(
                update(moderators).where(moderators.c.id == mine).values(password=password)
            )
            return moderator

    def open_session(self, digest: str, session: Session) -> None:
        with self._database.write() as connection:
            connection.execute(
                delete(sessions).where(sessions.c.expires_at <= to_ms(session.created_at))
            )
            connection.execute(
                insert(sessions).values(
                    digest=digest,
                    moderator_id=session.moderator.id,
                    csrf=session.csrf,
                    created_at=to_ms(session.created_at),
                    expires_at=to_ms(session.expires_at),
                    address=session.address,
                    agent=session.agent,
                )
            )

    def session(self, digest: str, now: datetime) -> Session | None:
        with self._database.read() as connection:
            rows = connection.execute(
                select(sessions, moderators.c.name, moderators.c.role, moderator_sites.c.site_id)
                .join(moderators, moderators.c.id == sessions.c.moderator_id)
                .outerjoin(moderator_sites, moderator_sites.c.moderator_id == moderators.c.id)
                .where(sessions.c.digest == digest, sessions.c.expires_at > to_ms(now), IS_ACTIVE)
            ).all()
        if not rows:
            return None
        row = rows[0]
        mine = tuple(sorted(one.site_id for one in rows if one.site_id is not None))
        role = Role(row.role)
        return Session(
            moderator=Moderator(
                row.moderator_id, row.name, role, () if role is Role.OWNER else mine
            ),
            csrf=row.csrf,
            created_at=from_ms(row.created_at),
            expires_at=from_ms(row.expires_at),
            address=row.address,
            agent=row.agent,
        )

    def extend(self, digest: str, expires_at: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(
                update(sessions)
                .where(sessions.c.digest == digest)
                .values(expires_at=to_ms(expires_at))
            )

    def close_session(self, digest: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == digest))

    def all(self, now: datetime) -> list[Account]:
        counted = (
            select(sessions.c.moderator_id, func.count().label("sessions"))
            .where(sessions.c.expires_at > to_ms(now))
            .group_by(sessions.c.moderator_id)
            .subquery()
        )
        wanted = (
            select(moderators, counted.c.sessions)
            .outerjoin(counted, counted.c.moderator_id == moderators.c.id)
            .order_by(moderators.c.name)
        )
        with self._database.read() as connection:
            return [
                Account(
                    moderator=_moderator(connection, row.id, row.name, row.role),
                    has_password=bool(row.password),
                    sessions=row.sessions or 0,
                    disabled_at=None if row.disabled_at is None else from_ms(row.disabled_at),
                )
                for row in connection.execute(wanted).all()
            ]

    def disable(self, name: str, now: datetime) -> None:
        """End all sessions and one-time links of a moderator, who cannot log in from now on.

        What the moderator decided stays. Raises NotFoundError; ConflictError for the last owner who
        can log in.
        """
        with self._database.write() as connection:
            key = keep_an_owner(connection, name, f"{name} was not disabled")
            end_all(connection, key)
            connection.execute(
                update(moderators)
                .where(moderators.c.id == key, IS_ACTIVE)
                .values(disabled_at=to_ms(now))
            )

    def enable(self, name: str) -> None:
        """Let a moderator log in again, with the password as it was. Raises NotFoundError."""
        with self._database.write() as connection:
            key = id_of(connection, name)
            end_all(connection, key)  # one may have begun to log in while being disabled
            connection.execute(
                update(moderators).where(moderators.c.id == key).values(disabled_at=None)
            )

    def end_sessions(self, name: str, now: datetime) -> int:
        """End all sessions of a moderator, who may log in again; return how many there were.

        Raises NotFoundError.
        """
        with self._database.write() as connection:
            mine = sessions.c.moderator_id == id_of(connection, name)
            still = connection.scalar(
                select(func.count()).where(mine, sessions.c.expires_at > to_ms(now))
            )
            connection.execute(delete(sessions).where(mine))
            return still or 0


def id_of(connection: Connection, name: str) -> str:
    """Raises NotFoundError. Nobody changes the moderator until the transaction ends."""
    wanted = select(moderators.c.id).where(moderators.c.name == name).with_for_update()
    key = connection.scalar(wanted)
    if key is None:
        raise NotFoundError(f"There is no moderator named {name}")
    return str(key)


def keep_an_owner(connection: Connection, name: str, refused: str) -> str:
    """The id of a moderator who is to be an owner no more. Raises NotFoundError, ConflictError.

    Every owner's row is taken, so that two owners cannot put each other out at once.
    """
    owners = connection.execute(
        select(moderators.c.name, moderators.c.password)
        .where(moderators.c.role == Role.OWNER.value, IS_ACTIVE)
        .order_by(moderators.c.id)
        .with_for_update()
    ).all()
    key = id_of(connection, name)
    is_owner = any(row.name == name for row in owners)
    if is_owner and not any(row.password for row in owners if row.name != name):
        raise ConflictError(f"{refused}: {LAST_OWNER}")
    return key


def end_all(connection: Connection, key: str) -> None:
    """End every session and one-time link of a moderator."""
    connection.execute(delete(login_links).where(login_links.c.moderator_id == key))
    connection.execute(delete(sessions).where(sessions.c.moderator_id == key))


def _link_owner(connection: Connection, digest: str, now: datetime) -> Moderator | None:
    row = connection.execute(
        select(moderators.c.id, moderators.c.name, moderators.c.role)
        .join(login_links, login_links.c.moderator_id == moderators.c.id)
        .where(login_links.c.digest == digest, login_links.c.expires_at > to_ms(now), IS_ACTIVE)
    ).one_or_none()
    return None if row is None else _moderator(connection, row.id, row.name, row.role)


def _moderator(connection: Connection, key: str, name: str, role: str) -> Moderator:
    if role == Role.OWNER:
        return Moderator(key, name, Role.OWNER)
    mine = select(moderator_sites.c.site_id).where(moderator_sites.c.moderator_id == key)
    return Moderator(key, name, Role(role), tuple(sorted(connection.scalars(mine))))
