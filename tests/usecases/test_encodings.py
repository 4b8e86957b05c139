"""One comment is serialised a few times on its way from webhook to callback, and no more."""

import json
import sys

import msgspec
import pytest

from moderator.checks import LOCAL
from moderator.domain.ids import new_id
from moderator.intake.webhook import events
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.storage.base.database import Database
from moderator.storage.intake.rows import IntakeRows
from moderator.usecases.intake.accept import rules
from tests.builders import NOON
from tests.house import Blog, House
from tests.web.lab import an_event

WORDS = "The bridge was finished in 1911, and every March the river reminds us of it."
MOST = 4  # numbers looked through, nothing lost by parsing, the digest, what is stored
Encoder = msgspec.json.Encoder | msgspec.msgpack.Encoder


class Counting:
    """An encoder that tells how often it serialised the words."""

    def __init__(self, encoder: Encoder, told: list[str], name: str) -> None:
        self._encoder, self._told, self._name = encoder, told, name

    def encode(self, value: object) -> bytes:
        done = self._encoder.encode(value)
        if WORDS.encode() in done:
            self._told.append(self._name)
        return done


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The encoders that serialised the words, each time they did."""
    found: list[str] = []
    for name, module in list(sys.modules.items()):
        for attribute, value in list(vars(module).items()) if name.startswith("moderator.") else ():
            if isinstance(value, Encoder):
                counting = Counting(value, found, f"{name}.{attribute}")
                monkeypatch.setattr(module, attribute, counting)
    return found


def test_a_comment_is_serialised_four_times_at_most(database: Database, told: list[str]) -> None:
    house = House(database, MemoryNearIndex())
    house.text_judge = Scorer(shared_model())
    content = {"raw": WORDS, "format": "text"}
    event = an_event(comment={"id": "1", "type": "comment", "content": content})
    body = json.dumps(event, separators=(",", ":")).encode()
    site_id = events.named_site(body)  # where it is signed, and no header names the site
    arrival = events.parse(body, events.EventOrigin(site_id, NOON, lambda: new_id(NOON, bytes(10))))
    IntakeRows(database).add([arrival], rules(house.sites))
    assert house.check(*LOCAL) == 1
    blog = Blog()
    house.deliver(blog)
    assert [callback["status"] for callback in blog.got] == ["approved"]
    assert "moderator.storage.base.payload._encoder" in told
    assert len(told) <= MOST, told
