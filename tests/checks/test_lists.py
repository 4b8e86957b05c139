from dataclasses import replace

import pytest

from moderator.checks.lists import Lists
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Author, Format
from moderator.domain.verdict import Verdict
from tests.builders import a_context, a_pingback, a_site, a_submission


def listed(text: str, *denied: str, allowed: tuple[str, ...] = (), **changes: object) -> Finding:
    site = replace(a_site(), policy=Policy(denylist=denied, allowlist=allowed))
    return Lists().run(a_submission(text, **changes), a_context(site=site))


def where_of(finding: Finding) -> str:
    matches = finding.evidence["matches"]
    assert isinstance(matches, list)
    return str(matches[0]["where"])


def test_a_denied_host_is_spam_and_named() -> None:
    finding = listed("Look at https://www.casino.example.test/?a=1 now", "casino.example.test")
    assert (finding.signal, finding.code) == (Signal.SPAM, "denied")
    assert finding.reason == "The site's denylist names: casino.example.test (in the link)"
    assert finding.evidence == {
        "entries": ["casino.example.test"],
        "matches": [{"entry": "casino.example.test", "where": "link", "at": "casino.example.test"}],
    }
    assert decide([finding], Policy()).verdict is Verdict.SPAM


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("example.test", "http://a.b.example.test:8080/x"),
        ("*.example.test", "www.example.test"),
        ("https://example.test/", "https://u:p@example.test"),
        ("Cheap Pills", "buy cheap,  PILLS here"),
        ("pills", "\U0001d429\U0001d422\U0001d425\U0001d425\U0001d42c"),
        ("pills", "p\u200bi\u200blls"),
        ("赌场", "欢迎来到赌场玩"),
        ("don’t panic", "Don’t panic!"),
    ],
)
def test_what_an_entry_names(entry: str, text: str) -> None:
    assert listed(text, entry).code == "denied"


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("example.test", "https://notexample.test and https://example.test.example.org"),
        ("pill", "the pillar of the pills"),
        ("cheap pills", "cheap red pills"),
        ("u.$.", "u and me"),
        ("", "anything"),
        ("((((((((((a+)+)+)+", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
    ],
)
def test_what_an_entry_does_not_name(entry: str, text: str) -> None:
    assert listed(text, entry).signal is Signal.NEUTRAL


@pytest.mark.parametrize(
    ("entry", "author"),
    [
        ("bad@example.test", Author(email="Bad@Example.test")),
        ("@example.test", Author(email="any@example.test")),
        ("192.0.2.66", Author(ip="192.0.2.66")),
        ("192.0.2.0/24", Author(ip="::ffff:192.0.2.66")),
        ("2001:db8::/32", Author(ip="2001:db8::7")),
        ("farm.example.test", Author(url="https://www.farm.example.test/me")),
        ("best casino", Author(name="Best Casino")),
    ],
)
def test_entries_about_the_author(entry: str, author: Author) -> None:
    assert listed("Hello there", entry, author=author).code == "denied"
    assert listed("Hello there", entry, author=Author(ip="not an address")).code == ""


def test_the_source_of_a_linkback_is_named_too() -> None:
    site = replace(a_site(), policy=Policy(denylist=("farm.example.test",)))
    ping = a_pingback("https://farm.example.test/copy", "an excerpt")
    assert Lists().run(ping, a_context(site=site)).code == "denied"


def test_a_host_hidden_in_an_entity_is_found() -> None:
    content = '<a href="&#104;ttps://casino.example.test/">click</a>'
    finding = listed("click", "casino.example.test", content=content, format=Format.HTML)
    assert finding.code == "denied"


def test_the_allowlist_speaks_for_a_submission_unless_the_denylist_speaks() -> None:
    text = "See https://news.example.org/a"
    assert listed(text, allowed=("news.example.org",)).signal is Signal.HAM
    assert listed(text, "see", allowed=("news.example.org",)).signal is Signal.SPAM


