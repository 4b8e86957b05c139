import pytest

from moderator.checks.random_text import RandomText
from moderator.domain.finding import Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Author
from moderator.domain.verdict import Verdict
from tests.builders import a_context, a_submission

PAGE = "http://page.example.net/"
RANDOM = (
    "w9yfqe",
    "84qt6s",
    "cdicsigdfrqfhvyryiyhellqlgtkpx",
    "xmpctdibohfs22:, actehobkzu qjxv",
)
PEOPLE = (
    "Thx!",
    "hahahahahaha",
    "hmmmmmmmm",
    "IE8",
    "windows10 rocks",
    "mp3 or ogg?",
    "mysql is so quirky",
    "ASP.NET MVC",
    "Čtvrtek v Brně, zmrzl jsem",
    "grrrr",
    "+1",
    "Wrzeszcz, Szczecin",
    "kwkwkwkwkw",
    "2010",
)


@pytest.mark.parametrize("text", RANDOM)
def test_random_letters_beside_a_page_wait(text: str) -> None:
    submission = a_submission(text, author=Author(name="maqjledmcc", url=PAGE))
    finding = RandomText().run(submission, a_context())
    assert finding.code == "random_text"
    assert decide([finding], Policy()).verdict is Verdict.HOLD


@pytest.mark.parametrize("text", PEOPLE)
def test_what_people_say_in_a_few_letters_is_no_random_text(text: str) -> None:
    submission = a_submission(text, author=Author(name="Anna", url=PAGE))
    assert RandomText().run(submission, a_context()).signal is Signal.NEUTRAL


def test_who_brings_nothing_may_lean_on_the_keyboard() -> None:
    submission = a_submission(RANDOM[2], author=Author(name="Anna"))
    assert RandomText().run(submission, a_context()).signal is Signal.NEUTRAL
