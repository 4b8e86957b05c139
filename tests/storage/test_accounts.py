"""Moderators at the door, over the real store: one-time link, password, session."""

import threading
from datetime import datetime, timedelta
from itertools import count

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, select, update

from moderator.domain.account import Moderator, Role
from moderator.domain.errors import (
    ConflictError,
    InvalidError,
    NotFoundError,
    TooManyRequestsError,
    UnauthenticatedError,
)
from moderator.storage.base.database import Database
from moderator.storage.people.accounts import AccountRows
from moderator.storage.schema.tables import login_links, moderators, sessions
from moderator.usecases.moderate.sign_in import (
    IDLE_LIFETIME,
    LINK_LIFETIME,
    SESSION_LIFETIME,
    Passwords,
    SignIn,
)
from tests.builders import NOON, a_site
from tests.stock import stock_site

PASSWORD = "correct horse battery"
HERE = "192.0.2.1"


@pytest.fixture
def sign_in(database: Database) -> SignIn:
    numbers = count(1)
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return SignIn(
        AccountRows(database),
        Passwords(cheap),
        entropy=lambda size: next(numbers).to_bytes(size, "big"),
    )


def welcome(sign_in: SignIn, name: str = "anna", *, now: datetime = NOON) -> str:
    """Create an admin who has set a password; return the value of the session cookie."""
    token = sign_in.invite(name, Role.OWNER, (), now=now)
    return sign_in.choose_password(token, PASSWORD, address=HERE, now=now).value


def test_the_one_time_link_sets_a_password_and_logs_in(sign_in: SignIn) -> None:
    token = sign_in.invite("anna", Role.OWNER, (), now=NOON)
    assert sign_in.invited(token, address=HERE, now=NOON).name == "anna"
    opened = sign_in.choose_password(token, PASSWORD, address=HERE, now=NOON)
    session = sign_in.session(opened.value, now=NOON)
    assert session == opened.session
    assert session is not None
    assert session.moderator.scope is None


def test_the_one_time_link_works_once(sign_in: SignIn) -> None:
    token = sign_in.invite("anna", Role.OWNER, (), now=NOON)
    sign_in.choose_password(token, PASSWORD, address=HERE, now=NOON)
    with pytest.raises(NotFoundError):
        sign_in.choose_password(token, "another password", address=HERE, now=NOON)
    assert sign_in.log_in("anna", PASSWORD, address=HERE, now=NOON).value


def test_the_one_time_link_grows_old(sign_in: SignIn) -> None:
    token = sign_in.invite("anna", Role.OWNER, (), now=NOON)
    with pytest.raises(NotFoundError):
        sign_in.invited(token, address=HERE, now=NOON + LINK_LIFETIME)


def test_a_short_password_does_not_use_up_the_link(sign_in: SignIn) -> None:
    token = sign_in.invite("anna", Role.OWNER, (), now=NOON)
    with pytest.raises(InvalidError):
        sign_in.choose_password(token, "short", address=HERE, now=NOON)
    assert sign_in.choose_password(token, PASSWORD, address=HERE, now=NOON).value


def test_a_new_link_ends_every_session_when_it_is_used(sign_in: SignIn) -> None:
    before = welcome(sign_in)
    token = sign_in.renew("anna", now=NOON)
    assert sign_in.session(before, now=NOON) is not None
    sign_in.choose_password(token, "another password", address=HERE, now=NOON)
    assert sign_in.session(before, now=NOON) is None
    with pytest.raises(UnauthenticatedError):
        sign_in.log_in("anna", PASSWORD, address=HERE, now=NOON)


def test_nobody_can_log_in_before_a_password_was_set(sign_in: SignIn) -> None:
    sign_in.invite("anna", Role.OWNER, (), now=NOON)
    for password in ("", "nobody has this password"):
        with pytest.raises(UnauthenticatedError):
            sign_in.log_in("anna", password, address=HERE, now=NOON)


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(sign_in: SignIn) -> None:
    welcome(sign_in)
    answers = set()
    for name in ("anna", "nobody", "anna'--", "\ud800", "a" * 10_000):
        with pytest.raises(UnauthenticatedError) as refused:
            sign_in.log_in(name, "wrong password here", address=HERE, now=NOON)
        answers.add(str(refused.value))
    assert len(answers) == 1


def test_guessing_is_stopped_at_its_address_and_nowhere_else(sign_in: SignIn) -> None:
    welcome(sign_in)
    for _ in range(10):
        with pytest.raises(UnauthenticatedError):
            sign_in.log_in("anna", "guess", address="192.0.2.9", now=NOON)
    with pytest.raises(TooManyRequestsError):
        sign_in.log_in("anna", PASSWORD, address="192.0.2.9", now=NOON)
    assert sign_in.log_in("anna", PASSWORD, address="192.0.2.10", now=NOON).value


def test_a_browser_that_is_known_has_tries_of_its_own(sign_in: SignIn) -> None:
    welcome(sign_in)
    mark = sign_in.log_in("anna", PASSWORD, address=HERE, now=NOON).mark
    for _ in range(9):
        with pytest.raises(UnauthenticatedError):
            sign_in.log_in("anna", "guess", address=HERE, now=NOON)
    with pytest.raises(TooManyRequestsError):
        sign_in.log_in("anna", PASSWORD, address=HERE, now=NOON)
    assert sign_in.log_in("anna", PASSWORD, address=HERE, now=NOON, mark=mark).value


def test_secrets_are_stored_as_digests_only(sign_in: SignIn, database: Database) -> None:
    token = sign_in.invite("anna", Role.OWNER, (), now=NOON)
    with database.read() as connection:
        kept = str(connection.execute(select(login_links)).all())
    assert token not in kept
    value = sign_in.choose_password(token, PASSWORD, address=HERE, now=NOON).value
    with database.read() as connection:
        kept = str(connection.execute(select(sessions)).all())
        kept += str(connection.execute(select(moderators)).all())
    assert value not in kept
    assert PASSWORD not in kept


