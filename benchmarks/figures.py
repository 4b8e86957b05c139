"""Turns measurements into lines: median, smallest and largest of the rounds, and their ratios."""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.course import COURSES, Taken

Key = tuple[str, str, str]  # database, course, tree
All = Mapping[Key, Sequence[Taken]]
Of = Callable[[Taken], float]
# What should stay flat, and what a room costs more: a figure of one course over that of another.
WITHIN: tuple[tuple[str, str, str, Of], ...] = (
    ("CPU: wave / plain", "wave", "plain", lambda one: one.micros),
    ("CPU: links / plain", "links", "plain", lambda one: one.micros),
    ("p50 at 10/s: 10^5 stored / 10^3", "10/s, 10^5 stored", "10/s, 10^3 stored",
     lambda one: one.p50),
    ("CPU: 10^6 stored / 10^4", "10^6 stored", "10^4 stored", lambda one: one.micros),
)  # fmt: skip
CALM = frozenset(course.name for course in COURSES if course.rate)


@dataclass(frozen=True, slots=True)
class Spread:
    """Of the rounds of one figure; all NaN when there was none."""

    low: float
    median: float
    high: float

    def shown(self, digits: int = 0) -> str:
        if math.isnan(self.median):
            return "-"
        low, middle, high = (f"{value:,.{digits}f}" for value in (self.low, self.median, self.high))
        return middle if low == high else f"{middle} ({low} to {high})"

    def recorded(self) -> list[float]:
        """For JSON, which has no NaN: empty when there was none."""
        known = not math.isnan(self.median)
        return [round(value, 3) for value in (self.low, self.median, self.high)] if known else []


def spread(values: Iterable[float]) -> Spread:
    known = [value for value in values if not math.isnan(value)]
    if not known:
        return Spread(math.nan, math.nan, math.nan)
    return Spread(min(known), statistics.median(known), max(known))


def ratio(over: Sequence[Taken], under: Sequence[Taken], of: Of) -> Spread:
    """Of what was measured one after the other in each round: what disturbs both cancels out."""
    pairs = ((of(one), of(other)) for one, other in zip(over, under, strict=False))
    return spread(one / other if other else math.nan for one, other in pairs)


@dataclass(frozen=True, slots=True)
class Column:
    """A figure of each tree, and how many times better the first tree is than the second."""

    name: str
    of: Of
    digits: int = 0
    is_better_when_more: bool = False
    is_for_calm: bool | None = None  # None: for every course

    def cells(self, course: str, takes: Sequence[Sequence[Taken]]) -> list[str]:
        if not self.counts(course):
            return ["-"] * (len(takes) + (len(takes) > 1))
        shown = [spread(map(self.of, rounds)).shown(self.digits) for rounds in takes]
        return [*shown, self.gain(takes).shown(2)] if len(takes) > 1 else shown

    def counts(self, course: str) -> bool:
        """Whether the figure says something about a course."""
        return self.is_for_calm is None or self.is_for_calm == (course in CALM)

    def gain(self, takes: Sequence[Sequence[Taken]]) -> Spread:
        this, other = takes
        return (
            ratio(this, other, self.of) if self.is_better_when_more else ratio(other, this, self.of)
        )


COLUMNS = (
    Column("CPU µs", lambda one: one.micros),
    Column("per second", lambda one: one.rate, is_better_when_more=True, is_for_calm=False),
    Column("p50 ms", lambda one: one.p50, 1, is_for_calm=True),
    Column("p99 ms", lambda one: one.p99, 1, is_for_calm=True),
)


def lines(taken: All, trees: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """Markdown: a table per database, then what one course costs over another."""
    found: list[str] = []
    for kind in dict.fromkeys(key[0] for key in taken):
        found += [f"## {names[kind]}", "", *_table(taken, kind, trees), ""]
        if within := _within(taken, kind, trees):
            found += [*within, ""]
    return found


def _table(taken: All, kind: str, trees: Sequence[str]) -> list[str]:
    courses = list(dict.fromkeys(key[1] for key in taken if key[0] == kind))
    columns = [column for column in COLUMNS if any(map(column.counts, courses))]
    heads = [""]
    for column in columns:
        heads += [f"{column.name}, {tree}" for tree in trees] if len(trees) > 1 else [column.name]
        heads += ["times better"] if len(trees) > 1 else []
    heads += ["lost", "others at most"]
    rows = []
    for course in courses:
        takes = [taken[kind, course, tree] for tree in trees]
        cells = [cell for column in columns for cell in column.cells(course, takes)]
        lost = " / ".join(str(sum(one.lost for one in rounds)) for rounds in takes)
        others = max(one.others for rounds in takes for one in rounds)
        rows.append([course, *cells, lost, f"{others:.0%}"])
    return table([heads, *rows])


def _within(taken: All, kind: str, trees: Sequence[str]) -> list[str]:
    rows = []
    for name, over, under, of in WITHIN:
        if (kind, over, trees[0]) in taken and (kind, under, trees[0]) in taken:
            found = [ratio(taken[kind, over, t], taken[kind, under, t], of) for t in trees]
            rows.append([name, *(one.shown(2) for one in found)])
    return table([["", *trees], *rows]) if rows else []


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    head, *others = rows
    ruled = [head, ["---"] + ["---:"] * (len(head) - 1), *others]
    return ["| " + " | ".join(row) + " |" for row in ruled]


def recorded(taken: All) -> list[dict[str, object]]:
    """Everything, for JSON: each round, and the spread of each figure."""
    return [
        {
            "database": kind, "course": course, "tree": tree,
            "figures": {
                column.name: spread(map(column.of, rounds)).recorded() for column in COLUMNS
            },
            "rounds": [_round(one) for one in rounds],
        }
        for (kind, course, tree), rounds in taken.items()
    ]  # fmt: skip


def _round(one: Taken) -> dict[str, object]:
    return {
        "sent": one.sent,
        "done": one.done,
        "seconds": round(one.seconds, 3),
        "cpu_us": {n: round(spent / max(1, one.done) * 1e6, 1) for n, spent in one.cpu.items()},
        "generator_us": round(one.generator / max(1, one.sent) * 1e6, 1),
        "p50_ms": spread([one.p50]).recorded()[:1],
        "p99_ms": spread([one.p99]).recorded()[:1],
        "others": round(one.others, 3),
        "statuses": dict(one.statuses),
    }
