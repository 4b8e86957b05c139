"""What people decide the same way again and again: proposed as rules, out of facts alone.

A host, a mail domain, a mail address, or a network says who sends and where it leads, never what
somebody thinks: no word, no name and no phrase is ever proposed, so that no opinion can become
spam by what others of its kind were called. What is said again and again in like words is a
campaign, and decided as one.

Only refusals are proposed. Who was approved again and again is known by that already, and a trust
that would hold back less is for people to name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from ipaddress import ip_network

from moderator.domain.answering.tally import interval
from moderator.domain.content.facts import Facts
from moderator.domain.history.record import PastSubmission
from moderator.domain.lists.mentions import USUAL_MAIL
from moderator.domain.rule import EARNED_AMONG, EARNED_SHARE
from moderator.domain.rules.scopes import hosts_of, is_everybodys
from moderator.domain.urls.addresses import is_public, read_address
from moderator.domain.verdict import VERDICT_OF_STATUS, Verdict

ENOUGH = 20  # decisions of people about it, below which nothing is proposed
MIN_DAYS = 3  # on which such came: one flood is one decision, whatever its size
KEPT = 5  # examples of a kind
MAX_PROPOSALS = 30
EXPLAINED = 0.9  # of what one catches that another catches too: they say the same
NETWORK_BITS = {4: 24, 6: 48}  # of an address that are the network's: whom one provider serves
REFUSED = frozenset({Verdict.SPAM, Verdict.DISCARD})


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that a rule might have. `right` and `wrong` count what people refused and approved;
    `days` those on which such came. `right_ids` and `wrong_ids` are the newest of each.
    """

    entry: str
    right: int
    wrong: int
    days: int
    right_ids: tuple[str, ...]
    wrong_ids: tuple[str, ...]

    @property
    def decided(self) -> int:
        return self.right + self.wrong

    @property
    def interval(self) -> tuple[float, float]:
        """The shares between which people's agreement lies, by 95 %."""
        return interval(self.right, self.decided)

    @property
    def action(self) -> Verdict:
        """What such a rule may do: what is not earned raises suspicion, and no more."""
        is_enough = self.decided >= EARNED_AMONG
        is_earned = is_enough and self.right >= EARNED_SHARE * self.decided
        return Verdict.SPAM if is_earned else Verdict.HOLD


@dataclass(slots=True)
class _Seen:
    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    days: set[date] = field(default_factory=set)


def entries_of_facts(facts: Facts, own_hosts: frozenset[str]) -> frozenset[str]:
    """What a submission brings that a learned rule may name, as people type it."""
    author = facts.submission.author
    return frozenset((*hosts_of(facts, own_hosts), *_mail(author.email), *_network(author.ip)))


def _mail(email: str) -> Iterator[str]:
    """The address, and its domain unless everybody has a mailbox there."""
    address = email.strip().lower()
    name, at, domain = address.rpartition("@")
    if at and name and domain:
        yield address
        if domain.partition(".")[0] not in USUAL_MAIL and not is_everybodys(domain):
            yield f"@{domain}"


def _network(ip: str) -> Iterator[str]:
    address = read_address(ip.strip())
    if address is not None and is_public(str(address)):
        network = ip_network((address, NETWORK_BITS[address.version]), strict=False)
        yield str(network)


def proposals(
    past: Iterable[PastSubmission], own_hosts: frozenset[str], known: frozenset[str]
) -> list[Proposal]:
    """The entries that people refuse again and again, those that catch most first.

    `past` is what people decided about, newest first; `known` are entries that rules or lists have
    already.
    """
    seen: dict[str, _Seen] = {}
    for one in past:
        verdict = VERDICT_OF_STATUS.get(one.status)
        if verdict is None or verdict is Verdict.HOLD or one.submission.author.is_staff:
            continue
        for entry in entries_of_facts(Facts(one.submission, own_hosts), own_hosts) - known:
            about = seen.setdefault(entry, _Seen())
            (about.right if verdict in REFUSED else about.wrong).append(one.submission.id)
            about.days.add(one.submission.received_at.date())
    return _different(seen)


def _different(seen: dict[str, _Seen]) -> list[Proposal]:
    """Those that are enough, without who catches only what another of them catches."""
    enough = {entry: about for entry, about in seen.items() if _is_enough(about)}
    found: dict[str, frozenset[str]] = {}
    order = sorted(enough, key=lambda entry: (-len(enough[entry].right), _breadth(entry), entry))
    for entry in order:
        caught = frozenset(enough[entry].right)
        is_said = any(len(caught & other) >= EXPLAINED * len(caught) for other in found.values())
        if not is_said and len(found) < MAX_PROPOSALS:
            found[entry] = caught
    return [_proposal(entry, enough[entry]) for entry in found]


def _breadth(entry: str) -> int:
    """Of those that catch the same the narrowest is meant: mailbox, host, mail domain, network."""
    if "/" in entry:
        return 3
    return 2 if entry.startswith("@") else 0 if "@" in entry else 1


def _is_enough(about: _Seen) -> bool:
    decided = len(about.right) + len(about.wrong)
    is_often = decided >= ENOUGH and len(about.days) >= MIN_DAYS
    return is_often and len(about.right) >= EARNED_SHARE * decided


def _proposal(entry: str, about: _Seen) -> Proposal:
    right, wrong = about.right, about.wrong
    days = len(about.days)
    examples = tuple(right[:KEPT]), tuple(wrong[:KEPT])
    return Proposal(entry, len(right), len(wrong), days, *examples)
