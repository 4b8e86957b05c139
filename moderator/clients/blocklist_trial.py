"""Asks DNS blocklists about what each must list and what none may (RFC 5782, 5)."""

import asyncio
from collections.abc import Mapping, Sequence

from moderator.clients.dns_blocklists import NEVER_LISTED, DnsBlocklists, SilentError, without_key
from moderator.domain.errors import SettingsError
from moderator.domain.pages.health import ListReport

# By what is shown, what is asked: addresses stand in a list's zone backwards.
ENTRIES: Mapping[str, str] = {
    "127.0.0.2": "2.0.0.127",
    "test": "test",
    "127.0.0.1": "1.0.0.127",
    NEVER_LISTED: NEVER_LISTED,
}


async def try_lists(
    zones: Sequence[str], resolvers: Sequence[tuple[str, int]] = ()
) -> list[ListReport]:
    """All at once; takes as long as one question may."""
    try:
        lists = DnsBlocklists(zones, resolvers)
    except SettingsError as error:
        return [ListReport(without_key(zone), silence=str(error)) for zone in zones]
    return list(await asyncio.gather(*(_try(lists, zone) for zone in zones)))


async def _try(lists: DnsBlocklists, zone: str) -> ListReport:
    asked = [lists.codes(name, zone) for name in ENTRIES.values()]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    silent = [answer for answer in answers if isinstance(answer, SilentError)]
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, SilentError):
            raise answer
    pairs = zip(ENTRIES, answers, strict=True)
    return ListReport(
        without_key(zone),
        listed=frozenset(entry for entry, answer in pairs if isinstance(answer, tuple) and answer),
        refusal=next((one.code for one in silent if one.code), ""),
        silence=str(silent[0]) if silent else "",
    )
