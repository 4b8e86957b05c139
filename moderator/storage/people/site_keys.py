"""Which keys of a site there are, for its owners; the keys themselves are stored nowhere."""

from sqlalchemy import select

from moderator.domain.site import ShownKey
from moderator.storage.base.database import Database
from moderator.storage.base.times import from_ms
from moderator.storage.schema.tables import api_keys


class SiteKeyRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def keys(self, site_id: str) -> list[ShownKey]:
        """The newest first."""
        mine = select(api_keys).where(api_keys.c.site_id == site_id)
        with self._database.read() as connection:
            rows = connection.execute(mine.order_by(api_keys.c.created_at.desc())).all()
        return [
            ShownKey(
                name=row.prefix,
                created_at=from_ms(row.created_at),
                expires_at=None if row.expires_at is None else from_ms(row.expires_at),
            )
            for row in rows
        ]
