"""What is no part of us and still ails us: blogs, Akismet, mail, blocklists, the way here, clocks,
disk, folder.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderator.domain.decisions.delivery import CallbackAnswer
from moderator.domain.pages.health import (
    FailedCallbacks,
    HealthReport,
    ListReport,
    MailReport,
    MailTrouble,
)
from moderator.domain.site import Site
from moderator.usecases.operate.health import HealthCheck, HealthState

MIB = 1024 * 1024
LITTLE, HARDLY_ANY = 512 * MIB, 16 * MIB  # bytes that are free
CLOCK_MS, SIGNATURE_MS = 2_000, 300_000  # what is noticed, and what signatures do not survive
LATELY = timedelta(days=1)
MOST_SITES = 50  # that are asked for their callback address and their key
UNDERSTOOD = frozenset({400, 409, 415, 422})  # of who checked the signature, and knows no trial
MAIL_CURES: Mapping[MailTrouble, str] = {
    MailTrouble.NO_NAME: "see that SMTP_URL names the right host, and that names resolve here",
    MailTrouble.AWAY: "see that it runs, that SMTP_URL has its port (25, 587; smtps: 465), and that"
    " nothing between blocks that port, as many providers do with 25",
    MailTrouble.SILENT: "see that SMTP_URL has its port, with smtps:// for one that begins with TLS"
    " (465), and that nothing between drops what we send",
    MailTrouble.CERTIFICATE: "put the name that its certificate is for into SMTP_URL, and its CA"
    " among those that this machine trusts",
    MailTrouble.NO_TLS: "write smtp:// for a port that begins without TLS (25, 587), smtps://"
    " for one that begins with it (465); leave user and password out of SMTP_URL if it asks for"
    " none",
    MailTrouble.LOGIN: "see the user and password in SMTP_URL; what is no letter or digit is"
    " written %XX there; many providers want a password made for programs",
    MailTrouble.SENDER: "set MAIL_FROM to an address that this server sends for",
    MailTrouble.OTHER: "see that SMTP_URL leads to a mail server that takes mail from here; its log"
    " says why it does not",
}
MUST_LIST = ("127.0.0.2", "test")  # one of them: a list of addresses, a list of names
MUST_NOT_LIST = ("127.0.0.1", "invalid")
OTHER_RESOLVER = "set DNS_RESOLVER to a resolver of your own, which asks the list itself"
REFUSALS: Mapping[str, tuple[str, str]] = {  # Spamhaus' codes; others use some of them
    "127.255.255.252": (
        "this is no zone of its lists",
        "see how the list writes its zone's name, and set DNS_BLOCKLISTS so",
    ),
    "127.255.255.254": ("it is not asked through public resolvers", OTHER_RESOLVER),
    "127.255.255.255": (
        "too many questions",
        "ask the list for terms for as much as you have, or take it out of DNS_BLOCKLISTS",
    ),
}
OTHER_REFUSAL = (
    "it does not answer us",
    f"{OTHER_RESOLVER}; and see the list's terms of use, which may want a key in the zone's name",
)


@dataclass(frozen=True, slots=True)
class Machine:
    """What is seen on this machine: the mode of DATA_DIR, and how many bytes are free in the folder
    of the database; None where there is no such folder.
    """

    folder: str
    mode: int | None
    disk: str
    free: int | None


@dataclass(frozen=True, slots=True)
class LookAround:
    """`callback` sends a signed event about nothing, `akismet` says why a site's key does not work,
    `who_answers` why PUBLIC_URL does not lead here; `mail` goes as far as a mail would, and `lists`
    asks the blocklists about their test entries. None where nobody outside is to be asked, or
    nobody is configured.
    """

    machine: Machine
    public_url: str  # '' where it is not set
    host: str
    now: datetime
    callback: Callable[[Site], CallbackAnswer] | None = None
    akismet: Callable[[Site], str] | None = None
    who_answers: Callable[[str], str] | None = None
    mail: Callable[[], MailReport] | None = None
    lists: Callable[[], Sequence[ListReport]] | None = None

    def __call__(self, report: HealthReport, sites: Sequence[Site]) -> Iterator[HealthCheck]:
        yield from _folder(self.machine)
        if self.mail is not None:
            yield _mail(self.mail())
        if self.lists is not None:
            yield from map(_list, self.lists())
        if not report.is_current:
            return
        yield from _clocks(report.ahead_ms)
        yield from self._way_here(report)
        yield from self._blogs(report.failed, sites)
        yield from self._keys(sites)

    def _way_here(self, report: HealthReport) -> Iterator[HealthCheck]:
        if not self.public_url and not _is_loopback(self.host):
            detail = f"PUBLIC_URL is not set, and HOST {self.host} is no address of a browser"
            cure = "set PUBLIC_URL to where people open the dashboard, https://… at best"
            yield HealthCheck("address", HealthState.NOTE, detail, cure)
        if self.public_url and self.who_answers is not None:
            wrong = self.who_answers(self.public_url)
            cure = "set PUBLIC_URL to the very address, path included, at which the web process or"
            cure += " its proxy answers, and see that these run"
            yield _judged("address", f"PUBLIC_URL {self.public_url}", wrong, cure)
        at = report.unnamed_proxy_at
        if at is not None and self.now - at < LATELY:
            detail = f"X-Forwarded-For came {at:%Y-%m-%d %H:%M} UTC from a neighbour not believed"
            cure = "if that is your proxy, name it in TRUSTED_PROXY: the web process' log has its"
            cure += " address (event=unnamed_proxy); until then all visitors look like one"
            yield HealthCheck("proxy", HealthState.NOTE, detail, cure)

    def _blogs(
        self, failed: Iterable[FailedCallbacks], sites: Sequence[Site]
    ) -> Iterator[HealthCheck]:
        """What a blog answers now; where nobody is asked, what it answered lately."""
        known = set()
        if self.callback is not None:
            for site in [site for site in sites if site.callback_url][:MOST_SITES]:
                known.add(site.id)
                yield _blog(site.id, self.callback(site))
        for one in failed:
            if one.site_id not in known:
                found = _blog(one.site_id, CallbackAnswer(one.status, one.error))
                detail = f"{found.detail} ({one.count} callbacks)"
                yield HealthCheck(found.what, HealthState.NOTE, detail, found.cure)

    def _keys(self, sites: Sequence[Site]) -> Iterator[HealthCheck]:
        for site in sites[:MOST_SITES]:
            if site.akismet_key and self.akismet is not None:
                cure = f"`moderator site set {site.id} --akismet-key KEY` ('' for none), and see"
                cure += " AKISMET_URL"
                yield _judged("akismet", site.id, self.akismet(site), cure)


def _judged(what: str, about: str, wrong: str, cure: str) -> HealthCheck:
    if not wrong:
        return HealthCheck(what, HealthState.OK, about)
    return HealthCheck(what, HealthState.NOTE, f"{about}: {wrong}", cure)


def _mail(report: MailReport) -> HealthCheck:
    detail = f"{report.server}: {report.detail}"
    if report.trouble is None:
        return HealthCheck("mail", HealthState.OK, detail)
    return HealthCheck("mail", HealthState.NOTE, detail, MAIL_CURES[report.trouble])


def _list(report: ListReport) -> HealthCheck:
    wrong, cure = _wrong_with(report)
    found = HealthCheck("blocklist", HealthState.OK, f"{report.zone}: lists what it must alone")
    return _judged("blocklist", report.zone, wrong, cure) if wrong else found


def _wrong_with(report: ListReport) -> tuple[str, str]:
    """What is wrong with a list, and what to do; '' for nothing."""
    if report.refusal:
        why, cure = REFUSALS.get(report.refusal, OTHER_REFUSAL)
        return f"refuses us: {why} ({report.refusal})", cure
    if report.silence:
        cure = "see that DNS_BLOCKLISTS has the zone's right name, and that DNS_RESOLVER (without"
        return report.silence, f"{cure} it the system's) answers from here"
    wrongly = [entry for entry in MUST_NOT_LIST if entry in report.listed]
    # A list of names may answer every question about an address alike: it is not asked any.
    if wrongly == ["127.0.0.1"] and {*MUST_LIST} <= report.listed:
        wrongly = []
    if wrongly:
        cure = (
            "take it out of DNS_BLOCKLISTS: it was given up or sold, or a resolver answers for it"
        )
        return f"lists what no list may ({', '.join(wrongly)}), so it is not believed", cure
    if not {*MUST_LIST} & report.listed:
        cure = "see how the list writes its zone's name, and set DNS_BLOCKLISTS so"
        return f"lists none of what each must ({' or '.join(MUST_LIST)}): it is no list", cure
    return "", ""


def _blog(site_id: str, answer: CallbackAnswer) -> HealthCheck:
    cure = _cure(site_id, answer)
    if not cure:
        return HealthCheck("blog", HealthState.OK, f"{site_id} takes callbacks")
    said = answer.error or answer.refusal or f"the blog answered {answer.status}"
    return HealthCheck("blog", HealthState.NOTE, f"{site_id}: {said}", cure)


def _cure(site_id: str, answer: CallbackAnswer) -> str:
    """What to do about an answer to a callback; '' when it is well."""
    change = f"`moderator site set {site_id} --callback-url URL`"
    match answer.status:
        case 0:
            return f"see that the blog runs and can be reached from here, or {change}"
        case 401 | 403:
            return (
                "the secret at the blog is not ours, or its clock is off:"
                f" `moderator site rotate {site_id}` makes a new one for both"
            )
        case 404 | 405 | 410:
            return f"nothing takes callbacks at this address: {change}, or mend the blog's plugin"
        case status if 300 <= status < 400:  # noqa: PLR2004  # redirects
            return f"callbacks follow no redirect: {change} with the address it ends at"
        case status if answer.is_taken or status in UNDERSTOOD:
            return ""
        case _:
            return "the blog's own log says why"


def _clocks(ahead_ms: dict[str, int]) -> Iterator[HealthCheck]:
    off = {name: ms for name, ms in ahead_ms.items() if abs(ms) >= CLOCK_MS}
    if not off:
        yield HealthCheck("clocks", HealthState.OK, "within two seconds of the database's")
    for name, ms in off.items():
        state = HealthState.FAIL if abs(ms) >= SIGNATURE_MS else HealthState.NOTE
        way = "ahead of" if ms > 0 else "behind"
        detail = f"{name}: {abs(ms) / 1000:.0f} s {way} the database's clock"
        yield HealthCheck("clocks", state, detail, "let NTP set both: `timedatectl set-ntp true`")


def _folder(machine: Machine) -> Iterator[HealthCheck]:
    if machine.mode is not None and machine.mode & 0o077:
        detail = f"{machine.folder} is open to others on this machine (mode {machine.mode:o})"
        yield HealthCheck("folder", HealthState.NOTE, detail, f"chmod 700 {machine.folder}")
    if machine.free is None:
        return
    detail = f"{machine.free // MIB:,} MiB free on the disk of {machine.disk}"
    if machine.free >= LITTLE:
        yield HealthCheck("disk", HealthState.OK, detail)
        return
    state = HealthState.FAIL if machine.free < HARDLY_ANY else HealthState.NOTE
    cure = "make room: when nothing is left, what is sent is refused (503) until there is some"
    yield HealthCheck("disk", state, detail, cure)


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")
