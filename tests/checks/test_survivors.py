"""One and the same survives of copies, and the last of corrections, in whatever order they come."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from moderator.checks.duplicate import Duplicate
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Submission
from tests.builders import NOON, a_context, a_submission, again_at_place

LONG = "It is about a classroom, a paper map, and the patience to walk across a language."


def survivors(arrivals: list[Submission]) -> set[str]:
    """Judge each as it arrives, and all others again, as the worker does."""
    statuses: dict[str, str] = {}
    originals: dict[str, str] = {}
    known: dict[str, Submission] = {}

    def judge(submission: Submission) -> None:
        beside = [
            again_at_place(each, statuses[each.id], duplicate_of=originals.get(each.id, ""))
            for each in known.values()
            if each.id != submission.id
        ]
        finding = Duplicate().run(submission, a_context(at_place=beside))
        decision = decide([finding], Policy())
        statuses[submission.id] = decision.verdict.status
        originals[submission.id] = decision.duplicate_of

    for arrival in arrivals:
        known[arrival.id] = arrival
        statuses[arrival.id] = "queued"
        for _ in range(3):
            for other in known.values():
                judge(other)
    return {id_ for id_, status in statuses.items() if status == "approved"}


@given(
    minutes=st.lists(st.integers(0, 3), min_size=1, max_size=6),
    names=st.sampled_from(["digits", "padded", "letters"]),
    random=st.randoms(use_true_random=False),
    text=st.sampled_from([LONG, "Thank you for writing this!", "Thanks!"]),
)
def test_one_and_the_same_survives_in_every_order(
    minutes: list[int], names: str, random: Random, text: str
) -> None:
    platform_ids = {"digits": "{}", "padded": "{:03}", "letters": "c{}"}[names]
    group = [
        replace(
            a_submission(text),
            id=f"{n:032x}",
            platform_id=platform_ids.format(n),
            created_at=NOON + timedelta(minutes=minute),
        )
        for n, minute in enumerate(minutes)
    ]
    earliest = min(group, key=lambda s: (s.created_at, int(s.id, 16))).id
    arrivals = random.sample(group, len(group))
    assert survivors(arrivals) == {earliest}


@given(
    versions=st.lists(st.sampled_from(["paper", "linen", "woven"]), min_size=1, max_size=6),
    random=st.randoms(use_true_random=False),
)
def test_of_corrections_the_last_survives_in_every_order(
    versions: list[str], random: Random
) -> None:
    """Of those that say the last thing, in a row, the first."""
    group = [
        replace(
            a_submission(LONG.replace("paper", word)),
            id=f"{n:032x}",
            platform_id=str(n),
            created_at=NOON + timedelta(seconds=n),
        )
        for n, word in enumerate(versions)
    ]
    stays = len(versions) - 1
    while stays and versions[stays - 1] == versions[-1]:
        stays -= 1
    assert survivors(random.sample(group, len(group))) == {f"{stays:032x}"}
