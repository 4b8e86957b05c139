"""What strangers bring: held where nobody vouches for it, let pass where people did."""

from dataclasses import replace

import pytest

from moderator.checks.stranger import Stranger, Waits
from moderator.domain.check import AuthorHistory, Context
from moderator.domain.content.facts import Facts
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.reputation import WITH_LINK, Reputation, brought
from moderator.domain.policy import Mode, Policy, decide
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Verdict
from moderator.domain.weights import CIRCUMSTANCES, WEIGHTS
from tests.builders import NOON, a_context, a_pingback, a_site, a_submission

PAGE = "https://anna.test/"
KNOWN = AuthorHistory(approved=1, approved_by_person=1, approved_now=1.0)


def record(approved: int, spam: int) -> Reputation:
    past = Reputation()
    for is_spam, count in ((False, approved), (True, spam)):
        if count:
            past = past.after(is_spam=is_spam, decided_at=NOON, now=NOON, count=count)
    return past


def around(
    submission: Submission,
    policy: Policy | None = None,
    *,
    history: AuthorHistory | None = None,
    hosts: dict[str, Reputation] | None = None,
    past: Reputation | None = None,
) -> Context:
    site = a_site(policy=policy or Policy())
    context = a_context(site=site, history=history, hosts=hosts)
    brings = brought(Facts(submission, site.hosts))
    return replace(context, records={kind: past or Reputation() for kind in brings})


def found(submission: Submission, context: Context) -> dict[str, float]:
    findings = (*Stranger().run(submission, context), Waits().run(submission, context))
    return {f.check: f.weight for f in findings if f.signal is not Signal.NEUTRAL}


def verdict(submission: Submission, context: Context, *others: Finding) -> Verdict:
    findings = (*Stranger().run(submission, context), Waits().run(submission, context))
    return decide([*findings, *others], context.site.policy).verdict


def by(author: Author, text: str = "I walked there last summer.") -> Submission:
    return a_submission(text, author=author)


def test_a_stranger_with_a_page_waits_until_people_let_such_pass() -> None:
    comment = by(Author(name="Anna", url=PAGE))
    assert verdict(comment, around(comment)) is Verdict.HOLD
    assert verdict(comment, around(comment, past=record(approved=9, spam=0))) is Verdict.APPROVE
    assert verdict(comment, around(comment, past=record(approved=3, spam=9))) is Verdict.HOLD


def test_where_people_approved_such_a_little_doubt_holds_no_page() -> None:
    comment = by(Author(name="Anna", url=PAGE))
    speaks = Finding("topic", Signal.HAM, "Speaks of the post", weight=-0.1)
    assert verdict(comment, around(comment), speaks) is Verdict.HOLD
    doubt = Finding("spam_text", Signal.SUSPECT, "Reads a little like spam", weight=0.34)
    asked = around(comment, past=record(approved=3, spam=0))
    assert verdict(comment, asked, doubt) is Verdict.APPROVE


def test_a_stranger_who_brings_nothing_does_not_wait() -> None:
    comment = by(Author(name="Anna", email="anna@example.org"))
    assert found(comment, around(comment)) == {}


@pytest.mark.parametrize("typed", ["anna@mail.test", "http://anna@mail.test", "@anna", " "])
def test_an_address_in_the_wrong_field_is_no_page(typed: str) -> None:
    comment = by(Author(name="Anna", url=typed))
    assert found(comment, around(comment)) == {}


@pytest.mark.parametrize(
    ("page", "fact"),
    [
        ("https://www.google.com/", "page_portal"),
        ("https://www.bing.com/search?q=x", "page_portal"),
        ("https://facebook.com/", "page_portal"),
        ("https://telegra.ph/get-it-12-25", "page_portal"),
        ("https://shop.test/?p=7", "page_query"),
        ("http://gbhrzbxfkt", "page_nowhere"),
        ("gbhrzbxfkt", "page_nowhere"),
        ("http://blog.example.com@elsewhere.test/", "page"),
    ],
)
def test_what_kind_of_page_it_is(page: str, fact: str) -> None:
    comment = by(Author(name="Anna", url=page))
    facts = found(comment, around(comment))
    assert facts[fact] == WEIGHTS[fact]
    assert facts["page"] == WEIGHTS["page"]


@pytest.mark.parametrize("page", ["https://facebook.com/anna", "https://anna.wordpress.com/"])
def test_a_profile_and_a_blog_of_ones_own_are_just_pages(page: str) -> None:
    comment = by(Author(name="Anna", url=page))
    assert set(found(comment, around(comment))) == {"page"}


def test_a_word_beside_a_page_and_many_links_count() -> None:
    word = by(Author(name="Anna", url=PAGE), "mki1xt")
    assert found(word, around(word))["one_word"] == WEIGHTS["one_word"]
    links = by(Author(name="Anna"), " ".join(f"https://place{n}.test/" for n in range(4)))
    facts = found(links, around(links))
    assert (facts["link"], facts["links"]) == (WEIGHTS["link"], WEIGHTS["links"])


