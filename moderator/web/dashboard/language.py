"""In which language the pages speak: what the reader chose, else what their browser asks for."""

from flask import Flask, g, request

from moderator.catalogue import ENGLISH, NAMES, catalogue

COOKIE = "moderator-language"


def language() -> str:
    """The code of the language of this request."""
    if "language" not in g:
        chosen = request.cookies.get(COOKIE, "")
        asked = request.accept_languages.best_match(NAMES, ENGLISH)
        g.language = chosen if chosen in NAMES else asked
    return str(g.language)


def gettext(message: str) -> str:
    """The text as it is. In templates `_(...)` fills in signs of percent, which strangers may have
    typed; so what is no literal goes through a filter there (`problem|translated`).
    """
    return catalogue(language()).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    return catalogue(language()).ngettext(one, many, number)


def reason(text: str, key: str) -> str:
    """A reason in the reader's language, by its key; its own words where none are known."""
    return catalogue(language()).pgettext("reason", key) or text


def register(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    # What the extension adds to an environment is no part of its type.
    install = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]  # see above
    install(gettext, ngettext, newstyle=True)
    app.jinja_env.filters.update({"reason": reason, "translated": gettext})
    app.jinja_env.globals.update(language=language, languages=NAMES)
