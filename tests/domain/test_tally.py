"""How often the Akismet door was right is said with what is not known."""

import pytest

from moderator.domain.answering.tally import Line, added, interval


def test_false_positives_are_counted_among_genuine_comments() -> None:
    line = Line(202603, "a.example", 100, spam=90, ham=10, missed_spam=2, false_positives=1)
    assert line.genuine == 9
    assert line.accuracy == 97.0


def test_nothing_told_is_no_accuracy() -> None:
    assert Line(202603, "a.example", 3).accuracy is None


def test_lines_are_added_up() -> None:
    one = Line(202602, "a.example", 5, 2, 3, 1, 0)
    two = Line(202603, "b.example", 7, 4, 3, 0, 1)
    assert added([one, two]) == Line(0, "", 12, 6, 6, 1, 1)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [  # Wilson's intervals, by the table in Brown, Cai and DasGupta (2001) and by hand
        (0, 10, 0.0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_a_share_has_an_interval(part: int, whole: int, low: float, high: float) -> None:
    assert list(interval(part, whole)) == pytest.approx([low, high], abs=1e-4)
