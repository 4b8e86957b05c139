"""Registered blogs and their credentials, with a short memory so that intake asks nobody."""

import threading
import time
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from moderator.domain.errors import StorageUnavailableError
from moderator.domain.policy import Policy
from moderator.domain.rule import Rule
from moderator.domain.site import KeyHolder, Secret, SignatureProfile, Site, WordPressAccess
from moderator.domain.timing.retention import RetentionChoice
from moderator.storage.base.database import Database
from moderator.storage.base.payload import dump
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.people.site_values import site_columns, site_of
from moderator.storage.rules import acting_rules
from moderator.storage.schema.tables import (
    akismet_keys,
    api_keys,
    site_secrets,
    sites,
    wordpress_blogs,
)

CACHE_SECONDS = 2.0  # seconds that a site may be remembered after it changed
UNKNOWN_INTERVAL_SECONDS = (
    0.05  # seconds between two looks for what nobody here knows: strangers can cause them
)
FAILED_INTERVAL_SECONDS = (
    0.5  # seconds in which nobody asks again after the database was asked in vain
)


class SiteRows:
    """Sites by id and by API key digest (SHA-256, hex)."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._by_id: dict[str, Site] = {}
        self._by_digest: dict[str, tuple[Site, datetime | None]] = {}
        self._by_client_key: dict[str, KeyHolder] = {}
        self._loaded_at = self._looked_at = float("-inf")
        self._failed: tuple[float, StorageUnavailableError | None] = (float("-inf"), None)

    def get(self, site_id: str) -> Site | None:
        """A site that is not known here may be new: a worker must not pass its comments over."""
        self._refresh()
        found = self._by_id.get(site_id)
        if found is None and site_id and self.look_again():
            found = self._by_id.get(site_id)
        return found

    def by_key_digest(self, digest: str, *, now: datetime) -> Site | None:
        """The site of an API key that has not expired."""
        self._refresh()
        found = self._by_digest.get(digest)
        if found is None or (found[1] is not None and found[1] <= now):
            return None
        return found[0]

    def by_client_key(self, key: str, *, now: datetime) -> KeyHolder | None:
        """Whose Akismet key this is, unless it has expired; who holds it may be suspended."""
        self._refresh()
        found = self._by_client_key.get(key)
        if found is None or (found.expires_at is not None and found.expires_at <= now):
            return None
        return found

    def all(self) -> tuple[Site, ...]:
        self._refresh()
        return tuple(self._by_id.values())

    def look_again(self) -> bool:
        """Read all sites anew, unless that was done just now; return whether it was."""
        with self._lock:
            if time.monotonic() - self._looked_at < UNKNOWN_INTERVAL_SECONDS:
                return False
            self._looked_at = time.monotonic()
        self._refresh(0.0)
        return True

    def _refresh(self, age: float | None = None) -> None:
        """Read all anew where what is remembered is older, in seconds (default: MEMORY)."""
        oldest = CACHE_SECONDS if age is None else age
        if time.monotonic() - self._loaded_at < oldest:
            return
        with self._lock:
            if time.monotonic() - self._loaded_at < oldest:
                return
            failed_at, error = self._failed
            if error is not None and time.monotonic() - failed_at < FAILED_INTERVAL_SECONDS:
                raise error.with_traceback(None)
            try:
                self._load()
            except StorageUnavailableError as error:
                self._failed = time.monotonic(), error
                raise
            self._loaded_at = time.monotonic()

    def _load(self) -> None:
        with self._database.read() as connection:
            rows = connection.execute(select(sites)).all()
            secrets = _secrets(connection)
            key_rows = connection.execute(select(api_keys)).all()
            client_rows = connection.execute(
                select(akismet_keys).order_by(akismet_keys.c.created_at.desc())
            ).all()
            blogs, acting = _blogs(connection), acting_rules(connection)
        client_keys: dict[str, list[str]] = {}
        for row in client_rows:
            client_keys.setdefault(row.site_id, []).append(row.value)
        self._by_id = {
            row.id: replace(
                site_of(row, tuple(secrets.get(row.id, ())), tuple(client_keys.get(row.id, ()))),
                wordpress=blogs.get(row.id),
                rules=_rules_of(row.id, acting),
            )
            for row in rows
        }
        self._by_client_key = {
            row.value: KeyHolder(
                self._by_id[row.site_id],
                is_suspended=bool(row.suspended),
                expires_at=None if row.expires_at is None else from_ms(row.expires_at),
            )
            for row in client_rows
        }
        self._by_digest = {
            row.digest: (
                self._by_id[row.site_id],
                None if row.expires_at is None else from_ms(row.expires_at),
            )
            for row in key_rows
        }

    def add(self, site: Site, *, key_prefix: str, key_digest: str, now: datetime) -> None:
        """Register a site with its first secret and API key."""
        with self._database.write() as connection:
            connection.execute(insert(sites).values(**site_columns(site), created_at=to_ms(now)))
            for secret in site.secrets:
                connection.execute(
                    insert(site_secrets).values(
                        site_id=site.id, value=secret.value, created_at=to_ms(secret.created_at)
                    )
                )
            connection.execute(
                insert(api_keys).values(
                    site_id=site.id, prefix=key_prefix, digest=key_digest, created_at=to_ms(now)
                )
            )
        self._loaded_at = float("-inf")

    def rotate(
        self, site_id: str, secret: Secret, *, key: tuple[str, str] | None, expires_at: datetime
    ) -> None:
        """Add a new secret and, if there is one, API key (prefix, digest); none earlier outlives
        `expires_at`.
        """
        created, expires = to_ms(secret.created_at), to_ms(expires_at)
        with self._database.write() as connection:
            for table in (site_secrets, api_keys) if key else (site_secrets,):
                lasting = or_(table.c.expires_at.is_(None), table.c.expires_at > expires)
                connection.execute(
                    update(table)
                    .where(table.c.site_id == site_id, lasting)
                    .values(expires_at=expires)
                )
            connection.execute(
                insert(site_secrets).values(site_id=site_id, value=secret.value, created_at=created)
            )
            if key:
                connection.execute(
                    insert(api_keys).values(
                        site_id=site_id, prefix=key[0], digest=key[1], created_at=created
                    )
                )
        self._loaded_at = float("-inf")

    def add_client_key(
        self, site_id: str, key: str, *, now: datetime, expires_at: datetime
    ) -> None:
        """Add a key for Akismet clients; earlier ones live until `expires_at`."""
        of_site = akismet_keys.c.site_id == site_id
        with self._database.write() as connection:
            connection.execute(
                update(akismet_keys)
                .where(of_site, akismet_keys.c.expires_at.is_(None))
                .values(expires_at=to_ms(expires_at))
            )
            connection.execute(
                insert(akismet_keys).values(value=key, site_id=site_id, created_at=to_ms(now))
            )
        self._loaded_at = float("-inf")

    def suspend_client_keys(self, site_id: str, *, is_suspended: bool) -> None:
        with self._database.write() as connection:
            connection.execute(
                update(akismet_keys)
                .where(akismet_keys.c.site_id == site_id)
                .values(suspended=int(is_suspended))
            )
        self._loaded_at = float("-inf")

    def set_policy(self, site_id: str, policy: Policy) -> None:
        with self._database.write() as connection:
            connection.execute(
                update(sites).where(sites.c.id == site_id).values(policy=dump(policy))
            )
        self._loaded_at = float("-inf")

    def set_signature(self, site_id: str, profile: SignatureProfile, header: str) -> None:
        """Change how a site's messages are signed, both ways."""
        with self._database.write() as connection:
            connection.execute(
                update(sites)
                .where(sites.c.id == site_id)
                .values(signature_profile=profile.value, signature_header=header)
            )
        self._loaded_at = float("-inf")

    def change(self, before: Site, after: Site) -> None:
        """Write what differs, and nothing beside: others may change the rest meanwhile."""
        old = site_columns(before)
        new = {name: value for name, value in site_columns(after).items() if value != old[name]}
        if not new:
            return
        with self._database.write() as connection:
            connection.execute(update(sites).where(sites.c.id == after.id).values(**new))
        self._loaded_at = float("-inf")

    def set_retention(self, site_id: str, choice: RetentionChoice) -> None:
        with self._database.write() as connection:
            connection.execute(
                update(sites).where(sites.c.id == site_id).values(retention=dump(choice))
            )
        self._loaded_at = float("-inf")

    def set_langs(self, site_id: str, langs: tuple[str, ...]) -> None:
        with self._database.write() as connection:
            connection.execute(update(sites).where(sites.c.id == site_id).values(langs=dump(langs)))
        self._loaded_at = float("-inf")


def _secrets(connection: Connection) -> dict[str, list[Secret]]:
    """By site, the newest first."""
    newest = select(site_secrets).order_by(site_secrets.c.created_at.desc())
    secrets: dict[str, list[Secret]] = {}
    for row in connection.execute(newest).all():
        expires = None if row.expires_at is None else from_ms(row.expires_at)
        secrets.setdefault(row.site_id, []).append(
            Secret(row.value, from_ms(row.created_at), expires)
        )
    return secrets


def _blogs(connection: Connection) -> dict[str, WordPressAccess]:
    rows = connection.execute(select(wordpress_blogs)).all()
    return {row.site_id: WordPressAccess(row.url, row.username, row.password) for row in rows}


def _rules_of(site_id: str, acting: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Those of a site and those of every site."""
    return tuple(rule for rule in acting if rule.site_id in ("", site_id))
