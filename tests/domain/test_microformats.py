"""What real senders write about a link, read as its writer meant it."""

import pytest

from moderator.checks.source_link import weigh
from moderator.domain.content.fingerprint import text_key
from moderator.domain.finding import Signal
from moderator.domain.linkback.search import LinkFlag
from moderator.domain.linkback.verification import Claim, LinkVerdict, Verification, verify_page
from moderator.domain.ports import FetchedPage
from moderator.domain.submission import Kind
from moderator.domain.urls.parse import read
from moderator.domain.urls.same_page import Tolerance, tolerances
from tests.builders import a_pingback
from tests.domain.test_verification import HTML, OWN, SOURCE, TARGET

AUTHOR = '<span class="p-author h-card"><a class="p-name u-url" href="https://fay.example/">Fay</a></span>'
# As granary writes what Bridgy sends: the link that says what it is has no words in it.
GRANARY = (
    f'<article class="h-entry">{AUTHOR}<div class="e-content p-name">{{words}}</div>'
    f'<a class="{{relation}}" href="{TARGET}"></a></article>'
)
# As the WordPress plugin Post Kinds writes a reply: what is answered is an h-cite of its own.
POST_KINDS = (
    '<article class="h-entry"><section class="h-cite response {relation}"><header>Replied to'
    f' <a class="p-name u-url" href="{TARGET}">The river</a> by <span class="h-card p-author">'
    '<a class="p-name u-url" href="https://blog.example/">Blog Owner</a></span></header>'
    '<blockquote class="e-content">What the river said.</blockquote></section>'
    '<div class="e-content">{words}</div>'
    '<span class="p-author h-card"><a class="p-name u-url" href="https://jane.example/">Jane Doe'
    "</a></span></article>"
)
HATOM = (
    '<div class="hentry"><h2 class="entry-title">Week notes</h2>'
    '<span class="author vcard"><span class="fn">Ines</span></span>'
    f'<div class="entry-content"><p>We read <a href="{TARGET}">the river</a> aloud.</p></div></div>'
)


def seen(body: str, *, webmention: bool = True, source: str = SOURCE) -> Verification:
    page = FetchedPage(source, 200, HTML, body.encode(), (source,), 1)
    return verify_page(page, Claim(source, TARGET, OWN, webmention))


@pytest.mark.parametrize("prefix", ["u", "p"])
@pytest.mark.parametrize(
    ("name", "relation"),
    [
        ("in-reply-to", "reply"),
        ("like-of", "like"),
        ("repost-of", "repost"),
        ("bookmark-of", "bookmark"),
    ],
)
@pytest.mark.parametrize("webmention", [True, False])
def test_a_link_without_words_is_linked_where_its_class_says_why(
    prefix: str, name: str, relation: str, *, webmention: bool
) -> None:
    body = GRANARY.format(words="The part on the mill made me laugh.", relation=f"{prefix}-{name}")
    found = seen(body, webmention=webmention)
    assert (found.verdict, found.flags) == (LinkVerdict.LINKED, ())
    assert found.context.relation == relation
    assert found.context.author == "Fay"
    assert found.context.excerpt == "The part on the mill made me laugh."


def test_without_such_a_class_an_empty_link_stays_hidden() -> None:
    assert seen(GRANARY.format(words="Hi.", relation="u-syndication")).flags == (LinkFlag.EMPTY,)
    assert seen(f'<a class="u-like-of" href="{TARGET}"></a>').flags == (LinkFlag.EMPTY,)


@pytest.mark.parametrize(
    "link",
    ['<data class="u-like-of" value="{}"></data>', '<link class="u-like-of" href="{}">'],
)
def test_elements_without_words_count_for_webmentions(link: str) -> None:
    body = f'<article class="h-entry">{AUTHOR}{link.format(TARGET)}</article>'
    assert seen(body).context.relation == "like"
    assert seen(body, webmention=False).verdict is LinkVerdict.NO_LINK


@pytest.mark.parametrize("relation", ["u-in-reply-to", "p-in-reply-to"])
def test_a_replys_context_is_neither_its_author_nor_its_text(relation: str) -> None:
    found = seen(POST_KINDS.format(relation=relation, words="You forgot the otters!")).context
    assert (found.relation, found.author) == ("reply", "Jane Doe")
    assert found.excerpt == "You forgot the otters!"


def test_a_quotation_that_says_nothing_else_is_a_mention() -> None:
    assert seen(POST_KINDS.format(relation="", words="Hm.")).context.relation == "mention"


