import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.checks.author_shape import AT_MOST, AuthorShape
from moderator.checks.disposable_email import DisposableEmail
from moderator.checks.short_links import ShortLinks
from moderator.checks.topic import Topic
from moderator.domain.check import AuthorHistory
from moderator.domain.content.facts import Facts
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.reputation import Reputation, answerable_hosts
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Author, Post
from moderator.domain.text.advertising_words import GOODS, PLACES, PRAISE
from moderator.domain.verdict import Verdict
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from tests.builders import a_context, a_pingback, a_site, a_submission

HONEST = """
    Alice / Bob Miller / anna1987 / ANNA KOWALSKA / xX_DragonSlayer_Xx / j.smith
    J. R. R. Tolkien / Dr. Müller-Lüdenscheidt / O'Brien / Jean-Luc / María José García López
    Łukasz Żółć / Nguyễn Thị Loan / Loan Nguyen / Seo Joon-ho / 서준호 / Arne Slot
    Vincent Price / George Best / Judi Dench / Chase Banks / Raj Kumar, Mumbai / Dallas Taylor
    Austin Powers / Paris / Sydney Carpenter / Houston Baker / Roma / Иван Петров / Сергей
    Ольга из Москвы / Αλέξανδρος / محمد علي / דוד לוי / प्रिया शर्मा / สมชาย / 张伟 / 田中太郎
    토토로 / 山田花子 / गीता / ტარიელი / 😀😀 / ★ Luna ★ / ~*~ / ??? / 007 / 1234567890 / 1984
    1990-2010 / 11.9.2001 / user-305c6a59 / Guest 20231201123456 / anonymous / A Reader / me
    Tea Blog / The Poker Player / Casino Royale / Insurance Salesman / Lawyer / Plumber Joe
    BitcoinBob / Free Palestine / Stop The War / Abolish the Police / Bernie or Bust
    Trump 2024 / No to Loans / Tax The Rich / Vegan Forever / Pro Life / Ukraine Supporter
    Free Speech / Buy Nothing / Cheap Wine / Best Regards / Top Cat / Online Oma / Max Power
    Hotel California / Escort MK2 / Dr. No / node.js / Marketing Guy / Shop Girl
    The Book Service / Company Man / Web Developer / Designer Tom / SEO / kottke.org / St.Paul
    上海人 / 北京的李明 / 重庆妹子 / 推薦者 / สมหญิง ใจดี / عبد الرحمن الرياض / Tín Nguyễn / Uy
    P.J. / 203.113.100.200 / Lisa (42) / Tom & Jerry / #metoo / @maria / C++ Fan
"""
ADVERTISING = """
    Best Plumber Dallas / Plumber in London / Cheap Essay Writing Service / buy viagra online
    SEO Services / Payday Loans / Online Casino / casino poker / Locksmith Dallas TX
    Digital Marketing Agency / Web Design Company / Dubai Escorts / Buy Backlinks
    Cheap Followers / Forex Trading / CBD Online Shop / Affordable Roofing / Real Estate Dubai
    Carpet Cleaning Melbourne / Packers and Movers Pune / Kredit günstig / Umzug Berlin
    Schlüsseldienst Hamburg / Kredit ohne Schufa kaufen / Plombier Paris / Assurance pas cher
    Préstamos urgentes / Cerrajeros Madrid / Abogado Barcelona barato / Prestiti online
    Idraulico Roma / Empréstimo online / Tani kredyt / Купить окна / Займ срочно / Кредит онлайн
    Ремонт Москва / Judi Online Terpercaya / Situs Togel Resmi / Kredi ucuz / 代写论文
    贷款咨询 / 博彩娱乐城 / カジノ 格安 / 바카라 사이트 / bestplumberdallas / CheapLoansOnline
    𝐁𝐞𝐬𝐭 𝐏𝐥𝐮𝐦𝐛𝐞𝐫 / ＢＵＹ ＶＩＡＧＲＡ / Best Plumber Dallas 🔥 / b͟uy viagra
    call +1 (202) 555-0123 / +49 170 1234567 / 020 7946 0958 ring / Tel. 202-555-0123
    visit www.shop.test / https://shop.test / cheap-shop.com / me@shop.test
    Bob from shop.co.uk / t.me/easy_money
    北京搬家公司 / 免费VPN / 上海装修 / オンラインカジノ / 出会い系 / 먹튀검증 / Казино Вулкан
    شركة تنظيف بالدمام / نقل عفش بالرياض / خرید فالوور / vay tiền nhanh / ซื้อหวยออนไลน์
    Bitcoin Doubler / QuickBooks Support Number / Hotels in Goa / free robux generator
    Vashikaran Specialist / Dr. Okoro spell caster
"""


