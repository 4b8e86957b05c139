"""A dashboard over a real database: two sites, an owner, a moderator of each site, a viewer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import unescape
from itertools import count
from types import MappingProxyType

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moderator.bootstrap.rules import build_proposals, build_rules, build_thresholds
from moderator.clients.courier import HttpCourier
from moderator.domain.account import Role
from moderator.domain.decisions.delivery import Callback, CallbackAnswer
from moderator.domain.site import Site
from moderator.domain.timing.retention import Retention
from moderator.platforms import BY_NAME, platform_of
from moderator.storage.audit import AuditRows
from moderator.storage.base.database import Database
from moderator.storage.dashboard.queries import DashboardRows
from moderator.storage.decisions.acts import ActRows
from moderator.storage.decisions.deliveries import DeliveryRows
from moderator.storage.decisions.moderation import ModerationRows
from moderator.storage.people.accounts import AccountRows
from moderator.storage.people.digests import DigestRows
from moderator.storage.people.line_claims import ClaimRows
from moderator.storage.people.notes import NoteRows
from moderator.storage.people.site_keys import SiteKeyRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.people.staff import StaffRows
from moderator.storage.upkeep.removal import RemovalRows
from moderator.usecases.moderate.claims import Claims
from moderator.usecases.moderate.dashboard import DashboardReads
from moderator.usecases.moderate.decide import Moderate
from moderator.usecases.moderate.notes import WriteNote
from moderator.usecases.moderate.people import ManagePeople, OwnAccount
from moderator.usecases.moderate.resend import Resend
from moderator.usecases.moderate.sign_in import Passwords, SignIn
from moderator.usecases.moderate.together import DecideTogether
from moderator.usecases.operate.audit import Audit
from moderator.usecases.operate.change_sites import ChangeSite, RemoveSite
from moderator.usecases.operate.digest import ChooseDigest
from moderator.usecases.operate.retention import ChooseRetention
from moderator.usecases.operate.site_pages import SitePages, TryCallback
from moderator.usecases.operate.sites import ManageSites
from moderator.usecases.services import Dashboard, Services
from moderator.web import create_app
from tests.builders import NOON, a_site
from tests.fakes import FakeHints
from tests.stock import stock_site
from tests.web.lab import Lab

PASSWORD = "correct horse battery"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
NOTHING: Mapping[str, str] = MappingProxyType({})
INLINE = re.compile(r"</?(?:time|bdi|strong)\b[^>]*>")
TAG = re.compile(r"<[^>]+>")


@dataclass
class Office:
    """`anna` is an owner, `ben` moderates `blog`, `eve` moderates `other`, `vic` views `blog`."""

    database: Database
    public_url: str = "http://localhost"
    now: datetime = NOON + timedelta(minutes=10)
    hints: FakeHints = field(default_factory=FakeHints)
    is_mail_on: bool = True
    is_new: bool = True  # else the database has its sites and people already

    def __post_init__(self) -> None:
        numbers = count(1 if self.is_new else 1_000)
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        for name in ("blog", "other"):
            url = f"https://{name}.example.org"
            site = a_site(id=name, url=url, callback_url=f"{url}/callback")
            if self.is_new:
                stock_site(self.database, site)
        self.sign_in = SignIn(
            AccountRows(self.database),
            Passwords(cheap),
            entropy=lambda size: next(numbers).to_bytes(size, "big"),
        )
        self.staff = StaffRows(self.database)
        self.moderate = Moderate(
            ModerationRows(self.database),
            SiteRows(self.database),
            self.hints,
            platform_of,
            timedelta(seconds=10),
        )
        self._enter("anna", Role.OWNER, ())
        self._enter("ben", Role.MODERATOR, ("blog",))
        self._enter("eve", Role.MODERATOR, ("other",))
        self._enter("vic", Role.VIEWER, ("blog",))

    def _enter(self, name: str, role: Role, sites: tuple[str, ...]) -> None:
        if not self.is_new:
            return
        token = self.sign_in.invite(name, role, sites, now=self.now)
        self.sign_in.choose_password(token, PASSWORD, address="192.0.2.1", now=self.now)

    def services(self) -> Services:
        database, staff = self.database, self.staff
        rules = build_rules(database, SiteRows(database), self.hints)
        desk = Dashboard(
            sign_in=self.sign_in,
            reads=DashboardReads(DashboardRows(database)),
            moderate=self.moderate,
            together=DecideTogether(ActRows(database), self.moderate),
            claims=Claims(ClaimRows(database)),
            note=WriteNote(NoteRows(database), self.sign_in.entropy),
            resend=Resend(DeliveryRows(database), self.hints),
            people=ManagePeople(staff, self.sign_in),
            own_account=OwnAccount(staff, self.sign_in),
            sites=self._site_pages(),
            rules=rules,
            audit=Audit(AuditRows(database)),
            propose=build_proposals(database, SiteRows(database), rules),
            thresholds=build_thresholds(database, SiteRows(database), self.hints),
            digest=ChooseDigest(DigestRows(database), is_on=self.is_mail_on),
            public_url=self.public_url,
        )
        return replace(Lab().services(), clock=lambda: self.now, dashboard=desk)

    def _site_pages(self) -> SitePages:
        sites, entropy = SiteRows(self.database), self.sign_in.entropy

        async def send(site: Site, callback: Callback) -> CallbackAnswer:
            courier = HttpCourier(lambda: self.now)
            try:
                return await courier.send(site, callback)
            finally:
                await courier.close()

        return SitePages(
            sites=sites,
            keys=SiteKeyRows(self.database),
            manage=ManageSites(sites, entropy),
            change=ChangeSite(sites, BY_NAME),
            remove=RemoveSite(sites, RemovalRows(self.database)),
            try_callback=TryCallback(send, entropy),
            retention=ChooseRetention(sites, Retention()),
        )

    def app(self) -> Flask:
        return create_app(self.services())

    def browser(self, name: str = "") -> "Browser":
        """A browser, logged in unless no name is given."""
        browser = Browser(self.app().test_client(), self.public_url)
        if name:
            assert browser.log_in(name).status_code == 303
        return browser


@dataclass
class Browser:
    """Keeps cookies and sends what a browser sends with a form."""

    client: FlaskClient
    base_url: str

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=self.base_url, buffered=True)

    def packed(self, path: str, **headers: str) -> TestResponse:
        """As browsers ask: what may be compressed is."""
        given = {"Accept-Encoding": "gzip, deflate, br", **headers}
        return self.client.get(path, headers=given, base_url=self.base_url, buffered=True)

    def submit(self, page: str, action: str, **fields: str) -> TestResponse:
        """Open a page, and send a form of it to `action` with the token found there."""
        found = CSRF.search(self.get(page).text)
        assert found is not None, f"{page} has no form"
        return self.post(action, {"csrf": unescape(found[1]), **fields})

    def post(
        self, path: str, fields: Mapping[str, str] = NOTHING, headers: Mapping[str, str] = NOTHING
    ) -> TestResponse:
        given = {"Origin": self.base_url, "Sec-Fetch-Site": "same-origin", **headers}
        return self.client.post(path, data=fields, headers=given, base_url=self.base_url)

    def cookie(self, name: str) -> str:
        secure = self.base_url.startswith("https")
        found = self.client.get_cookie(f"{'__Host-' if secure else ''}moderator-{name}")
        return found.value if found is not None else ""

    def log_in(self, name: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        return self.submit("/login", "/login", name=name, password=password, **fields)

    def decide(
        self, submission_id: str, verdict: str, *, seen: int = 1, version: int = 1, **fields: str
    ) -> TestResponse:
        page = f"/submissions/{submission_id}"
        action = f"{page}/decision"
        form = {"verdict": verdict, "seen": str(seen), "version": str(version)}
        return self.submit(page, action, **form, **fields)


def words(answer: TestResponse) -> str:
    """What a reader sees: the page without its tags."""
    return re.sub(r"\s+", " ", unescape(TAG.sub(" ", INLINE.sub("", answer.text))))
