"""Pages that say nothing to a program: consent, CAPTCHA, log-in, drawn by scripts, empty.

A page counts as unread when it has few words and few links, and shows what such pages are made of:
the words of a gatekeeper, a question to be answered, a password to be given, scripts that would
draw the rest. Gatekeepers explain themselves at length where their name is the title.
"""

import re
from itertools import islice

from turbohtml import Document

SHORT = 200  # characters that a reader sees
FEW_WORDS = 1_500
EXPLAINED = 4_000  # below a gatekeeper's title
FEW_LINKS = 8
PARTS = "form,iframe,frame,noscript,meta[http-equiv=refresh i]"
QUESTION = "button,form,input"
LOG_IN = "input[type=password i]"
# Where the usual frameworks draw.
MOUNTS = "#root,#app,#__next,#__nuxt,#___gatsby,#react-root,#svelte,app-root"
HEADINGS = "head > title,h1"
# Of the ten languages that most sites are written in.
GATES = re.compile(
    r"captcha|cloudflare|incapsula|checking your browser|just a moment|one moment, please"
    r"|(?:you are|you're|are you) (?:a |not a )?(?:human|robot|bot)\b|verify you|human verification"
    r"|enable (?:javascript|js|cookies)|requires javascript|javascript (?:is|must be)"
    r"|access (?:to this page has been )?denied|you(?:'ve| have) been blocked|must log in"
    r"|content warning|age verification|security check|before you continue|privacy gate"
    r"|family of brands"
    r"|einen moment|kein roboter|bevor sie (?:zu|fortfahren)|javascript (?:zu )?aktivieren"
    r"|un instant|vérification que vous|vous êtes un humain|avant (?:de continuer|d'accéder)"
    r"|un momento|antes de continuar|eres humano|verifica(?:r|ndo) que"
    r"|um momento|você é humano|prima di continuare|een (?:ogenblik|moment) geduld"
    r"|один момент|вы не бот|вы не робот|прежде чем продолжить|подождите"
    r"|お待ちください|javascript ?を有効|続行するには|请稍候|請稍候|正在验证|真人"
    r"|잠시만 기다|로봇이 아닙니다",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"cookies?\b|consent|accept all|alle akzeptieren|alle ablehnen|zustimmen"
    r"|tout accepter|tout refuser"
    r"|aceptar todo|rechazar todo|aceitar tudo|accetta tutto|akkoord|принять все|同意する|全部接受",
    re.IGNORECASE,
)


def says_nothing(document: Document, *, has_scripts: bool) -> bool:
    """Whether what came back is a gate or an empty frame rather than the page itself.

    `has_scripts` is told, for whoever looked for links took the scripts out.
    """
    links = sum(1 for _ in islice(document.select("a[href]"), FEW_LINKS + 1))
    if links > FEW_LINKS:
        return False
    body = document.select_one("body")
    words = " ".join(body.text.split()) if body is not None else ""
    headings = " ".join(heading.text for heading in islice(document.select(HEADINGS), 2))
    if GATES.search(headings) and len(words) <= EXPLAINED:
        return True
    if len(words) > FEW_WORDS:
        return False
    return _asks(document, words, headings) or _is_frame(
        document, len(words), links, has_scripts=has_scripts
    )


def _asks(document: Document, words: str, headings: str) -> bool:
    """Whether a reader would have to answer, agree or log in first."""
    if GATES.search(words) or document.select_one(LOG_IN) is not None:
        return True
    has_consent = CONSENT.search(f"{headings} {words}") is not None
    return has_consent and document.select_one(QUESTION) is not None


def _is_frame(document: Document, length: int, links: int, *, has_scripts: bool) -> bool:
    """Whether something else would have to draw the page."""
    if length > SHORT:
        return False
    if has_scripts and (links <= 1 or document.select_one(MOUNTS) is not None):
        return True
    return links == 0 and (not length or document.select_one(PARTS) is not None)
