"""Fits what facts without words weigh (domain/weights.py) on comments of real blogs.

Usage: python -m benchmarks.fit_facts [FOLDER] [--write]. The folder holds fresh_dev.jsonl. What all
other checks say stays as it is; a logistic curve over the score, steepest where a comment is held,
is fitted on the facts beside it, each blog counting by the root of its comments. Printed: the
weights of all blogs, and what those of the other folds would do on the blogs left out.

Each weight has bounds: its sign, and for a stranger's page that it waits on a blog where nobody
decided about any yet and passes where people approved a few; what is rare in these rows keeps a
little weight whatever they say.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.blogs import Blog, blogs, folds, judged
from moderator.checks import local
from moderator.domain import weights as stored
from moderator.domain.policy import Mode
from moderator.domain.weights import WEIGHTS
from moderator.judgement.text.model import shared_model
from moderator.judgement.training.measures import Share
from moderator.usecases.offline.stream import StreamVerdict

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"
HOLD = 0.4
STEEP = 8.0  # of the curve: how much surer a tenth of the score makes
SPAM_COUNTS = 4.0  # times as much as an honest comment
SHRINK = 0.001
STEPS, RATE = 4_000, 0.05
BOUNDS = {
    "known": (-0.6, -0.5),  # a text that shouts is held all the same
    "page": (0.5, 0.55),
    "page_record": (0.2, 0.25),
    "page_portal": (0.1, 0.4),
    "page_nowhere": (0.1, 0.4),
    "link": (0.05, 0.3),
    "link_record": (0.05, 0.15),
    "one_word": (0.1, 0.4),
}
USUAL = (0.05, 0.4)  # none is 0: what it says could not be told from its weight any more
KNOWN = frozenset({"approved_before", "published_before"})
NAMES = tuple(WEIGHTS)

Floats = NDArray[np.float64]


def fact_of(one: StreamVerdict) -> list[float]:
    """How many times each fact counts in a judgement."""
    found = {finding.check: finding.weight for finding in one.findings}
    known = any(finding.code in KNOWN for finding in one.findings)
    return [known if n == "known" else found.get(n, 0.0) / WEIGHTS[n] for n in NAMES]


def beside(one: StreamVerdict) -> float:
    """The score without the facts."""
    return sum(
        finding.weight
        for finding in one.findings
        if finding.check not in WEIGHTS and finding.code not in KNOWN
    )


def table(many: Sequence[Blog], mode: Mode) -> tuple[Floats, Floats, Floats, list[str]]:
    """Facts, scores beside them, labels (1: spam) and blogs, a row per comment."""
    model = shared_model()
    facts, scores, labels, names = [], [], [], []
    for blog in many:
        for row, _, one in judged(blog, local(WEIGHTS), model, mode):
            facts.append(fact_of(one))
            scores.append(beside(one))
            labels.append(float(row["label"] == "spam"))
            names.append(blog.name)
    return np.array(facts), np.array(scores), np.array(labels), names


def fit(facts: Floats, scores: Floats, labels: Floats, shares: Floats) -> Floats:
    """The weights, by projected gradient: the loss is convex, the bounds are a box."""
    low, high = np.array([BOUNDS.get(name, USUAL) for name in NAMES]).T
    weights = np.clip(np.zeros(len(NAMES)), low, high)
    for _ in range(STEPS):
        odds = STEEP * (scores + facts @ weights - HOLD)
        wrong = shares * (1 / (1 + np.exp(-odds)) - labels)
        slope = STEEP * facts.T @ wrong + 2 * SHRINK * weights
        weights = np.clip(weights - RATE * slope, low, high)
    return weights


def shares_of(labels: Floats, names: Sequence[str]) -> Floats:
    """How much each comment counts."""
    _, places, counts = np.unique(np.array(names), return_inverse=True, return_counts=True)
    shares = np.where(labels > 0, SPAM_COUNTS, 1.0) / np.sqrt(counts[places])
    return np.asarray(shares / shares.sum())


def of_other_folds(many: Sequence[Blog], mode: Mode) -> tuple[Floats, list[Floats], str]:
    """The weights of all blogs, those without each fold, and what the latter do on it."""
    facts, scores, labels, names = table(many, mode)
    shares, fold = shares_of(labels, names), folds(many)
    places = np.array([fold[name] for name in names])
    found, held = [], np.zeros(len(labels), dtype=bool)
    for left_out in range(max(places) + 1):
        seen = places != left_out
        weights = fit(facts[seen], scores[seen], labels[seen], shares[seen] / shares[seen].sum())
        held[~seen] = (scores + facts @ weights >= HOLD)[~seen]
        found.append(weights)
    ham = Share(int(held[labels == 0].sum()), int((labels == 0).sum()))
    through = Share(int((~held)[labels == 1].sum()), int((labels == 1).sum()))
    return fit(facts, scores, labels, shares), found, f"held {ham}, let through {through}"


def named(weights: Floats) -> dict[str, float]:
    return {name: round(float(weight), 2) for name, weight in zip(NAMES, weights, strict=True)}


def write(weights: Mapping[str, float], path: Path) -> None:
    """Replace each number of the table."""
    text = path.read_text(encoding="utf-8")
    for name, weight in weights.items():
        text = re.sub(rf'("{name}": )-?[0-9.]+', rf"\g<1>{weight}", text)
    path.write_text(text, encoding="utf-8")


def main() -> int:
    given = [argument for argument in sys.argv[1:] if argument != "--write"]
    path = (Path(given[0]) if given else FOLDER) / "fresh_dev.jsonl"
    if not path.exists():
        print(f"SKIPPED: there is no {path.name} in {path.parent}")
        return 0
    everyone, without, says = of_other_folds(blogs(path), Mode.CAREFUL)
    for place, weights in enumerate(without):
        print(f"without fold {place}: {named(weights)}")
    print(f"blogs left out: {says}\nall blogs: {named(everyone)}")
    if "--write" in sys.argv:
        write(named(everyone), Path(str(stored.__file__)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
