"""What the tests of events stand on: a good event, changed in one place, and what became of it."""

import json
from itertools import count
from typing import Any

import pytest

from moderator.domain.errors import InvalidError
from moderator.domain.events.arrival import Arrival
from moderator.intake.webhook import events
from tests.builders import NOON
from tests.web.lab import an_event

numbers = count()
ORIGIN = events.EventOrigin("blog", NOON, lambda: f"id-{next(numbers)}")
Json = dict[str, Any]


def parse(event: object) -> Arrival:
    return events.parse(
        json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass"), ORIGIN
    )


def an_event_with(pointer: str, value: object) -> Json:
    """Return a good event with one field replaced (`...` removes it)."""
    event: Json = json.loads(json.dumps(an_event()))
    *path, last = pointer.strip("/").split("/")
    part: Json = event
    for step in path:
        part = part.setdefault(step, {})
    if value is ...:
        part.pop(last, None)
    else:
        part[last] = value
    return event


def wrong_pointers(event: object) -> list[str]:
    with pytest.raises(InvalidError) as refused:
        parse(event)
    return [field.pointer for field in refused.value.fields]
