"""Does a link look like a trick: a hidden host, a bare address, letters that pass for others?"""

from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.links.shape import judge_shape
from moderator.domain.ports import Fate
from moderator.domain.submission import Submission

NAME = "link_shape"
ONE = 0.2
AT_MOST = 0.35  # a trick adds to other signs; alone it does not even hold
NOTHING = Finding(NAME, Signal.NEUTRAL, "No link looks like a trick")


class LinkShape:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        fates = [judge_shape(link, context.site) for link in context.about(submission).links]
        tricks = [fate for fate in fates if fate is not None and fate.fate is Fate.SUSPICIOUS]
        if not tricks:
            return NOTHING
        return Finding(
            NAME,
            Signal.SUSPECT,
            f"A link looks like a trick: {tricks[0].detail}",
            code="suspicious_link",
            weight=min(AT_MOST, ONE * len(tricks)),
            evidence={"links": [{"url": trick.url, "detail": trick.detail} for trick in tricks]},
        )
