"""Register a blog, change its secrets with an overlap, and its lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.errors import ConflictError, InvalidError, NotFoundError
from moderator.domain.lists.reading import refusals
from moderator.domain.policy import CopyHandling, Mode, Moderation, Policy
from moderator.domain.site import Secret, SignatureProfile, Site, signature_header
from moderator.signing import is_valid, judge_secret, new_api_key, new_client_key, new_secret

MAX_THRESHOLD = 10.0  # of a threshold: more than any findings add up to
MAX_REPORTS = 1_000_000  # of one comment: more than anybody waits for
MAX_LIST_ENTRIES = 100_000  # of a site's lists: the longest that people pass around has 65,000
SECRET_OVERLAP = timedelta(hours=24)  # in which the old secret and key still count


@dataclass(frozen=True, slots=True)
class Credentials:
    """Shown once: the signing secret (both directions) and the bearer key of a site."""

    site_id: str
    secret: str
    api_key: str


class SiteStore(Protocol):
    def get(self, site_id: str) -> Site | None: ...

    def add(self, site: Site, *, key_prefix: str, key_digest: str, now: datetime) -> None: ...

    def rotate(
        self, site_id: str, secret: Secret, *, key: tuple[str, str] | None, expires_at: datetime
    ) -> None: ...

    def set_signature(self, site_id: str, profile: SignatureProfile, header: str) -> None: ...

    def set_policy(self, site_id: str, policy: Policy) -> None: ...

    def add_client_key(
        self, site_id: str, key: str, *, now: datetime, expires_at: datetime
    ) -> None: ...

    def suspend_client_keys(self, site_id: str, *, is_suspended: bool) -> None: ...

    def set_langs(self, site_id: str, langs: tuple[str, ...]) -> None: ...


@dataclass(frozen=True, slots=True)
class ListChange:
    """Entries to put on a site's lists, and entries to take off both."""

    deny: Sequence[str] = ()
    allow: Sequence[str] = ()
    remove: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SiteChoices:
    """What a site may choose; None keeps what is, no languages forget those that were declared."""

    mode: Mode | None = None
    langs: tuple[str, ...] | None = None
    report_at: int | None = None
    copies: CopyHandling | None = None
    previously_approved: bool | None = None
    plain_at: float | None = None
    moderation: Moderation | None = None


@dataclass(frozen=True, slots=True)
class SignatureChoices:
    """How a site's messages are to be signed; None keeps what is, '' is the usual header.

    `secret` is one that the site's own software made.
    """

    profile: SignatureProfile | None = None
    header: str | None = None
    secret: str = ""


