"""Gates and empty frames are told from pages that simply do not link."""

import pytest

from moderator.checks.source_link import weigh
from moderator.domain.finding import Signal
from moderator.domain.linkback.search import LinkFlag
from tests.domain.test_microformats import seen

EXPLANATION = "The people who run this site were flooded by programs that copy all of it. " * 12
LINKS = "".join(f'<a href="/{number}">page {number}</a> ' for number in range(4))
FORM = "<form><button>Agree</button></form>"

GATES = {
    "consent": f"<title>Before you continue</title><p>{EXPLANATION}</p>{FORM}{LINKS}",
    "consent in German": f"<p>Alle akzeptieren oder ablehnen?</p>{FORM}{LINKS}",
    "consent in Japanese": "<p>続行するには同意してください</p><button>同意する</button>",
    "a gate that explains": f"<title>Are you a robot?</title><p>{EXPLANATION * 3}</p>{LINKS}",
    "its heading says it": f"<title>A site</title><h1>Un instant…</h1><p>{EXPLANATION}</p>",
    "blocked": f"<p>You've been blocked by network security.</p>{LINKS}",
    "log in": f'<title>Log in</title><form><input name="a"><input type="password"></form>{LINKS}',
    "a question": "<title>Robot Check</title><p>Enter the characters you see below</p>",
    "consent in Dutch": f"<p>Cookies? Alles accepteren</p>{FORM}{LINKS}",
    "frames": '<title>My page</title><frameset><frame src="a.html"></frameset>',
    "an application": f'<div id="app">Loading…</div>{LINKS}<script src="a.js"></script>',
    "a script alone": '<script>location = "https://else.example/"</script>',
    "a title that never ends": '<title/><p>I read <a href="/">it</a>.</p>',
    "sent on": '<meta http-equiv="refresh" content="0;url=https://else.example/"><p>Wait</p>',
}
PAGES = {
    "a shop with a banner": f"<p>{'Chairs for every garden. ' * 80}</p><p>Cookies? Accept all.</p>",
    "a recipe": "<title>Chocolate cookies</title><p>Mix butter and sugar, bake at 180 degrees.</p>",
    "a page about robots": f"<title>My robot mower</title><p>{'It got stuck again. ' * 20}</p>",
    "a list of links": f"<title>Links</title>{LINKS * 3}<script>1</script>",
    "one sentence": "<p>Nothing to see here.</p>",
}


@pytest.mark.parametrize("body", GATES.values(), ids=GATES)
def test_a_gate_is_no_false_claim(body: str) -> None:
    found = seen(body)
    assert found.flags == (LinkFlag.UNREAD,)
    assert weigh(found)[0] is Signal.SUSPECT


@pytest.mark.parametrize("body", PAGES.values(), ids=PAGES)
def test_a_page_that_can_be_read_and_does_not_link_is_a_false_claim(body: str) -> None:
    found = seen(body)
    assert found.flags == ()
    assert weigh(found)[0] is Signal.SPAM
