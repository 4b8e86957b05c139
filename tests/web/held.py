"""A queue of held ones, and what the desk in a browser is asked about it."""

from moderator.domain.finding import Finding, Signal
from tests.browser import Chromium
from tests.builders import NOON, a_submission
from tests.stock import stock, stock_campaign
from tests.web.desk import PASSWORD, Office
from tests.web.scenery import at_another_time

HOLD = Finding("lists", Signal.SUSPECT, "Words of advertising", "advertising", 0.5)
CURRENT = "document.querySelector('.lines a[aria-current]').closest('li').dataset.id"
FOCUS = "document.activeElement.closest('li')?.dataset.id"
BANNER = "document.querySelector('.banner').innerText.replace(/\\s+/g, ' ')"
SENT = "sessionStorage.getItem('moderator-pending') === null"
NO_NETWORK = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


def key_of(number: int) -> str:
    return f"{number:032x}"


def fill(office: Office, number: int) -> None:
    """Held ones, the first of them on top."""
    for place in range(number):
        submission = a_submission(f"Remark number {place}, as nobody else would say it.")
        stock(office.database, at_another_time(submission, place, NOON), HOLD)


def gather(office: Office, *numbers: int) -> None:
    """A campaign of held ones that say the same, the first of them on top."""
    said = a_submission("Everybody can earn a fortune from the sofa, ask me how it is done.")
    members = [at_another_time(said, number, NOON) for number in numbers]
    for member in reversed(members):
        stock(office.database, member, HOLD)
    stock_campaign(office.database, *members)


def standing(office: Office) -> dict[int, tuple[str, int]]:
    """Status and number of decisions of each."""
    with office.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, status, sequence FROM submissions").all()
    return {int(row[0], 16): (row[1], row[2]) for row in rows}


def statuses(office: Office) -> list[str]:
    return [status for _, (status, _) in sorted(standing(office).items())]


def log_in(chromium: Chromium) -> None:
    chromium.leave(
        "document.querySelector('#name').value = 'anna';"
        f"document.querySelector('#password').value = {PASSWORD!r};"
        "document.querySelector('button.main').click()"
    )
