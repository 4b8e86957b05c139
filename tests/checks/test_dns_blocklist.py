"""What of a submission is asked of blocklists, and what their answers weigh."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from moderator.checks.dns_blocklist import MAX_HOSTS, DnsBlocklist, foreign_domains
from moderator.domain.content.facts import Facts
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import decide
from moderator.domain.ports import BlocklistAnswer, BlocklistStatus
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Verdict
from tests.builders import a_context, a_pingback, a_site, a_submission
from tests.checks.reaching import FakeWeb, reaching

ZONE = "dbl.test"


@dataclass
class FakeLists:
    """`domain.ports.HostLists`: one list; what it does not name is clear."""

    known: dict[str, BlocklistAnswer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def ask(self, hosts: Sequence[str]) -> list[BlocklistAnswer]:
        self.asked += hosts
        return [
            self.known.get(host, BlocklistAnswer(host, ZONE, BlocklistStatus.CLEAR))
            for host in hosts
        ]


def run(submission: Submission, *known: BlocklistAnswer) -> tuple[Finding, list[str]]:
    lists = FakeLists({answer.host: answer for answer in known})
    tools = replace(reaching(FakeWeb()), blocklists=lists)
    return asyncio.run(DnsBlocklist().run(submission, a_context(), tools)), lists.asked


LISTED = BlocklistAnswer("bad.test", ZONE, BlocklistStatus.LISTED, ("127.0.1.2",))
SILENT = BlocklistAnswer("bad.test", ZONE, BlocklistStatus.UNKNOWN, detail="nothing within 2 s")


def test_a_listing_holds_and_says_where() -> None:
    finding, _ = run(a_submission("See https://www.bad.test/a and https://good.test/"), LISTED)
    assert finding.reason == "bad.test is on the blocklist dbl.test"
    assert finding.evidence == {
        "listed": [{"host": "bad.test", "zone": ZONE, "codes": ["127.0.1.2"]}]
    }
    assert decide([finding], a_site().policy).verdict is Verdict.HOLD


def test_a_listing_and_another_sign_are_spam() -> None:
    finding, _ = run(a_submission("https://bad.test/"), LISTED)
    other = Finding("link_shape", Signal.SUSPECT, "A link looks like a trick", weight=0.2)
    assert decide([finding, other], a_site().policy).verdict is Verdict.SPAM


def test_no_answer_holds_nothing() -> None:
    finding, _ = run(a_submission("https://bad.test/"), SILENT)
    assert (finding.signal, finding.weight) == (Signal.UNAVAILABLE, 0.0)
    assert "nothing within 2 s" in finding.reason
    assert decide([finding], a_site().policy).verdict is Verdict.APPROVE


def test_a_listing_counts_although_another_list_is_silent() -> None:
    other = BlocklistAnswer("worse.test", ZONE, BlocklistStatus.UNKNOWN, detail="silent")
    finding, _ = run(a_submission("https://worse.test/ https://bad.test/"), LISTED, other)
    assert finding.code == "host_listed"


def test_what_no_list_names_says_nothing() -> None:
    finding, asked = run(a_submission("https://good.test/"))
    assert (finding.signal, asked) == (Signal.NEUTRAL, ["good.test"])


def test_without_lists_nobody_is_asked() -> None:
    submission = a_submission("https://bad.test/")
    finding = asyncio.run(DnsBlocklist().run(submission, a_context(), reaching(FakeWeb())))
    assert finding.signal is Signal.NEUTRAL


def test_each_registrable_domain_is_asked_once() -> None:
    text = "https://a.bad.test/ https://b.bad.test/ http://deep.shop.co.uk/"
    assert foreign_domains(Facts(a_submission(text)), a_site().hosts) == ["bad.test", "shop.co.uk"]


def test_the_authors_page_and_the_source_are_asked() -> None:
    author = Author(name="A", url="https://page.test/me")
    assert foreign_domains(Facts(a_submission(author=author)), a_site().hosts) == ["page.test"]
    pingback = a_pingback("https://source.test/1", author=author)
    assert foreign_domains(Facts(pingback), a_site().hosts) == ["source.test", "page.test"]


@pytest.mark.parametrize(
    "text",
    [
        "Nothing to see",
        "https://blog.example.org/1 https://static.example.org/2",  # the blog's own
        "http://192.0.2.7/ http://[2001:db8::7]/",
        "http://intranet/",
    ],
)
def test_own_hosts_addresses_and_bare_names_are_not_asked(text: str) -> None:
    submission = a_submission(text)
    assert foreign_domains(Facts(submission), a_site().hosts) == []
    assert not DnsBlocklist().applies(submission, a_context())


def test_a_wall_of_links_is_asked_for_in_part() -> None:
    _, asked = run(a_submission(" ".join(f"https://host{n}.test/" for n in range(50))))
    assert asked == [f"host{n}.test" for n in range(MAX_HOSTS)]
