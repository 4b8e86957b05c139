"""Is it one of many alike comments, here and on other sites of the operator?

Repetition alone is not spam: people share petitions, and what repeats on one site is weighed by
`duplicate`. The same thing said on several sites raises suspicion, but
- with a text that would pass it stays below what holds, and with one that is not surely spam below
  what makes it spam: nothing is held for being reprinted;
- it weighs nothing beside a near text of this site, which `duplicate` weighs already.
Within a site many hands that say the same count where a machine shows: they name one host that
people here did not approve, or sit at one address.
What the text model cannot read is known by what it repeats only: in the site's own language long
texts that are alike are held where they lead to a host that people here did not approve.
"""

from datetime import datetime

from moderator.domain.check import Context, LanguageMatch
from moderator.domain.finding import Evidence, Finding, Signal
from moderator.domain.history.campaign import Campaign
from moderator.domain.submission import Submission

NAME = "campaign"
ACROSS = 0.2
UNREAD = 0.4  # what holds under the usual policy
THRESHOLD_MARGIN = (
    0.1  # by which it and the text stop short of a threshold: "said before" fits in too
)
NO_DOUBT = 0.9  # probability of a text from which this may condemn it
HANDS = 3  # that say the same: many
NAMED = 3  # hosts in the sentence
LONG = 60  # bytes: people say the same short things, and what is one ideograph is a word
ALONE = Finding(NAME, Signal.NEUTRAL, "No campaign of alike comments")


class InCampaign:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        campaign = context.campaign
        if campaign is None or not campaign.is_shown:
            return ALONE
        sites = len(campaign.shares)
        hosts = _hosts(campaign, context.site.id)
        evidence: Evidence = {
            "campaign_id": campaign.id,
            "members": campaign.members,
            "first_seen": campaign.first_seen.isoformat(),
            "sites": sites,
            "hosts": hosts,
        }
        reason = _sentence(campaign, sites, list(hosts), context.now)
        if context.reading is LanguageMatch.OWN and _leads_away(submission, context):
            return Finding(NAME, Signal.SUSPECT, reason, "campaign_unread", UNREAD, evidence)
        shows = _machine(submission, context, campaign)
        if shows:
            reason += f", from many hands {shows}"
            weight = min(ACROSS, _room_to_spam(context))
            return Finding(NAME, Signal.SUSPECT, reason, "campaign_machine", weight, evidence)
        if sites == 1:
            return Finding(NAME, Signal.NEUTRAL, reason, code=NAME, evidence=evidence)
        weight = min(ACROSS, _room(context))
        signal = Signal.SUSPECT if weight else Signal.NEUTRAL
        return Finding(NAME, signal, reason, "campaign_across", weight, evidence)


def _machine(submission: Submission, context: Context, campaign: Campaign) -> str:
    """What shows that many hands of this site are one machine's; '' where nothing does."""
    others = {sibling.author_key: sibling.address_key for sibling in context.siblings}
    facts = context.about(submission)
    others.pop(facts.author_key, None)
    others.pop("", None)
    if len(others) < HANDS - 1:
        return ""
    if list(others.values()).count(facts.address_key or "unknown") >= HANDS - 1:
        return "at one address"
    share = campaign.shares.get(context.site.id)
    counts = share.hosts if share else {}
    named = (host for host, past in context.hosts.items() if past.approved <= past.spam)
    host = next((host for host in named if counts.get(host, 0) >= HANDS), "")
    return f"that name {host}" if host else ""


def _room_to_spam(context: Context) -> float:
    """The most that it may weigh where a text is not surely spam."""
    score, policy = context.text_score, context.site.policy
    if score is None or score.probability >= NO_DOUBT:
        return ACROSS
    return max(0.0, round(policy.spam_at - THRESHOLD_MARGIN - score.probability, 4))


def _leads_away(submission: Submission, context: Context) -> bool:
    """Whether a long text names a host that people here did not approve."""
    if len(context.about(submission).words.encode()) < LONG:
        return False
    return any(past.approved <= past.spam for past in context.hosts.values())


def _room(context: Context) -> float:
    """The most that it may weigh beside this text and its near ones."""
    if any(sibling.similarity < 1 for sibling in context.siblings):
        return 0.0
    score, policy = context.text_score, context.site.policy
    if score is None or score.probability >= NO_DOUBT:
        return ACROSS  # policy keeps what cannot be read from becoming spam
    is_passing = score.weight < policy.hold_at
    limit = policy.hold_at if is_passing else policy.spam_at
    weighs = score.weight if is_passing else score.probability
    return max(0.0, round(limit - THRESHOLD_MARGIN - weighs, 4))


def _hosts(campaign: Campaign, site_id: str) -> dict[str, int]:
    """What the members on this site name, most often named first: others' are not its business."""
    share = campaign.shares.get(site_id)
    counts = share.hosts.items() if share else ()
    return dict(sorted(counts, key=lambda pair: (-pair[1], pair[0])))


def _sentence(campaign: Campaign, sites: int, hosts: list[str], now: datetime) -> str:
    since = f"{campaign.first_seen.day} {campaign.first_seen:%B}"
    if campaign.first_seen.year != now.year:
        since += f" {campaign.first_seen.year}"
    where = f" on {sites} sites" if sites > 1 else ""
    more = f" and {len(hosts) - NAMED} more" if len(hosts) > NAMED else ""
    naming = f", naming {', '.join(hosts[:NAMED])}{more}" if hosts else ""
    return f"One of {campaign.members} alike comments since {since}{where}{naming}"
