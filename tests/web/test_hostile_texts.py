"""What strangers write stays text: judged by the filters, and by a real browser.

The browser reads every payload of the security corpus (when it is there) and some of our own, in
every field of a submission. No script may run, nothing may be asked from another host.
"""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from moderator.domain.account import Role
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Author, Format, Linkback, Post, Request, Submission
from moderator.intake.linkback import pingback
from moderator.storage.base.times import to_ms
from moderator.storage.schema.tables import deliveries, sites
from moderator.web.dashboard.filters import clip, host, links
from moderator.web.dashboard.inert import inert
from tests.browser import Chromium
from tests.builders import NOON, a_submission
from tests.shared import shared_or_skip
from tests.stock import stock
from tests.web.desk import PASSWORD, Office

OWN = (
    "<script>window.__pwn=1</script>",
    "<img src=https://marker.test/x onerror=window.__pwn=1>",
    '"><svg/onload=window.__pwn=1>',
    "'-window.__pwn--'",
    "{{7*7}} {% raw %} ${7*7}",
    "javascript:window.__pwn=1",
    "<base href=//marker.test/><form action=//marker.test/><button>x",
    "\u202e\u2066reversed\u200b \ufeff\U000e0041\U000e0042 \x00\x1b[31m\x7f\ud800",
    "Z" + "\u0301" * 300,
    "A" * 5_000,
    "\ufdfd" * 300,
)


def corpus() -> list[str]:
    """The payloads of the shared corpus; skips the test, and says so, where there is none."""
    rows = shared_or_skip("conformance/security/xss_payloads.jsonl").read_text("utf-8").splitlines()
    return [str(json.loads(row)["payload"]) for row in rows]


def riddled(payload: str, number: int) -> tuple[Submission, Finding]:
    """A submission that says the payload everywhere a stranger can."""
    storable = payload.encode("utf-8", "replace").decode()  # no endpoint lets a lone surrogate in
    source = Linkback("pingback", storable, storable, storable, storable)
    at = NOON - timedelta(seconds=number)
    submission = a_submission(
        storable,
        id=f"{number:032x}",
        platform_id=str(number),
        kind=pingback.KIND,
        format=Format.HTML,
        content=f"<p>{storable}</p>",
        created_at=at,
        received_at=at,
        author=Author(
            name=storable,
            email=storable,
            url=storable,
            ip=storable,
            user_agent=storable,
            provider=storable,
        ),
        post=Post(id="1", url=storable, title=storable),
        linkback=source,
        request=Request(referrer=storable),
    )
    evidence: dict[str, object] = {storable: [storable, {"title": storable, "error": storable}]}
    return submission, Finding(storable, Signal.SUSPECT, storable, storable, 0.5, evidence)


def enter(chromium: Chromium, address: str) -> None:
    """Log in as a person would, without a script of ours."""
    chromium.call("Network.clearBrowserCookies")
    chromium.open(f"{address}/login")
    chromium.leave(
        f"document.querySelector('#name').value = 'anna';"
        f"document.querySelector('#password').value = {PASSWORD!r};"
        "document.querySelector('button.main').click()"
    )


def test_the_browser_would_tell(chromium: Chromium) -> None:
    chromium.forget()
    chromium.open("data:text/html,<img src=https://marker.test/x onerror='window.__pwn=1'>")
    assert chromium.run("window.__pwn") == 1
    assert "https://marker.test/x" in chromium.requests


@pytest.mark.timeout(240)  # some hundred pages in a browser
@pytest.mark.parametrize("payloads", [lambda: list(OWN), corpus], ids=["own", "corpus"])
def test_no_script_runs_and_no_request_leaves(
    office: Office, chromium: Chromium, address: str, payloads: Callable[[], list[str]]
) -> None:
    found = payloads()
    for number, payload in enumerate(found, 1):
        submission, finding = riddled(payload, number)
        stock(office.database, submission, finding)
    with office.database.write() as connection:
        answer = "<script>window.__pwn=44</script>"
        connection.execute(update(deliveries).values(last_error=answer, last_status=500, tries=1))
    enter(chromium, address)
    chromium.forget()
    chromium.look(1280, 800)
    pages = [f"/submissions/{number:032x}?shelf=spam" for number in range(1, len(found) + 1)]
    lists = [
        f"/queue?shelf=all&before={to_ms(NOON) - 1000 * number}.x" for number in (0, 25, 50, 75)
    ]
    for page in (*pages, *lists, "/queue", "/log"):
        chromium.open(address + page)
        state = chromium.run(
            "[typeof window.__pwn, document.documentElement.scrollWidth, location.pathname,"
            ' document.querySelectorAll(\'main a[href]:not([href^="/"]), main iframe, main img,'
            ' main form:not([action^="/"]), main script\').length]'
        )
        assert state[0] == "undefined", page
        assert state[1] <= 1280, f"{page} is {state[1]} px wide"
        assert state[2] == page.partition("?")[0]
        assert state[3] == 0, page
    assert chromium.dialogs == []
    # Of a date field Chromium draws its own picture, from a data address: nothing leaves by that.
    assert [url for url in chromium.requests if not url.startswith((address, "data:"))] == []


