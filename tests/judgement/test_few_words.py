"""What few words teach: that they were spam of one says little of them."""

import pytest

from moderator.domain.verdict import Verdict
from moderator.judgement.learning.teaching import HELD_ODDS, lesson, relearn
from moderator.judgement.text.features import features
from moderator.judgement.text.model import shared_model

SPAM = Verdict.SPAM


def odds(said: str, *lessons: Verdict) -> float:
    """Of a text of which people said this, one after the other."""
    taught = [
        lesson(f"{at:04x}", said, is_spam=verdict is SPAM) for at, verdict in enumerate(lessons)
    ]
    found = features([said])
    layer = relearn(taught, shared_model())
    return float((shared_model().log_odds(found) + layer.score(found))[0])


@pytest.mark.parametrize("said", ["nice", "Great article!", "Thank you for sharing this!"])
def test_what_was_spam_of_two_is_not_held_of_others(said: str) -> None:
    """It was the page that stood beside it; many who mean the words are heard."""
    assert odds(said, SPAM, SPAM) < HELD_ODDS
    assert odds(said) < odds(said, SPAM) < odds(said, *[SPAM] * 8)


def test_what_is_honest_is_learned_at_once() -> None:
    said = "Visit my site!"
    assert odds(said) > HELD_ODDS
    assert odds(said, Verdict.APPROVE) < HELD_ODDS


def test_many_words_are_learned_at_once() -> None:
    said = "We restore old carousels for fairs, ask us for a quote on any horse"
    assert odds(said) < 0 < odds(said, SPAM)
