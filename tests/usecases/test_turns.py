"""No site takes all the places, and one that has stopped to answer holds nobody up."""

from moderator.usecases.run.turns import MOVING, UNTOUCHED, Turns

PER_SITE = 2


def turns_of(**sites: int) -> Turns[str]:
    turns: Turns[str] = Turns(PER_SITE)
    for site, count in sites.items():
        for number in range(count):
            turns.add(site, f"{site}{number}", 0.0)
    return turns


def begun(turns: Turns[str]) -> list[str]:
    pieces = []
    while (turn := turns.next()) is not None:
        pieces.append(turn[1])
    return pieces


def test_sites_take_turns_and_keep_to_their_number() -> None:
    turns = turns_of(a=5, b=1, c=3)
    assert begun(turns) == ["a0", "b0", "c0", "a1", "c1"]
    turns.ended("a", 1.0)
    assert begun(turns) == ["a2"]
    assert turns.waiting == 3


def test_of_a_site_that_moves_more_is_claimed_and_of_one_that_hangs_nothing() -> None:
    turns = turns_of(moves=3, hangs=3, idle=1)
    begun(turns)
    turns.ended("moves", 10.0)
    begun(turns)
    assert turns.full(10.0, enough=9) == {"hangs"}
    assert turns.full(10.0 + 2 * MOVING, enough=9) == {"moves", "hangs"}
    assert turns.full(10.0, enough=1) == {"hangs"}


def test_what_waits_too_long_is_taken_back_and_the_rest_goes_on() -> None:
    turns = turns_of(hangs=4)
    begun(turns)
    turns.add("moves", "late", UNTOUCHED)
    assert turns.stale(UNTOUCHED) == []
    assert turns.stale(UNTOUCHED + 1) == ["hangs2", "hangs3"]
    assert begun(turns) == ["late"]
    turns.ended("hangs", UNTOUCHED + 2)
    assert begun(turns) == []
    turns.add("hangs", "new", UNTOUCHED + 3)
    assert begun(turns) == ["new"]


def test_all_can_be_taken_back() -> None:
    turns = turns_of(a=1, b=3)
    assert sorted(turns.rest()) == ["a0", "b0", "b1", "b2"]
    assert (turns.waiting, begun(turns)) == (0, [])