def test_names_of_sites_and_people_are_texts_too(
    office: Office, chromium: Chromium, address: str
) -> None:
    hostile = "<img src=x onerror=window.__pwn=1>"
    with office.database.write() as connection:
        connection.execute(update(sites).values(name=hostile))
    token = office.sign_in.invite(hostile, Role.OWNER, (), now=office.now)
    stock(office.database, a_submission(id="s1"))
    chromium.call("Network.clearBrowserCookies")
    chromium.open(f"{address}/welcome/{token}")
    chromium.leave(
        f"for (const field of document.querySelectorAll('input[type=password]'))"
        f" field.value = {PASSWORD!r};"
        "document.querySelector('button.main').click()"
    )
    for page in ("/submissions/s1", "/log"):
        chromium.open(address + page)
        assert chromium.run("typeof window.__pwn") == "undefined"
        assert hostile in chromium.run("document.body.innerText")


def test_markup_is_escaped_once() -> None:
    assert inert("<b>&lt;\"'") == "&lt;b&gt;&amp;lt;&#34;&#39;"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "U+202E"),
        ("\u2067\u2067admin", "U+2067 ×2"),
        ("vi\u200bagra", "U+200B"),
        ("\x1b[2J\x07", "U+001B"),
        ("a\x00b", "U+0000"),
        ("\ud800", "U+D800"),
        ("\ufffe\U0001ffff", "U+1FFFF"),
        ("hi\U000e0069\U000e0067", "hidden: ig"),
        ("hi\U000e003c\U000e0062", "hidden: &lt;b"),
        ("a" + "\ufe0f" * 40, "U+FE0F ×40"),
        ("Z" + "\u0301" * 40, "+37 marks"),
        ("vi\u200dagra", "U+200D"),
        ("\u200d", "U+200D"),
    ],
)
def test_what_is_drawn_as_nothing_is_named(text: str, shown: str) -> None:
    page = inert(text)
    assert shown in page
    assert page.count('<span class="hid"') >= 1
    page.encode()


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, Zürich, naïve, \u4f60\u597d, \u0645\u0631\u062d\u0628\u0627",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian needs its joiner
        "\u0915\u094d\u200d\u0937",  # so does Hindi
        "👩\u200d👩\u200d👧\u200d👦 ❤\ufe0f 👍🏽 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3",
        "Vie\u0323\u0302t line one\nline two\tend",
    ],
)
def test_honest_writing_is_left_alone(text: str) -> None:
    assert str(inert(text)) == text


def test_a_cut_never_splits_a_letter() -> None:
    family = "👩\u200d👩\u200d👧"
    assert clip("abc" + family, 5) == "abc…"
    assert clip("abe\u0301\u0301", 4) == "ab…"
    assert clip("short", 5) == "short"
    assert len(clip("e" + "\u0301" * 500, 100)) > 60


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://аррӏе.com/", "xn--80ak6aa92e.com"),  # in Cyrillic
        ("HTTP://EXAMPLE.ORG/a", "example.org"),
        ("http://example.com\\@127.0.0.1/", "example.com"),
        ("https://user:pw@example.org/", "example.org"),
        ("javascript:window.__pwn=1", ""),
        ("java\tscript:1", ""),
        ("data:text/html,x", ""),
        ("//marker.test/x", ""),
        ("\ud800", ""),
        ("", ""),
    ],
)
def test_a_host_is_shown_as_a_browser_would_dial_it(url: str, shown: str) -> None:
    assert host(url) == shown


def test_links_are_found_in_text_and_markup_once_each() -> None:
    content = (
        'See <a href="https://a.test/?x=1&amp;y=2">it</a>, https://b.test/p. (http://c.test)'
        " Again https://b.test/p, and www.d.test and <a href=/e>here</a>"
    )
    shown = links(a_submission("", content=content, format=Format.HTML))
    assert shown == [
        "https://a.test/?x=1&y=2",
        "https://blog.example.org/e",
        "https://b.test/p",
        "http://c.test",
        "http://www.d.test/",
    ]
