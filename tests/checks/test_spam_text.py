from dataclasses import replace

import pytest

from moderator.checks.spam_text import ReadsLikeSpam
from moderator.domain.check import AuthorHistory, ScoredPiece, TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.reputation import Reputation, answerable_hosts
from moderator.domain.policy import Mode, Policy, decide
from moderator.domain.text.languages import NAMELESS, Language
from moderator.domain.verdict import Verdict
from tests.builders import ALICE, NOON, a_context, a_pingback, a_site, a_submission

PHRASES = (ScoredPiece("check out my channel", 4.2), ScoredPiece("subscribe", 1.5))
SPAM = TextScore(0.999, scored_pieces=PHRASES, model="tried")


def run(score: TextScore | None, text: str = "Check out my channel, subscribe") -> Finding:
    return ReadsLikeSpam().run(a_submission(text), replace(a_context(), text_score=score))


def verdict(*findings: Finding) -> Verdict:
    return decide(findings, Policy()).verdict


def test_text_alone_holds_but_never_condemns() -> None:
    assert verdict(run(SPAM)) is Verdict.HOLD


def test_text_that_wants_to_be_contacted_is_spam() -> None:
    assert verdict(run(SPAM, "Check out my channel, write to me@sub.example")) is Verdict.SPAM
    assert verdict(run(SPAM, "Call our support number +1-888-222-3333 now")) is Verdict.SPAM


def test_a_link_is_no_evidence() -> None:
    assert verdict(run(SPAM, "Check out my channel at http://sub.example/")) is Verdict.HOLD


def test_other_evidence_makes_it_spam() -> None:
    disposable = Finding("disposable_email", Signal.SUSPECT, "Thrown away after use", weight=0.2)
    assert verdict(run(SPAM), disposable) is Verdict.SPAM


@pytest.mark.parametrize("chance", [0.0, 0.05, 0.2, 0.34])
def test_what_is_hardly_spam_is_approved(chance: float) -> None:
    finding = run(TextScore(chance))
    assert verdict(finding) is Verdict.APPROVE
    assert finding.weight == chance


@pytest.mark.parametrize("chance", [0.35, 0.41, 0.48, 0.4999])
def test_what_is_rather_honest_waits_for_no_text_and_no_everyday_link(chance: float) -> None:
    finding = run(TextScore(chance))
    link = Finding("link", Signal.SUSPECT, "The author is new here and brings a link", weight=0.05)
    assert finding.code == "doubtful_text"
    assert verdict(finding, link) is Verdict.APPROVE
    host = Finding("topic", Signal.SUSPECT, "Leads to what was never seen here", weight=0.05)
    assert verdict(finding, link, host) is Verdict.HOLD
    assert verdict(run(TextScore(0.5))) is Verdict.HOLD


def test_more_likely_never_weighs_less() -> None:
    weights = [TextScore(step / 1000).weight for step in range(1001)]
    assert weights == sorted(weights)


FRENCH = TextScore(0.0, is_familiar=False, language=Language(("fr",)))
WORDS = "Bravo pour ce récit, on y retourne en mai."


def unread(
    text: str = WORDS,
    *,
    own: str = "fr",
    seen: frozenset[str] = frozenset(),
    policy: Policy | None = None,
    past: AuthorHistory | None = None,
    score: TextScore = FRENCH,
    **changes: object,
) -> Finding:
    submission = a_submission(text, **changes)
    site = a_site(policy=policy or Policy())
    hosts = answerable_hosts(Facts(submission, site.hosts), site)
    known = {h: Reputation(1, since=NOON) if h in seen else Reputation() for h in hosts}
    context = a_context(site=site, text_score=score, hosts=known, history=past)
    return ReadsLikeSpam().run(submission, replace(context, languages=frozenset({own})))


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_a_language_that_the_blog_does_not_write_in_waits(chance: float) -> None:
    finding = unread("Ring 0800 222 3333 000", own="es", score=replace(FRENCH, probability=chance))
    assert finding.code == "unknown_language"
    assert finding.reason.startswith("In a language this blog doesn't write in")
    assert verdict(finding) is Verdict.HOLD


