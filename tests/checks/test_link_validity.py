import asyncio
from typing import cast

from moderator.checks.link_validity import MAX_FOLLOWED, LinkValidity
from moderator.domain.errors import FetchError, OverBudgetError, RefusedError
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.ports import Fate, LinkFate
from moderator.domain.submission import Author, Format
from moderator.domain.verdict import Verdict
from tests.builders import NOON, a_context, a_pingback, a_submission
from tests.checks.reaching import FakeMemory, FakeWeb, a_page, reaching

A, B, C = "https://a.test/x", "https://b.test/x", "https://c.test/x"


def ask(text: str, web: FakeWeb, memory: FakeMemory | None = None) -> Finding:
    submission = a_submission(text, author=Author(name="A"))
    return asyncio.run(LinkValidity().run(submission, a_context(), reaching(web, memory)))


def lines(finding: Finding) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", finding.evidence["links"])


def fates(finding: Finding) -> list[str]:
    return [str(line["fate"]) for line in lines(finding)]


def test_every_link_is_listed_with_its_fate() -> None:
    web = FakeWeb(
        {
            A: a_page(A),
            B: a_page(B, status=404),
            C: RefusedError("The host leads to an address that is not public"),
            "https://d.test/x": a_page("https://d.test/x", status=503),
        }
    )
    text = (
        f"{A} {B} {C} https://d.test/x https://gone.test/x https://cut.test/2018/04/a-long-ti… "
        "https://u@v.test/ http://localhost/ https://blog.example.org/me"
    )
    finding = ask(text, web)
    assert fates(finding) == [
        "ok",
        "dead",
        "refused",
        "unreachable",
        "unreachable",
        "cut_off",
        "suspicious",
        "refused",
        "ok",
    ]
    assert finding.evidence["count"] == 9
    assert lines(finding)[1]["status"] == 404
    asked = {url for url, _ in web.asked}
    assert asked == {A, B, C, "https://d.test/x", "https://gone.test/x"}


def test_dead_links_never_hold() -> None:
    finding = ask(f"{A} {B}", FakeWeb({A: a_page(A, status=410)}))
    assert finding.signal is Signal.NEUTRAL
    assert decide([finding], Policy()).verdict is Verdict.APPROVE


def test_head_is_asked_first_and_get_has_the_last_word() -> None:
    alive = FakeWeb({A: a_page(A)})
    ask(A, alive)
    assert alive.asked == [(A, True)]
    dead = FakeWeb({A: a_page(A, status=405)})
    ask(A, dead)
    assert dead.asked == [(A, True), (A, False)]


def test_a_short_link_is_followed_to_where_it_leads() -> None:
    short, far = "https://bit.ly/abc", "https://example.org/article"
    finding = ask(short, FakeWeb({short: a_page(far, hops=(short, far))}))
    assert finding.signal is Signal.NEUTRAL
    assert lines(finding)[0] == {
        "url": short,
        "fate": "shortener",
        "detail": "It leads to example.org",
        "status": 200,
        "final_url": far,
        "hops": [short, far],
    }


def test_a_short_link_to_a_trick_weighs() -> None:
    short, far = "https://bit.ly/abc", "https://xn--exmple-4nf.org/"
    finding = ask(short, FakeWeb({short: a_page(far, hops=(short, far))}))
    assert (finding.signal, finding.code) == (Signal.SUSPECT, "short_link_to_trick")
    assert decide([finding], Policy()).verdict is Verdict.APPROVE


def test_what_is_remembered_is_not_asked_again() -> None:
    memory = FakeMemory({A: LinkFate(A, Fate.DEAD, status=404, checked_at=NOON)})
    web = FakeWeb({B: a_page(B)})
    finding = ask(f"{A} {B}", web, memory)
    assert fates(finding) == ["dead", "ok"]
    assert {url for url, _ in web.asked} == {B}
    assert memory.fates[B].fate is Fate.OK
    assert memory.fates[B].checked_at is not None


def test_only_so_many_links_are_followed() -> None:
    urls = [f"https://e{number}.test/" for number in range(MAX_FOLLOWED + 5)]
    web = FakeWeb({url: a_page(url) for url in urls})
    finding = ask(" ".join(urls), web)
    assert fates(finding).count("ok") == MAX_FOLLOWED
    assert fates(finding).count("unchecked") == 5


def test_an_exhausted_budget_is_not_remembered_as_a_fate() -> None:
    memory = FakeMemory()
    finding = ask(A, FakeWeb({A: OverBudgetError("enough", retry_after=9)}), memory)
    assert fates(finding) == ["unchecked"]
    assert memory.fates == {}


def test_it_is_asked_of_comments_with_links_only() -> None:
    check, context = LinkValidity(), a_context()
    assert check.applies(a_submission(f"see {A}"), context)
    html = a_submission("x", content=f'<a href="{A}">x</a>', format=Format.HTML)
    assert check.applies(html, context)
    assert not check.applies(a_submission("hello"), context)
    assert not check.applies(a_pingback(A, f"see {B}"), context)


def test_a_link_that_does_not_answer_is_unreachable_with_its_reason() -> None:
    finding = ask(A, FakeWeb({A: FetchError("The host refuses the connection", (A,))}))
    assert lines(finding) == [
        {"url": A, "fate": "unreachable", "detail": "The host refuses the connection"}
    ]
