"""A linkback protocol is one file and one line: one more travels from its endpoint to a verdict."""

import json
from dataclasses import replace
from typing import cast

import pytest

from moderator import intake
from moderator.checks import LOCAL, REMOTE
from moderator.domain.check import RemoteTools
from moderator.domain.errors import InvalidError
from moderator.intake.webhook import events
from moderator.storage.base.database import Database
from moderator.storage.history.approved import ApprovedRows
from moderator.storage.intake.rows import IntakeRows
from moderator.usecases.intake.accept import Accept
from moderator.web import create_app
from tests.builders import POST
from tests.fakes import FakeHints
from tests.house import Blog, House
from tests.intake.calls import SOURCE
from tests.intake.ground import ORIGIN
from tests.pages import NoMemory, NoSpamService, Pages
from tests.scenarios import talkback
from tests.web.lab import Lab, an_event

WORDS = "Everybody at the counter talks of the bridge now."
CLAIM = {"from": SOURCE, "about": POST.url, "title": "At the counter", "words": WORDS}
PAGE = f'<title>Weekend</title><p>Read about <a href="{POST.url}">the river</a>.</p>'
EVENT = an_event(
    comment={"id": "17", "type": "talkback", "content": {"raw": WORDS}},
    linkback={"source": SOURCE, "target": POST.url},
)


@pytest.fixture
def _talkback(monkeypatch: pytest.MonkeyPatch) -> None:
    protocols = (*intake.linkback.LINKBACK_PROTOCOLS, talkback)
    monkeypatch.setattr(intake.linkback, "LINKBACK_PROTOCOLS", protocols)


@pytest.mark.usefixtures("_talkback")
def test_a_protocol_travels_from_its_endpoint_to_a_verdict(database: Database) -> None:
    house, web = House(database), Pages({SOURCE: PAGE})
    accept = Accept(IntakeRows(database), house.sites, FakeHints(), 100)
    client = create_app(replace(Lab().services(), accept=accept)).test_client()
    taken = client.post("/doors/blog/talkback", json=CLAIM)
    assert (taken.status_code, taken.json) == (202, {"new": True})
    assert "/doors/blog/talkback/" in taken.location
    assert client.post("/doors/blog/talkback", data=b"<xml>").status_code == 422

    for _ in range(2):  # again with what the source says
        house.check(*LOCAL, remote=REMOTE)
        house.reach(*REMOTE, ways=RemoteTools(web, NoSpamService(), NoMemory()))
    blog = Blog()
    house.deliver(blog)

    [told] = blog.got
    linkback = cast("dict[str, str]", told["linkback"])
    assert (told["status"], linkback["protocol"]) == ("approved", "talkback")
    assert (linkback["title"], linkback["excerpt"]) == (CLAIM["title"], WORDS)
    assert ApprovedRows(database).reverify_now("blog") == 1


@pytest.mark.usefixtures("_talkback")
def test_a_platform_may_report_one_of_it() -> None:
    submission = events.parse(json.dumps(EVENT).encode(), ORIGIN).submission
    assert submission.kind == talkback.KIND
    assert submission.kind.is_linkback


def test_what_is_not_in_the_list_is_refused_by_names_of_what_is() -> None:
    with pytest.raises(InvalidError) as refusal:
        events.parse(json.dumps(EVENT).encode(), ORIGIN)
    [wrong] = refusal.value.fields
    assert wrong.pointer == "/data/comment/type"
    assert wrong.detail == f"Not one of: {', '.join(intake.kinds())}"
