"""Approved linkbacks, for pages without a server: in webmention.io's shape, gone when they go."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.web import create_app
from moderator.web.limits import RateLimit
from moderator.web.linkback_endpoints import EndpointLimits
from tests.builders import NOON, a_site
from tests.web.asking import ASKED, Street
from tests.web.contract import Contract
from tests.web.lab import an_event

PAGE = "https://asked.example/2026/03/the-river"
BEARER = {"Authorization": "Bearer mod_asked"}


class Reader:
    """A site that shows its linkbacks, and whoever reads them."""

    def __init__(self, database: Database, *hosts: str) -> None:
        site = replace(ASKED, has_feed=True, hosts=ASKED.hosts | set(hosts))
        self.street = Street(database, site)
        self.app: Flask = self.street.app()
        self.contract = Contract(self.app)
        self._client = self.app.test_client()

    def send(self, id_: str, kind: str = "comment.created", **comment: object) -> None:
        sent = {"type": kind, "timestamp": "2026-03-04T12:00:00Z"}
        data = {"site": {"id": "asked"}, "comment": {"id": id_} | comment}
        answer = self._client.post("/v1/submissions", json=sent | {"data": data}, headers=BEARER)
        assert answer.status_code in (200, 202), answer.text

    def link(self, id_: str, target: str = PAGE, *, status: str = "approved", **link: str) -> None:
        """A linkback that the blog took in, and that a person there decided about."""
        self.street.now += timedelta(milliseconds=1)
        given = {"source": f"https://elsewhere.test/{id_}", "target": target,
                 "source_title": f"Page {id_}", "excerpt": f"Words of {id_}"} | link  # fmt: skip
        event = an_event("asked", id_, linkback=given)
        event["data"]["comment"] = {"id": id_, "type": "webmention", "content": {"raw": ""}}  # type: ignore[index]  # an event
        answer = self._client.post("/v1/submissions", json=event, headers=BEARER)
        assert answer.status_code in (200, 202), answer.text
        self.send(id_, "comment.status_changed", status=status)

    def get(self, path: str = "/api/mentions.jf2", **query: object) -> TestResponse:
        asked = {name.replace("_", "-"): value for name, value in query.items()}
        answer = self._client.get(path, query_string={"target": PAGE} | asked)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        self.contract.judge(answer)
        return answer

    def sources(self, **query: object) -> list[str]:
        entries = self.get("/api/mentions.jf2", **query).get_json()["children"]
        return [entry["wm-source"].rpartition("/")[2] for entry in entries]


@pytest.fixture
def reader(database: Database) -> Reader:
    return Reader(database)


def test_a_linkback_is_an_entry_of_webmention_ios_shape(reader: Reader) -> None:
    reader.link("one", type="reply")
    [entry] = reader.get().get_json()["children"]
    number = entry.pop("wm-id")
    received = entry.pop("wm-received")
    assert entry == {
        "type": "entry",
        "author": {"type": "card", "name": "Alice", "photo": "", "url": ""},
        "url": "https://elsewhere.test/one",
        "published": received,
        "wm-source": "https://elsewhere.test/one",
        "wm-target": PAGE,
        "wm-protocol": "webmention",
        "name": "Page one",
        "content": {"text": "Words of one"},
        "in-reply-to": PAGE,
        "wm-property": "in-reply-to",
        "wm-private": False,
    }
    assert received.endswith("Z")
    assert 0 < number < 2**53


@pytest.mark.parametrize(
    ("relation", "named"),
    [
        ("mention", "mention-of"),
        ("like", "like-of"),
        ("repost", "repost-of"),
        ("bookmark", "bookmark-of"),
        ("", "mention-of"),
    ],
)
def test_the_target_stands_under_what_the_linkback_does(
    reader: Reader, relation: str, named: str
) -> None:
    reader.link("one", type=relation)
    [entry] = reader.get().get_json()["children"]
    assert (entry["wm-property"], entry[named]) == (named, PAGE)


def test_only_what_is_approved_is_shown(reader: Reader) -> None:
    for status in ("hold", "spam", "trash", "approved"):
        reader.link(status, status=status)
    assert reader.sources() == ["approved"]


@pytest.mark.parametrize("ending", ["spam", "hold", "trash", "deleted", "edited"])
def test_what_is_gone_or_revised_leaves_the_feed_at_once(reader: Reader, ending: str) -> None:
    reader.link("one")
    first = reader.get()
    same = {"If-None-Match": first.headers["ETag"]}
    again = reader.app.test_client().get(f"/api/mentions.jf2?target={PAGE}", headers=same)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert "max-age" not in first.headers["Cache-Control"]
    if ending == "deleted":
        reader.send("one", "comment.deleted")
    elif ending == "edited":
        event = an_event("asked", "one", linkback={"source": "https://elsewhere.test/one",
                         "target": PAGE, "excerpt": "Buy pills"})  # fmt: skip
        event["type"] = "comment.updated"
        event["data"]["comment"] = {"id": "one", "type": "webmention", "content": {"raw": ""}}  # type: ignore[index]  # an event
        reader.app.test_client().post("/v1/submissions", json=event, headers=BEARER)
    else:
        reader.send("one", "comment.status_changed", status=ending)
    then = reader.app.test_client().get(f"/api/mentions.jf2?target={PAGE}", headers=same)
    assert then.status_code == 200
    assert then.get_json()["children"] == []


@pytest.mark.parametrize(
    "address",
    [
        "http://asked.example/2026/03/the-river",
        "https://www.asked.example/2026/03/the-river/",
        "https://ASKED.example/2026/03/the-river?utm_source=feed#comments",
        "https://asked.example/2026/03/the%2Driver",
    ],
)
def test_a_page_is_the_same_under_its_usual_spellings(reader: Reader, address: str) -> None:
    reader.link("one")
    assert reader.sources(target=address) == ["one"]
    assert reader.sources(target=f"{address.partition('/2026')[0]}/2026/03/the-sea") == []


def test_a_feed_comes_in_pages_and_can_be_followed(reader: Reader) -> None:
    for number in range(5):
        reader.link(str(number))
    assert reader.sources() == ["4", "3", "2", "1", "0"]
    assert reader.sources(per_page=2) == ["4", "3"]
    assert reader.sources(per_page=2, page=2) == ["0"]
    assert reader.sources(per_page=2, page=3) == []
    assert reader.sources(sort_dir="up", per_page=2) == ["0", "1"]
    second = reader.get(sort_dir="up", per_page=2).get_json()["children"][-1]["wm-id"]
    path = f"/api/mentions.jf2?target={PAGE}&sort-dir=up&since_id={second}"
    entries = reader.app.test_client().get(path).get_json()["children"]
    assert [entry["name"] for entry in entries] == ["Page 2", "Page 3", "Page 4"]


def test_several_pages_are_one_feed(reader: Reader) -> None:
    other = f"{PAGE}-again"
    for number, target in enumerate((PAGE, other, PAGE, other)):
        reader.link(str(number), target)
    both = {"target[]": [PAGE, other, f"{PAGE}/"]}
    client = reader.app.test_client()
    for query, expected in (
        ({}, ["3", "2", "1", "0"]),
        ({"per-page": 2, "page": 1}, ["1", "0"]),
        ({"sort-dir": "up", "per-page": 3}, ["0", "1", "2"]),
    ):
        answer = client.get("/api/mentions.jf2", query_string=both | query)
        entries = answer.get_json()["children"]
        assert [entry["wm-source"].rpartition("/")[2] for entry in entries] == expected
    answer = client.get("/api/mentions.jf2?domain=asked.example&per-page=3")
    assert [entry["name"] for entry in answer.get_json()["children"]] == [
        "Page 3", "Page 2", "Page 1",
    ]  # fmt: skip


def test_linkbacks_are_counted_by_kind(reader: Reader) -> None:
    for number, relation in enumerate(("like", "like", "reply", "")):
        reader.link(str(number), type=relation)
    reader.link("spam", status="spam")
    for path in ("/api/count", "/api/count.json"):
        told = {"count": 4, "type": {"like": 2, "mention": 1, "reply": 1}}
        assert reader.get(path).get_json() == told
    assert reader.get("/api/count", target=f"{PAGE}-2").get_json() == {"count": 0, "type": {}}


@pytest.mark.parametrize("path", ["/api/mentions", "/api/mentions.json", "/api/links"])
def test_the_older_shape_is_there_too_and_escapes_what_strangers_say(
    reader: Reader, path: str
) -> None:
    reader.link("one", type="like", source='https://elsewhere.test/"><b>', excerpt="<b>hi</b>")
    [link] = reader.get(path).get_json()["links"]
    assert link["activity"]["type"] == "like"
    assert "<b>" not in link["activity"]["sentence_html"] + link["data"]["content"]
    assert link["verified"] is True
    assert link["target"] == PAGE


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"target": ""}, 422),
        ({"target": "nonsense"}, 422),
        ({"target": "https://elsewhere.test/"}, 404),
        ({"target[]": [f"{PAGE}{number}" for number in range(10)]}, 422),
        ({"page": "x"}, 422),
        ({"page": "11", "per-page": "100"}, 422),
        ({"page": "10", "per-page": "100"}, 200),
        ({"page": "9" * 16, "per-page": "9" * 16}, 422),
        ({"per-page": "0"}, 200),
        ({"since_id": "-1"}, 422),
        ({"since_id": "9" * 16}, 200),
        ({"since_id": "9" * 17}, 422),
        ({"target": "", "domain": "nonsense domain"}, 422),
        ({"target": "", "domain": "elsewhere.test"}, 404),
        ({"target": "https://asked.example/\x00"}, 200),
        ({"target": "https://asked.example/" + "x" * 9_000}, 200),
    ],
)
def test_what_cannot_be_asked_is_refused(
    reader: Reader, query: dict[str, object], status: int
) -> None:
    answer = reader.app.test_client().get(
        "/api/mentions.jf2", query_string={"target": PAGE} | query
    )
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    reader.contract.judge(answer)


def test_a_site_has_no_feed_unless_it_wants_one(database: Database) -> None:
    street = Street(database)
    other = a_site(id="open", hosts=frozenset({"open.test"}), has_feed=True)
    SiteRows(database).add(other, key_prefix="o", key_digest="o", now=NOON)
    client = street.app().test_client()
    assert client.get(f"/api/mentions.jf2?target={PAGE}").status_code == 404
    assert client.get("/api/mentions.jf2?domain=asked.example").status_code == 404
    assert client.get(f"/api/count?target={PAGE}").status_code == 404


def test_who_reads_too_fast_is_told_when_to_come_back(database: Database) -> None:
    street = Street(database, replace(ASKED, has_feed=True))
    limits = EndpointLimits(of_readers=RateLimit(0.001, 1))
    client = create_app(street.services(), endpoint_limits=limits).test_client()
    path = f"/api/mentions.jf2?target={PAGE}"
    assert client.get(path).status_code == 200
    answer = client.get(path)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