QUOTED = (
    f'<article class="h-entry">{AUTHOR}<div class="e-content">Look at this!</div>'
    '<article class="{} h-cite"><span class="p-author h-card">Blog Owner</span>'
    f'<a class="u-url" href="{TARGET}">The river</a><p class="p-name">What the river said.</p>'
    "</article></article>"
)


@pytest.mark.parametrize("relation", ["u-quotation-of", "u-read-of", ""])
def test_beside_a_quotation_the_writers_own_words_count(relation: str) -> None:
    found = seen(QUOTED.format(relation)).context
    assert (found.relation, found.author) == ("mention", "Fay")
    assert found.excerpt == "Look at this!"


def test_a_quotation_without_a_word_is_shown_itself() -> None:
    body = QUOTED.format("u-quotation-of").replace("Look at this!", "")
    assert "The river" in seen(body).context.excerpt


@pytest.mark.parametrize("item", ["u-comment h-cite", "p-comment h-entry"])
def test_who_comments_on_a_page_that_links_is_its_author(item: str) -> None:
    found = seen(
        f'<article class="h-entry"><h1 class="p-name">A post</h1>{AUTHOR}'
        f'<p class="e-content">It.</p><div class="{item}">'
        '<a class="p-author h-card" href="/carl">Carl</a>'
        f'<p class="e-content">See <a href="{TARGET}">the river</a>.</p></div></article>'
    ).context
    assert (found.author, found.excerpt) == ("Carl", "See the river.")


def test_a_mention_that_the_markup_names_needs_no_words() -> None:
    link = f'<a class="u-mention" aria-hidden="true" href="{TARGET}"></a>'
    entry = f'<article class="h-entry">{AUTHOR}<p class="e-content">I read it.{link}</p></article>'
    found = seen(entry)
    assert (found.verdict, found.context.excerpt) == (LinkVerdict.LINKED, "I read it.")
    assert seen(link).flags == (LinkFlag.EMPTY,)


def test_the_class_may_stand_on_what_is_around_the_link() -> None:
    found = seen(
        f'<article class="h-entry"><div class="u-in-reply-to h-cite"><a href="{TARGET}">'
        'The river</a></div><div class="e-content">Otters came back.</div>'
        '<a class="p-author h-card" href="/">Jane</a></article>'
    ).context
    assert (found.relation, found.excerpt, found.author) == ("reply", "Otters came back.", "Jane")


def test_of_two_links_the_one_that_says_what_it_is_counts() -> None:
    found = seen(
        f'<article class="h-entry">{AUTHOR}<div><a href="{TARGET}">likes this.</a></div>'
        f'<a class="u-like-of" href="{TARGET}"></a></article>'
    )
    assert (found.verdict, found.context.relation) == (LinkVerdict.LINKED, "like")


def test_the_older_hatom_is_read_too() -> None:
    found = seen(HATOM, webmention=False).context
    assert (found.title, found.author) == ("Week notes", "Ines")
    assert (found.relation, found.excerpt) == ("mention", "We read the river aloud.")


def test_class_names_of_style_sheets_mean_nothing() -> None:
    body = f'<div class="h-full u-link p-4"><a class="u-link" href="{TARGET}">x</a></div>'
    assert seen(body).context.relation == "mention"


@pytest.mark.parametrize(
    ("page", "author"),
    [
        ('<div class="h-card"><a class="u-url" href="/">Ann</a></div>{}', "Ann"),
        ('<div class="h-feed"><span class="p-author h-card">Ann</span>{}</div>', "Ann"),
        ('<div class="byline">By Ann</div>{}', "Ann"),
        ('<div class="h-cite"><span class="p-author h-card">Owner</span></div>{}', "source.test"),
        (
            '<div class="h-card"><a class="u-url" href="https://else.example/">Bob</a></div>{}',
            "source.test",
        ),
    ],
)
def test_who_wrote_an_entry_that_does_not_say_it(page: str, author: str) -> None:
    entry = f'<div class="h-entry"><p class="e-content">I like <a href="{TARGET}">it</a>.</p></div>'
    assert seen(page.format(entry)).context.author == author


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Notes</title>", "Notes"),
        ("<title></title><body><h1>Notes</h1>", "Notes"),
        ("<body><svg><title>Logo</title></svg>", "source.test"),
    ],
)
def test_the_title_is_the_pages_own(head: str, title: str) -> None:
    assert seen(f'{head}<p>See <a href="{TARGET}">it</a>.</p>').context.title == title


