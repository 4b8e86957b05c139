"""Do public blocklists name a domain of this submission? Asked only where an operator named lists.

A listing holds; with another sign it is spam. A list that does not answer holds nothing.
"""

from collections.abc import Sequence

from moderator.domain.check import Context, RemoteTools
from moderator.domain.content.facts import Facts
from moderator.domain.finding import Finding, Signal
from moderator.domain.ports import BlocklistAnswer, BlocklistStatus
from moderator.domain.submission import Submission
from moderator.domain.urls.addresses import host_of, read_address
from moderator.domain.urls.hosts import registrable

NAME = "dns_blocklist"
MAX_HOSTS = 10
LISTED = 0.7


class DnsBlocklist:
    name = NAME

    def applies(self, submission: Submission, context: Context) -> bool:
        return bool(foreign_domains(context.about(submission), context.site.hosts))

    async def run(self, submission: Submission, context: Context, tools: RemoteTools) -> Finding:
        if tools.blocklists is None:
            return Finding(NAME, Signal.NEUTRAL, "No DNS blocklist is named in the settings")
        domains = foreign_domains(context.about(submission), context.site.hosts)[:MAX_HOSTS]
        return _finding(await tools.blocklists.ask(domains))


def foreign_domains(facts: Facts, own_hosts: frozenset[str]) -> list[str]:
    """The registrable domains it names that are not the blog's own, in order; no addresses."""
    hosts = [page.host for page in facts.pages]
    if not hosts:
        return []
    own = {registrable(host_of(host)) for host in own_hosts}
    domains = (registrable(host) for host in hosts if "." in host and read_address(host) is None)
    return [domain for domain in dict.fromkeys(domains) if domain not in own]


def _finding(answers: Sequence[BlocklistAnswer]) -> Finding:
    listed = [answer for answer in answers if answer.listing is BlocklistStatus.LISTED]
    unknown = [answer for answer in answers if answer.listing is BlocklistStatus.UNKNOWN]
    if listed:
        first = listed[0]
        return Finding(
            NAME,
            Signal.SUSPECT,
            f"{first.host} is on the blocklist {first.zone}",
            code="host_listed",
            weight=LISTED,
            evidence={"listed": [_line(answer) for answer in listed]},
        )
    if unknown:
        first = unknown[0]
        return Finding(
            NAME,
            Signal.UNAVAILABLE,
            f"The blocklist {first.zone} gave no answer: {first.detail}",
            code="blocklist_unavailable",
            evidence={"zones": list(dict.fromkeys(answer.zone for answer in unknown))},
        )
    return Finding(NAME, Signal.NEUTRAL, "No blocklist names a domain of it")


def _line(answer: BlocklistAnswer) -> dict[str, object]:
    return {"host": answer.host, "zone": answer.zone, "codes": list(answer.codes)}
