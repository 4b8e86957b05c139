"""The door of the dashboard: what is refused, and that refusing is cheap and tells nothing."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher

from moderator.domain.errors import TooManyRequestsError
from moderator.usecases.moderate.attempts import AttemptLimiter, LogInLimits, is_mark, new_mark
from moderator.usecases.moderate.sign_in import Passwords
from tests.builders import NOON

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class SlowHasher(PasswordHasher):
    """Stands still inside a hash until it is told to go on."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.is_slow = False
        self.entered = threading.Event()
        self.go_on = threading.Event()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  # its name
        if self.is_slow:
            self.entered.set()
            self.go_on.wait(10)
        return super().verify(hash, password)


def test_a_password_is_stored_as_argon2id_of_64_mib() -> None:
    stored = Passwords().hash("correct horse battery")
    assert stored.startswith("$argon2id$v=19$m=65536,")


def test_the_same_password_typed_in_another_unicode_form_is_the_same() -> None:
    passwords = Passwords(CHEAP)
    stored = passwords.hash("Zürich-Zürich")
    assert passwords.verify(stored, "Zu\u0308rich-Zu\u0308rich")


@pytest.mark.parametrize("stored", ["", "not a hash", "$argon2id$broken"])
def test_nothing_to_compare_with_is_never_right(stored: str) -> None:
    assert not Passwords(CHEAP).verify(stored, "nobody has this password")


def test_more_hashes_than_places_are_refused_at_once() -> None:
    hasher = SlowHasher()
    passwords = Passwords(hasher, places=1)
    stored = passwords.hash("correct horse battery")
    hasher.is_slow = True
    first = threading.Thread(target=passwords.verify, args=(stored, "correct horse battery"))
    first.start()
    assert hasher.entered.wait(10)
    with pytest.raises(TooManyRequestsError):
        passwords.hash("another")
    hasher.go_on.set()
    first.join()
    assert passwords.hash("now there is room")


def _enter(turnstile: AttemptLimiter, key: str, seconds: float) -> Callable[[], None]:
    return lambda: turnstile.enter(key, NOON + timedelta(seconds=seconds))


def test_the_turnstile_closes_after_the_limit_and_says_how_long() -> None:
    turnstile = AttemptLimiter(limit=2)
    _enter(turnstile, "192.0.2.1", 0)()
    _enter(turnstile, "192.0.2.1", 10)()
    with pytest.raises(TooManyRequestsError) as refused:
        _enter(turnstile, "192.0.2.1", 20)()
    assert refused.value.retry_after == 41
    _enter(turnstile, "192.0.2.2", 20)()
    _enter(turnstile, "192.0.2.1", 61)()


def test_the_turnstile_forgets_the_oldest_key_rather_than_grow() -> None:
    turnstile = AttemptLimiter(limit=1, max_keys=2)
    for key in ("a", "b", "c"):
        turnstile.enter(key, NOON)
    turnstile.enter("a", NOON)
    with pytest.raises(TooManyRequestsError):
        turnstile.enter("c", NOON)


def test_wrong_tries_elsewhere_lock_nobody() -> None:
    limits = LogInLimits()
    for number in range(100):  # ten addresses, ten tries on the name each
        limits.enter_stranger("anna", f"198.51.100.{number % 10}", NOON)
    with pytest.raises(TooManyRequestsError):
        limits.enter_stranger("anna", "198.51.100.1", NOON)
    limits.enter_stranger("anna", "192.0.2.1", NOON)


def test_an_address_has_tries_for_several_names_but_not_for_all() -> None:
    limits = LogInLimits()
    for number in range(20):
        limits.enter_stranger(f"name {number}", "192.0.2.1", NOON)
    with pytest.raises(TooManyRequestsError) as refused:
        limits.enter_stranger("anna", "192.0.2.1", NOON)
    assert refused.value.retry_after == 61


def test_who_has_an_ipv6_network_has_no_more_tries_than_others() -> None:
    limits = LogInLimits()
    for number in range(10):
        limits.enter_stranger("anna", f"2001:db8:0:1::{number:x}", NOON)
    with pytest.raises(TooManyRequestsError):
        limits.enter_stranger("anna", "2001:db8:0:1:ffff::1", NOON)
    limits.enter_stranger("anna", "2001:db8:0:2::1", NOON)


def test_tries_from_everywhere_are_slowed_down_and_go_on_a_moment_later() -> None:
    limits = LogInLimits()
    for number in range(120):
        limits.enter_stranger("anna", f"198.51.100.{number}", NOON)
    with pytest.raises(TooManyRequestsError) as refused:
        limits.enter_stranger("anna", "192.0.2.1", NOON)
    assert refused.value.retry_after == 1
    limits.enter_known("a mark", NOON)  # a browser that is known waits for nobody
    limits.enter_stranger("anna", "192.0.2.1", NOON + timedelta(seconds=1))


def test_a_mark_has_its_own_limit() -> None:
    limits = LogInLimits()
    for _ in range(10):
        limits.enter_known("a mark", NOON)
    with pytest.raises(TooManyRequestsError):
        limits.enter_known("a mark", NOON)
    limits.enter_known("another mark", NOON)


def test_a_mark_is_right_for_the_password_it_was_made_for_only() -> None:
    mark = new_mark("a hash", b"0123456789abcdef")
    assert is_mark(mark, "a hash")
    assert not is_mark(mark, "another hash")
    assert not is_mark(mark, "")


@pytest.mark.parametrize("mark", ["", "x", "g" * 96, "0" * 96, "\u0661" * 96, " " * 96])
def test_what_is_no_mark_is_none(mark: str) -> None:
    assert not is_mark(mark, "a hash")
