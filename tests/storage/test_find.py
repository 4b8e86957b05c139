"""What a moderator looks for is found, in any order, within their sites, and never what is gone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from moderator.domain.account import Scope
from moderator.domain.errors import NotFoundError
from moderator.domain.finding import Finding, Signal
from moderator.domain.pages.dashboard import ListRequest, Tab
from moderator.domain.pages.find import Mark, Query, Sort
from moderator.domain.submission import Author
from moderator.intake.linkback import pingback
from moderator.storage.base.database import Database
from moderator.storage.dashboard import find as finding
from moderator.storage.dashboard import known
from moderator.storage.dashboard.queries import DashboardRows
from moderator.storage.intake.erasure import erase
from moderator.storage.schema.tables import deliveries, search_words, submissions
from tests.builders import NOON, a_site, a_submission
from tests.stock import stock, stock_site

NOW = NOON + timedelta(days=1)
TEXTS = {
    "a": "The bridge was finished in 1911.",
    "b": "Der Fluss war lange zugefroren, und niemand konnte hinüber.",
    "c": "この橋は1911年に完成したと聞きました。",
    "d": "Cheap bridges for sale at https://shop.example.org/now",
}


def held(score: float, code: str = "advertising_words") -> Finding:
    return Finding("lists", Signal.SUSPECT, "Words of advertising", code, score)


@pytest.fixture
def filled(database: Database) -> Database:
    for name in ("blog", "other"):
        stock_site(database, a_site(id=name))
    for number, (id_, text) in enumerate(TEXTS.items()):
        at = NOON + timedelta(hours=number)
        author = Author(name=f"Name{id_}", email=f"{id_}@mail.test", ip=f"192.0.2.{number}")
        one = a_submission(
            text, id=id_, platform_id=id_, created_at=at, received_at=at, author=author
        )
        stock(database, one, held(0.8 - number / 10, f"code_{number % 2}"))
    elsewhere = a_submission(TEXTS["a"], id="e", platform_id="e", site_id="other")
    stock(database, elsewhere, held(0.5))
    stock(database, a_submission("Approved bridge", id="f", platform_id="f"))
    return database


def found(database: Database, query: Query, shelf: Tab = Tab.HELD, **more: object) -> str:
    scope: Scope = more.pop("scope", ("blog",))  # type: ignore[assignment]  # named by the test
    given: dict[str, object] = {"limit": 25, **more}
    request = ListRequest(shelf, query, **given)  # type: ignore[arg-type]  # named by the test
    listing = DashboardRows(database).find(scope, request, now=NOW)
    return "".join(line.id for line in listing.lines)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (Query(text="bridge"), "da"),
        (Query(text="bridge 1911"), "a"),
        (Query(text="橋"), "c"),
        (Query(text="b@mail.test"), "b"),
        (Query(text="example.org"), "d"),
        (Query(text="192.0.2.3"), "d"),
        (Query(text="nothing"), ""),
        (Query(kind="comment"), "dcba"),
        (Query(kind="pingback"), ""),
        (Query(reason="code_1"), "db"),
        (Query(language="de"), "b"),
        (Query(least=0.65), "ba"),
        (Query(most=0.65, text="bridge"), "d"),
        (Query(least=0.6, most=0.7), "cb"),
        (Query(site="other"), ""),
        (Query(sort=Sort.OLDEST), "abcd"),
        (Query(sort=Sort.HONEST), "dcba"),
        (Query(sort=Sort.HONEST, text="bridge"), "da"),
        (Query(days=1), "dcba"),
        (Query(days=-1), "a"),
        (Query(days=-1, text="1911"), "a"),
        (Query(days=-7), ""),
    ],
)
def test_everything_that_is_asked_must_be_so(filled: Database, query: Query, ids: str) -> None:
    assert found(filled, query) == ids


@pytest.mark.parametrize(
    "query",
    [
        Query(text="bridge"),
        Query(kind="comment"),
        Query(most=0.75),
        Query(reason="code_1"),
        Query(marks=frozenset({Mark.EDITED})),
    ],
)
@pytest.mark.parametrize("sort", Sort)
def test_what_many_have_is_found_on_the_way(
    filled: Database, query: Query, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = replace(query, sort=sort)
    expected = found(filled, query)
    monkeypatch.setattr(known, "FEW", 0)
    assert found(filled, query) == expected
    monkeypatch.setattr(finding, "STEP", 1)
    assert found(filled, query) == expected


@pytest.mark.parametrize("few", [0, 2_000])
@pytest.mark.parametrize("sort", Sort)
def test_pages_follow_each_other_without_a_gap(
    filled: Database, sort: Sort, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "FEW", few)
    query = Query(kind="comment", sort=sort)
    pages = "".join(read_on(filled, query, limit=1))
    assert pages == found(filled, query)
    assert len(pages) == len(TEXTS)


def read_on(database: Database, query: Query, *, limit: int) -> Iterator[str]:
    before = ""
    while True:
        rows = DashboardRows(database)
        request = ListRequest(Tab.HELD, query, before, limit)
        page = rows.find(("blog",), request, now=NOW)
        yield "".join(line.id for line in page.lines)
        before = page.older
        if not before:
            return


def test_a_walk_that_is_long_says_from_where_to_look_on(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "FEW", 0)
    for name, value in (("STEP", 1), ("BUDGET", 2)):
        monkeypatch.setattr(finding, name, value)
    request = ListRequest(Tab.HELD, Query(text="1911", least=0.75), limit=25)
    first = DashboardRows(filled).find(("blog",), request, now=NOW)
    assert (first.lines, first.is_partial) == ((), True)
    assert "".join(read_on(filled, Query(text="1911", least=0.75), limit=25)) == "a"


def test_nothing_of_other_sites_is_found(filled: Database) -> None:
    assert found(filled, Query(text="1911"), scope=("other",)) == "e"
    assert found(filled, Query(text="1911"), scope=None) == "cea"
    assert found(filled, Query(text="1911"), scope=()) == ""


def test_marks_are_found(filled: Database) -> None:
    with filled.write() as connection:
        connection.execute(update(submissions).where(submissions.c.id == "b").values(reports=2))
        edited = update(submissions).where(submissions.c.id.in_(("b", "c")))
        connection.execute(edited.values(content_version=2))
        dead = update(deliveries).where(deliveries.c.submission_id == "d").values(state="dead")
        connection.execute(dead)
    assert found(filled, Query(marks=frozenset({Mark.REPORTED}))) == "b"
    assert found(filled, Query(marks=frozenset({Mark.EDITED}))) == "cb"
    assert found(filled, Query(marks=frozenset({Mark.FAILED}))) == "d"
    assert found(filled, Query(marks=frozenset({Mark.EDITED, Mark.REPORTED}))) == "b"


def test_what_the_service_settled_alone_has_no_words(filled: Database) -> None:
    assert found(filled, Query(text="bridge"), Tab.APPROVED) == ""
    with filled.read() as connection:
        ids = set(
            connection.scalars(
                search_words.select().with_only_columns(search_words.c.submission_id)
            )
        )
    assert ids == {"a", "b", "c", "d", "e"}


def test_an_erased_one_leaves_no_word(filled: Database) -> None:
    with filled.write() as connection:
        erase(connection, "a", 1)
        left = connection.execute(search_words.select().where(search_words.c.submission_id == "a"))
        assert left.all() == []
    assert found(filled, Query(text="1911")) == "c"


def test_choices_are_what_there_is(filled: Database) -> None:
    choices = DashboardRows(filled).choices(("blog",))
    assert choices.sites == {"blog": "A blog"}
    assert choices.facets["kind"] == ("comment",)
    assert {"code_0", "code_1"} <= set(choices.facets["reason"])
    assert "de" in choices.facets["language"]


@pytest.mark.parametrize("before", ["x", "1.", ".", "99999999999999999.a"])
def test_what_is_no_place_is_not_found(filled: Database, before: str) -> None:
    with pytest.raises(NotFoundError):
        found(filled, Query(text="bridge"), before=before)


def test_a_comment_and_a_pingback_are_told_apart(filled: Database) -> None:
    one = a_submission("A bridge elsewhere", id="g", platform_id="g", kind=pingback.KIND)
    stock(filled, one, held(0.5))
    assert found(filled, Query(kind="pingback")) == "g"
