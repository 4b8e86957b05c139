"""The security corpus through the front door, on every page there is, in a real browser.

Sent over HTTP, judged by the worker, decided by people, ruled about, imported and mailed: whatever
a route shows, no script runs, no request leaves, and the page's own policy has nothing to report.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from moderator.bootstrap.worker import build_worker
from moderator.domain.decisions.moderation import SeenVersion
from moderator.domain.queue import Job
from moderator.domain.site import Site
from moderator.domain.verdict import Verdict
from moderator.settings import Settings
from moderator.storage.base.payload import load_submission
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.tables import deliveries, sites, submissions
from moderator.storage.upkeep.counting import CountingRows
from moderator.usecases.operate.sites import ManageSites
from moderator.wsgi import build
from tests.browser import Chromium
from tests.house import MOD
from tests.smtp_server import SmtpServer
from tests.stock import stock_campaign
from tests.storage.importing import exported, import_into
from tests.web.desk import Browser, Office
from tests.web.routes import pages
from tests.web.test_accessibility import REPORTS
from tests.web.test_digest import send
from tests.web.test_hostile_pages import FAULTS
from tests.web.test_hostile_texts import OWN, corpus, enter
from tests.web.test_rules import made, run_dry

EVERY_STATE = bool(os.environ.get("EVERY_STATE"))
SITE = "river"
QUERIES = {
    "/queue": (
        "?shelf=all", "?shelf=spam", "?shelf=approved", "?shelf=discarded", "?shelf=reported",
        "?shelf=sample", "?filters=1", "?sort=honest", "?done={id}", "?missed={id}&wanted=spam",
        "?q={text}", "?acted={act}",
    ),
    "/log": ("?what=note", "?who={text}", "?who=people"),
    "/audit": ("?who={text}", "?what=rule"),
    "/rules": ("?missed=1",),
}  # fmt: skip
# Of what no page shows: files, and what only leads elsewhere.
NOT_LOOKED_AT = (".csv", ".jsonl", "/static/", "/open/", "/pulse", "/lines", "/panes", "/welcome/")


@dataclass(frozen=True)
class Town:
    """Where the corpus has been: ids of submissions that stand, a campaign, an act, a rule."""

    payloads: list[str]
    ids: list[str]
    campaign: str
    act: str
    rule: str


def payloads() -> list[str]:
    """The shared corpus in `make test-all`, some of it and our own ones always."""
    found = corpus()
    return [*OWN, *(found if EVERY_STATE else found[::8])]


def settled(office: Office, folder: Path, found: Iterable[str]) -> Town:
    texts = [text.encode("utf-8", "replace").decode() for text in found]
    url = office.database.engine.url.render_as_string()
    settings = Settings(database_url=url, data_dir=folder)
    sent = send_all(build(settings).test_client(), hostile_site(office), texts)
    assert sent.count(202) > len(texts) / 2
    assert max(sent) < 500
    judge_all(settings)
    ids = stored(office)
    for id_ in ids[::4]:
        seen = SeenVersion(*standing(office, id_))
        office.moderate(id_, Verdict.SPAM, MOD, seen=seen, now=office.now)
    import_all(office, texts)
    with office.database.write() as connection:
        connection.execute(update(deliveries).values(last_error=texts[0], state="dead", tries=3))
    counting = CountingRows(office.database)
    while counting.count():
        pass
    anna = office.browser("anna")
    rule = ruled(office, anna, texts)
    return Town(texts, ids, gathered(office, ids[1:40:4]), acted(anna, office, ids), rule)


def hostile_site(office: Office) -> str:
    """A site whose name is hostile as well; its key."""
    manage = ManageSites(SiteRows(office.database), os.urandom)
    url = "https://river.example.org"
    site = Site(SITE, SITE, url, frozenset({"river.example.org"}), callback_url=f"{url}/verdict")
    key = manage.add(site, office.now).api_key
    with office.database.write() as connection:
        connection.execute(update(sites).values(name=OWN[1]))
    return key


def send_all(client: FlaskClient, key: str, texts: list[str]) -> list[int]:
    """What the front door answers to comments that say them wherever a stranger can."""
    found = []
    for number, text in enumerate(texts):
        author = {"name": text[:200], "user_agent": text, "provider": text[:60], "ip": "192.0.2.7"}
        comment = {
            "id": f"c{number}",
            "type": "comment",
            "content": {
                "raw": f"{text} My casino is open.",
                "format": ("html", "text")[number % 2],
            },
        }
        post = {"url": f"https://river.example.org/{number % 3}", "title": text}
        data = {"site": {"id": SITE}, "comment": comment, "author": author, "post": post}
        event = {"type": "comment.created", "timestamp": "2026-03-04T12:00:00Z", "data": data}
        bearer = {"Authorization": f"Bearer {key}"}
        found.append(client.post("/v1/submissions", json=event, headers=bearer).status_code)
    return found


def judge_all(settings: Settings) -> None:
    worker = build_worker(settings)
    worker.drains[Job.CHECK_LOCAL]()
    worker.close()


def stored(office: Office) -> list[str]:
    with office.database.read() as connection:
        wanted = select(submissions.c.id).where(submissions.c.sequence > 0)
        return list(connection.scalars(wanted.order_by(submissions.c.id)))


def standing(office: Office, id_: str) -> tuple[int, int]:
    column = submissions.c
    with office.database.read() as connection:
        row = connection.execute(
            select(column.sequence, column.content_version).where(column.id == id_)
        ).one()
    return row.sequence, row.content_version


def import_all(office: Office, texts: list[str]) -> None:
    found = [exported(n, text, "spam" if n % 2 else "approved") for n, text in enumerate(texts)]
    import_into(office.database, found, site_id=SITE)


def gathered(office: Office, ids: list[str]) -> str:
    """A campaign of some of them."""
    with office.database.read() as connection:
        wanted = select(submissions.c.payload).where(submissions.c.id.in_(ids))
        some = [load_submission(payload) for payload in connection.scalars(wanted)]
    return stock_campaign(office.database, *some, similarity=0.8)


def acted(anna: Browser, office: Office, ids: list[str]) -> str:
    """What several are decided by at once, from the list; and a note on each of some."""
    for id_ in ids[:4]:
        anna.submit(f"/submissions/{id_}", f"/submissions/{id_}/notes", words=OWN[1])
    items = [f"{id_}.{'.'.join(map(str, standing(office, id_)))}" for id_ in ids[2:3]]
    told = anna.submit("/queue", "/bulk/decide", verdict="spam", item=items[0]).location
    return told.partition("acted=")[2].partition("&")[0]


def ruled(office: Office, anna: Browser, texts: list[str]) -> str:
    """Rules that were named by them, tried, and put into the log; people who are called so."""
    for text in texts[::3]:
        anna.submit("/people", "/people", name=text[:60], role="viewer", site=SITE)
    some = [made(anna, what=f"casino{n}", name=one[:100]) for n, one in enumerate(OWN[:4])]
    run_dry(office)
    return some[0].partition("?")[0].rpartition("/")[2]


def every_page(office: Office, town: Town) -> list[str]:
    """A page of each route that shows one, with what is asked there."""
    values = {
        "submission_id": town.ids[0], "campaign_id": town.campaign, "site_id": SITE,
        "rule_id": town.rule, "what": "block",
    }  # fmt: skip
    found = []
    for route in pages(office.app(), **values):
        if route.method == "GET" and not any(one in route.path for one in NOT_LOOKED_AT):
            more = QUERIES.get(route.path, ())
            given = {"id": town.ids[0], "text": quote(OWN[1]), "act": town.act}
            found += [route.path, *(route.path + one.format(**given) for one in more)]
    found += [f"/submissions/{id_}" for id_ in town.ids]
    found += [f"/submissions/{id_}/rule/trust" for id_ in town.ids[::9]]
    return found


@pytest.mark.timeout(900)
def test_the_corpus_stays_text_on_every_page_there_is(
    office: Office, chromium: Chromium, address: str, tmp_path: Path
) -> None:
    town = settled(office, tmp_path, payloads())
    found = every_page(office, town)
    assert {"/rules", f"/rules/{town.rule}", f"/learned/{SITE}", f"/thresholds/{SITE}", "/people",
            "/audit", "/stats", "/sites", f"/sites/{SITE}", "/account", "/log",
            f"/campaign/{town.campaign}"} <= set(found)  # fmt: skip
    chromium.call("Page.addScriptToEvaluateOnNewDocument", source=REPORTS)
    enter(chromium, address)
    chromium.forget()
    chromium.look(1280, 800)
    wrong = []
    for page in found:
        chromium.open(address + page)
        pwned, width, _, strange = chromium.run(FAULTS)
        refused = chromium.run("window.refused ?? []")
        if (pwned, strange, refused) != ("undefined", 0, []) or width > 1280:
            wrong.append((page, pwned, width, strange, refused))
    assert wrong == []
    assert chromium.dialogs == []
    assert [url for url in chromium.requests if not url.startswith((address, "data:"))] == []


@pytest.mark.timeout(120)
def test_a_mail_tells_it_as_plain_text(office: Office, tmp_path: Path) -> None:
    settled(office, tmp_path, OWN)
    anna, server = office.browser("anna"), SmtpServer()
    anna.submit("/account", "/account/digest", mail="anna@example.org", site=SITE)
    with server.open() as url:
        assert send(office.database, url) == 1
    (mail,) = server.mails
    assert mail.get_content_type() == "text/plain"
    assert not mail.is_multipart()
    assert OWN[1] in mail.get_content()
    assert mail["To"] == "anna@example.org"
    assert mail["Bcc"] is None
