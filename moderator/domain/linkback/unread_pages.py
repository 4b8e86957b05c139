"""Pages that say nothing to a program: consent, CAPTCHA, log-in, drawn by scripts, empty.

A page counts as unread when it has few words and few links, and shows what such pages are made of:
the words of a gatekeeper, a question to be answered, a password to be given, scripts that would
draw the rest. Gatekeepers explain themselves at length where their name is the title.
"""

from collections.abc import Iterable
from itertools import islice

from turbohtml import Document

SHORT_PAGE_CHARACTERS = 200  # characters that a reader sees
FEW_WORDS = 1_500
EXPLAINED = 4_000  # below a gatekeeper's title
FEW_LINKS = 8
PARTS = "form,iframe,frame,noscript,meta[http-equiv=refresh i]"
QUESTION = "button,form,input"
LOG_IN = "input[type=password i]"
# Where the usual frameworks draw.
MOUNTS = "#root,#app,#__next,#__nuxt,#___gatsby,#react-root,#svelte,app-root"
HEADINGS = "head > title,h1"
# In the languages that most sites are written in; lower case.
GATES = (
    *("captcha", "cloudflare", "incapsula", "checking your browser", "just a moment"),
    *("one moment, please", "are you human", "you are human", "you are a human", "you're human"),
    *("a robot?", "not a robot", "not a bot", "verify you", "human verification"),
    *("enable javascript", "enable js", "enable cookies", "requires javascript"),
    *("javascript is", "javascript must be", "access denied", "has been denied"),
    *("you've been blocked", "you have been blocked", "must log in", "content warning"),
    *("age verification", "security check", "before you continue", "privacy gate"),
    *("family of brands", "einen moment", "kein roboter", "bevor sie zu", "bevor sie fortfahren"),
    *("javascript aktivieren", "javascript zu aktivieren", "un instant", "vérification que vous"),
    *("vous êtes un humain", "avant de continuer", "avant d'accéder", "un momento"),
    *("antes de continuar", "eres humano", "verificar que", "verificando que", "um momento"),
    *("você é humano", "prima di continuare", "ogenblik geduld", "moment geduld"),
    *("один момент", "вы не бот", "вы не робот", "прежде чем продолжить", "подождите"),
    *(
        "お待ちください",
        "javascriptを有効",
        "javascript を有効",
        "続行するには",
        "请稍候",
        "請稍候",
    ),
    *("robot check", "the characters you see", "unusual traffic", "i'm not a robot", "ddos"),
    *("nie jestem robotem", "nejsem robot", "robot değil", "geen robot", "não sou um robô"),
    *("no soy un robot", "non sono un robot", "pas un robot", "ロボットではありません"),
    *("我不是机器人", "正在验证", "真人", "잠시만 기다", "로봇이 아닙니다"),
)
CONSENT = (
    *("cookie", "consent", "accept all", "alle akzeptieren", "alle ablehnen", "zustimmen"),
    *("tout accepter", "tout refuser", "aceptar todo", "rechazar todo", "aceitar tudo"),
    *("alles accepteren", "zaakceptuj", "akceptuję", "přijmout vše", "kabul et", "godkänn alla"),
    *("aceptar todas", "aceitar todos", "hyväksy kaikki", "모두 동의", "прийняти все"),
    *("accetta tutto", "akkoord", "принять все", "同意する", "全部接受"),
)


def says_nothing(document: Document, *, has_scripts: bool) -> bool:
    """Whether what came back is a gate or an empty frame rather than the page itself.

    `has_scripts` is told, for whoever looked for links took the scripts out.
    """
    links = sum(1 for _ in islice(document.select("a[href]"), FEW_LINKS + 1))
    if links > FEW_LINKS:
        return False
    body = document.select_one("body")
    words = " ".join(body.text.split()).lower() if body is not None else ""
    headings = " ".join(heading.text for heading in islice(document.select(HEADINGS), 2)).lower()
    if _has(headings, GATES) and len(words) <= EXPLAINED:
        return True
    if len(words) > FEW_WORDS:
        return False
    return _asks(document, words, headings) or _is_frame(
        document, len(words), links, has_scripts=has_scripts
    )


def _asks(document: Document, words: str, headings: str) -> bool:
    """Whether a reader would have to answer, agree or log in first."""
    if _has(words, GATES) or document.select_one(LOG_IN) is not None:
        return True
    has_consent = _has(f"{headings} {words}", CONSENT)
    return has_consent and document.select_one(QUESTION) is not None


def _is_frame(document: Document, length: int, links: int, *, has_scripts: bool) -> bool:
    """Whether something else would have to draw the page."""
    if length > SHORT_PAGE_CHARACTERS:
        return False
    if has_scripts and (links <= 1 or document.select_one(MOUNTS) is not None):
        return True
    return links == 0 and (not length or document.select_one(PARTS) is not None)


def _has(text: str, phrases: Iterable[str]) -> bool:
    return any(phrase in text for phrase in phrases)
