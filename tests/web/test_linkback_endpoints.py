"""The linkback endpoints over HTTP: answers, limits, the status page."""

import xmlrpc.client

import pytest
from werkzeug.test import TestResponse

from moderator.domain.pages.api import SubmissionStatus
from moderator.web import create_app
from moderator.web.limits import RateLimit
from moderator.web.linkback_endpoints import EndpointLimits
from tests.builders import NOON, POST
from tests.intake.calls import SOURCE, form, ping
from tests.web.lab import Lab

XML = "text/xml"
FORM = "application/x-www-form-urlencoded"
MENTION = form(source=SOURCE, target=POST.url)


def knock(
    lab: Lab,
    path: str,
    body: bytes,
    content_type: str = FORM,
    limits: EndpointLimits | None = None,
    address: str = "192.0.2.7",
) -> TestResponse:
    app = create_app(lab.services(), endpoint_limits=limits)
    return app.test_client().post(
        f"/doors/{path}",
        data=body,
        content_type=content_type,
        environ_base={"REMOTE_ADDR": address},
    )


def test_a_ping_is_stored_and_hinted_before_it_is_thanked_for() -> None:
    lab = Lab()
    answer = knock(lab, "blog/pingback", ping(), XML)
    assert answer.status_code == 200
    assert answer.content_type == "text/xml; charset=utf-8"
    (text,), _ = xmlrpc.client.loads(answer.data)
    assert "queued" in str(text)
    assert [arrival.submission.site_id for arrival in lab.store.arrivals] == ["blog"]
    assert lab.store.arrivals[0].submission.author.ip == "192.0.2.7"
    assert lab.hints.sent


def test_the_second_ping_is_known() -> None:
    lab = Lab()
    knock(lab, "blog/pingback", ping(), XML)
    with pytest.raises(xmlrpc.client.Fault) as found:
        xmlrpc.client.loads(knock(lab, "blog/pingback", ping(), XML).data)
    assert found.value.faultCode == 48
    assert len(lab.store.arrivals) == 1


def test_a_trackback_names_its_post_in_the_address() -> None:
    lab = Lab()
    answer = knock(lab, f"blog/trackback?target={POST.url}", form(url=SOURCE, title="Weekend"))
    assert b"<error>0</error>" in answer.data
    assert lab.store.arrivals[0].submission.post.url == POST.url


def test_a_webmention_gets_the_address_of_its_status_page() -> None:
    lab = Lab()
    answer = knock(lab, "blog/webmention", MENTION)
    assert answer.status_code == 201
    id_ = lab.store.arrivals[0].submission.id
    assert answer.location == f"http://localhost/doors/blog/webmention/{id_}"
    again = knock(lab, "blog/webmention", MENTION)
    assert (again.status_code, again.location) == (201, answer.location)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        form(source=SOURCE),
        form(target=POST.url),
        form(source=POST.url, target=POST.url),
        form(source="mailto:alice@example.org", target=POST.url),
        form(source=SOURCE, target="https://elsewhere.example/1"),
    ],
)
def test_a_bad_webmention_is_the_senders_error(body: bytes) -> None:
    lab = Lab()
    assert knock(lab, "blog/webmention", body).status_code == 400
    assert lab.store.arrivals == []


def a_view(status: str, platform_id: str = "webmention:1") -> SubmissionStatus:
    return SubmissionStatus("a" * 32, platform_id, "webmention", status, NOON, "", (), (), ())


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("queued", "queued"),
        ("approved", "approved"),
        ("hold", "hold"),
        ("spam", "rejected"),
        ("trash", "rejected"),
    ],
)
def test_the_status_page_says_where_it_stands_and_not_why(status: str, shown: str) -> None:
    lab = Lab()
    lab.views.views["blog", "a" * 32] = a_view(status)
    client = lab.app().test_client()
    path = f"/doors/blog/webmention/{'a' * 32}"
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.json is not None
    assert answer.json["status"] == shown
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.content_type == "text/html; charset=utf-8"
    assert answer.json["detail"] in page.text


def test_the_status_page_knows_nothing_but_webmentions_of_its_site() -> None:
    lab = Lab()
    lab.views.views["blog", "a" * 32] = a_view("approved", platform_id="12")
    lab.views.views["other", "b" * 32] = a_view("approved")
    client = lab.app().test_client()
    for id_ in ("a" * 32, "b" * 32, "c" * 32):
        assert client.get(f"/doors/blog/webmention/{id_}").status_code == 404


@pytest.mark.parametrize("door", ["pingback", "trackback", "webmention"])
def test_the_doors_are_bounded(door: str) -> None:
    lab = Lab()
    assert knock(lab, f"nobody/{door}", b"x").status_code == 404
    assert knock(lab, f"blog/{door}", b"x" * (64 * 1024 + 1)).status_code == 413
    assert lab.app().test_client().get(f"/doors/blog/{door}").status_code == 405
    lab.max_waiting = 0
    body = ping() if door == "pingback" else form(source=SOURCE, target=POST.url, url=SOURCE)
    full = knock(lab, f"blog/{door}?target={POST.url}", body)
    assert (full.status_code, full.headers["Retry-After"]) == (503, "5")
    lab.store.is_down, lab.max_waiting = True, 10
    down = knock(lab, f"blog/{door}?target={POST.url}", body)
    assert down.status_code == 503


def test_one_address_may_not_knock_for_ever() -> None:
    lab = Lab()
    limits = EndpointLimits(by_address=RateLimit(per_second=1, burst=2))
    network = ["2001:db8::1", "2001:db8::2", "2001:db8::3"]
    statuses = [
        knock(lab, "blog/webmention", MENTION, limits=limits, address=address).status_code
        for address in [*network, "2001:db8:0:1::1", "192.0.2.7"]
    ]
    assert statuses == [201, 201, 429, 201, 201]


def test_one_sites_doors_may_not_be_knocked_at_for_ever() -> None:
    lab = Lab()
    limits = EndpointLimits(by_site=RateLimit(per_second=1, burst=2))
    statuses = [
        knock(
            lab, "blog/webmention", MENTION, limits=limits, address=f"192.0.2.{number}"
        ).status_code
        for number in range(4)
    ]
    assert statuses == [201, 201, 429, 429]
