"""The chaos harness' times: how soon it worked again, and what its intake took meanwhile."""

from dataclasses import replace

from integrations.chaos.figures import Happened, during, p99_ms, recoveries
from integrations.chaos.ledger import Received, Try
from integrations.chaos.report import report
from tests.integrations.test_chaos_books import FIRST, RAN, Books, accepted


def fault(touched: str, began: float, ended: float) -> Happened:
    return Happened("kind", touched, frozenset({touched}), began, ended, "main")


def test_recovery_is_until_the_first_that_was_sent_after_a_fault_is_told() -> None:
    sent = [replace(accepted(name), began=began) for name, began in (("a", 1.0), ("b", 6.0))]
    told = [Received("msg_a-1", FIRST, 2.0, 2.5), Received("msg_b-1", FIRST, 8.0, 8.5)]
    faults = [fault("web", 0.0, 0.5), fault("web", 0.0, 5.0), fault("web", 0.0, 7.0)]
    assert recoveries(faults, sent, told) == [2.0, 3.5, float("inf")]
    ran = replace(RAN, happened=faults)
    evidence = replace(Books().evidence(), received=told)
    found = report(ran, evidence)
    assert len(found.breaches["recovery_s"]) == 3
    assert found.line["recovery_by_kind"] == {"kind": None}  # never, for the last of them


def test_the_intake_during_redis_faults_counts_no_other_s() -> None:
    tries = [Try(1.0, 0.1, 202), Try(2.0, 0.9, 202), Try(8.0, 0.9, 202)]
    faults = [fault("redis", 0.5, 3.0), fault("web", 1.9, 1.95), fault("receiver", 0.0, 9.0)]
    assert during(tries, faults, "redis") == tries[:1]
    assert p99_ms(tries[:1]) == 100.0


def test_a_slow_intake_during_redis_faults_breaks_a_promise() -> None:
    books = Books()
    ledger = books.evidence().ledger
    ledger.tries.append(Try(1.0, 0.6, 202))
    ran = replace(RAN, happened=[fault("redis", 0.5, 1.5)])
    found = report(ran, replace(books.evidence(), ledger=ledger))
    assert found.breaches["redis_p99_ms"] == ["600.0 > 500.0"]
