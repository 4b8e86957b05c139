"""The ground of test_any_order.py: a house, a model of it, and what must hold after each step."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from moderator.domain.events.arrival import Event, Receipt
from moderator.domain.submission import Author, Submission
from moderator.intake.linkback import webmention
from moderator.storage.base.database import Database
from moderator.storage.intake.rows import IntakeRows
from moderator.usecases.intake.accept import rules
from tests.builders import ALICE, BOB, NOON, POST, a_pingback, a_submission
from tests.databases import fresh
from tests.house import House
from tests.intake.calls import SOURCE, a_call, form
from tests.recount import counted, kept
from tests.scenarios.outside import ELSEWHERE, KEYED
from tests.scenarios.slow import SlowJudging, SlowLooks, Slowness, Write
from tests.scenarios.table_model import Comment, Kind, Piece

MENTION = form(source=ELSEWHERE, target=POST.url)
MENTIONED = "mention"  # our name of it; the blog's id is made at the door
KINDS = {"1": Kind.PLAIN, "2": Kind.LINKED, "3": Kind.PINGBACK, MENTIONED: Kind.MENTION}
ANY = st.integers(min_value=0, max_value=3)  # which of those that it is about
JOBS = "('check', 'reach', 'ask', 'reverify')"
ROWS = f"SELECT subject_id, job, attempts, token FROM queue WHERE job IN {JOBS}"  # noqa: S608  # our own words


class Ground(RuleBasedStateMachine):
    database: Database

    def __init__(self) -> None:
        super().__init__()
        fresh(self.database)
        self.house = House(self.database, site=KEYED)
        self.slowness = Slowness()
        self.house.store = SlowJudging(self.database, self.slowness)
        self.house.looks = SlowLooks(self.database, self.slowness)
        self.slow: list[tuple[list[Write], list[Piece]]] = []
        self.about = list(KINDS)
        self.comments: dict[str, Comment] = {}
        self.clock = NOON
        self.sent = 0

    def id_of(self, which: int) -> str:
        return self.about[which % len(self.about)]

    @property
    def alive(self) -> list[Comment]:
        return [known for known in self.comments.values() if not known.is_erased]

    def send(self, event: Event, id_: str, word: str = "fine", **more: object) -> object:
        status = str(more.pop("status", "hold"))
        submission = self._submission(id_, word, status)
        given = {"timestamp": self.clock, "has_content": True} | more
        [answer] = self.house.send(submission, event=event, **given)
        return answer

    def _submission(self, id_: str, word: str, status: str) -> Submission:
        self.clock += timedelta(seconds=1)
        self.sent += 1
        text = f"{word} needle{id_} {self.sent}"
        given: dict[str, object] = {
            "id": f"{self.sent:032x}",
            "platform_id": id_,
            "received_at": self.clock,
            "status": status,
        }
        match KINDS[id_]:
            case Kind.PLAIN:
                return a_submission(text, author=replace(ALICE, ip=""), **given)
            case Kind.LINKED:
                return a_submission(f"{text} https://elsewhere.example.net/a", author=BOB, **given)
            case _:
                author = Author(name="A page elsewhere", url=SOURCE, ip=ALICE.ip)
                return a_pingback(SOURCE, text, author=author, **given)

    def mention(self) -> object:
        """The same claim at our door, again and again."""
        self.clock += timedelta(seconds=1)
        self.sent += 1
        call = a_call(received_at=self.clock, new_id=lambda: f"{self.sent:032x}")
        arrivals = [webmention.parse(MENTION, call)]
        [answer] = IntakeRows(self.database).add(arrivals, rules(self.house.sites))
        return answer

    def stored(self, id_: str, answer: object, word: str) -> Comment:
        assert isinstance(answer, Receipt)
        return self.comments.setdefault(id_, Comment(word, answer.id, KINDS[id_]))

    @invariant()
    def rows_are_as_the_table_says(self) -> None:
        rows = {
            str(row[0]): row[1:]
            for row in self.house.rows(
                "SELECT id, status, sequence, content_version, listed, payload FROM submissions"
            )
        }
        for known in self.comments.values():
            status, sequence, version, listed, payload = rows[known.id]
            if known.is_erased:
                assert (status, payload) == ("erased", "")
                continue
            assert payload != ""
            assert (sequence, version) == (len(known.decisions), known.version)
            assert bool(listed) == known.is_listed
            assert status == known.status
        assert len(rows) == len(self.comments)

    @invariant()
    def what_waits_is_what_must(self) -> None:
        """Whatever is to be judged, asked for or looked at has its row, and nothing else has."""
        found = {(row[0], row[1]): (row[2], row[3] is None) for row in self.house.rows(ROWS)}
        assert found == {
            (known.id, job): (row.attempts, row.holder is None)
            for known in self.comments.values()
            for job, row in known.rows.items()
        }

    @invariant()
    def sequences_are_dense(self) -> None:
        for known in self.comments.values():
            sql = f"SELECT sequence FROM decisions WHERE submission_id = '{known.id}' ORDER BY 1"  # noqa: S608  # a number of ours
            found = [row[0] for row in self.house.rows(sql)]
            assert found == list(range(1, len(known.decisions) + 1))

    @invariant()
    def erased_stays_erased(self) -> None:
        gone = [id_ for id_, known in self.comments.items() if known.is_erased]
        for table in ("submissions", "decisions", "deliveries", "queue", "lessons"):
            told = str(self.house.rows(f"SELECT * FROM {table}"))  # noqa: S608  # our own names
            assert not [id_ for id_ in gone if f"needle{id_} " in told], table

    @invariant()
    def counts_are_true(self) -> None:
        assert kept(self.house.database) == counted(self.house.database)
