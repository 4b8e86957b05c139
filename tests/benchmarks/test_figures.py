import math

import pytest

from benchmarks.course import COURSES, Course, Taken, at, interleaved
from benchmarks.figures import Spread, lines, ratio, recorded, spread
from benchmarks.load import BULK
from benchmarks.options import KINDS, Options
from benchmarks.tree import ROOT, Tree


def taken(cpu: float = 1.0, done: int = 1_000, **changes: object) -> Taken:
    given: dict[str, object] = {"sent": done, "done": done, "seconds": 2.0, "cpu": {"web": cpu}}
    return Taken(**(given | changes))  # type: ignore[arg-type]  # named by the test


def test_cpu_is_of_all_processes_and_per_submission() -> None:
    one = Taken(1_000, 1_000, 2.0, {"web": 0.5, "worker": 1.0, "postgres": 0.5})
    assert one.micros == pytest.approx(2_000)
    assert one.rate == pytest.approx(500)


def test_nothing_done_is_no_division_by_zero() -> None:
    assert taken(done=0, sent=5).micros == pytest.approx(1_000_000)
    assert taken(done=0, sent=5).lost == 5


def test_percentiles_are_of_what_was_sorted() -> None:
    assert [at((1.0, 2.0, 3.0, 40.0), share) for share in (0, 0.5, 0.99, 1)] == [1, 3, 40, 40]
    assert math.isnan(at((), 0.5))


def test_a_spread_is_smallest_median_largest() -> None:
    assert spread([3, 1, 2, math.nan]) == Spread(1, 2, 3)
    assert spread([3, 1, 2]).shown(1) == "2.0 (1.0 to 3.0)"
    assert spread([2]).shown() == "2"
    assert spread([]).shown() == "-"
    assert spread([]).recorded() == []


def test_ratios_compare_rounds_with_their_neighbours() -> None:
    slow, fast = [taken(4.0), taken(6.0), taken(9.0)], [taken(2.0), taken(2.0), taken(3.0)]
    assert ratio(slow, fast, lambda one: one.micros) == Spread(2, 3, 3)


def test_less_cpu_and_a_higher_rate_are_better() -> None:
    found = {
        ("normal", "plain", "new"): [taken(1.0, seconds=1.0)],
        ("normal", "plain", "old"): [taken(2.0, seconds=4.0)],
    }
    row = next(line for line in lines(found, ("new", "old"), KINDS) if line.startswith("| plain"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells == ["plain", "1,000", "2,000", "2.00", "1,000", "250", "4.00", "0 / 0", "0%"]


def test_what_should_stay_flat_is_told() -> None:
    found = {
        ("normal", "10/s, 10^3 stored", "new"): [taken(latencies=(10.0,))],
        ("normal", "10/s, 10^5 stored", "new"): [taken(latencies=(12.0,))],
    }
    assert "| p50 at 10/s: 10^5 stored / 10^3 | 1.20 |" in lines(found, ("new",), KINDS)


def test_one_tree_has_no_ratios() -> None:
    said = lines({("full", "plain", "new"): [taken()]}, ("new",), KINDS)
    assert said[0] == "## SQLite FULL"
    assert not any("times better" in line for line in said)


def test_the_record_has_every_round() -> None:
    (one,) = recorded({("full", "plain", "new"): [taken(1.0), taken(3.0)]})
    assert one["figures"]["CPU µs"] == [1_000, 2_000, 3_000]  # type: ignore[index]
    assert len(one["rounds"]) == 2  # type: ignore[arg-type]


def test_trees_take_turns_with_the_same_numbers() -> None:
    trees = [Tree(name, ROOT, ROOT) for name in "AB"]
    asked = []

    def measure(course: Course, tree: Tree, *, first: int) -> Taken:
        asked.append((course.name, tree.name, first))
        return taken()

    found = interleaved(COURSES[:2], trees, 2, measure)
    assert "".join(tree for _, tree, _ in asked) == "ABABABAB"
    assert [first for *_, first in asked[::2]] == [first for *_, first in asked[1::2]]
    assert len({first for *_, first in asked}) == 4
    assert {key: len(rounds) for key, rounds in found.items()} == {
        (course.name, tree): 2 for course in COURSES[:2] for tree in "AB"
    }


@pytest.mark.parametrize("course", COURSES, ids=[course.name for course in COURSES])
def test_a_course_sends_whole_bulks_and_something_even_when_short(course: Course) -> None:
    assert course.count(0.01) > 0
    assert course.count(4) % (BULK if course.is_bulk else 1) == 0


def test_rooms_are_measured_where_it_matters() -> None:
    assert Options().kinds("plain") == ("normal",)
    assert Options().kinds("decision") == ("full", "normal", "postgres")
    assert Options(databases=("postgres",)).kinds("plain") == ("postgres",)
    only_wave = Options(rooms=("wave",))
    assert [course.name for course in only_wave.courses("normal")] == ["wave"]
    assert only_wave.courses("full") == []


def test_an_unknown_room_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOMS", "plain,kitchen")
    with pytest.raises(SystemExit, match="kitchen"):
        Options.given()
    monkeypatch.setenv("ROOMS", "plain, wave")
    assert Options.given().rooms == ("plain", "wave")
    assert not Options.given().is_whole
