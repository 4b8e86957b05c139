"""Runs the courses of all rooms that were asked for, with one tree or with two in turn."""

from collections.abc import Sequence
from functools import partial

from benchmarks.course import Course, Taken, interleaved, take
from benchmarks.figures import Key
from benchmarks.options import BUSY, KINDS, Options, say
from benchmarks.shelf import Shelf
from benchmarks.tree import Tree

AGAIN = 500_000  # other numbers than those that were sent already


def measure(
    trees: Sequence[Tree], options: Options, shelf: Shelf, *, without: frozenset[str] = frozenset()
) -> dict[Key, list[Taken]]:
    """Every course on every database, `without` some rooms."""
    found: dict[Key, list[Taken]] = {}
    for kind in options.databases:
        courses = [c for c in options.courses(kind) if c.room not in without]
        one = partial(_take, kind, shelf, options.seconds)
        for group in _groups(courses):
            taken = interleaved(group, trees, options.rounds, one)
            found |= {(kind, *key): rounds for key, rounds in taken.items()}
            for course in group:
                for tree in trees:
                    shelf.forget(tree, kind, course.stored)
    return found


def _groups(courses: Sequence[Course]) -> list[list[Course]]:
    """Courses in turn; floods on filled databases apart: large ones shall not lie here long."""
    filled = [course for course in courses if course.stored and not course.rate]
    return [group for group in ([c for c in courses if c not in filled], filled) if group]


def _take(
    kind: str, shelf: Shelf, seconds: float, course: Course, tree: Tree, *, first: int
) -> Taken:
    try:
        found = take(course, tree, kind, shelf, seconds=seconds, first=first)
    except (OSError, TimeoutError) as error:  # half an hour shall not hang on a port that was taken
        say(f"{course.name}, {tree.name}: {error}; once more")
        found = take(course, tree, kind, shelf, seconds=seconds, first=first + AGAIN)
    note = f" (others took {found.others:.0%} of the machine)" if found.others > BUSY else ""
    what = f"p50 {found.p50:.1f} ms" if course.rate else f"{found.rate:,.0f}/s"
    lost = f", {found.lost} lost" if found.lost else ""
    say(f"{KINDS[kind]}, {course.name}, {tree.name}: {found.micros:,.0f} µs, {what}{lost}{note}")
    return found
