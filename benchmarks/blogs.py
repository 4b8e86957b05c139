"""Real blogs as sites of their own: their languages, their order, moderators who decide what waits.

Hosts that were made up under example.org and its like are domains of their own here.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from moderator.commands.judge import submission, time_of
from moderator.domain.check import LocalCheck
from moderator.domain.policy import Mode, Policy
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.domain.verdict import Verdict
from moderator.judgement.learning.stream_learner import StreamLearner
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import Model
from moderator.judgement.training.measures import Row
from moderator.usecases.offline.stream import Stream, StreamVerdict

MADE_UP = re.compile(r"\.example\.(net|org|com)\b")
HAN = re.compile("[\u4e00-\u9fff]")
# How detectors name what a blog in these languages is written in.
WITHIN = {"wuu": "zh", "yue": "zh", "jv": "id", "ms": "id", "bcl": "id", "zxx": ""}
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Blog:
    """`lang` is what its posts are written in, '' where that is not known."""

    name: str
    lang: str
    rows: tuple[Row, ...]

    @property
    def spam(self) -> int:
        return sum(row["label"] == "spam" for row in self.rows)


def blogs(path: Path) -> list[Blog]:
    """The blogs of a file of rows, each in its order."""
    groups: dict[str, list[Row]] = defaultdict(list)
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(MADE_UP.sub(r"-example.\1", line))
            groups[str(row["group"])].append(row)
    return [Blog(name, _language(rows), tuple(rows)) for name, rows in groups.items()]


def language(row: Row) -> str:
    said = str(row["lang"])
    return WITHIN.get(said, said)


def _language(rows: Sequence[Row]) -> str:
    """The language of the posts: by their titles where the script says it, else by the comments."""
    chinese = sum(HAN.search(str(row["post_title"])) is not None for row in rows)
    if 2 * chinese > len(rows):
        return "zh"
    named = Counter(lang for row in rows if (lang := language(row)))
    return named.most_common(1)[0][0] if named else ""


def folds(many: Sequence[Blog], number: int = FOLDS) -> dict[str, int]:
    """In which fold each blog is: those with much spam are spread first."""
    ordered = sorted(many, key=lambda blog: (-blog.spam, -len(blog.rows), blog.name))
    return {blog.name: place % number for place, blog in enumerate(ordered)}


def site_of(blog: Blog, mode: Mode) -> Site:
    """The blog as a site that declares its language."""
    return Site(
        id=blog.name,
        name=blog.name,
        url="",
        hosts=frozenset(),
        policy=Policy(mode=mode),
        langs=(blog.lang,) if blog.lang else (),
    )


def judged(
    blog: Blog, checks: tuple[LocalCheck, ...], model: Model, mode: Mode = Mode.USUAL
) -> Iterator[tuple[Row, Submission, StreamVerdict]]:
    """Each comment judged by what moderators decided of those before it that were held."""
    site = site_of(blog, mode)
    learner = StreamLearner(model)
    stream = Stream(site, checks, MemoryNearIndex(), Scorer(model, learner.layer_of))
    when = None
    for number, row in enumerate(blog.rows):
        when = time_of(row, when)
        each = submission({**row, "lang": ""}, site, number, when)
        (one,) = stream.judge([each], when)
        yield row, each, one
        if one.decision.verdict is Verdict.HOLD:
            verdict = Verdict.SPAM if row["label"] == "spam" else Verdict.APPROVE
            stream.learn(each, verdict, when)
            learner.told(each.text, verdict)
