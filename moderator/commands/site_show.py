"""What is set for one blog, in words: all for `moderator site show`, what changed for `set`."""

from collections.abc import Mapping
from datetime import datetime

from moderator.bootstrap.operator import SiteManagement
from moderator.commands import site_change, site_retention
from moderator.domain.answering.plain_errors import told
from moderator.domain.site import Site
from moderator.signing import is_valid

WHEN = "%Y-%m-%d %H:%M UTC"
YES_NO = {"yes": True, "no": False}
WEAK = "weak signature: a message that was overheard can be sent again"


def show(management: SiteManagement, site: Site, now: datetime) -> None:
    """Everything that can be set for it; no secret."""
    values({"site": site.id, **site_change.values(site), "signature": signature(site)})
    if site.signature_profile.is_weak:
        print(f"{'':13} {WEAK}")
    policy = site.policy
    values(
        {
            "secret": _secrets(site, now),
            "thresholds": f"held from {policy.hold_at:g}, spam from {policy.spam_at:g}",
            "lists": f"{len(policy.denylist)} denied, {len(policy.allowlist)} allowed",
            "polled at": _wordpress(site),
            "asked with": _client_keys(management, site, now),
        }
    )
    choices(site)
    print("kept after the decision:")
    site_retention.show(*management.retention.of(site.id))
    plain_errors(management, site)


def values(told_of: Mapping[str, str]) -> None:
    for name, value in told_of.items():
        print(f"{name:13} {value}")


def choices(site: Site) -> None:
    policy = site.policy
    waits = next(word for word, is_so in YES_NO.items() if is_so is policy.previously_approved)
    print(
        f"mode {policy.mode}, languages {','.join(site.langs) or 'not declared'},"
        f" listed from {policy.report_at} reports, copies {policy.copies},"
        f" previously approved {waits}, plain threshold {policy.plain_at:g},"
        f" moderation {policy.moderation}"
    )


def plain_errors(management: SiteManagement, site: Site) -> None:
    plain_at = site.policy.plain_at
    print(told(management.past.plain_errors(site.id, plain_at), plain_at))


def signature(site: Site) -> str:
    header = f" in {site.signature_header}" if site.signature_header else ""
    return f"{site.signature_profile}{header}{' (weak)' if site.signature_profile.is_weak else ''}"


def _secrets(site: Site, now: datetime) -> str:
    """Since when they count, and until when; not what they are."""
    told_of = [
        f"since {secret.created_at:{WHEN}}"
        if secret.expires_at is None
        else f"an earlier one until {secret.expires_at:{WHEN}}"
        for secret in site.secrets
        if is_valid(secret, now)
    ]
    return ", ".join(told_of) or "none"


def _wordpress(site: Site) -> str:
    access = site.wordpress
    return f"{access.url} as {access.user}" if access else "no WordPress"


def _client_keys(management: SiteManagement, site: Site, now: datetime) -> str:
    """By Akismet clients, with keys of which none is shown."""
    holders = [management.sites.by_client_key(key, now=now) for key in site.client_keys]
    count = sum(holder is not None for holder in holders)
    if not count:
        return "no key for Akismet clients"
    is_suspended = any(holder is not None and holder.is_suspended for holder in holders)
    keys = "a key" if count == 1 else f"{count} keys"
    return f"{keys} for Akismet clients{' (suspended)' if is_suspended else ''}"