def test_an_empty_list_says_nothing() -> None:
    assert listed("anything at all").signal is Signal.NEUTRAL


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("url:https://example.test/a/b", "https://EXAMPLE.test:443/a/./b#c"),
        ("url:https://example.test/A?x=1", "https://example.test/A?x=1&utm_source=y"),
        ("prefix:https://example.test/blog", "https://example.test/blog"),
        ("prefix:https://example.test/blog/", "https://example.test/blog/a?b"),
        ("prefix:https://example.test/", "https://example.test/anything"),
        ("host:example.test", "http://www.example.test/a"),
        ("author: The  BEST casino", "Hello"),
    ],
)
def test_what_a_scoped_entry_names(entry: str, text: str) -> None:
    author = Author(name="the best Casino")
    assert listed(text, entry, author=author).code == "denied"
    assert listed(text, allowed=(entry,), author=author).code == "allowed"


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("url:https://example.test/a", "https://example.test/a/b and https://example.test/A"),
        ("url:https://example.test/a", "http://example.test/a"),
        ("prefix:https://example.test/blog", "https://example.test/blogger"),
        ("prefix:https://example.test/", "https://example.test.example.org/"),
        ("host:example.test", "https://user.example.test/"),
        ("author:casino", "the casino"),
        ("author:", "anything"),
        ("url:nonsense", "nonsense url:nonsense"),
    ],
)
def test_what_a_scoped_entry_does_not_name(entry: str, text: str) -> None:
    author = Author(name="Best Casino")
    assert listed(text, entry, author=author).signal is Signal.NEUTRAL


def test_scoped_entries_look_at_the_author_and_the_source_too() -> None:
    author = Author(url="https://pages.example.test/~me/")
    entry = "prefix:https://pages.example.test/~me"
    assert listed("Hello", entry, author=author).evidence["entries"] == [entry]
    site = replace(a_site(), policy=Policy(denylist=("url:https://farm.example.test/copy",)))
    ping = a_pingback("https://farm.example.test/copy", "an excerpt")
    assert Lists().run(ping, a_context(site=site)).code == "denied"


@pytest.mark.parametrize(
    ("entry", "text", "at"),
    [
        ("https://github.com/spammer", "https://www.github.com/spammer/x", "github.com/spammer/x"),
        ("youtube.com/watch?v=1", "http://youtube.com/watch?v=1&t=3", "youtube.com/watch?v=1&t=3"),
        ("spam.example/shop", "see spam.example/shop/1 now", "spam.example/shop/1"),
        ("spam.example", "go to Spam.Example today", "spam.example"),
        ("spam.example", "https://sp\u0430m.example/x", "spam.example"),
        ("*.ru", "best-pills.ru has them", "best-pills.ru"),
        (".xyz", "http://foo.xyz", "foo.xyz"),
        ("+1 508 934 7719", "call 15089347719 now", "15089347719"),
        ("+1 508 934 7719", "in 2020: (508) 934-7719", "508) 934-7719"),
        ("bad@mail.example", "write to Bad@mail.example.", "bad@mail.example"),
        ("buy*", "they are buying", "buying"),
        ("*casino", "topcasino", "topcasino"),
        ("*casino*", "mycasinos", "casino"),
        ("node.js", "I like Node.js.", "node.js"),
        ("c++", "use C++!", "c++"),
        ("$$$", "make $$$$", "$$$"),
        ("@SpamKing", "write @spamking on it", "@spamking"),
        ("\U0001f346", "hey \U0001f346!", "\U0001f346"),
        ("\u2764\ufe0f", "so \u2764", "\u2764"),
        ("\u2122", "Foo\u2122", "\u2122"),
        ("카지노", "카지노에서 만나요", "카지노에서"),
        ("도박", "도박이 좋다", "도박이"),
        ("كازينو", "في الكازينو", "الكازينو"),
        ("كازينو", "كـازيـنو", "كازينو"),
        ("कैसीनो", "यह कैसीनो है", "कैसीनो"),
        ("赌场", "欢迎来到赌 场玩", "赌场"),
        ("カジノ", "オンラインカジノで", "カジノ"),
        ("パン", "このパンは", "パン"),
        ("*赌*", "好赌气", "赌"),
        ("corrupcion", "la corrupción", "corrupcion"),
        ("год", "Новый год", "год"),
        ("\u0456n", "it \u0456s \u0456n", "\u0456n"),
    ],
)
def test_where_an_entry_was_found_is_told(entry: str, text: str, at: str) -> None:
    finding = listed(text, entry)
    assert finding.evidence["entries"] == [entry]
    assert finding.evidence["matches"] == [{"entry": entry, "where": where_of(finding), "at": at}]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("https://github.com/spammer/x", "https://github.com/torvalds/linux"),
        ("t.me/spam", "https://t.me/spammer"),
        ("spam.example", "joe@spam.example is my address"),
        ("*.ru", "Is the RU delegation there too?"),
        ("*.sh", "run install.sh first"),
        ("*.in", "It was done.In the morning"),
        ("xyz", "https://foo.xyz/a"),
        ("com", "https://foo.com/a"),
        ("--and", "Bread and salt."),
        ("it?.", "It is nice"),
        ("node.js", "the node. JS is not here"),
        ("the_best", "the best"),
        ("\u0456n", "It is nice in the garden."),
        ("\u2122", "tm"),
        ("ano", "feliz año nuevo"),
        ("sik", "sık sık"),
        ("cặc", "các bạn"),
        ("시발", "서울역은 이 노선의 시발점이라고 합니다."),
        ("음악", "그는 음악가다"),
        ("कैसीनो", "कसन"),
        ("赌场", "他好赌。场面很大"),
        ("パン", "ジャパン"),
        ("\U0001f1f7\U0001f1fa", "\U0001f1e6\U0001f1f7\U0001f1fa\U0001f1f8"),
        ("+1 508 934 7719", "+1 608 934 7719"),
        ("198.51.100.", "I have 198.51.100.7 at home"),
    ],
)
def test_what_only_resembles_an_entry_is_not_named(entry: str, text: str) -> None:
    assert listed(text, entry).signal is Signal.NEUTRAL


