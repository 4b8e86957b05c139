"""Every form of the dashboard, filled with what no browser sends: told in a page, nothing changed.

The forms are those of the routes that there are, their fields those that templates and pages name.
"""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from moderator.storage.schema.tables import metadata
from moderator.web.dashboard import people
from tests.stock import stock_campaign
from tests.web.desk import CSRF, Browser, Office
from tests.web.routes import Route, pages
from tests.web.test_rules import comment, made, stocked

FOLDER = Path(people.__file__).parent
FIELD = re.compile(r'name="([a-z_]+)"|form(?:\.get|\.getlist)?[\[(]"([a-z_]+)"')
NO_FIELDS = {"csrf", "viewport"}
HUGE = 1_200  # characters in each of some fifty fields: what one form may have
KINDS = {
    "a half of a pair": b"%ED%A0%80",
    "no character": b"a%00b%1b[31m%0d%0aX: y",
    "no encoding": b"\xff\xfe%E9",
    "signs that are filled in": b"%25(n)s%25{{7*7}}{n}%",
    "other digits": "１２²".encode(),
    "no number": b"nan",
    "a huge number": b"9" * 400,
    "below": b"-9223372036854775809",
    "long": b"x" * HUGE,
    "nothing": b"",
}
# What such a form does whatever is in its fields, or says in words of its own.
MAY_CHANGE = {
    "dashboard.note.write", "dashboard.note.claim", "dashboard.sites.rotate",
    "dashboard.sites.client_key", "dashboard.rule.try_again", "dashboard.account.end_others",
    "dashboard.thresholds.judge_imported",
    "dashboard.sites.retain",  # nothing typed means what is usual
}  # fmt: skip
PASSING = {"sessions", "claims"}  # tables of what is not kept


def fields() -> list[str]:
    texts = [path.read_text("utf-8") for path in FOLDER.glob("*.py")]
    texts += [path.read_text("utf-8") for path in FOLDER.glob("templates/*.html")]
    found = {a or b for text in texts for a, b in FIELD.findall(text)}
    return sorted({*found, "mode", "copies", "hold", "spam"} - NO_FIELDS)


def forms(office: Office, **values: str) -> Iterator[Route]:
    for route in pages(office.app(), **values):
        if not route.is_safe and not route.rule.endpoint.startswith("dashboard.login."):
            yield route


def rows(office: Office) -> dict[str, list[str]]:
    with office.database.read() as connection:
        return {
            table.name: sorted(map(str, connection.execute(table.select()).all()))
            for table in metadata.sorted_tables
            if table.name not in PASSING
        }


def as_form(token: str, value: bytes) -> tuple[bytes, str]:
    """Each field twice, as no page has it."""
    parts = [b"csrf=" + quote(token).encode()]
    parts += [
        name.encode() + b"=" + value for name in fields() for _ in range(2 - (len(value) > 9))
    ]
    return b"&".join(parts), "application/x-www-form-urlencoded; charset=utf-16"


def as_parts(token: str, value: bytes) -> tuple[bytes, str]:
    """Every second field is a file."""
    parts = [(b"csrf", b"", token.encode())]
    for number, name in enumerate(fields()):
        parts.append((name.encode(), b'; filename="x"' if number % 2 else b"", value))
    body = b"".join(
        b'--xx\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % part
        for part in parts
    )
    return body + b"--xx--", "multipart/form-data; boundary=xx"


@pytest.fixture
def whole(office: Office) -> tuple[Office, dict[str, str]]:
    """Something of every kind, and its ids."""
    stocked(office, *(comment(n, f"My casino {n}", url="https://a.example/x") for n in (1, 2)))
    rule = made(office.browser("anna")).partition("?")[0].rpartition("/")[2]
    campaign = stock_campaign(office.database, comment(1, "a"), comment(2, "a"))
    id_ = f"{1:032x}"
    values = {"submission_id": id_, "campaign_id": campaign, "rule_id": rule, "what": "block"}
    return office, values | {"delivery_id": f"msg_{id_}-1"}


def send(browser: Browser, path: str, body: bytes, kind: str) -> int:
    headers = {"Origin": browser.base_url, "Sec-Fetch-Site": "same-origin"}
    answer = browser.client.post(
        path, data=body, content_type=kind, headers=headers, base_url=browser.base_url
    )
    assert "<title>" in answer.text, f"{path}: told in no page"
    return answer.status_code


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", KINDS)
def test_no_form_falls_over_what_no_browser_sends(
    whole: tuple[Office, dict[str, str]], kind: str
) -> None:
    office, values = whole
    browser = office.browser("anna")
    found = list(forms(office, **values))
    assert len(found) > 30
    for route in found:
        paths = [route.path]
        if route.rule.endpoint == "dashboard.people.change":
            paths = [f"/people/{what}" for what in ("assign", "disable", "enable", "logout")]
        for path in paths:
            csrf = CSRF.search(browser.get("/help").text)
            assert csrf is not None, f"logged out by {path}"
            before = rows(office)
            for body, type_ in (
                as_form(unescape(csrf[1]), KINDS[kind]),
                as_parts(unescape(csrf[1]), KINDS[kind]),
            ):
                assert send(browser, path, body, type_) < 500, f"{route} {kind}"
            if route.rule.endpoint not in MAY_CHANGE:
                assert rows(office) == before, f"{route} {kind}"


@pytest.mark.parametrize("name", ["%", "%(n)s", "{{7*7}}", "a%b<script>", "\ud800"])
def test_what_somebody_typed_is_told_as_it_is(office: Office, name: str) -> None:
    anna = office.browser("anna")
    csrf = CSRF.search(anna.get("/people").text)
    assert csrf is not None
    typed = quote(name, errors="replace")
    body = f"csrf={quote(unescape(csrf[1]))}&name={typed}".encode()
    assert send(anna, "/people/disable", body, "application/x-www-form-urlencoded") == 422


def test_templates_translate_only_literals() -> None:
    """`_(...)` fills in: what is no literal goes through the filter `translated`."""
    for path in FOLDER.glob("templates/*.html"):
        assert re.findall(r"(?<![\w.])_\((?![\"'])", path.read_text("utf-8")) == [], path.name
