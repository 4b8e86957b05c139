"""By which phrases submissions are found that say the same in other words."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence

from sqlalchemy import Connection

from moderator.domain.queue import Ticket
from moderator.domain.text.rewording import HOLDERS
from moderator.storage.base.bulk_sql import InsertRows, SelectIn
from moderator.storage.base.database import Database

# The latest of each: a phrase that everybody uses costs no more than another.
LATEST = (
    "(SELECT p.submission_id FROM phrases p WHERE p.key = k.column1"  # noqa: S608  # a number of ours
    f" ORDER BY p.submission_id DESC LIMIT {HOLDERS})"
)
ASKED = "SELECT k.column1, h.submission_id FROM (VALUES {rows}) AS k CROSS JOIN"
FOUND = SelectIn(
    f"{ASKED} phrases h WHERE h.key = k.column1 AND h.submission_id IN {LATEST}",
    postgres=f"{ASKED} LATERAL {LATEST} AS h",
)
KEEP = InsertRows("phrases", "key submission_id", ending="ON CONFLICT DO NOTHING")


class PhraseRows:
    """Honours usecases/judge/rewordings.py PhraseStore, but for campaigns and standings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def holders(self, keys: Iterable[int]) -> dict[int, tuple[str, ...]]:
        wanted = sorted(set(keys))
        found: dict[int, list[str]] = defaultdict(list)
        if wanted:
            with self._database.read() as connection:
                for key, id_ in FOUND.run(connection, [(key,) for key in wanted]):
                    found[int(key)].append(id_)
        return {key: tuple(sorted(ids)) for key, ids in found.items()}


def keep_phrases(
    connection: Connection,
    phrases: Mapping[str, Sequence[int]],
    tickets: Sequence[Ticket],
    held: Container[int],
    stored: Container[str],
) -> None:
    """Keep those of tickets whose rows we held, of what was not erased."""
    ours = [t.subject_id for t in tickets if t.row in held and t.subject_id in stored]
    rows = [(key, id_) for id_ in ours for key in phrases.get(id_, ())]
    KEEP.run(connection, [{"key": key, "submission_id": id_} for key, id_ in sorted(rows)])
