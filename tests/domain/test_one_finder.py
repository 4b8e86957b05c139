"""What counts as a link, and that everybody who looks for links finds the same ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.content.facts import Facts
from moderator.domain.content.fingerprint import comparable
from moderator.domain.history.campaign import shape
from moderator.domain.links.find import bare_links, links_of
from moderator.domain.submission import Format
from moderator.domain.text.markup import plain
from moderator.web.dashboard.filters import links as shown_links
from tests.builders import a_submission

HTML, MARKDOWN, TEXT = Format.HTML, Format.MARKDOWN, Format.TEXT
NUMBER = "9" * 5_000

# Format, content, the hosts that it links to, the words beside its links.
TABLE = [
    # With a scheme, whatever stands around it.
    (TEXT, "see http://a.test and https://b.test/x.", ["a.test", "b.test"], "see and"),
    (TEXT, "see HTTPS://A.TEST/X now", ["a.test"], "see now"),
    (TEXT, "see (http://a.test), “https://b.test/p?q=1#f”!", ["a.test", "b.test"], "see"),
    (TEXT, "see http://user:pw@a.test:8080/x now", ["a.test"], "see now"),
    (TEXT, "http://192.0.2.7/x http://[2001:db8::7]/", ["192.0.2.7", "2001:db8::7"], ""),
    (TEXT, "see http://bücher.test/ now", ["xn--bcher-kva.test"], "see now"),
    (TEXT, "see http://例え.test/ü now", ["xn--r8jz45g.test"], "see now"),
    (TEXT, "twice http://a.test http://a.test", ["a.test", "a.test"], "twice"),
    # Without one: `www.`, or a known top and a path.
    (TEXT, "see www.a.test or WWW.B.TEST/x now", ["a.test", "b.test"], "see or now"),
    (TEXT, "see example.org/x now", ["example.org"], "see now"),
    (TEXT, "see a.example.co.uk/x, now", ["a.example.co.uk"], "see now"),
    (TEXT, "see example.org now", [], "see example org now"),
    (TEXT, "see notes.txt/x and/or 1.2/3 e.g. a.b/c", [], None),
    (TEXT, "mail a@example.org/ or a@www.example.org", [], None),
    (TEXT, "see //a.test/x and http:// or www. now", [], "see a test x and http or www now"),
    (TEXT, "see ftp://a.test/x and javascript:alert(1)", [], None),
    # Cut off by a platform.
    (TEXT, "see https://a.test/long-na… now", ["a.test"], "see now"),
    (TEXT, "see https://a.test/long-na [...] now", ["a.test"], "see now"),
    (TEXT, "see https://a.test...", ["a.test"], "see"),
    # Bulletin boards.
    (TEXT, "[url=http://a.test/x]words[/url] more", ["a.test"], "url words url more"),
    (TEXT, "[url]http://a.test/x[/url] more", ["a.test"], "url url more"),
    (TEXT, "[img]http://a.test/x.png[/img]", ["a.test"], "img img"),
    # Markdown: targets count, whatever they are.
    (MARKDOWN, "[words](http://a.test/x) more", ["a.test"], "words more"),
    (MARKDOWN, "[words](//a.test/x) more", ["a.test"], "words a test x more"),
    (MARKDOWN, "[words](<http://a.test/x> 'T') <http://b.test>", ["a.test", "b.test"], "words t"),
    (MARKDOWN, "![words](http://a.test/x.png)", ["a.test"], "words"),
    (TEXT, "[words](//a.test/x) more", [], "words a test x more"),
    # HTML: what a browser follows; what an anchor shows is no second link.
    (HTML, '<a href="http://a.test/x">words</a> more', ["a.test"], "words more"),
    (HTML, "<a href=//a.test/x>words</a> more", ["a.test"], "words more"),
    (HTML, "<A HREF = 'HTTP://A.TEST'>http://a.test</A>", ["a.test"], ""),
    (HTML, '<a href="http://a.test/x">http://b.test/y</a>', ["a.test"], ""),
    (HTML, '<a href="http&#58;//a.test/?x=1&amp;y">words</a>', ["a.test"], "words"),
    (HTML, "http&#58;//a.test/ or http:&#x2f;/b.test", ["a.test", "b.test"], "or"),
    (HTML, f"&#{NUMBER}; <a href='http://a.test/&#{NUMBER};'>x</a>", ["a.test"], "x"),
    (HTML, "<p>http://a.test/<br>http://b.test/</p>", ["a.test", "b.test"], ""),
    (HTML, "<!-- http://a.test --><script>'http://b.test'</script>words", [], "words"),
    (HTML, '<a href="#top">up</a> <a href="mailto:a@b.test">mail</a> <a name=x>no</a>', [], None),
    (HTML, "a < b and http://a.test", ["a.test"], "a b and"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "content", "hosts", "words"), TABLE)
def test_whoever_looks_for_links_finds_the_same(
    form: Format, content: str, hosts: list[str], words: str | None
) -> None:
    text = plain(content, form)
    submission = a_submission(text, content=content, format=form)
    facts = Facts(submission, frozenset({"blog.example.org"}))
    assert facts.link_hosts == hosts
    opened = [link.url for link in facts.links if link.url is not None]
    assert len(opened) == len(set(hosts))
    assert len(shown_links(submission)) >= len(opened)
    if words is not None:
        assert facts.words == comparable(text) == words
    assert shape(text).count("[link]") == len(bare_links(text))


@pytest.mark.parametrize("text", [row[1] for row in TABLE if row[0] is TEXT])
def test_in_a_text_without_markup_every_format_finds_the_same(text: str) -> None:
    plain_ones = [link.raw for link in links_of(text, TEXT)]
    assert [link.raw for link in links_of(text, MARKDOWN)][: len(plain_ones)] == plain_ones
    if "&" not in text and "<" not in text:
        assert [link.raw for link in links_of(text, HTML)] == plain_ones


def test_links_in_disguise_are_seen() -> None:
    """A reader copies what a browser would not follow."""
    drawn = "Free codes: h\u200bttp://sh\u200bop.test/a and httр://www.shор2.test/b"
    facts = Facts(a_submission(drawn))
    assert facts.link_hosts == ["shop.test", "shop2.test"]
    assert facts.words == "free codes and"


def test_what_leads_to_the_blog_leads_nowhere_else() -> None:
    text = "https://blog.test/1 http://www.blog.test/2 http://other.test:8080/3 http://other.test/4"
    facts = Facts(a_submission(text), frozenset({"blog.test", "other.test:8080"}))
    assert facts.link_hosts == ["other.test"]


@given(st.text(max_size=300), st.sampled_from(Format))
def test_facts_of_any_text_are_found(text: str, form: Format) -> None:
    facts = Facts(a_submission(plain(text, form), content=text, format=form))
    assert facts.words == comparable(plain(text, form))
    assert set(facts.named_hosts) >= set(facts.link_hosts)