def test_no_language_at_all_waits_whatever_the_blog_writes_in() -> None:
    finding = unread("v i a g r a", score=replace(FRENCH, language=NAMELESS))
    assert finding.reason.startswith("In no language at all")
    assert verdict(finding) is Verdict.HOLD


def test_the_blogs_own_language_is_judged_by_everything_else() -> None:
    finding = unread()
    assert (finding.code, finding.weight) == ("unread_language", 0.0)
    assert finding.reason == (
        "In your blog's language, which the text model can't read: judged by everything else"
    )
    decision = decide([finding], Policy())
    assert decision.verdict is Verdict.APPROVE
    assert [reason.code for reason in decision.reasons] == ["unread_language"]


@pytest.mark.parametrize(
    "brought",
    [
        "https://offre.test/3", "https://bit.ly/x3", "WhatsApp +33 6 12 34 56 78 90",
        "marabout@offre.test",
    ],
)  # fmt: skip
def test_a_stranger_who_leads_away_in_it_waits(brought: str) -> None:
    finding = unread(f"{WORDS} {brought}")
    assert "somebody new here brings" in finding.reason
    on_topic = Finding("topic", Signal.HAM, "Speaks of the post", weight=-0.1)
    assert verdict(finding, on_topic) is Verdict.HOLD


@pytest.mark.parametrize(
    "said",
    [
        "пишите в телеграм @zarabotok", "ВАТСАП: +7 912 345 67 89", "加微信 abc12345 领取",
        "카톡 abc123 문의주세요", "แอดไลน์ @job123", "واتساب 0501234567", "Zalo: 0912 345 678",
        "Line ID: work2day", "تلگرام @sarmaye",
    ],
)  # fmt: skip
def test_a_messenger_beside_a_name_there_is_a_way_to_be_contacted(said: str) -> None:
    assert "a way to be contacted" in unread(said, own="fr").reason


@pytest.mark.parametrize(
    "said",
    [
        "видел это в телеграме вчера", "我在微信上看到的", "카톡으로 봤어요", "เห็นในไลน์เมื่อวาน",
        "la clé 1L26JWXbeqqVe7y6kSncMLqMg5SeZfQxJX", "on line 12 of it", "online 24 heures",
        "@anna merci",
    ],
)  # fmt: skip
def test_to_speak_of_a_messenger_is_none(said: str) -> None:
    assert unread(said).weight == 0


def test_a_stranger_who_speaks_as_advertisements_do_waits() -> None:
    text = "Pożyczki bez zaświadczeń, szybko i tanio"
    offer = unread(text, own="fr")
    assert "new here brings what advertisements offer" in offer.reason
    assert verdict(offer) is Verdict.HOLD
    on_topic = Finding("topic", Signal.HAM, "Speaks of the post", weight=-0.05)
    assert verdict(offer, on_topic) is Verdict.APPROVE
    assert unread(text, past=AuthorHistory(approved_by_person=1)).weight == 0


OFFERS = [
    "Do you accept guest posts? We have a budget for quality sites like yours.",
    "I would like to publish a sponsored article on your website, what are your rates?",
    "Hello admin, can I buy a backlink on your homepage?",
    "Nehmen Sie Gastbeiträge an? Was kostet ein Link?",
    "Bonjour, je propose un échange de liens avec votre blog.",
]


@pytest.mark.parametrize("text", OFFERS)
def test_a_stranger_who_wants_to_trade_in_links_waits(text: str) -> None:
    honest = replace(SPAM, probability=0.02)
    assert run(honest, text).code == "link_trade"
    assert verdict(run(honest, text)) is Verdict.HOLD
    known = replace(a_context(history=AuthorHistory(approved_by_person=1)), text_score=honest)
    assert ReadsLikeSpam().run(a_submission(text), known).code == "honest_text"
    assert "an offer to trade in links" in unread(text).reason


