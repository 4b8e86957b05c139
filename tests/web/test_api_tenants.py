"""Two sites, every route of the API: what is another's is not there."""

import json

import pytest
from werkzeug.routing import Rule

from moderator import signing
from moderator.domain.decisions.delivery import Delivery, DeliveryState
from moderator.domain.finding import Finding, Signal
from moderator.domain.pages.api import SubmissionStatus
from moderator.domain.verdict import Decider, DeciderKind, Decision, RecordedDecision, Verdict
from tests.builders import NOON
from tests.web.lab import URL, Lab, a_secret, an_event

IDS = {"blog": "b" * 32, "other": "0" * 32}
ID = "<string(length=32):submission_id>"
FINDING = Finding("links", Signal.SUSPECT, "Two dead links", "dead_link", 0.3, {"dead": 2})


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    for site in ("blog", "other"):
        lab.views.views[(site, IDS[site])] = a_view(IDS[site])
    return lab


def a_view(id_: str) -> SubmissionStatus:
    decision = Decision(Verdict.HOLD, Decider(DeciderKind.RULE, "policy", "policy"), score=0.5)
    return SubmissionStatus(
        id=id_,
        platform_id="1",
        kind="comment",
        status="hold",
        received_at=NOON,
        duplicate_of="",
        findings=(FINDING,),
        decisions=(RecordedDecision("d1", id_, 1, NOON, "queued", decision),),
        deliveries=(
            Delivery("m1", "d1", "verdict.issued", DeliveryState.DELIVERED, 1, 204, "", NOON, NOON),
        ),
        campaign_id="c1",
    )


def rules(lab: Lab) -> list[Rule]:
    return [rule for rule in lab.app().url_map.iter_rules() if rule.rule.startswith("/v1")]


def test_no_route_of_the_api_is_forgotten_here(lab: Lab) -> None:
    assert {rule.rule for rule in rules(lab)} == {
        URL,
        f"{URL}/bulk",
        f"{URL}/find",
        f"{URL}/{ID}",
    }


def test_no_route_opens_without_a_credential(lab: Lab) -> None:
    client = lab.app().test_client()
    for rule in rules(lab):
        for method in rule.methods or ():
            path = rule.rule.replace(ID, IDS["blog"])
            answer = client.open(path, method=method, json=an_event())
            assert answer.status_code == 401, rule


@pytest.mark.parametrize(("mine", "theirs"), [("blog", "other"), ("other", "blog")])
def test_what_is_another_s_is_not_there(lab: Lab, mine: str, theirs: str) -> None:
    assert lab.get(f"{URL}/{IDS[mine]}", site=mine).status_code == 200
    found = lab.get(f"{URL}/find?platform_id=1", site=mine)
    assert found.json is not None
    assert found.json["id"] == IDS[mine]
    refused = lab.get(f"{URL}/{IDS[theirs]}", site=mine)
    unknown = lab.get(f"{URL}/{'f' * 32}", site=mine)
    assert refused.status_code == unknown.status_code == 404
    assert refused.data == unknown.data
    assert lab.post(an_event(site=theirs), site=mine).status_code == 403
    bulk = lab.post({"events": [an_event(site=theirs)]}, f"{URL}/bulk", site=mine)
    assert bulk.json is not None
    assert bulk.json["results"][0]["status"] == 403
    assert not lab.store.arrivals


@pytest.mark.parametrize(("mine", "theirs"), [("blog", "other"), ("other", "blog")])
def test_one_site_s_keys_and_ids_say_nothing_to_another(lab: Lab, mine: str, theirs: str) -> None:
    first = lab.post(an_event(site=mine), site=mine, Idempotency_Key="k")
    second = lab.post(an_event(site=theirs), site=theirs, Idempotency_Key="k")
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json != second.json


def test_a_submission_is_shown_with_reasons_and_deliveries(lab: Lab) -> None:
    shown = lab.get(f"{URL}/{IDS['blog']}").json
    assert shown is not None
    assert (shown["status"], shown["received_at"]) == ("hold", "2026-03-04T12:00:00Z")
    assert shown["findings"][0]["reason"] == "Two dead links"
    assert shown["decisions"][0]["decision"]["verdict"] == "hold"
    assert shown["deliveries"][0]["last_status"] == 204
    assert shown["campaign_id"] == "c1"


def test_a_signed_request_may_read_too(lab: Lab) -> None:
    signed = signing.sign("msg-1", b"", secrets=[a_secret("blog")], now=NOON)
    client = lab.app().test_client()
    own = client.get(f"{URL}/{IDS['blog']}", headers=signed | {"X-Site-Id": "blog"})
    assert own.status_code == 200
    assert json.loads(own.data)["id"] == IDS["blog"]
    assert client.get(f"{URL}/{IDS['blog']}", headers=signed).status_code == 401
    assert (
        client.get(f"{URL}/{IDS['other']}", headers=signed | {"X-Site-Id": "blog"}).status_code
        == 404
    )


def test_an_id_that_is_none_is_not_there(lab: Lab) -> None:
    assert lab.get(f"{URL}/bulk").status_code == 405  # a name that takes another method
    for path in ("bulks", "%00", "a%2fb", "%ff", "b" * 32 + "%20", "x" * 5_000):
        assert lab.get(f"{URL}/{path}").status_code == 404, path
    for query in ("", "?platform_id=", "?platform_id=%00", "?platform_id=%ff", "?other=1"):
        assert lab.get(f"{URL}/find{query}").status_code == 404, query