@pytest.mark.parametrize(
    ("entry", "author", "where"),
    [
        ("casino", Author(url="https://best-casino-bonus.example.net/"), "page"),
        ("casino", Author(url="https://jo.example.org/%63asino"), "page"),
        ("casino", Author(name="Best Casino"), "name"),
        ("casino", Author(email="casino.bonus@mail.example"), "e-mail"),
        ("casino", Author(email="jo@casino.example.org"), "e-mail"),
        ("+1 508 934 7719", Author(name="Call 508-934-7719"), "name"),
        ("192.0.2.", Author(ip="192.0.2.7"), "address"),
        ("192.0.2.1-9", Author(ip="192.0.2.7"), "address"),
        ("2001:db8:", Author(ip="2001:db8::7"), "address"),
        ("*@mail.example", Author(email="joe@mail.example"), "e-mail"),
        ("@*.mail.example", Author(email="joe@x.mail.example"), "e-mail"),
        ("spam.example", Author(url="https://blog.spam.example/"), "page"),
    ],
)
def test_entries_reach_name_page_and_email(entry: str, author: Author, where: str) -> None:
    finding = listed("What a nice walk", entry, author=author)
    assert where_of(finding) == where
    assert finding.reason == f"The site's denylist names: {entry} (in the {where})"


@pytest.mark.parametrize(
    ("entry", "author"),
    [
        ("gmail", Author(email="jo@gmail.com")),
        ("com", Author(url="https://jo.example.com/", email="jo@example.com")),
        ("best casino", Author(name="best", email="casino@mail.example")),
        ("*.ru", Author(email="jo@mail.ru")),
    ],
)
def test_what_many_have_in_common_is_no_word_of_the_author(entry: str, author: Author) -> None:
    assert listed("What a nice walk", entry, author=author).signal is Signal.NEUTRAL


def test_a_link_in_markup_is_read_as_one_that_is_written_out() -> None:
    content = '<a href="https://best-casino.example.org/">here</a>'
    assert listed("here", "casino", content=content, format=Format.HTML).code == "denied"


def test_nobody_is_allowed_in_disguise() -> None:
    allowed = ("news.example.org", "friend@example.org")
    for text in (
        "https://n\u0435ws.example.org/a",
        "news.example.org has it",
        "friend@example.org told me",
    ):
        assert listed(text, *allowed).code == "denied"
        assert listed(text, allowed=allowed).signal is Signal.NEUTRAL


@pytest.mark.parametrize("role", ["administrator", "Editor", "author"])
def test_the_blog_s_own_people_pass_its_lists(role: str) -> None:
    author = Author(name="Casino", role=role, is_authenticated=True)
    assert listed("casino", "casino", author=author).signal is Signal.NEUTRAL
    assert listed("casino", allowed=("casino",), author=author).signal is Signal.NEUTRAL
    for stranger in (replace(author, is_authenticated=False), replace(author, role="subscriber")):
        assert listed("casino", "casino", author=stranger).code == "denied"


def test_what_an_earlier_version_took_and_this_one_refuses_names_nothing() -> None:
    assert listed("a or b, viagra and i", "/a|b/", "/viagra/i", "赌").signal is Signal.NEUTRAL
