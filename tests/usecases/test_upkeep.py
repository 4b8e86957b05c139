"""Upkeep goes on while there is something to do, and waits when there is nothing."""

from dataclasses import dataclass, field

from moderator.usecases.run.upkeep import PURGE_INTERVAL, RETAIN_INTERVAL, Upkeep


@dataclass
class House:
    """What is looked after: `left` says how often there is more to take away."""

    left: int = 0
    now: float = 0.0
    did: list[str] = field(default_factory=list)

    def purge(self) -> int:
        self.did.append("purge")
        return 0

    def count(self) -> bool:
        return False

    def apply(self) -> bool:
        self.did.append("retain")
        self.left -= 1
        return self.left > 0


def test_what_is_due_is_taken_away_piece_after_piece_and_then_after_a_while() -> None:
    house = House(left=3)
    keep = Upkeep(attic=house, retention=house, counts=house, mend=lambda: 0,
                  clock=lambda: house.now)  # fmt: skip
    for _ in range(5):
        keep()
    assert house.did == ["purge", "retain", "retain", "retain"]
    house.now = RETAIN_INTERVAL
    keep()
    assert house.did.count("retain") == 4
    assert RETAIN_INTERVAL < PURGE_INTERVAL
    house.now = PURGE_INTERVAL
    keep()
    assert house.did[-2:] == ["purge", "retain"]
