"""What a search asks the database: by rare words and common ones, in every order and list."""

from dataclasses import replace
from itertools import product

from moderator.domain.account import Scope
from moderator.domain.pages.dashboard import ListRequest, Tab
from moderator.domain.pages.find import Mark, Query, Sort
from moderator.storage.base.database import Database
from moderator.storage.dashboard.queries import DashboardRows
from moderator.usecases.moderate.dashboard import DashboardReads
from tests.builders import NOON

MARKED = Query(marks=frozenset(Mark), least=0.05)
NAMED = Query(text="word7 bridge", days=-7)
COMMON = Query(text="bridge", kind="comment", most=0.5, days=300)
ASKED = (MARKED, NAMED, COMMON, Query(reason="code-7"))


def look_for(database: Database) -> None:
    look = DashboardReads(DashboardRows(database))
    places: list[tuple[Scope, Tab, Sort, Query]]
    places = [(None, Tab.HELD, sort, query) for sort, query in product(Sort, ASKED)]
    tabs = product((Tab.HELD, Tab.REPORTED, Tab.ALL), Sort)
    places += [(("blog", "site-1"), tab, sort, COMMON) for tab, sort in tabs]
    places += [(None, Tab.ALL, Sort.NEWEST, COMMON)]
    for scope, tab, sort, query in places:
        asked = replace(query, sort=sort)
        page = look.find(scope, tab, asked, now=NOON)
        look.find(scope, tab, asked, before=page.older, now=NOON)
        look.queue(scope, ListRequest(tab, asked, with_choices=True), now=NOON)
        look.queue(scope, ListRequest(tab), now=NOON)
    for known in (None, ("blog",)):
        page = look.tab(known, Tab.HELD)
        look.standing(known, page.lines[0].id)
    look.choices(("blog",))