def names(table: str) -> list[str]:
    return [
        name.strip() for line in table.splitlines() for name in line.split(" / ") if name.strip()
    ]


def ask(name: str = "", url: str = "", email: str = "") -> Finding:
    author = Author(name=name, url=url, email=email)
    return AuthorShape().run(a_submission(author=author), a_context())


@pytest.mark.parametrize("name", names(HONEST))
def test_people_call_themselves_many_things(name: str) -> None:
    assert ask(name, "https://kottke.org/about", "someone@example.org").signal is Signal.NEUTRAL


@pytest.mark.parametrize("name", names(ADVERTISING))
def test_advertisements_call_themselves_what_they_sell(name: str) -> None:
    finding = ask(name)
    assert (finding.signal, finding.code) == (Signal.SUSPECT, "advertising_author")
    assert 0.1 <= finding.weight <= AT_MOST
    assert decide([finding], Policy()).verdict is Verdict.APPROVE


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("Tea Blog", "https://teablog.example/"),
        ("Anna's Plumbing", "https://annas-plumbing.example"),
        ("Poker Player", "https://pokerplayer.example"),
        ("Anna", "https://anna.example/2024/05/best-tea-in-london/"),
        ("Anna", "https://anna.example/shop/?lang=de&page=2&ref=feed&fbclid=x"),
        ("Anna", "https://craft.example/shop/AnnasYarn"),
        ("Anna", "https://anna.example/products"),
        ("Anna", "https://social.example/@anna"),
        ("Anna", "https://cheap-loans-online.example"),
        ("Anna", "not an address"),
        ("Anna", "http://["),
        ("", "https://anna.example/blog/"),
    ],
)
def test_honest_pages(name: str, url: str) -> None:
    assert ask(name, url).signal is Signal.NEUTRAL


@pytest.mark.parametrize(
    ("name", "url", "says", "weight"),
    [
        ("Best Plumber", "https://bestplumberdallas.test", "a host which is a slogan", 0.3),
        ("cheap loans", "https://www.cheap-loans-online.test/", "a host which is a slogan", 0.3),
        ("loansonline.test", "https://loansonline.test", "a host which is a slogan", 0.1),
        ("Anna", "https://shop.test/product/red-shoes", "one that sells (/product)", 0.1),
        ("Anna", "https://shop.test/en/buy/1/", "one that sells (/buy)", 0.1),
        ("Anna", "https://x.test/plumber-in-london/", "one that sells (/plumber-in-london)", 0.1),
        ("Anna", "https://x.test/?AFF_ID=7", "counts visitors (aff_id)", 0.1),
        ("Anna", "https://x.test/a?b=1&amp;utm_campaign=c", "counts visitors (utm_campaign)", 0.1),
    ],
)
def test_pages_that_sell(name: str, url: str, says: str, weight: float) -> None:
    finding = ask(name, url)
    assert says in finding.reason
    assert finding.weight == weight


@pytest.mark.parametrize(
    ("email", "weight"),
    [
        ("bestplumberdallas@mail.example", 0.1),
        ("cheap.loans.77@mail.example", 0.1),
        ("seo_services@mail.example", 0.1),
        ("anna.kowalska@mail.example", 0.0),
        ("info@mail.example", 0.0),
        ("sales@plumber-dallas.example", 0.0),
        ("insurance.anna@mail.example", 0.0),
        ("loan.nguyen1990@mail.example", 0.0),
        ("freeloader@mail.example", 0.0),
        ("@", 0.0),
        ("", 0.0),
    ],
)
def test_addresses_made_of_words_of_trade(email: str, weight: float) -> None:
    assert ask("Anna", email=email).weight == weight


def test_the_finding_says_each_part_and_what_it_adds() -> None:
    finding = ask("Seo services 202-555-0123", "https://x.test/?aff=1", "seo.services@x.test")
    assert finding.evidence["parts"] == {
        "the name holds a telephone number": 0.15,
        "the name is a slogan": 0.2,
        "the page's address counts visitors (aff)": 0.1,
        "the e-mail address is made of words of trade": 0.1,
    }
    assert finding.weight == 0.5
    for part in ("a telephone number, the name is a slogan, the page's", "words of trade"):
        assert part in finding.reason


def test_a_linkback_is_signed_with_the_title_of_a_page() -> None:
    author = Author(name="Best Plumber Dallas", url="https://x.test/?aff=1")
    pingback = a_pingback("https://x.test/?aff=1", author=author)
    assert AuthorShape().run(pingback, a_context()).signal is Signal.NEUTRAL