def test_every_log_in_opens_a_new_session(sign_in: SignIn) -> None:
    first = welcome(sign_in)
    second = sign_in.log_in("anna", PASSWORD, address=HERE, now=NOON)
    assert second.value != first
    assert second.session.csrf != getattr(sign_in.session(first, now=NOON), "csrf", "")


def test_a_session_that_rests_is_over(sign_in: SignIn) -> None:
    value = welcome(sign_in)
    assert sign_in.session(value, now=NOON + IDLE_LIFETIME - timedelta(seconds=1)) is not None
    value = sign_in.log_in("anna", PASSWORD, address=HERE, now=NOON).value
    assert sign_in.session(value, now=NOON + IDLE_LIFETIME) is None


def test_a_used_session_lives_on_but_not_for_ever(sign_in: SignIn) -> None:
    value = welcome(sign_in)
    now = NOON
    while now < NOON + SESSION_LIFETIME - timedelta(hours=6):
        assert sign_in.session(value, now=now) is not None
        now += timedelta(hours=6)
    assert sign_in.session(value, now=NOON + SESSION_LIFETIME) is None


def test_log_out_ends_the_session_at_once(sign_in: SignIn) -> None:
    value = welcome(sign_in)
    sign_in.log_out(value)
    assert sign_in.session(value, now=NOON) is None


def test_a_disabled_moderator_is_out_at_once(sign_in: SignIn, database: Database) -> None:
    welcome(sign_in, "ben")
    value, accounts = welcome(sign_in), AccountRows(database)
    token = sign_in.renew("anna", now=NOON)
    accounts.disable("anna", NOON)
    assert sign_in.session(value, now=NOON) is None
    with pytest.raises(UnauthenticatedError):
        sign_in.log_in("anna", PASSWORD, address=HERE, now=NOON)
    with pytest.raises(NotFoundError):
        sign_in.renew("anna", now=NOON)
    accounts.enable("anna")
    with pytest.raises(NotFoundError):
        sign_in.invited(token, address=HERE, now=NOON)
    assert sign_in.log_in("anna", PASSWORD, address=HERE, now=NOON).value


def test_a_log_in_that_a_disabling_overtakes_opens_nothing(
    sign_in: SignIn, database: Database
) -> None:
    welcome(sign_in, "ben")
    welcome(sign_in)
    accounts = AccountRows(database)
    opened = sign_in.log_in("anna", PASSWORD, address=HERE, now=NOON)
    accounts.disable("anna", NOON)
    accounts.open_session("late", opened.session)  # its password was right a moment ago
    assert accounts.session("late", NOON) is None
    accounts.enable("anna")
    assert accounts.session("late", NOON) is None


def test_two_owners_cannot_disable_each_other_at_once(postgres: Database) -> None:
    accounts = AccountRows(postgres)
    for name in ("anna", "ben"):
        accounts.add(Moderator(f"id-{name}", name, Role.OWNER), NOON)
    with postgres.write() as connection:
        connection.execute(update(moderators).values(password="a hash"))
    refused: list[str] = []

    def disable(name: str) -> None:
        try:
            accounts.disable(name, NOON)
        except ConflictError:
            refused.append(name)

    threads = [threading.Thread(target=disable, args=(name,)) for name in ("anna", "ben")]
    with postgres.write() as connection:  # both have begun before either can go on
        connection.exec_driver_sql("LOCK TABLE sessions IN EXCLUSIVE MODE")
        for thread in threads:
            thread.start()
        while len(_blocked(connection)) < len(threads):
            pass
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert [account.disabled_at for account in accounts.all(NOON)].count(None) == 1


def _blocked(connection: Connection) -> list[object]:
    asked = "SELECT DISTINCT pid FROM pg_locks WHERE NOT granted"
    return list(connection.exec_driver_sql(asked).all())


def test_an_expired_session_is_not_counted(sign_in: SignIn, database: Database) -> None:
    welcome(sign_in)
    accounts = AccountRows(database)
    assert [account.sessions for account in accounts.all(NOON)] == [1]
    assert [account.sessions for account in accounts.all(NOON + IDLE_LIFETIME)] == [0]
    assert accounts.end_sessions("anna", NOON + IDLE_LIFETIME) == 0


def test_a_moderator_sees_only_the_sites_given(sign_in: SignIn, database: Database) -> None:
    stock_site(database)
    stock_site(database, a_site(id="other"))
    token = sign_in.invite("ben", Role.MODERATOR, ("blog",), now=NOON)
    assert sign_in.invited(token, address=HERE, now=NOON).scope == ("blog",)
    token = sign_in.invite("eve", Role.MODERATOR, (), now=NOON)
    assert sign_in.invited(token, address=HERE, now=NOON).scope == ()


def test_a_name_is_taken_once_and_a_site_must_exist(sign_in: SignIn) -> None:
    sign_in.invite("anna", Role.OWNER, (), now=NOON)
    with pytest.raises(ConflictError):
        sign_in.invite("anna", Role.OWNER, (), now=NOON)
    with pytest.raises(NotFoundError):
        sign_in.invite("ben", Role.MODERATOR, ("nowhere",), now=NOON)
    with pytest.raises(NotFoundError):
        sign_in.renew("ben", now=NOON)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a" * 65, "\u202eanna"])
def test_a_name_that_could_fool_a_reader_is_refused(sign_in: SignIn, name: str) -> None:
    with pytest.raises(InvalidError):
        sign_in.invite(name, Role.OWNER, (), now=NOON)
