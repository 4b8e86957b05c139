"""What did people here decide about the hosts that this names: its links, author's page, source?

A link is not spam, and a host that nobody decided about is no reason for anything. A known one adds
to other signs; alone it can hold, never condemn. The text model learned from the same decisions, so
host and text together condemn only where the text reads like spam without any doubt.
"""

from collections.abc import Mapping

from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.reputation import CLEAR, FORGOTTEN, Reputation, is_welcome
from moderator.domain.submission import Submission

NAME = "host_reputation"
WELCOME = -0.2
ONCE_SPAM = 0.3
OFTEN_SPAM = 0.5
OFTEN = 2.5  # decisions, after decay
NO_DOUBT = 0.9  # probability of a text from which its host may condemn it
THRESHOLD_MARGIN = 0.05  # by which host and a doubtful text stop short of the spam threshold
NO_HOST = Finding(NAME, Signal.NEUTRAL, "Names no host that could have a reputation")


class HostReputation:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        hosts = context.hosts
        if not hosts:
            return NO_HOST
        worst = max(hosts, key=lambda host: _badness(hosts[host]))
        if _badness(hosts[worst]) >= FORGOTTEN:
            return _suspect(worst, hosts, _room(context))
        known = [host for host, past in hosts.items() if is_welcome(past)]
        if len(known) == len(hosts):
            reason = f"People here approved what names {known[0]} ({hosts[known[0]]})"
            return _finding(Signal.HAM, "host_approved", reason, hosts, WELCOME)
        unknown = next(host for host in hosts if host not in known)
        past = hosts[unknown]
        says = f"was decided about both ways ({past})" if past.since else "was never seen here"
        return _finding(Signal.NEUTRAL, "", f"The host {unknown} {says}", hosts, 0.0)


def _room(context: Context) -> float:
    """The most that a host may weigh beside this text."""
    score = context.text_score
    if score is None or score.probability >= NO_DOUBT:
        return OFTEN_SPAM  # policy keeps what cannot be read from becoming spam
    return max(0.0, round(context.site.policy.spam_at - THRESHOLD_MARGIN - score.probability, 4))


def _suspect(host: str, hosts: Mapping[str, Reputation], room: float) -> Finding:
    past = hosts[host]
    reason = f"People here called what names {host} spam ({past})"
    if past.spam_now >= OFTEN:
        return _finding(Signal.SUSPECT, "host_often_spam", reason, hosts, min(OFTEN_SPAM, room))
    return _finding(Signal.SUSPECT, "host_spam", reason, hosts, min(ONCE_SPAM, room))


def _badness(past: Reputation) -> float:
    """What counts against a host; nothing where people decided both ways."""
    return past.spam_now if past.spam_now >= CLEAR * past.approved_now else 0.0


def _finding(
    signal: Signal, code: str, reason: str, hosts: Mapping[str, Reputation], weight: float
) -> Finding:
    evidence: dict[str, object] = {
        "hosts": {host: str(past) for host, past in hosts.items() if past.since}
    }
    return Finding(NAME, signal, reason, code=code, weight=weight, evidence=evidence)
