"""What a row of `sites` is made of, and the site it makes."""

import json
from typing import Any  # what a driver returns is typed by nobody

from sqlalchemy import Row

from moderator.domain.policy import Policy
from moderator.domain.site import Secret, SignatureProfile, Site
from moderator.storage.base.payload import dump, load_names, load_policy, load_retention


def site_columns(site: Site) -> dict[str, object]:
    return {
        "id": site.id,
        "name": site.name,
        "url": site.url,
        "hosts": dump(sorted(site.hosts)),
        "platform": site.platform,
        "callback_url": site.callback_url,
        "signature_profile": site.signature_profile.value,
        "signature_header": site.signature_header,
        "policy": dump(site.policy),
        "akismet_key": site.akismet_key,
        "allowed_addresses": dump(sorted(site.allowed_addresses)),
        "source_addresses": dump(sorted(site.source_addresses)),
        "langs": dump(site.langs),
        "has_feed": int(site.has_feed),
        "retention": dump(site.retention),
    }


def _pairs(stored: str) -> frozenset[tuple[str, int]]:
    return frozenset((ip, port) for ip, port in json.loads(stored))


def site_of(
    row: Row[*tuple[Any, ...]], secrets: tuple[Secret, ...], client_keys: tuple[str, ...]
) -> Site:
    return Site(
        id=row.id,
        name=row.name,
        url=row.url,
        hosts=frozenset(json.loads(row.hosts)),
        platform=row.platform,
        callback_url=row.callback_url,
        signature_profile=SignatureProfile(row.signature_profile),
        signature_header=row.signature_header,
        secrets=secrets,
        policy=load_policy(row.policy) if row.policy else Policy(),
        akismet_key=row.akismet_key,
        client_keys=client_keys,
        allowed_addresses=_pairs(row.allowed_addresses),
        source_addresses=_pairs(row.source_addresses),
        langs=load_names(row.langs),
        has_feed=bool(row.has_feed),
        retention=load_retention(row.retention),
    )
