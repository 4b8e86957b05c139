"""The workers of test_any_order.py: they take what waits, ask outside, may be slow to write."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from moderator.domain.queue import Job
from tests.scenarios.order import JOBS, Ground
from tests.scenarios.outside import KEYED, OPINIONS, PAGES, REMOTE, ByWord, ways
from tests.scenarios.table_model import Comment, Piece
from tests.scenarios.work_model import World, claim

WORLDS = st.builds(
    World,
    opinion=st.sampled_from(["silent", *sorted(OPINIONS)]),
    page=st.sampled_from(["silent", "links fine", *sorted(PAGES)]),
)
GOOD_WORLD = World("ham", "links fine")


class Workers(Ground):
    @rule(world=WORLDS)
    def work(self, world: World) -> None:
        """All that is to be judged is, unless a source is silent."""
        for job in ("check", "reach", "check", "reach"):
            self.do(job, world)

    @rule(data=st.data(), world=WORLDS, is_slow=st.booleans())
    def turn(self, data: st.DataObject, world: World, *, is_slow: bool) -> None:
        if self.waiting:
            self.do(data.draw(st.sampled_from(self.waiting)), world, is_slow=is_slow)

    @property
    def waiting(self) -> list[str]:
        """The jobs of which there is something to do."""
        return sorted({job for known in self.alive for job in known.rows})

    def do(self, job: str, world: World, *, is_slow: bool = False) -> None:
        """Do all that is to be done; a slow worker's words are written when it wakes."""
        self.slowness.is_slow = is_slow
        self.house.hurry(Job(job))
        reach = ways(world)
        match job:
            case "check":
                while self.house.check(ByWord(), remote=REMOTE):
                    pass
            case "reach":
                self.house.reach(*REMOTE, ways=reach)
            case "ask":
                self.house.ask_again(*REMOTE, ways=reach)
            case _:
                self.house.reverify(reach, schedule=(10**10,))
        self.slowness.is_slow = False
        claimed = [claim(known, job, world) for known in self.alive]
        pieces = [piece for piece in claimed if piece is not None]
        if is_slow:
            self.slow.append((self.slowness.take(), pieces))
        else:
            _write(pieces)

    @precondition(lambda self: self.slow)
    @rule(which=st.integers(min_value=0, max_value=3))
    def wake(self, which: int) -> None:
        """A slow worker writes at last."""
        writes, pieces = self.slow.pop(which % len(self.slow))
        for write in writes:
            write()
        _write(pieces)

    @precondition(lambda self: self.slow)
    @rule()
    def leases_end(self) -> None:
        sql = f"UPDATE queue SET due_at = 0 WHERE token IS NOT NULL AND job IN {JOBS}"  # noqa: S608  # our own words
        with self.database.write() as connection:
            connection.exec_driver_sql(sql)
        for known in self.alive:
            for row in known.rows.values():
                row.is_lapsed = row.holder is not None

    def renew(self, known: Comment) -> None:
        """What it was taken for a copy of changed: it is judged from the start."""
        self.house.store.finish((), (), [(known.id, KEYED.id)])
        known.renew()

    def come_to_rest(self) -> None:
        """All who are slow wake, and all that is silent answers."""
        while self.slow:
            self.wake(0)
        for _ in range(3):
            self.leases_end()
            for job in ("check", "reach", "ask", "check", "reach"):
                self.do(job, GOOD_WORLD)
                self.rows_are_as_the_table_says()
                self.what_waits_is_what_must()
        assert not [known for known in self.alive if {"check", "reach", "ask"} & {*known.rows}]


def _write(pieces: list[Piece]) -> None:
    for piece in pieces:
        piece.write()
