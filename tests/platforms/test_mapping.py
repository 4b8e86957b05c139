"""What a platform says is read, and nothing that is named gets lost on the way there and back."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderator.domain.errors import InvalidError, MalformedError, RequestError
from moderator.domain.verdict import Verdict
from moderator.platforms import INBOUND, PLATFORMS
from moderator.platforms.mapping import (
    EXT_LIMIT,
    Field,
    Inbound,
    Json,
    at,
    part,
    put,
    to_event,
)
from tests.builders import NOON
from tests.platforms.ground import SEEN, SITE, arrival_of, messages, read

EACH = pytest.mark.parametrize("platform", INBOUND, ids=[each.name for each in INBOUND])


def data_of(platform: Inbound, message: Json) -> Json:
    return part(to_event(platform, message, SITE, NOON), "data")


def to_native(platform: Inbound, data: Json) -> Json:
    """The message that said this: every field that `FIELDS` names."""
    message: Json = {}
    for field in platform.FIELDS:
        value = at(data, field.ours)
        if value is None and not field.nullable:
            continue
        if field.words and isinstance(value, str):
            value = next((theirs for theirs, ours in field.words.items() if ours == value), value)
        put(message, field.native, value)
    return message


def named(platform: Inbound, message: Json) -> Json:
    """The message as far as the table names it."""
    found: Json = {}
    for field in platform.FIELDS:
        value = at(message, field.native)
        if value is not None or field.nullable:
            put(found, field.native, value)
    return found


@EACH
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_nothing_named_is_lost(platform: Inbound, data: st.DataObject) -> None:
    message = data.draw(messages(platform))
    before = copy.deepcopy(message)
    assert to_native(platform, data_of(platform, message)) == named(platform, before)
    assert message == before


@EACH
def test_nothing_is_lost_of_what_was_seen(platform: Inbound) -> None:
    message = SEEN[platform.name]
    told = to_native(platform, data_of(platform, message))
    assert told == named(platform, message)
    lost = json.dumps(message, sort_keys=True) != json.dumps(told, sort_keys=True)
    assert lost is (platform.name == "webmention.io")  # its secret


@EACH
@given(data=st.data())
def test_whatever_is_read_is_stored_or_refused_with_a_reason(
    platform: Inbound, data: st.DataObject
) -> None:
    message = data.draw(messages(platform))
    try:
        arrival = arrival_of(platform.name, message)
    except RequestError as error:
        assert str(error)  # noqa: PT017  # it may be either
    else:
        assert arrival.submission.site_id == "blog"
        assert arrival.submission.platform_id


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@EACH
@given(junk=JSON, data=st.data())
def test_any_json_is_refused_clearly(platform: Inbound, junk: object, data: st.DataObject) -> None:
    message = data.draw(messages(platform))
    field = data.draw(st.sampled_from(platform.FIELDS))
    put(message, field.native, junk)
    for sent in (junk, message):
        try:
            to_event(platform, sent, SITE, NOON)
        except InvalidError as error:
            assert error.fields  # noqa: PT017
            assert {each.pointer[:1] for each in error.fields} == {"/"}  # noqa: PT017
        except MalformedError:
            assert not isinstance(sent, dict)
            assert not (
                isinstance(sent, list) and sent and isinstance(sent[0], dict) and not sent[1:]
            )


@EACH
def test_every_missing_field_is_named_at_once(platform: Inbound) -> None:
    needed = {field.pointer for field in platform.FIELDS if field.is_required}
    with pytest.raises(InvalidError) as raised:
        to_event(platform, {}, SITE, NOON)
    assert {each.pointer for each in raised.value.fields} == needed


@EACH
def test_a_value_of_another_type_is_named_and_not_repeated(platform: Inbound) -> None:
    field = next(each for each in platform.FIELDS if each.is_required)
    message = copy.deepcopy(SEEN[platform.name])
    put(message, field.native, {"x": "hunter2"})
    with pytest.raises(InvalidError) as raised:
        to_event(platform, message, SITE, NOON)
    [wrong] = [each for each in raised.value.fields if each.pointer == field.pointer]
    assert wrong.detail.startswith("Not a")
    assert "hunter2" not in f"{raised.value}{raised.value.fields}"


@EACH
def test_fields_stand_in_one_place_each(platform: Inbound) -> None:
    for side in ("native", "ours"):
        places = [getattr(field, side) for field in platform.FIELDS]
        assert sorted(set(places)) == sorted(places)
    own = [field.ours for field in platform.FIELDS]
    assert [place for place in own if any(other.startswith(f"{place}.") for other in own)] == []


@EACH
def test_every_word_has_one_meaning(platform: Inbound) -> None:
    words: list[Field] = [field for field in platform.FIELDS if field.words]
    for field in words:
        assert len(set((field.words or {}).values())) == len(field.words or {})


@pytest.mark.parametrize("platform", PLATFORMS, ids=[each.name for each in PLATFORMS])
def test_every_verdict_has_a_word(platform: Inbound) -> None:
    said = {verdict: platform.status_native(verdict) for verdict in Verdict}
    assert all(said.values())
    assert said[Verdict.APPROVE] not in {said[Verdict.SPAM], said[Verdict.HOLD]}


def test_what_is_too_long_to_keep_beside_goes_and_the_comment_stays() -> None:
    said = read("waline", data__comment__rid="x" * 9_000)
    kept = said.ext["waline"]
    assert isinstance(kept, dict)
    assert "rid" not in kept
    assert len(json.dumps(said.ext)) < EXT_LIMIT
    assert said.content == "Well **said**"
