"""When people look: a site that observes decides nothing, others look before or after."""

import pytest

from moderator.checks.stranger import Waits
from moderator.domain.events.arrival import Event
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Moderation, Policy, decide
from moderator.domain.submission import Author
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from tests.builders import a_context, a_pingback, a_site, a_submission
from tests.house import BLOG, Blog, House
from tests.usecases.test_judging import Says

HONEST = Finding("spam_text", Signal.HAM, "Reads honest", "spam_text", 0.1)
HALF = Finding("spam_text", Signal.SUSPECT, "Half like spam", "spam_text", 0.5)
SHOUT = Finding("spam_text", Signal.SPAM, "Reads like spam", "spam_text", 0.95)
SILENT = Finding("akismet", Signal.UNAVAILABLE, "No answer", "akismet_unavailable")
RULED = Finding("rules", Signal.SUSPECT, "A rule lets it wait", "rule_hold")
COPY = Finding("duplicate", Signal.REDUNDANT, "A copy", "duplicate", 0.0, {"duplicate_of": "s0"})


def house(database: Database, moderation: Moderation) -> House:
    policy = Policy(moderation=moderation)
    site = a_site(callback_url=BLOG.callback_url, policy=policy)
    return House(database, site=site)


@pytest.mark.parametrize("finding", [HONEST, HALF, SHOUT, COPY])
def test_a_site_that_observes_holds_everything_and_says_what_it_would(finding: Finding) -> None:
    usual = decide([finding], Policy())
    observed = decide([finding], Policy(moderation=Moderation.OBSERVE))
    assert observed.verdict is Verdict.HOLD
    assert observed.reasons[0].code == f"observed_{usual.verdict}"
    assert observed.reasons[0].evidence == {"would": usual.verdict}
    assert observed.reasons[1:] == usual.reasons
    assert observed.score == usual.score == sum(r.contribution for r in observed.reasons)


@pytest.mark.parametrize("finding", [HONEST, SHOUT])
@pytest.mark.parametrize(("status", "told"), [("hold", ["hold"]), ("approved", []), ("spam", [])])
def test_the_blog_hears_nothing_that_would_change_it(
    database: Database, finding: Finding, status: str, told: list[str]
) -> None:
    """What it held itself it may stop waiting for."""
    service, blog = house(database, Moderation.OBSERVE), Blog()
    service.send(a_submission(status=status))
    service.check(Says(finding))
    service.deliver(blog)
    assert [said["status"] for said in blog.got] == told
    assert service.status("0001") == "hold"


def test_a_person_decides_where_the_service_only_observes(database: Database) -> None:
    service, blog = house(database, Moderation.OBSERVE), Blog()
    service.send(a_submission(status="approved"))
    service.check(Says(SHOUT))
    service.moderate("0001", Verdict.SPAM, seen=1)
    service.deliver(blog)
    assert [(said["status"], said["previous_status"]) for said in blog.got] == [
        ("spam", "approved")
    ]


def test_what_a_person_approved_is_not_taken_down_where_the_service_only_observes(
    database: Database,
) -> None:
    service, blog = house(database, Moderation.OBSERVE), Blog()
    service.send(a_submission(status="hold"))
    service.check(Says(HONEST))
    service.deliver(blog)
    service.moderate("0001", Verdict.APPROVE, seen=1)
    service.deliver(blog)
    service.send(a_submission("Another text.", status="approved"), event=Event.UPDATED)
    service.check(Says(SHOUT))
    service.deliver(blog)
    assert [said["status"] for said in blog.got] == ["hold", "approved"]
    assert service.status("0001") == "hold"


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ([HONEST], Verdict.APPROVE),
        ([HALF], Verdict.APPROVE),
        ([SHOUT], Verdict.SPAM),
        ([HONEST, SILENT], Verdict.HOLD),
        ([HONEST, RULED], Verdict.HOLD),
        ([COPY], Verdict.DISCARD),
    ],
)
def test_a_site_that_looks_afterwards_publishes_what_is_doubtful(
    findings: list[Finding], verdict: Verdict
) -> None:
    assert decide(findings, Policy(moderation=Moderation.AFTER)).verdict is verdict


def test_a_site_that_looks_before_lets_everything_wait_but_what_is_spam() -> None:
    policy = Policy(moderation=Moderation.BEFORE)
    context = a_context(site=a_site(policy=policy))
    for submission in (a_submission(), a_pingback("https://a.example/post")):
        waits = Waits().run(submission, context)
        assert decide([waits, HONEST], policy).verdict is Verdict.HOLD
        assert decide([waits, SHOUT], policy).verdict is Verdict.SPAM
    own = Author(name="Ed", role="editor", is_authenticated=True)
    assert (
        decide([Waits().run(a_submission(author=own), context)], policy).verdict is Verdict.APPROVE
    )
