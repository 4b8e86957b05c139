"""What is answered to a pingback at once, and what becomes of it."""

import xmlrpc.client

import pytest

from moderator.domain.errors import RequestError
from moderator.domain.events.arrival import Receipt
from moderator.intake.linkback import pingback
from tests.builders import POST
from tests.intake.calls import SOURCE, a_call, ping


def fault(body: bytes) -> int:
    with pytest.raises(RequestError) as refused:
        pingback.parse(body, a_call())
    told = pingback.refused(refused.value)
    assert told.status == 200
    with pytest.raises(xmlrpc.client.Fault) as found:
        xmlrpc.client.loads(told.body)
    return int(found.value.faultCode)


def test_a_ping_is_a_claim_of_two_addresses() -> None:
    submission = pingback.parse(ping(), a_call()).submission
    assert (submission.kind, submission.by_door) == (pingback.KIND, True)
    assert submission.linkback is not None
    assert (submission.linkback.source, submission.linkback.target) == (SOURCE, POST.url)
    assert submission.post.url == POST.url


def test_what_python_sends_is_understood() -> None:
    sent = xmlrpc.client.dumps((SOURCE, POST.url), "pingback.ping").encode()
    linkback = pingback.parse(sent, a_call()).submission.linkback
    assert linkback is not None
    assert linkback.source == SOURCE


def test_a_value_without_a_type_is_a_string() -> None:
    sent = ping().replace(b"<string>", b"").replace(b"</string>", b"")
    assert pingback.parse(sent, a_call()).submission.platform_id.startswith("pingback:")


@pytest.mark.parametrize(
    "source",
    [
        f"{SOURCE}#section",
        f"{SOURCE}?utm_source=feed",
        SOURCE.replace("https://reader", "HTTPS://READER"),
        SOURCE.replace("weekend", "week%65nd"),
    ],
)
def test_one_page_has_one_id_however_it_is_spelled(source: str) -> None:
    one = pingback.parse(ping(), a_call())
    other = pingback.parse(ping(source, POST.url.replace("https:", "http:") + "/"), a_call())
    # The scheme of the blog's own page is its own matter, its host decides.
    assert (one.submission.platform_id, one.digest) == (other.submission.platform_id, other.digest)


def test_other_pages_have_other_ids() -> None:
    ids = {
        pingback.parse(ping(source, target), a_call()).submission.platform_id
        for source in (SOURCE, f"{SOURCE}/2", f"{SOURCE}?p=2")
        for target in (POST.url, f"{POST.url}-2")
    }
    assert len(ids) == 6


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"<methodCall>", -32700),
        (b"\xff\xfe<", -32700),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + ping().partition(b"?>")[2], -32700),
        (b'<?xml version="1.0" encoding="nonsense"?><methodCall/>', -32700),
        (b"<methodCall/>", -32600),
        (b"<html><methodName>pingback.ping</methodName></html>", -32600),
        (ping(method="system.multicall"), -32601),
        (ping(method="demo.sayHello"), -32601),
        (ping().replace(b"string>", b"int>"), -32602),
        (ping().replace(b"<param>", b"<other>").replace(b"</param>", b"</other>"), -32602),
        (ping(source=""), -32602),
    ],
)
def test_a_bad_call_gets_the_code_of_its_fault(body: bytes, code: int) -> None:
    assert fault(body) == code


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        (SOURCE, "https://elsewhere.example/post", 33),
        (SOURCE, "https://blog.example.org.evil.test/2026/03/the-river", 33),
        (SOURCE, "https://blog.example.org/", 33),
        (SOURCE, "nonsense", 33),
        (POST.url, POST.url, 0),
        (f"{POST.url}/?utm_source=x#top", POST.url, 0),
        ("ftp://reader.example.net/weekend", POST.url, 16),
        ("javascript:alert(1)", POST.url, 16),
        ("http://example.com\\@127.0.0.1/", POST.url, 16),
        ("https://user@reader.example.net/", POST.url, 16),
        ("https://reader.example.net/" + "a" * 2_048, POST.url, 16),
    ],
)
def test_a_claim_that_its_addresses_refute(source: str, target: str, code: int) -> None:
    assert fault(ping(source, target)) == code


@pytest.mark.parametrize(
    "source", ["http://127.0.0.1:6379/", "http://10.0.0.1/", "https://no.such.host.test/"]
)
def test_nothing_is_said_about_what_answers_where(source: str) -> None:
    assert pingback.parse(ping(source), a_call()).submission.author.url == source


def test_a_new_ping_is_thanked_for_and_a_known_one_named() -> None:
    (text,), _ = xmlrpc.client.loads(pingback.accepted(Receipt("1", is_new=True)).body)
    assert "queued" in str(text)
    with pytest.raises(xmlrpc.client.Fault) as found:
        xmlrpc.client.loads(pingback.accepted(Receipt("1", is_new=False)).body)
    assert found.value.faultCode == 48
