import asyncio

import pytest

from moderator.clients.fetch.budget import HostBudget
from moderator.domain.errors import FetchError, OverBudgetError


def spend(budget: HostBudget, domain: str) -> None:
    asyncio.run(budget.spend(domain))


def test_a_domain_is_asked_no_more_often_than_its_budget() -> None:
    now = [0.0]
    budget = HostBudget(requests=3, seconds=60, clock=lambda: now[0])
    for _ in range(3):
        spend(budget, "victim.test")
    with pytest.raises(OverBudgetError) as refused:
        spend(budget, "victim.test")
    assert refused.value.retry_after == pytest.approx(20)

    spend(budget, "other.test")
    now[0] = 20.1
    spend(budget, "victim.test")
    with pytest.raises(OverBudgetError):
        spend(budget, "victim.test")


def test_silence_belongs_to_one_host_and_ends() -> None:
    now = [0.0]
    budget = HostBudget(silence=10, clock=lambda: now[0])
    budget.note_silence("a.test:8080")
    with pytest.raises(FetchError):
        budget.expect_answer("a.test:8080")
    budget.expect_answer("a.test")
    now[0] = 10
    budget.expect_answer("a.test:8080")


def test_the_memory_of_names_is_bounded() -> None:
    budget = HostBudget(requests=1, seconds=60, most=10, clock=lambda: 0)
    for number in range(11):
        spend(budget, f"{number}.test")
    spend(budget, "0.test")  # forgotten, so its budget is new
    with pytest.raises(OverBudgetError):
        spend(budget, "10.test")


def test_the_memory_of_silent_hosts_is_bounded() -> None:
    budget = HostBudget(most=10, clock=lambda: 0)
    for number in range(11):
        budget.note_silence(f"{number}.test")
    budget.expect_answer("0.test")  # forgotten
    with pytest.raises(FetchError):
        budget.expect_answer("10.test")
