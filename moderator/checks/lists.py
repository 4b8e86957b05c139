"""Does the site's own denylist or allowlist name something of this submission?

What an entry means, its form says (domain/lists/reading.py). The blog's own people pass both.
"""

from collections.abc import Sequence

from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.lists.compiled import ListHit, compiled
from moderator.domain.lists.mentions import Mentions
from moderator.domain.submission import Submission

NAME = "lists"
DENIED = 1.0
ALLOWED = -0.5
SHOWN, TOLD = 5, 20  # entries in the reason, and in the evidence
NOTHING = Finding(NAME, Signal.NEUTRAL, "The site's lists name nothing of this")


class Lists:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        policy = context.site.policy
        if not (policy.denylist or policy.allowlist) or submission.author.is_staff:
            return NOTHING
        mentions = Mentions(context.about(submission))
        denied = compiled(policy.denylist).hits(mentions, in_disguise=True)
        if denied:
            return _found(Signal.SPAM, "denied", "denylist", denied, DENIED)
        allowed = compiled(policy.allowlist).hits(mentions, in_disguise=False)
        if allowed:
            return _found(Signal.HAM, "allowed", "allowlist", allowed, ALLOWED)
        return NOTHING


def _found(
    signal: Signal, code: str, which: str, hits: Sequence[ListHit], weight: float
) -> Finding:
    named = ", ".join(f"{hit.entry} (in the {hit.where})" for hit in hits[:SHOWN])
    return Finding(
        NAME,
        signal,
        f"The site's {which} names: {named}",
        code=code,
        weight=weight,
        evidence={
            "entries": [hit.entry for hit in hits[:TOLD]],
            "matches": [
                {"entry": hit.entry, "where": hit.where, "at": hit.at} for hit in hits[:TOLD]
            ],
        },
    )
