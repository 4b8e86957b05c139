"""What is only tried is judged like all else, and leaves nothing behind."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from moderator.checks import LOCAL
from moderator.checks.source_link import SourceLink
from moderator.domain.answering.trial import Trial
from moderator.domain.submission import Request, Submission
from moderator.domain.verdict import Decision, Verdict
from moderator.storage.base.database import Database
from moderator.storage.judging.rows import JudgingRows
from moderator.usecases.answering.try_out import TryOut
from moderator.usecases.judge.context import ContextLoader
from tests.builders import NOON, POST, a_pingback, a_submission
from tests.house import House

LINKS = f'<p>I read <a href="{POST.url}">this</a> with joy</p>'


@dataclass
class Asked:
    waiting: list[Trial]
    told: dict[str, Decision] = field(default_factory=dict)

    def ask(self, trial: Trial) -> bool:
        return True

    def take(self, limit: int) -> list[Trial]:
        taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return taken

    def answer(self, answers: Sequence[tuple[Trial, Decision]]) -> None:
        self.told |= {trial.id: decision for trial, decision in answers}


def tried(house: House, *submissions: Submission) -> dict[str, Decision]:
    asked, rung = Asked([Trial(each) for each in submissions]), []
    past = JudgingRows(house.database, is_trial=True)
    surroundings = ContextLoader(past, house.sites, None, None, True)  # noqa: FBT003
    try_out = TryOut(asked, surroundings, LOCAL, SourceLink(), lambda: NOON, lambda: rung.append(1))
    assert try_out() == len(submissions)
    assert try_out() == 0
    assert rung == [1]
    return asked.told


def test_a_trial_is_judged_and_nothing_is_stored(database: Database) -> None:
    house = House(database)
    trap = Request(honeypot_name="website2", honeypot_value="http://bot.example/")
    told = tried(house, a_submission(id="1"), a_submission(id="2", request=trap))
    assert told["1"].verdict is Verdict.APPROVE
    assert told["2"].verdict is Verdict.SPAM
    for table in ("submissions", "decisions", "queue", "campaigns", "deliveries"):
        assert house.rows(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608


def test_the_past_counts_for_a_trial(database: Database) -> None:
    house = House(database)
    house.send(a_submission("A text that a person called spam before, word by word.", id="1"))
    house.check(*LOCAL)
    house.moderate("1", Verdict.SPAM, seen=1)
    again = a_submission(
        "A text that a person called spam before, word by word.", id="2", platform_id="2"
    )
    assert tried(house, again)["2"].verdict is Verdict.SPAM


def test_a_page_that_was_handed_over_is_read_and_nobody_is_asked(database: Database) -> None:
    one = a_pingback("https://a.example/1", "I read this with joy", id="1", platform_id="1")
    assert one.linkback is not None
    links = replace(one, linkback=replace(one.linkback, source_html=LINKS))
    lies = replace(one, id="2", linkback=replace(one.linkback, source_html="<p>nothing</p>"))
    unread = replace(one, id="3")
    told = tried(House(database), links, lies, unread)
    assert {id_: decision.verdict for id_, decision in told.items()} == {
        "1": Verdict.APPROVE,
        "2": Verdict.SPAM,
        "3": Verdict.HOLD,
    }


def test_a_trial_for_a_site_that_is_gone_has_no_answer(database: Database) -> None:
    assert tried(House(database), a_submission(site_id="gone")) == {}