def test_a_link_alone_holds_nobody() -> None:
    comment = by(Author(name="Anna"), "See https://www.youtube.com/watch?v=x for the whole story")
    assert verdict(comment, around(comment)) is Verdict.APPROVE


@pytest.mark.parametrize(
    ("author", "history"),
    [
        (Author(name="Anna", url=PAGE), KNOWN),
        (Author(name="Anna", url=PAGE, trusted=True), None),
        (Author(name="Anna", url=PAGE, role="editor", is_authenticated=True), None),
    ],
)
@pytest.mark.parametrize("mode", Mode)
def test_who_is_known_is_no_stranger_in_any_mode(
    author: Author, history: AuthorHistory | None, mode: Mode
) -> None:
    comment = by(author)
    assert found(comment, around(comment, Policy(mode=mode), history=history)) == {}


def test_what_leads_to_approved_hosts_alone_brings_nothing_new() -> None:
    comment = by(Author(name="Anna", url=PAGE))
    careful = Policy(mode=Mode.CAREFUL)
    approved = {"anna.test": record(approved=1, spam=0)}
    assert found(comment, around(comment, careful, hosts=approved)) == {}
    both = {"anna.test": record(approved=1, spam=0), "new.test": Reputation()}
    assert verdict(comment, around(comment, careful, hosts=both)) is Verdict.HOLD


def test_the_modes_ask_more_and_less_of_a_stranger() -> None:
    page, link = by(Author(name="Anna", url=PAGE)), by(Author(), "https://new.test/ has it")
    for comment, said in ((page, ["approve", "hold", "hold"]), (link, ["approve"] * 2 + ["hold"])):
        modes = (Mode.OPEN, Mode.USUAL, Mode.CAREFUL)
        assert [str(verdict(comment, around(comment, Policy(mode=mode)))) for mode in modes] == said


@pytest.mark.parametrize(
    ("approved", "spam", "waits"),
    [(0, 0, True), (5, 0, True), (6, 0, False), (17, 1, True), (19, 1, False), (99, 50, True)],
)
def test_a_careful_site_lets_strangers_wait_until_people_approved_many_such(
    approved: int, spam: int, *, waits: bool
) -> None:
    """Whatever else speaks for them."""
    comment = by(Author(name="Anna", url=PAGE))
    past = record(approved=approved, spam=spam)
    careful = around(comment, Policy(mode=Mode.CAREFUL), past=past)
    honest = Finding("topic", Signal.HAM, "speaks of the post", weight=-0.5)
    assert (verdict(comment, careful, honest) is Verdict.HOLD) is waits


def test_a_careful_site_asks_of_each_thing_that_a_stranger_brings() -> None:
    comment = by(Author(name="Anna", url=PAGE), "https://new.test/ has it")
    careful = around(comment, Policy(mode=Mode.CAREFUL), past=record(approved=99, spam=0))
    assert verdict(comment, careful) is Verdict.APPROVE
    first_link = replace(careful, records={**careful.records, WITH_LINK: Reputation()})
    assert verdict(comment, first_link) is Verdict.HOLD


def test_a_site_may_let_everybodys_first_comment_wait() -> None:
    first = Policy(previously_approved=True)
    comment = by(Author(name="Anna", email="anna@example.org"))
    assert verdict(comment, around(comment, first)) is Verdict.HOLD
    published = AuthorHistory(approved=1)
    assert verdict(comment, around(comment, first, history=published)) is Verdict.APPROVE
    staff = by(Author(name="Anna", role="author", is_authenticated=True))
    assert verdict(staff, around(staff, first)) is Verdict.APPROVE


def test_what_a_stranger_brings_never_makes_spam() -> None:
    comment = by(Author(name="Anna", url="https://www.google.com/?q=x"), "word")
    doubt = Finding("spam_text", Signal.SUSPECT, "reads like spam", weight=0.75)
    context = around(comment, past=record(approved=0, spam=99))
    findings = Stranger().run(comment, context)
    assert sum(finding.weight for finding in findings) > 0.9
    assert decide([*findings, doubt], Policy()).verdict is Verdict.HOLD
    sure = replace(doubt, weight=0.95)
    assert decide([*findings, sure], Policy()).verdict is Verdict.SPAM


def test_contributions_add_up() -> None:
    comment = by(Author(name="Anna", url="https://www.google.com/"), "word")
    context = around(comment, past=record(approved=1, spam=2))
    decision = decide(Stranger().run(comment, context), Policy())
    assert decision.score == pytest.approx(sum(r.contribution for r in decision.reasons))
    assert {reason.code for reason in decision.reasons} <= CIRCUMSTANCES
    said = [reason.text for reason in decision.reasons]
    assert (
        "What people here said of strangers with a page: 1 approved, 2 spam since March 2026"
        in said
    )


def test_a_linkback_is_no_stranger() -> None:
    ping = a_pingback("https://far.test/post")
    careful = Policy(mode=Mode.CAREFUL, previously_approved=True)
    assert found(ping, around(ping, careful)) == {}
