"""What a stranger's text costs on a page: bounded bytes and memory, whatever it is made of."""

import json
import tracemalloc
from dataclasses import replace

import pytest

from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Author, Linkback, Post, Submission
from moderator.intake.fields import URL_LIMIT
from moderator.intake.webhook.reader import CONTENT_LIMIT, TITLE_LIMIT
from moderator.intake.webhook.schema import NAME_LIMIT
from moderator.web.dashboard.inert import MAX_NAMED, inert
from tests.builders import a_submission
from tests.marks import long_but
from tests.shared import find_shared
from tests.stock import stock, stock_campaign
from tests.web.desk import Office
from tests.web.routes import pages

PARTS = 8  # of the texts: one is shown when tests run, all by `make test-all`
MAX_PAGE_BYTES = 1_250_000  # CONTENT_LIMIT characters, escaped, and all evidence of two findings
MAX_PEAK_BYTES = 64_000_000
NAME_BYTES = 120  # what a page spends to name one invisible character
SHAPES = {
    "directions": "\u202e\u2066",
    "alternating": "a\u200b",
    "joined": "\u200d\u200c",
    "marks": "a\u0301\u0316\u0302\u0308\u0323",
    "tags": "\U000e0041",
    "broken tags": "\U000e0041\U000e0001",
    "controls": "\x1b\x07",
    "quotes": '"&<>',
    "emoji": "\U0001f469\u200d",
    "wide": "\ufdfd",
    "lines": "\n",
    "links": "https://a.example/ ",
    "markup": "<a href='//marker.test'>",
    "lone variation": "\ufe0f\ufe0e",
}


def _filled(parts: list[tuple[str, int]], size: int = CONTENT_LIMIT) -> str:
    """Parts joined; a count of 0 repeats a part until the text has its size."""
    fixed = sum(len(part) * times for part, times in parts)
    open_parts = sum(len(part) for part, times in parts if not times) or 1
    fill = max(1, (size - fixed) // open_parts)
    return "".join(part * (times or fill) for part, times in parts)[:size]


def _shared_texts() -> dict[str, str]:
    """The corpora that lie beside this checkout, if they do; the shapes above stand without."""
    found = {}
    if path := find_shared("cases/hostile_texts.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            found[row["id"]] = _filled([(part, times) for part, times in row["parts"]])
    if path := find_shared("conformance/security/xss_payloads.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            found[row["id"]] = _filled([(row["payload"], 0)], 4096)
    return found


TEXTS = {name: _filled([(shape, 0)]) for name, shape in SHAPES.items()} | _shared_texts()


def everywhere(text: str, number: int) -> tuple[Submission, Finding]:
    """A submission with a text wherever a stranger can put one, as long as an endpoint lets it."""
    text = text.encode("utf-8", "replace").decode()  # no endpoint lets a lone surrogate in
    name, title, url = text[:NAME_LIMIT], text[:TITLE_LIMIT], text[:URL_LIMIT]
    submission = a_submission(
        text,
        id=f"{number:032x}",
        platform_id=str(number),
        content=text,
        author=Author(name=title, email=name, url=url, ip=name, user_agent=title, provider=name),
        post=Post(id="1", url=url, title=title),
        linkback=Linkback("pingback", url, url, title, text[:4096]),
    )
    parts = [{"url": url, "detail": title} for _ in range(50)]
    evidence: dict[str, object] = {"links": parts, "title": title, "hops": [url] * 50}
    return submission, Finding("lists", Signal.SUSPECT, text[:4096], "denied", 0.5, evidence)


def _paths(office: Office, id_: str, campaign: str = "c1") -> list[str]:
    """Every page that there is, of one submission; and those that hold several."""
    found = pages(office.app(), submission_id=id_, campaign_id=campaign)
    ids = "&".join(f"id={number:032x}" for number in range(1, 9))
    return [
        *(route.path for route in found if route.method == "GET"),
        "/queue?shelf=all",
        f"/submissions/panes?shelf=all&{ids}",
    ]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", long_but(range(PARTS), 0))
def test_every_page_is_bounded_whatever_it_shows(office: Office, part: int) -> None:
    texts = dict(list(TEXTS.items())[part::PARTS])
    for number, text in enumerate(texts.values(), 1):
        submission, finding = everywhere(text, number)
        stock(office.database, submission, finding)
    ids = {name: f"{number:032x}" for number, name in enumerate(texts, 1)}
    alike, _ = everywhere(TEXTS["directions"], 10_000)
    gathered = [
        replace(alike, id=f"{n:032x}", platform_id=str(n)) for n in (10_000, 10_001, 10_002)
    ]
    for one in gathered:
        stock(office.database, one, Finding("lists", Signal.SUSPECT, "", "denied", 0.5))
    campaign = stock_campaign(office.database, *gathered)
    browser = office.browser("anna")
    first = next(iter(ids.values()))
    paths = [*_paths(office, first, campaign), *(f"/submissions/{id_}" for id_ in ids.values())]
    too_long = {}
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code in {200, 302, 303, 404}, path
        if len(answer.data) > MAX_PAGE_BYTES:
            too_long[path] = len(answer.data)
    assert too_long == {}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("shown", long_but(("its own page", "every page"), "its own page"))
def test_no_page_takes_much_memory_for_a_moment(office: Office, shown: str) -> None:
    for number in range(1, 4):
        stock(office.database, *everywhere(TEXTS["directions"], number))
    browser = office.browser("anna")
    paths = _paths(office, f"{1:032x}")
    for path in paths if shown == "every page" else [f"/submissions/{1:032x}"]:
        tracemalloc.start()
        browser.get(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak <= MAX_PEAK_BYTES, path


@pytest.mark.parametrize("name", SHAPES)
def test_a_text_takes_a_few_bytes_for_each_character(name: str) -> None:
    text = TEXTS[name]
    assert len(inert(text).encode()) <= 7 * len(text) + NAME_BYTES * (MAX_NAMED + 1)


def test_what_is_named_no_more_is_counted() -> None:
    shown = inert("a\u200b" * (MAX_NAMED + 3))
    assert shown.count("U+200B") == MAX_NAMED
    assert shown.endswith(">\u25a1 \u00d73</span>")
