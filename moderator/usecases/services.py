"""What the web can ask for: every verb, wired to real parts by bootstrap, to fakes by tests."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from moderator.usecases.answering.ask import Ask
from moderator.usecases.intake.accept import Accept
from moderator.usecases.intake.credentials import CredentialSites
from moderator.usecases.linkback.feed import ReadFeed
from moderator.usecases.moderate.claims import Claims
from moderator.usecases.moderate.dashboard import DashboardReads
from moderator.usecases.moderate.decide import Moderate
from moderator.usecases.moderate.notes import WriteNote
from moderator.usecases.moderate.people import ManagePeople, OwnAccount
from moderator.usecases.moderate.resend import Resend
from moderator.usecases.moderate.sign_in import SignIn
from moderator.usecases.moderate.submission_status import ReadSubmission
from moderator.usecases.moderate.together import DecideTogether
from moderator.usecases.operate.audit import Audit
from moderator.usecases.operate.digest import ChooseDigest
from moderator.usecases.operate.metrics import ReadMetrics
from moderator.usecases.operate.ready import CheckReadiness
from moderator.usecases.operate.site_pages import SitePages
from moderator.usecases.rules.manage import ManageRules
from moderator.usecases.rules.propose import ProposeRules
from moderator.usecases.rules.thresholds import Thresholds
from moderator.usecases.run.counting import RequestLog
from moderator.usecases.run.heartbeat import Heartbeat, nothing


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What the dashboard needs. `public_url` is where browsers reach it; https makes its cookies
    secure ones.
    """

    sign_in: SignIn
    reads: DashboardReads
    moderate: Moderate
    together: DecideTogether
    claims: Claims
    note: WriteNote
    resend: Resend
    people: ManagePeople
    own_account: OwnAccount
    sites: SitePages
    rules: ManageRules
    propose: ProposeRules
    audit: Audit
    thresholds: Thresholds
    digest: ChooseDigest
    public_url: str


@dataclass(frozen=True, slots=True)
class Services:
    """What the web can ask for; bootstrap fills it with real parts, tests with fakes."""

    accept: Accept
    sites: CredentialSites
    show: ReadSubmission
    ready: CheckReadiness
    clock: Callable[[], datetime]
    entropy: Callable[[int], bytes]
    heartbeat: Heartbeat | None = None  # without it the process gives no signs of life
    dashboard: Dashboard | None = None  # without it there is no dashboard
    ask: Ask | None = None  # without it nobody can wait for an answer
    feed: ReadFeed | None = None  # without it nobody can read linkbacks
    metrics: ReadMetrics | None = None  # without it nothing is counted
    metrics_token: str = ""  # who has it may read them; '': nobody
    request_log: RequestLog | None = None  # who hears of every answer
    close: Callable[[], object] = nothing  # hang up everywhere, when nobody is answered any more
    public_url: str = ""  # where we are reached; without it, where the `Host` header says
