"""One table of errors: a program and a person are told the same, each in its own form."""

from collections.abc import Sequence
from typing import Never

import pytest
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from moderator.domain.errors import (
    ConflictError,
    FetchError,
    ForbiddenError,
    InvalidError,
    MailError,
    ModeratorError,
    NotFoundError,
    OverloadedError,
    PermanentError,
    RefusedError,
    RequestError,
    SettingsError,
    StorageUnavailableError,
    TooManyRequestsError,
    TransientError,
)
from moderator.domain.events.arrival import Arrival
from moderator.storage.base.database import DeadlockError
from moderator.storage.intake.rows import Rules
from moderator.web.dashboard.errors import page_answer
from moderator.web.errors import OURS, problem_answer
from tests.web.desk import Office, words
from tests.web.lab import Lab, an_event
from tests.web.recording import RecordingIntake

BRANCHES = {ModeratorError, RequestError, TransientError, PermanentError}
UNSEEN = {FetchError, MailError, RefusedError, SettingsError}  # none of them reaches the web


def every_class(root: type[ModeratorError] = ModeratorError) -> set[type[ModeratorError]]:
    below = {one for child in root.__subclasses__() for one in every_class(child)}
    return {root, *below}


def made(kind: type[ModeratorError]) -> ModeratorError:
    if issubclass(kind, TooManyRequestsError | OverloadedError):
        return kind("Said so", 41)
    return kind("Said so")


class Crossed(RecordingIntake):
    def add(self, arrivals: Sequence[Arrival], respond: Rules) -> Never:
        raise DeadlockError("The database was asked crosswise")


def test_every_error_that_reaches_the_web_has_a_row() -> None:
    named = {kind for kind in every_class() if kind.__module__ == "moderator.domain.errors"}
    lost = {k for k in named - BRANCHES if not issubclass(k, (*OURS, *UNSEEN))}
    assert lost == set()


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_a_program_and_a_person_are_told_the_same(
    office: Office, kind: type[ModeratorError]
) -> None:
    error = made(kind)
    with office.app().test_request_context():
        problem, page = problem_answer(error), page_answer(error)
    assert problem.status_code == page.status_code >= 400
    assert problem.headers.get("Retry-After") == page.headers.get("Retry-After")
    assert problem.json is not None
    assert problem.json["detail"] == "Said so"
    assert problem.content_type == "application/problem+json"
    assert "Said so" in page.get_data(as_text=True)
    assert ("Please try again in" in page.get_data(as_text=True)) == ("Retry-After" in page.headers)


@pytest.mark.parametrize(
    ("error", "wait", "spoken"),
    [
        (TooManyRequestsError("Too many attempts", 1), "1", "1 second."),
        (TooManyRequestsError("Too many attempts", 41), "41", "41 seconds."),
        (OverloadedError("Too much is waiting", 121), "121", "3 minutes."),
        (StorageUnavailableError("The database does not answer"), "5", "5 seconds."),
        (DeadlockError("The database was asked crosswise"), "5", "5 seconds."),
    ],
)
def test_who_may_come_back_is_told_when(
    office: Office, error: ModeratorError, wait: str, spoken: str
) -> None:
    with office.app().test_request_context():
        problem, page = problem_answer(error), page_answer(error)
    assert problem.headers["Retry-After"] == page.headers["Retry-After"] == wait
    assert f"Please try again in {spoken}" in page.get_data(as_text=True)


@pytest.mark.parametrize("error", [NotFound(), MethodNotAllowed(["GET"])])
def test_what_flask_refuses_is_told_in_both_forms(office: Office, error: HTTPException) -> None:
    with office.app().test_request_context():
        problem, page = problem_answer(error), page_answer(error)
    assert problem.status_code == page.status_code == error.code
    assert problem.headers.get("Allow") == page.headers.get("Allow")
    assert page.content_type.startswith("text/html")


def test_a_kind_of_an_error_is_answered_like_the_error() -> None:
    lab = Lab()
    lab.store = Crossed(lab.sites.sites)
    answer = lab.post(an_event())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("kind", [ForbiddenError, InvalidError, NotFoundError, ConflictError])
def test_who_should_not_come_back_is_not_asked_to(
    office: Office, kind: type[ModeratorError]
) -> None:
    with office.app().test_request_context():
        assert "Retry-After" not in page_answer(made(kind)).headers


@pytest.mark.parametrize("path", ["/v1/nothing", "/doors/blog/nothing"])
def test_programs_are_answered_in_json_although_there_are_pages(office: Office, path: str) -> None:
    assert office.browser().get(path).content_type == "application/problem+json"


def test_too_many_attempts_are_told_how_long_to_wait(office: Office) -> None:
    browser = office.browser()
    for _ in range(10):
        browser.log_in("ben", "a wrong password")
    answer = browser.log_in("ben")
    assert f"Please try again in {answer.headers['Retry-After']} seconds" in words(answer)