@pytest.mark.parametrize(
    ("linked", "target", "needed"),
    [
        ("/it's-here", "/it%27s-here", {Tolerance.ENCODING}),
        ("/a,b", "/a%2Cb", {Tolerance.ENCODING}),
        ("/?q=a%20b", "/?q=a+b", {Tolerance.ENCODING}),
        ("/C++", "/C%2B%2B", {Tolerance.ENCODING}),
        ("/[a]|b", "/%5Ba%5D%7Cb", {Tolerance.ENCODING}),
        ("/?q=a+b", "/?q=a%2Bb", None),
        ("/caf%C3%A9", "/cafe%CC%81", {Tolerance.ENCODING}),
        ("/post?srsltid=AbC&gad_source=1", "/post", {Tolerance.TRACKING}),
        ("/post?xtor=AL-1&matomo_campaign=a&wt.mc=b", "/post", {Tolerance.TRACKING}),
        ("/post/amp/", "/post", {Tolerance.VARIANT}),
        ("/post/comment-page-2/#c7", "/post/", {Tolerance.VARIANT}),
        ("/post?replytocom=12", "/post", {Tolerance.VARIANT}),
        ("/post?share=mastodon&nb=1", "/post", {Tolerance.VARIANT}),
        ("/post?mibextid=a&guce_referrer=b&hss_channel=c", "/post", {Tolerance.TRACKING}),
        ("/a%2Fb", "/a/b", None),
        ("/Post", "/post", None),
        ("/post?p=1", "/post?p=2", None),
    ],
)
def test_one_page_in_other_letters(linked: str, target: str, needed: set[Tolerance] | None) -> None:
    found, wanted = read(f"https://blog.example{linked}"), read(f"https://blog.example{target}")
    assert found is not None
    assert wanted is not None
    accepted = tolerances(found, wanted, OWN)
    assert (None if accepted is None else set(accepted)) == needed


def test_a_variant_is_one_page_on_our_own_hosts_only() -> None:
    found, wanted = read("https://else.example/post/amp"), read("https://else.example/post")
    assert found is not None
    assert wanted is not None
    assert tolerances(found, wanted, OWN) is None


@pytest.mark.parametrize("place", ["/?p=7", "/2026/03/river", "/2026/post-2/"])
def test_another_address_of_the_blog_is_no_false_claim(place: str) -> None:
    found = seen(f'<p>I read <a href="https://blog.example{place}">the river</a> today.</p>')
    assert (found.verdict, found.flags) == (LinkVerdict.NO_LINK, (LinkFlag.OTHER_ADDRESS,))
    assert weigh(found) == (Signal.SUSPECT, 0.5)
    assert "another address" in found.reason


@pytest.mark.parametrize("own", ["blog.example", "www.blog.example"])
@pytest.mark.parametrize("linked", ["blog.example", "www.blog.example"])
def test_with_and_without_www_it_is_the_same_site(own: str, linked: str) -> None:
    body = f'<p>I read <a href="https://{linked}/2026/post/">it</a> today.</p>'
    page = FetchedPage(SOURCE, 200, HTML, body.encode(), (SOURCE,), 1)
    claim = Claim(SOURCE, f"https://{own}/2026/post/", frozenset({own}))
    assert verify_page(page, claim).verdict is LinkVerdict.LINKED
    himself = Claim(f"https://{linked}/2026/other/", claim.target, claim.own_hosts)
    assert verify_page(page, himself).verdict is LinkVerdict.SELF_PING


def test_the_front_page_is_no_address_of_a_post() -> None:
    found = seen('<p>I read <a href="https://blog.example/">a blog</a> today, and liked it.</p>')
    assert weigh(found)[0] is Signal.SPAM


def test_likes_are_told_apart_by_who_likes() -> None:
    def key(
        source: str, relation: str, text: str = "liked this post", kind: str = "webmention"
    ) -> str:
        like = a_pingback(source, text, kind=Kind(kind))
        linkback = like.linkback
        assert linkback is not None
        object.__setattr__(linkback, "relation", relation)
        return text_key(like)

    ann, bob = "https://ann.example/1", "https://bob.example/1"
    assert key(ann, "like") != key(bob, "like")
    assert key(ann, "repost") != key(bob, "repost")
    assert key(ann, "mention", "これ") != key(bob, "mention", "これ")
    assert key(ann, "mention", "これ") == key(ann, "mention", "これ", "pingback")
    long = "One text that was reprinted under three addresses."
    assert key(ann, "mention", long) == key(bob, "mention", long)