@pytest.mark.parametrize(
    "text",
    [
        "Great guest post by Tom, he should write more of them!",
        "Backlinks are overrated, as an SEO once told me himself.",
        "May I quote a paragraph of this in our newsletter, with a link of course?",
        "I would like to write about this on my own blog, may I use your second photo?",
        "Der Gastbeitrag von neulich hat mir besser gefallen.",
    ],
)
def test_to_speak_of_links_and_articles_is_no_trade(text: str) -> None:
    assert run(replace(SPAM, probability=0.02), text).code == "honest_text"


@pytest.mark.parametrize(
    "link",
    [
        "https://www.bilibili.com/video/BV1xx411c7mD", "https://qiita.com/anna/items/1a2b",
        "https://habr.com/ru/articles/123456/", "https://www.amazon.fr/dp/2070360024",
        "https://www.google.es/maps/place/Madrid", "https://www.openstreetmap.org/way/1",
        "https://youtu.be/dQw4w9WgXcQ",
    ],
)  # fmt: skip
def test_a_link_to_where_everybody_publishes_leads_nobody_away(link: str) -> None:
    assert unread(f"{WORDS} {link}").weight == 0


def test_a_link_is_welcome_of_whom_or_where_people_approved() -> None:
    linked = f"{WORDS} https://ailleurs.test/a"
    of_person = AuthorHistory(approved=1, approved_by_person=1)
    assert verdict(unread(linked, past=of_person)) is Verdict.APPROVE
    assert verdict(unread(linked, author=replace(ALICE, trusted=True))) is Verdict.APPROVE
    assert verdict(unread(linked, seen=frozenset({"ailleurs.test"}))) is Verdict.APPROVE
    assert verdict(unread(f"{WORDS} https://www.youtube.com/watch?v=a")) is Verdict.APPROVE
    assert verdict(unread(linked, policy=Policy(mode=Mode.OPEN))) is Verdict.APPROVE


@pytest.mark.parametrize(
    "past",
    [
        AuthorHistory(approved=1, published_at=NOON),  # by the machine, a moment ago
        AuthorHistory(approved=2, approved_by_person=1, spam=1, spam_by_person=1, spam_now=1),
    ],
)
def test_a_link_is_not_welcome_of_whom_nobody_trusts_yet(past: AuthorHistory) -> None:
    assert verdict(unread(f"{WORDS} https://ailleurs.test/a", past=past)) is Verdict.HOLD


def test_the_source_of_a_linkback_is_read_by_another_check() -> None:
    pingback = a_pingback("https://ailleurs.test/", WORDS)
    context = a_context(text_score=FRENCH, hosts={"ailleurs.test": Reputation()})
    around = replace(context, languages=frozenset({"fr"}))
    linked = replace(pingback, content=f"{WORDS} https://ailleurs.test/")
    assert ReadsLikeSpam().run(linked, around).weight == 0


@pytest.mark.parametrize("chance", [0.5, 0.8, 1.0])
def test_what_a_site_taught_holds_in_its_own_language_and_never_condemns(chance: float) -> None:
    finding = unread(score=replace(FRENCH, probability=chance, scored_pieces=PHRASES))
    assert finding.code == "taught_text"
    assert "like what people here called spam" in finding.reason
    host = Finding("host_reputation", Signal.SUSPECT, "Called spam", weight=0.5)
    assert verdict(finding) is Verdict.HOLD
    assert verdict(finding, host) is Verdict.HOLD


def test_the_reason_quotes_what_carried_the_score() -> None:
    assert "“check out my channel”, “subscribe”" in run(SPAM).reason


def test_without_a_model_there_is_nothing_to_say() -> None:
    assert run(None).signal is Signal.NEUTRAL


@pytest.mark.parametrize("text", ["+1", "10/10", ":-)", "https://paper.example/story", "?!"])
def test_where_there_are_no_words_there_is_nothing_to_judge(text: str) -> None:
    assert run(SPAM, text).signal is Signal.NEUTRAL


@pytest.mark.parametrize(
    "text",
    [
        "See https://www.facebook.com/328161397316808/posts/1598558580277077 about it",
        "The spammer came from 40.31.189.179 and 30.83.37.97",
    ],
)
def test_numbers_of_addresses_are_no_telephone_numbers(text: str) -> None:
    assert verdict(run(SPAM, text)) is Verdict.HOLD