@dataclass(frozen=True, slots=True)
class ManageSites:
    sites: SiteStore
    entropy: Callable[[int], bytes]

    def add(self, site: Site, now: datetime, secret: str = "") -> Credentials:
        """Register a site with its own `secret`, or one made here.

        Raises ConflictError when the id is taken, InvalidError.
        """
        if self.sites.get(site.id) is not None:
            raise ConflictError(f"There is a site {site.id!r} already")
        signature_header(site.signature_profile, site.signature_header)
        if secret:
            judge_secret(site.signature_profile, secret)
        key, secret = new_api_key(self.entropy(32)), secret or new_secret(self.entropy(32))
        self.sites.add(
            replace(site, secrets=(Secret(secret, now),)),
            key_prefix=key.prefix,
            key_digest=key.digest,
            now=now,
        )
        return Credentials(site.id, secret, key.value)

    def rotate(
        self, site_id: str, now: datetime, overlap: timedelta = SECRET_OVERLAP
    ) -> Credentials:
        """Give a site new credentials; the old ones count for `overlap`, those that were rotated
        away before at most as long. Raises NotFoundError.
        """
        if self.sites.get(site_id) is None:
            raise NotFoundError(f"There is no site {site_id!r}")
        key, secret = new_api_key(self.entropy(32)), new_secret(self.entropy(32))
        self.sites.rotate(
            site_id, Secret(secret, now), key=(key.prefix, key.digest), expires_at=now + overlap
        )
        return Credentials(site_id, secret, key.value)

    def resign(
        self,
        site_id: str,
        now: datetime,
        wishes: SignatureChoices,
        overlap: timedelta = SECRET_OVERLAP,
    ) -> Site:
        """Change how a site's messages are signed; an earlier secret counts for `overlap`.

        Raises NotFoundError, InvalidError.
        """
        site = self.site(site_id)
        profile = wishes.profile or site.signature_profile
        kept = site.signature_header if profile is site.signature_profile else ""
        header = signature_header(profile, kept if wishes.header is None else wishes.header)
        judge_secret(profile, wishes.secret or _newest(site, now))
        if (profile, header) != (site.signature_profile, site.signature_header):
            self.sites.set_signature(site_id, profile, header)
        if wishes.secret and wishes.secret != _newest(site, now):
            secret = Secret(wishes.secret, now)
            self.sites.rotate(site_id, secret, key=None, expires_at=now + overlap)
        return self.site(site_id)

    def client_key(self, site_id: str, now: datetime, overlap: timedelta = SECRET_OVERLAP) -> str:
        """Give a site a key for Akismet clients; earlier ones count for `overlap`.

        Raises NotFoundError.
        """
        self.site(site_id)
        key = new_client_key(self.entropy(6))
        self.sites.add_client_key(site_id, key, now=now, expires_at=now + overlap)
        return key

    def suspend(self, site_id: str, *, is_suspended: bool) -> None:
        """Let a site's Akismet clients have no verdicts, or have them again.

        Raises NotFoundError.
        """
        self.site(site_id)
        self.sites.suspend_client_keys(site_id, is_suspended=is_suspended)

    def rethreshold(
        self,
        site_id: str,
        *,
        hold_at: float | None = None,
        spam_at: float | None = None,
        report_at: int | None = None,
    ) -> Policy:
        """Change from which score a site holds and calls spam, and how many readers' reports list
        what is approved; None keeps what is.

        What was judged already stays. Raises NotFoundError, InvalidError.
        """
        site = self.site(site_id)
        hold = site.policy.hold_at if hold_at is None else hold_at
        spam = site.policy.spam_at if spam_at is None else spam_at
        if not 0 < hold <= spam <= MAX_THRESHOLD:
            raise InvalidError(f"Thresholds go up: 0 < hold <= spam <= {MAX_THRESHOLD:g}")
        policy = replace(site.policy, hold_at=hold, spam_at=spam)
        return self._keep(site, _reported(policy, report_at)).policy

    def choose(self, site_id: str, wishes: SiteChoices) -> Site:
        """Change what a site chose; what was judged already stays.

        Raises NotFoundError, InvalidError.
        """
        site = self._keep(self.site(site_id), self.judge(site_id, wishes))
        if wishes.langs is None or wishes.langs == site.langs:
            return site
        self.sites.set_langs(site_id, wishes.langs)
        return replace(site, langs=wishes.langs)

    def judge(self, site_id: str, wishes: SiteChoices) -> Policy:
        """The policy as it is wanted; nothing is changed. Raises NotFoundError, InvalidError."""
        policy = self.site(site_id).policy
        return replace(
            _reported(policy, wishes.report_at),
            mode=policy.mode if wishes.mode is None else wishes.mode,
            copies=policy.copies if wishes.copies is None else wishes.copies,
            plain_at=_plain(policy, wishes.plain_at),
            moderation=policy.moderation if wishes.moderation is None else wishes.moderation,
            previously_approved=(
                policy.previously_approved
                if wishes.previously_approved is None
                else wishes.previously_approved
            ),
        )

    def site(self, site_id: str) -> Site:
        """Raises NotFoundError."""
        site = self.sites.get(site_id)
        if site is None:
            raise NotFoundError(f"There is no site {site_id!r}")
        return site

    def _keep(self, site: Site, policy: Policy) -> Site:
        """The site with this policy, as a new version if it differs."""
        if policy == site.policy:
            return site
        policy = replace(policy, version=site.policy.version + 1)
        self.sites.set_policy(site.id, policy)
        return replace(site, policy=policy)

    def relist(self, site_id: str, change: ListChange) -> Policy:
        """Change a site's lists; what it judged already stays. Raises NotFoundError, InvalidError.

        An entry stands on one list: the one it was put on last.
        """
        site = self.site(site_id)
        wrong = refusals((*change.deny, *change.allow))
        if wrong:
            raise InvalidError("\n".join(wrong.values()))
        known = {*site.policy.denylist, *site.policy.allowlist}
        absent = [entry for entry in change.remove if entry not in known]
        if absent:
            raise InvalidError(f"No list of {site_id!r} has {absent[0]!r}")
        off = {*change.deny, *change.allow, *change.remove}
        if len(known | off) > MAX_LIST_ENTRIES:
            raise InvalidError(f"A site's lists have at most {MAX_LIST_ENTRIES} entries")
        policy = replace(
            site.policy,
            version=site.policy.version + 1,
            denylist=(
                *(e for e in site.policy.denylist if e not in off),
                *dict.fromkeys(change.deny),
            ),
            allowlist=(
                *(e for e in site.policy.allowlist if e not in off),
                *dict.fromkeys(change.allow),
            ),
        )
        if off:
            self.sites.set_policy(site_id, policy)
        return policy


def _newest(site: Site, now: datetime) -> str:
    return next((secret.value for secret in site.secrets if is_valid(secret, now)), "")


def _plain(policy: Policy, plain_at: float | None) -> float:
    """Raises InvalidError."""
    if plain_at is None:
        return policy.plain_at
    if not 0 < plain_at <= MAX_THRESHOLD:
        raise InvalidError(f"The plain threshold is more than 0, at most {MAX_THRESHOLD:g}")
    return plain_at


def _reported(policy: Policy, report_at: int | None) -> Policy:
    """The policy with this number of reports. Raises InvalidError."""
    if report_at is None:
        return policy
    if not 0 < report_at <= MAX_REPORTS:
        raise InvalidError(f"The number of reports is 1 to {MAX_REPORTS}")
    return replace(policy, report_at=report_at)
