"""`make evaluate`: judges every development row with a model that never saw its source.

Usage: python -m benchmarks.evaluate_judgement [FOLDER] [--anew]. The folder holds dev.jsonl and
the challenge files; without it nothing is measured, and the program says so. Models that were
trained before are used again (.evaluation), unless --anew is given.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks import histories
from moderator.checks import LOCAL
from moderator.commands.evaluate import rows, table
from moderator.commands.judge import answers, id_of
from moderator.commands.train import gather, train
from moderator.domain.check import TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.site import Site
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import Model, load, save
from moderator.judgement.training.measures import Row
from moderator.usecases.offline.stream import Stream

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
CACHE = ROOT / ".evaluation"
CHALLENGES = ("linked_ham", "obfuscated_spam", "padded_spam", "dup_stream")
# What a challenge row was made of stands in its id.
ORIGINS = {
    "-Psy:": "youtube_Psy",
    "-KatyPerry:": "youtube_KatyPerry",
    "-LMFAO:": "youtube_LMFAO",
    "civil": "civil_comments_dev",
    "polis": "polis",
}
POLITICAL = ("ucc_globeandmail_val", "polis", "civil_comments_dev")
LONG = 300


def origin(row: Row) -> str:
    """The training source a row comes from; '' if it comes from none."""
    if row["source"] in ORIGINS.values():
        return str(row["source"])
    return next((name for mark, name in ORIGINS.items() if mark in str(row["id"])), "")


class Unseen:
    """A text judge that asks, for each text, the model that was trained without its source."""

    def __init__(self, models: dict[str, Model], origins: dict[str, str]) -> None:
        self._scorers = {name: Scorer(model) for name, model in models.items()}
        self._origins = origins

    def score(self, many: Sequence[Facts]) -> list[TextScore]:
        groups: dict[str, list[int]] = defaultdict(list)
        for place, each in enumerate(many):
            groups[self._origins[each.submission.id]].append(place)
        scores: dict[int, TextScore] = {}
        for name, places in groups.items():
            found = self._scorers[name].score([many[place] for place in places])
            scores.update(zip(places, found, strict=True))
        return [scores[place] for place in range(len(many))]

    def explain(self, many: Sequence[tuple[Facts, TextScore]]) -> list[TextScore]:
        return [score for _, score in many]  # verdicts count here, not why


def models(training: list[Row], *, anew: bool) -> dict[str, Model]:
    """One model per training source, without it, and ('') one of all."""
    CACHE.mkdir(exist_ok=True)
    found = {}
    for source in ["", *sorted(set(ORIGINS.values()))]:
        path = CACHE / f"without-{source or 'nothing'}.npz"
        if anew or not path.exists():
            samples = gather(training, frozenset({source} - {""}))
            save(train(samples, f"without {source or 'nothing'}"), path)
            print("trained", path.name, len(samples), flush=True)
        found[source] = load(path)
    return found


def judged(golds: list[Row], found: dict[str, Model]) -> dict[str, Row]:
    """Predictions of a stream by row id, each source a site of its own."""
    predictions: dict[str, Row] = {}
    by_source: dict[str, list[Row]] = defaultdict(list)
    for gold in golds:
        by_source["all" if "dup_of" in gold else str(gold["source"])].append(gold)
    for source, group in by_source.items():
        site = Site(id=source, name=source, url="", hosts=frozenset())
        origins = {id_of(number): origin(row) for number, row in enumerate(group)}
        stream = Stream(site, LOCAL, MemoryNearIndex(), Unseen(found, origins))
        for line in answers(stream, site, group, 500):
            answer = json.loads(line)
            predictions[answer["id"]] = answer
    return predictions


def report(folder: Path, *, anew: bool) -> list[str]:
    dev = rows(folder / "dev.jsonl")
    found = models(dev, anew=anew)
    unique = [row for row in dev if not row.get("rep")]
    predictions = judged(unique, found)
    lines = ["## dev.jsonl, every source judged by a model trained without it", ""]
    lines += table(unique, predictions)
    videos = [row for row in unique if str(row["source"]).startswith("youtube")]
    lines += ["", "### Unseen videos together", "", *table(videos, predictions)[:3]]
    political = [row for row in unique if row["source"] in POLITICAL]
    lines += ["", "### Political ham together", "", *table(political, predictions)[:3]]
    long = [row for row in political if len(str(row["text"])) >= LONG]
    lines += ["", f"### Political ham of {LONG} characters and more", ""]
    lines += table(long, predictions)[:3]
    for name in CHALLENGES:
        golds = rows(folder / f"challenge_{name}.jsonl")
        lines += ["", f"## challenge_{name}.jsonl", "", *table(golds, judged(golds, found))]
    fresh = folder / "fresh_dev.jsonl"
    return [
        *lines,
        "",
        *(histories.report(fresh) if fresh.exists() else [f"SKIPPED: no {fresh.name}"]),
    ]


def main() -> int:
    named = [argument for argument in sys.argv[1:] if argument != "--anew"]
    folder = Path(named[0]) if named else ROOT.parent / "shared" / "data"
    if not (folder / "dev.jsonl").exists():
        print(f"SKIPPED: there is no dev.jsonl in {folder}")
        return 0
    started = time.monotonic()
    lines = report(folder, anew="--anew" in sys.argv)
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = "\n".join(["# Judgement", "", *lines, ""])
    (RESULTS / "judgement.md").write_text(text, encoding="utf-8")
    print(text, f"\n{time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