WORDS = st.sampled_from(sorted(GOODS | PRAISE | PLACES))
ANYTHING = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=6).map(" ".join))


@given(ANYTHING, ANYTHING, ANYTHING)
def test_an_author_alone_is_never_spam(name: str, path: str, local: str) -> None:
    finding = ask(name, f"https://x.test/buy/{path}?aff=1", f"{local}@x.test")
    assert 0 <= finding.weight <= AT_MOST
    assert decide([finding], Policy()).verdict is not Verdict.SPAM


@given(st.lists(st.sampled_from(["anna", "tea", "blog", "87", "_", "Иван", "张伟"]), max_size=4))
def test_no_mix_of_honest_pieces_is_suspect(pieces: list[str]) -> None:
    assert ask(" ".join(pieces), email=f"{'.'.join(pieces)}@x.test").signal is Signal.NEUTRAL


@given(ANYTHING, st.integers(0, 9))
def test_author_mail_links_and_topic_together_are_no_spam(name: str, links: int) -> None:
    text = "Nice " + " ".join(f"https://bit.ly/{n} https://host{n}.test" for n in range(links))
    author = Author(name=f"Best plumber {name}", url="http://t.ly/?aff=1", email="a@yopmail.com")
    submission = a_submission(text, author=author, post=Post(title="The river"))
    hosts = dict.fromkeys(
        answerable_hosts(Facts(submission, a_site().hosts), a_site()), Reputation()
    )
    checks = (AuthorShape(), DisposableEmail(), ShortLinks(), Topic())
    findings = [check.run(submission, a_context(hosts=hosts)) for check in checks]
    assert decide(findings, Policy()).verdict is not Verdict.SPAM


OFFERS = """
    Cheap Nike Air Max 90 Mens / Discount Handbags Outlet Online / yes vitamins / flower delivery
    most popular ice cream flavors / Buy Adderall Online Overnight Delivery Without Prescription
    Divorce Advocate in Delhi / купить диплом / 北京植树公司 / 免费梯子 / how to lose weight fast
    Best Running Shoes for Men / teeth whitening Chicago / Replica Watches UK / cheap car insurance
"""


def read(name: str, url: str = "", history: AuthorHistory | None = None) -> Finding:
    """With what the shipped model makes of the name and the page."""
    submission = a_submission("Nice.", author=Author(name=name, url=url))
    (score,) = Scorer(shared_model()).score([Facts(submission)])
    return AuthorShape().run(submission, a_context(text_score=score, history=history))


@pytest.mark.parametrize("name", names(OFFERS))
def test_an_offer_in_the_place_of_a_name_holds_beside_a_page(name: str) -> None:
    assert read(name).code == "advertising_author"
    finding = read(name, "https://page.example.net/blog")
    assert decide([finding], Policy()).verdict is Verdict.HOLD


@pytest.mark.parametrize("name", names(HONEST))
def test_the_model_takes_no_person_for_an_offer(name: str) -> None:
    finding = read(name, "https://kottke.org/about")
    assert decide([finding], Policy()).verdict is Verdict.APPROVE


def test_who_was_approved_often_may_be_called_anything() -> None:
    history = AuthorHistory(approved=3)
    assert read("flower delivery", "https://page.test/", history).signal is Signal.NEUTRAL
    history = AuthorHistory(approved=3, spam=1)
    assert read("flower delivery", "https://page.test/", history).signal is Signal.SUSPECT


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("http://annakoenig.example.com/", "http://annakoenig.example.com/"),
        ("kerstins-garten.org/blog", "http://kerstins-garten.org/blog"),
        ("www.kottke.org", "https://kottke.org"),
        ("Rita", "http://rita@example.org"),
        ("Rita", "rita@example.org"),
        ("Rita", "@rita"),
        ("Ved", "http://www.facebook.com/profile.php?id=1000034697257"),
    ],
)
def test_beginners_and_bloggers_fill_in_the_fields_as_they_like(name: str, url: str) -> None:
    assert read(name, url).signal is Signal.NEUTRAL


@pytest.mark.parametrize("url", ["http://www.google.com/", "https://bing.com", "www.yahoo.com"])
def test_nobody_lives_at_the_front_page_of_a_portal(url: str) -> None:
    finding = read("Vlora", url)
    assert "front page of a portal" in finding.reason
    assert decide([finding], Policy()).verdict is Verdict.HOLD


def test_another_address_in_a_name_holds() -> None:
    name = "Transaction 1.9234 BTC. NEXT >> https://graph.example.org/GET?hs=1f2e"
    finding = read(name, "http://graph.example.org/GET")
    assert "another address" in finding.reason
    assert decide([finding], Policy()).verdict is Verdict.HOLD
