import numpy as np
import pytest

from moderator.commands.evaluate import table
from moderator.judgement.training.measures import (
    Row,
    Share,
    auc,
    by_group,
    copies,
    matthews,
    measures,
)


def gold(number: int, label: str, **more: object) -> Row:
    return {"id": str(number), "label": label, "source": "here", **more}


def said(number: int, verdict: str, score: float, **more: object) -> Row:
    return {"id": str(number), "verdict": verdict, "score": score, **more}


def test_wilsons_interval_is_never_empty_at_the_ends() -> None:
    low, high = Share(0, 100).interval
    assert (low, round(high, 4)) == (0.0, 0.037)
    assert Share(100, 100).interval == pytest.approx((0.963, 1.0), abs=1e-3)
    assert str(Share(0, 0)) == "-"


def test_what_was_not_predicted_was_let_through() -> None:
    groups = by_group([gold(1, "spam"), gold(2, "ham")], {"2": said(2, "hold", 0.5)})
    found = measures(groups["here"])
    assert found.let_through == Share(1, 1)
    assert found.ham_held == Share(1, 1)


def test_a_perfect_order_has_the_whole_area_and_ties_half() -> None:
    labels = np.array([False, False, True, True])
    assert auc(labels, np.array([0.1, 0.2, 0.3, 0.4])) == 1.0
    assert auc(labels, np.array([0.5, 0.5, 0.5, 0.5])) == 0.5
    assert auc(labels, np.array([0.9, 0.2, 0.3, 0.4])) == 0.5


def test_correlation_of_the_calls() -> None:
    labels = np.array([True, True, False, False])
    assert matthews(labels, labels) == 1.0
    assert matthews(labels, ~labels) == -1.0
    assert matthews(labels, np.zeros(4, dtype=bool)) == 0.0


def test_copies_are_measured_where_they_are_known() -> None:
    golds = [gold(1, "ham", dup_of=None), gold(2, "ham", dup_of="1"), gold(3, "ham", dup_of="1")]
    predictions = {
        "1": said(1, "approve", 0, dup_of=None),
        "2": said(2, "discard", 0, dup_of="1"),
        "3": said(3, "approve", 0, dup_of=None),
    }
    found = copies(by_group(golds, predictions)["ALL"])
    assert found is not None
    assert (found.precision, found.recall) == (Share(1, 1), Share(1, 2))
    assert "recall 0.5000" in table(golds, predictions)[-1]
    assert copies(by_group([gold(1, "ham")], {})["ALL"]) is None
