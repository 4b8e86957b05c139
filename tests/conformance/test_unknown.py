"""A runner that passes over what it does not know says that all is right: ours stop and name it."""

from ssl import SSLContext
from typing import cast

import pytest

from tests.conformance import bad_inputs, ssrf
from tests.conformance.bad_input_case import Json
from tests.conformance.bad_input_ground import Ground

BAD: Json = {
    "id": "x",
    "method": "POST",
    "path_kind": "intake",
    "headers": {},
    "sign": "valid",
    "body": {"gen": "raw", "text": ""},
    "expect": [400],
}
GOOD_URL = "http://good.test:25100/ok"
SSRF: ssrf.Case = {"id": "x", "url": GOOD_URL, "expect": "fetched", "why": ""}


class _Ground:
    def __init__(self) -> None:
        self.ports = {"": 1, "db_down": 2}


@pytest.mark.parametrize(
    "more",
    [
        {"wire": {"trailers": True}},
        {"wire": {"precondition": "moon_full"}},
        {"sign": "with-blood"},
        {"after": "another"},
    ],
)
def test_a_bad_input_of_a_new_kind_stops_the_runner(more: Json) -> None:
    ground = cast("Ground", _Ground())
    bad_inputs.refuse_unknown(BAD, ground)
    with pytest.raises(ValueError, match="does not know"):
        bad_inputs.refuse_unknown(BAD | more, ground)


@pytest.mark.parametrize(
    "more",
    [
        {"url": "http://new.test:25100/ok"},
        {"url": "http://good.test:25100/r_new"},
        {"expect": "delayed"},
        {"dns": "twice"},
    ],
)
def test_an_address_of_a_new_kind_stops_the_runner(more: ssrf.Case) -> None:
    resolver = ssrf.Lab(cast("SSLContext", None)).resolver()
    ssrf.refuse_unknown(SSRF, resolver)
    with pytest.raises(ValueError, match="does not know"):
        ssrf.refuse_unknown(SSRF | more, resolver)
