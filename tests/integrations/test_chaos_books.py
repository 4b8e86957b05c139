"""The chaos harness' comparison: crafted books, each of which must turn exactly one count red."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from integrations.chaos.compare import Evidence
from integrations.chaos.ledger import Accepted, Ledger, Press, Received
from integrations.chaos.report import COUNTS, Ran, report
from integrations.chaos.rows import CallbackRow, DecisionRow, Rows, SubmissionRow

FIRST = b'{"data":{"status":"hold"}}'
SECOND = b'{"data":{"status":"approved"}}'
RAN = Ran("sqlite", 1, (), 3.0, ())


def accepted(comment: str, order: int = 0, kind: str = "comment.created") -> Accepted:
    marker = "" if kind in ("comment.deleted", "comment.reported") else f"marker-{order}-"
    return Accepted("main", f"k-{comment}-{order}", kind, comment, comment, "x", order, marker, 1.0)


@dataclass
class Books:
    """Two comments: alice's was held by the machine and approved by a moderator, bob's edited."""

    accepted: list[Accepted] = field(
        default_factory=lambda: [
            accepted("alice"),
            accepted("bob"),
            accepted("bob", 1, "comment.updated"),
            accepted("bob", 2, "comment.reported"),
            accepted("gone"),
            accepted("gone", 1, "comment.deleted"),
            accepted("poison"),
        ]
    )
    presses: list[Press] = field(default_factory=lambda: [Press("carol", "alice", "approve", 1, 2)])
    submissions: dict[str, SubmissionRow] = field(
        default_factory=lambda: {
            row.id: row
            for row in (
                SubmissionRow("alice", "main", "alice", "approved", 2, 1, 0, "marker-0-"),
                SubmissionRow("bob", "main", "bob", "hold", 1, 2, 1, "marker-1-"),
                SubmissionRow("gone", "main", "gone", "erased", 0, 1, 0, ""),
                SubmissionRow("poison", "main", "poison", "hold", 1, 1, 0, "marker-0-"),
            )
        }
    )
    decisions: list[DecisionRow] = field(
        default_factory=lambda: [
            DecisionRow("alice-1", "alice", 1, "hold", "rule", "", 1, "[]"),
            DecisionRow("alice-2", "alice", 2, "approve", "moderator", "carol", 1, "[]"),
            DecisionRow("bob-1", "bob", 1, "hold", "rule", "", 2, "[]"),
            DecisionRow("poison-1", "poison", 1, "hold", "rule", "", 1, '[{"code":"parked"}]'),
        ]
    )
    callbacks: list[CallbackRow] = field(
        default_factory=lambda: [
            CallbackRow("msg_alice-1", "alice", 1, "withdrawn", FIRST),
            CallbackRow("msg_alice-2", "alice", 2, "delivered", SECOND),
            CallbackRow("msg_bob-1", "bob", 1, "delivered", FIRST),
            CallbackRow("msg_poison-1", "poison", 1, "delivered", FIRST),
        ]
    )
    received: list[Received] = field(
        default_factory=lambda: [
            Received("msg_alice-1", FIRST, 2.0),  # tried, never answered, then withdrawn
            Received("msg_alice-2", SECOND, 3.0, 3.1),
            Received("msg_bob-1", FIRST, 3.0, 3.1),
            Received("msg_bob-1", FIRST, 4.0, 4.1),  # once more, the same
            Received("msg_poison-1", FIRST, 4.0, 4.1),
        ]
    )
    claims: dict[str, int] = field(default_factory=lambda: {"poison": 4})

    def change(self, id_: str, **values: object) -> None:
        self.submissions[id_] = self.submissions[id_]._replace(**values)  # type: ignore[arg-type]  # by name

    def evidence(self) -> Evidence:
        ledger = Ledger(accepted=self.accepted, presses=self.presses, poison={"poison": "raise"})
        rows = Rows(list(self.submissions.values()), self.decisions, self.callbacks)
        return Evidence(ledger, rows, self.received, self.claims)


def counts(books: Books) -> dict[str, int]:
    it = books.evidence()
    return {name: len(count(it)) for name, count in COUNTS if count(it)}


def test_books_that_agree_turn_nothing_red() -> None:
    found = report(RAN, Books().evidence())
    assert found.is_kept
    assert counts(Books()) == {}
    assert list(found.line)[:11] == [
        "faults", "accepted", "lost", "undecided", "double_decided", "callbacks_missing",
        "callbacks_conflicting", "stale_after_new", "poison_parked", "p99_ms", "drain_s",
    ]  # fmt: skip
    assert (found.line["accepted"], found.line["poison_parked"]) == (7, 1)


def without_row(books: Books) -> None:
    books.accepted.append(accepted("nobody"))


def key_twice(books: Books) -> None:
    books.accepted.append(replace(books.accepted[0], said="y"))


def edit_lost(books: Books) -> None:
    books.change("bob", payload="marker-0-")


def deletion_lost(books: Books) -> None:
    books.accepted.append(accepted("bob", 3, "comment.deleted"))


def report_lost(books: Books) -> None:
    books.change("bob", reports=0)


def report_twice(books: Books) -> None:
    books.change("bob", reports=2)


def blog_lost(books: Books) -> None:
    books.accepted.append(replace(accepted("bob", 3, "comment.status_changed"), marker=""))


def press_lost(books: Books) -> None:
    books.presses.append(Press("carol", "bob", "spam", 1, 2))


def other_s_press(books: Books) -> None:
    books.presses[0] = replace(books.presses[0], moderator="dave")


@pytest.mark.parametrize(
    "breach",
    [
        without_row, key_twice, edit_lost, deletion_lost, report_lost, report_twice, blog_lost,
        press_lost, other_s_press,
    ],
)  # fmt: skip
def test_what_was_answered_and_is_not_there_is_lost(breach: Callable[[Books], None]) -> None:
    books = Books()
    breach(books)
    assert counts(books) == {"lost": 1}


def test_a_comment_known_by_two_ids_is_lost_once() -> None:
    books = Books()
    books.accepted.append(replace(accepted("bob", 5), id="alice", marker=""))
    assert counts(books) == {"lost": 1}


def test_what_waits_is_undecided() -> None:
    books = Books()
    books.change("bob", status="queued")
    assert counts(books) == {"undecided": 1}


def test_a_verdict_on_an_earlier_text_is_none() -> None:
    books = Books()
    books.change("bob", version=3)
    assert counts(books) == {"undecided": 1}


def test_two_verdicts_of_the_machine_on_one_text_are_one_too_many() -> None:
    books = Books()
    books.decisions[1] = books.decisions[1]._replace(by="rule")
    books.presses.clear()
    assert counts(books) == {"double_decided": 1}


def test_a_decision_taken_back_is_no_second_verdict() -> None:
    books = Books()
    taken_back = '[{"code":"taken_back"}]'
    books.decisions.insert(2, DecisionRow("alice-3", "alice", 3, "hold", "rule", "", 1, taken_back))
    books.change("alice", sequence=3, status="hold")
    books.callbacks.append(CallbackRow("msg_alice-3", "alice", 3, "delivered", FIRST))
    books.received.append(Received("msg_alice-3", FIRST, 5.0, 5.1))
    assert counts(books) == {}


def test_a_gap_in_the_sequence_is_a_second_verdict() -> None:
    books = Books()
    books.decisions[1] = books.decisions[1]._replace(sequence=3)
    books.presses.clear()
    assert counts(books) == {"double_decided": 1}


def test_two_first_hands_are_one_too_many() -> None:
    books = Books()
    books.presses.append(Press("carol", "alice", "approve", 1, 2))
    assert counts(books) == {}
    books.presses[1] = Press("carol", "alice", "approve", 0, 2)
    books.presses.append(replace(books.presses[0], moderator="carol", seen=0))
    assert counts(books) == {}
    books.decisions[1] = books.decisions[1]._replace(name="dave")
    books.presses[:] = [Press("dave", "alice", "approve", 1, 2)]
    assert counts(books) == {}
    books.presses.append(Press("erin", "alice", "approve", 1, 2))
    assert counts(books) == {"lost": 1, "double_decided": 1}


@pytest.mark.parametrize("state", ["waiting", "dead", "refused"])
def test_a_callback_that_was_not_taken_is_missing(state: str) -> None:
    books = Books()
    books.callbacks[2] = books.callbacks[2]._replace(state=state)
    assert counts(books) == {"callbacks_missing": 1}


def test_a_callback_that_only_the_service_calls_delivered_is_missing() -> None:
    books = Books()
    books.received = [one for one in books.received if one.id != "msg_bob-1"]
    assert counts(books) == {"callbacks_missing": 2}  # it never came, and bob is told nothing


def test_a_status_that_the_blog_was_not_told_is_missing() -> None:
    books = Books()
    books.callbacks[1] = books.callbacks[1]._replace(state="withdrawn")
    books.received = [one for one in books.received if one.id != "msg_alice-2"]
    assert counts(books) == {"callbacks_missing": 1}


def test_what_the_blog_decided_itself_it_knows() -> None:
    books = Books()
    books.decisions[1] = books.decisions[1]._replace(by="blog", name="")
    books.presses.clear()
    del books.callbacks[1], books.received[1]
    assert counts(books) == {}


def test_one_webhook_id_has_one_body() -> None:
    books = Books()
    books.received.append(Received("msg_bob-1", SECOND, 9.0, 9.1))
    assert counts(books) == {"callbacks_conflicting": 2}  # two bodies, one of them not frozen


def test_a_body_that_no_row_has_conflicts() -> None:
    books = Books()
    books.callbacks[2] = books.callbacks[2]._replace(body=SECOND)
    assert counts(books) == {"callbacks_conflicting": 1}


def test_a_callback_that_no_row_has_conflicts() -> None:
    books = Books()
    books.received.append(Received("msg_bob-7", FIRST, 9.0))
    assert counts(books) == {"callbacks_conflicting": 1}


def test_words_that_no_decision_said_conflict() -> None:
    books = Books()
    books.callbacks[2] = books.callbacks[2]._replace(body=SECOND)
    books.received[2:4] = [Received("msg_bob-1", SECOND, 3.0, 3.1)]
    assert counts(books) == {"callbacks_conflicting": 1}


def test_a_first_word_after_a_later_one_was_taken_is_stale() -> None:
    books = Books()
    books.received[0] = replace(books.received[0], at=3.2)
    assert counts(books) == {"stale_after_new": 1}
    books.received[0] = replace(books.received[0], at=3.05)  # before it was taken
    assert counts(books) == {}


def test_who_hung_and_went_on_with_its_row_still_its_own_has_decided() -> None:
    books = Books()
    books.decisions[3] = books.decisions[3]._replace(reasons="[]")
    evidence = books.evidence()
    evidence.ledger.poison["poison"] = "hang"
    found = report(RAN, evidence)
    assert (found.line["poison_parked"], found.is_kept) == (0, True)
    books.claims["poison"] = 5
    assert report(RAN, evidence).breaches["poison"] != []


def test_poison_must_be_parked_in_four_claims() -> None:
    books = Books()
    books.claims["poison"] = 5
    assert report(RAN, books.evidence()).breaches["poison"] != []
    books.claims["poison"] = 4
    books.decisions[3] = books.decisions[3]._replace(reasons="[]")
    found = report(RAN, books.evidence())
    assert (found.line["poison_parked"], len(found.breaches["poison"])) == (0, 1)
    assert not found.is_kept


@pytest.mark.parametrize("what", ["answers", "faults"])
def test_what_nothing_explains_fails_the_run(what: str) -> None:
    evidence = Books().evidence()
    ran = RAN
    if what == "answers":
        evidence.ledger.wrong.append("500")
    else:
        ran = replace(RAN, unended=("PostgreSQL does not start",))
    assert report(ran, evidence).breaches[what] != []
