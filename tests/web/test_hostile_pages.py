"""What strangers and colleagues write stays text on the pages that tell of many.

Everything comes in and is judged as it really is; the forms are filled and sent by a real browser.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.checks import LOCAL
from moderator.domain.decisions.moderation import SeenVersion
from moderator.domain.pages.audit import AuditAct
from moderator.domain.submission import Author, Post
from moderator.domain.verdict import Decider, DeciderKind, Verdict
from moderator.judgement.near.index import MemoryNearIndex
from moderator.storage.audit import AuditRows
from moderator.storage.upkeep.counting import CountingRows
from moderator.usecases.operate.audit import Audit
from tests.browser import Chromium
from tests.builders import a_site, a_submission
from tests.house import MOD, House
from tests.web.desk import Office
from tests.web.test_hostile_texts import OWN, enter
from tests.web.test_rules import made, run_dry

IMAGE = "<img src=https://marker.test/x onerror=window.__pwn=1>"
FAULTS = (
    "[typeof window.__pwn, document.documentElement.scrollWidth, location.pathname,"
    ' document.querySelectorAll(\'main a[href]:not([href^="/"]), main iframe, main img,'
    ' main form:not([action^="/"]), main script\').length]'
)


def written(office: Office) -> list[str]:
    """The payloads as comments of two days, judged, half of them decided by people; their ids."""
    house = House(office.database, MemoryNearIndex(), site=a_site(id="third"))
    found = []
    for number, payload in enumerate((*OWN, *OWN), 1):
        text = payload.encode("utf-8", "replace").decode()
        at = office.now - timedelta(minutes=30 * number)
        author = Author(name=text[:200], email=f"{number}@<b>.test", url=f"https://a.test/{text}")
        submission = replace(
            a_submission(f"{text} my casino", author=author, post=Post(id="1", title=text)),
            id=f"{number:032x}",
            platform_id=str(number),
            created_at=at,
            received_at=at,
        )
        house.send(submission)
        found.append(submission.id)
    while house.check(*LOCAL):
        pass
    for id_ in found[::2]:
        office.moderate(id_, Verdict.SPAM, MOD, seen=SeenVersion(1, 1), now=office.now)
    counting = CountingRows(office.database)
    while counting.count():
        pass
    return found


def inert_here(chromium: Chromium, what: str) -> None:
    state = chromium.run(FAULTS)
    assert state[0] == "undefined", what
    assert state[1] <= 1280, f"{what} is {state[1]} px wide"
    assert state[3] == 0, what


@pytest.mark.timeout(240)
def test_no_page_that_tells_of_many_runs_what_strangers_wrote(
    office: Office, chromium: Chromium, address: str
) -> None:
    ids = written(office)
    anna = office.browser("anna")
    rules = [
        made(anna, what=f"casino\n{IMAGE} x", name=IMAGE, does="hold", **{"as": "live"}),
        made(anna, kind="pattern", what="<script>window.__pwn=1</script>|casino", does="hold"),
    ]
    run_dry(office)
    who = Decider(DeciderKind.MODERATOR, "m9", IMAGE)
    Audit(AuditRows(office.database))(
        AuditAct.DISABLED, who, office.now, about=IMAGE, site_id=IMAGE, detail=IMAGE
    )
    item = f"/submissions/{ids[0]}"
    anna.submit(item, f"{item}/notes", words=IMAGE)
    enter(chromium, address)
    chromium.forget()
    chromium.look(1280, 800)
    pages = [*rules, "/rules", "/learned/blog", "/thresholds/blog", "/stats", "/log?what=note",
             "/audit", f"/audit?who={IMAGE}", f"/queue?q={IMAGE}", "/queue?filters=1",
             "/queue?shelf=all", item, "/people", "/sites/blog"]  # fmt: skip
    pages += [f"/submissions/{id_}/rule/{what}" for id_ in ids[:4] for what in ("block", "trust")]
    for page in pages:
        chromium.open(address + page)
        inert_here(chromium, page)
    assert chromium.dialogs == []
    assert [url for url in chromium.requests if not url.startswith((address, "data:"))] == []


@pytest.mark.timeout(120)
def test_what_is_typed_comes_back_as_text(office: Office, chromium: Chromium, address: str) -> None:
    written(office)
    enter(chromium, address)
    chromium.forget()
    chromium.look(1280, 800)
    breaking = f'"></textarea></pre>{IMAGE}'
    forms = (
        ("/rules", {"#what": f"casino\n{breaking} y", "#name": breaking[:100]}, ".rule-form .main"),
        ("/rules", {"#what": "192.0.2.999", "#name": breaking[:100]}, ".rule-form .main"),
        ("/rules/wordpress", {"#disallowed_keys": f"{breaking}\n999.1.1.1"}, ".rule-form .main"),
        ("/rules/wordpress", {"#export": f'{{"{breaking}'}, ".rule-form .main"),
        ("/people", {"#invite + form [name=name]": IMAGE[:60]}, "#invite + form .main"),
        ("/sites/blog", {".change [name=name]": breaking, ".change [name=langs]": IMAGE},
         ".change button"),
        ("/sites/other", {"[name=confirmed]": IMAGE}, "button.danger"),
    )  # fmt: skip
    for page, fields, button in forms:
        chromium.open(address + page)
        chromium.run("document.querySelectorAll('details').forEach(one => one.open = true)")
        for field, value in fields.items():
            chromium.run(f"document.querySelector({field!r}).value = {value!r}")
        chromium.leave(f"document.querySelector({button!r}).click()")
        inert_here(chromium, f"{page} answered")
        assert chromium.run("Boolean(document.querySelector('[role=alert], .acting'))"), page
    assert chromium.dialogs == []
    assert [url for url in chromium.requests if not url.startswith((address, "data:"))] == []
