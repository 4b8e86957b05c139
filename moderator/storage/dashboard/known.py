"""What the other statements of a page need first: sites, what is looked for, what can be chosen.

Read by one statement, whatever is asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any  # what a statement selects is typed by nobody

from sqlalchemy import (
    Connection,
    Select,
    Text,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.account import Scope
from moderator.domain.pages.dashboard import Choices
from moderator.domain.pages.find import FACET
from moderator.domain.pages.sample import DAY_MS, day_of
from moderator.storage.base.database import POSTGRES_NOW, Database
from moderator.storage.base.times import to_ms
from moderator.storage.base.values import AnyRow
from moderator.storage.dashboard.items import within
from moderator.storage.schema.tables import search_words, sites

FEW = 2_000
MOST_FACETS = 200
SITES, FACETS, TODAY = "sites", "facets", "today"
END = chr(ord(FACET) + 1)  # behind every facet
WORD = search_words.c

Asked = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Known:
    """`names` are those of the asker's sites, by id; where nobody asked for them, the ids.

    `today` is a day as domain/pages/sample.py counts them, by the database's clock.
    `named` are the submissions that meet each condition, None where more than FEW do.
    """

    names: dict[str, str]
    today: int = 0
    named: tuple[frozenset[str] | None, ...] = ()
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def sites(self) -> tuple[str, ...]:
        return tuple(self.names)

    @property
    def choices(self) -> Choices:
        return Choices(dict(sorted(self.names.items())), self.facets)


def read_known(
    connection: Connection,
    scope: Scope,
    conditions: Sequence[Asked] = (),
    *,
    with_choices: bool = False,
    clock: Database | None = None,
) -> Known:
    """Each of `conditions` selects the ids of the submissions that meet it; without a `clock`
    nobody asks what day it is.
    """
    wanted = [_today()] if clock is not None and clock.is_postgres else list[Asked]()
    if scope is None or with_choices:
        named = select(literal(SITES).label("what"), sites.c.id, sites.c.name)
        wanted.append(named.where(*within(sites.c.id, scope)))
    for number, one in enumerate(conditions):
        some = one.limit(FEW + 1).subquery()
        wanted.append(select(literal(str(number)), some.c[0], literal("")))
    if with_choices:
        wanted.append(_facets())
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    if wanted:
        rows: Sequence[AnyRow] = connection.execute(union_all(*wanted)).all()
        for row in rows:
            found[row[0]].append((row[1], row[2] or row[1]))
    if scope is not None and not with_choices:
        found[SITES] = [(id_, id_) for id_ in scope]
    ids = {what: [id_ for id_, _ in rows] for what, rows in found.items()}
    return Known(
        dict(found[SITES]),
        _day(clock, ids.get(TODAY, ())),
        tuple(_few(ids.get(str(number), [])) for number in range(len(conditions))),
        _by_name(ids.get(FACETS, [])),
    )


def _day(clock: Database | None, told: Sequence[str]) -> int:
    if told:
        return int(told[0])
    return 0 if clock is None else day_of(to_ms(clock.now()))


@cache
def _today() -> Asked:
    day: ColumnElement[int] = literal_column(f"{POSTGRES_NOW} / {DAY_MS}")
    return select(literal(TODAY).label("what"), cast(day, Text), literal(""))


def _few(ids: Sequence[str]) -> frozenset[str] | None:
    return frozenset(ids) if len(ids) <= FEW else None


def _by_name(entries: Iterable[str | None]) -> dict[str, tuple[str, ...]]:
    """The values of every facet, by name."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        name, _, value = (entry or "").removeprefix(FACET).partition(":")
        if value:
            found[name].append(value)
    return {name: tuple(sorted(values)) for name, values in found.items()}


@cache
def _facets() -> Asked:
    """Each facet that there is: one step in the index."""
    first = select(func.min(WORD.word).label("word")).where(WORD.word >= FACET, WORD.word < END)
    seen = first.cte("k", recursive=True)
    following = select(func.min(WORD.word)).where(WORD.word > seen.c.word, WORD.word < END)
    step = select(following.scalar_subquery()).where(seen.c.word.is_not(None))
    every = seen.union_all(step)
    some = select(every.c.word).limit(MOST_FACETS).subquery()
    return select(literal(FACETS), some.c.word, literal(""))
