"""Approved linkbacks, of a page or of a site: by an index that holds nothing else."""

from collections import Counter

from moderator.domain.content.fingerprint import page_target_key
from moderator.domain.pages.feed import FeedSlice, Mention, last_id, mention_of
from moderator.storage.base.database import Database, Parameters, Statement
from moderator.storage.base.payload import load_submission

COUNTED = 1_000  # of one page, the newest
OF_A_PAGE = "target_key = :key AND site_id = :site_id AND target_key <> '' AND status = 'approved'"
OF_A_SITE = "status = 'approved' AND site_id = :site_id AND target_key <> ''"
READ = (
    "SELECT payload FROM submissions WHERE {which} AND id > :since"
    " ORDER BY id {order} LIMIT :size OFFSET :offset"
)
STATEMENTS = {
    (which, is_rising): Statement(READ.format(which=which, order="" if is_rising else "DESC"))
    for which in (OF_A_PAGE, OF_A_SITE)
    for is_rising in (False, True)
}
# What is read of each is one word of its payload.
RELATION = {
    "sqlite": "json_extract(payload, '$.linkback.relation')",
    "postgresql": "payload::json #>> '{linkback,relation}'",
}
COUNT = (
    "SELECT coalesce({relation}, '') FROM submissions WHERE {which} ORDER BY id DESC LIMIT :size"
)


class MentionRows:
    """Honours usecases/linkback/feed.py MentionStore."""

    def __init__(self, database: Database) -> None:
        self._database = database
        relation = RELATION[database.engine.dialect.name].replace(":", "\\:")
        self._count = Statement(COUNT.format(relation=relation, which=OF_A_PAGE))

    def of_page(self, site_id: str, address: str, part: FeedSlice) -> list[Mention]:
        key = page_target_key(address)
        return self._read(OF_A_PAGE, {"site_id": site_id, "key": key}, part) if key else []

    def of_site(self, site_id: str, part: FeedSlice) -> list[Mention]:
        return self._read(OF_A_SITE, {"site_id": site_id}, part)

    def count(self, site_id: str, address: str) -> Counter[str]:
        """How many there are of each relation, the newest COUNTED at most."""
        key = page_target_key(address)
        asked: Parameters = {"site_id": site_id, "key": key, "size": COUNTED}
        with self._database.read() as connection:
            rows = self._count.run(connection, asked).all() if key else []
        return Counter(str(row[0]) or "mention" for row in rows)

    def _read(self, which: str, asked: Parameters, part: FeedSlice) -> list[Mention]:
        statement = STATEMENTS[which, part.is_rising]
        given = asked | {"since": last_id(part.since), "size": part.size, "offset": part.offset}
        with self._database.read() as connection:
            rows = statement.run(connection, given).all()
        found = (mention_of(load_submission(str(row[0]))) for row in rows)
        return [mention for mention in found if mention is not None]
