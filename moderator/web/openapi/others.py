"""What endpoints take and answer whose protocols others made."""

from moderator.domain.submission import Kind
from moderator.intake.linkback import LINKBACK_PROTOCOLS
from moderator.web.openapi.fields import (
    AKISMET_COMMENT,
    AKISMET_GUID,
    AKISMET_KEY,
    LINKBACK,
    Field,
)
from moderator.web.openapi.operation import (
    AKISMET,
    BLOGSPAM,
    FORM,
    HTML,
    LINKBACKS,
    PLATFORMS,
    SENT,
    TEXT,
    WHO,
    XML,
    Answer,
    Body,
    Operation,
    of_shape,
    of_text,
)

KEYLESS = "`invalid`, with the reason in `X-akismet-debug-help`, is said to who has no key."
_VERDICT = of_text(
    "`true` is spam, `false` is not; beside `X-akismet-recheck-after` it is a hold. Also what is"
    " missing, or `invalid`",
    headers=AKISMET_GUID,
)
_TOLD = of_text("Thanks, or what is missing, or `invalid`")
_JSON_OR_INVALID = Answer("The figures, or `invalid`", (Body(shape="Any"), Body(TEXT)))
_ASKED = Body(FORM, form=(*AKISMET_KEY, *AKISMET_COMMENT))
_KEYED = Body(FORM, form=AKISMET_KEY)
_UNREADABLE = (415,)
OF_AKISMET = {
    "/1.1/comment-check": ("Is this comment spam?", _VERDICT, _ASKED),
    "/1.1/submit-spam": ("This comment is spam", _TOLD, _ASKED),
    "/1.1/submit-ham": ("This comment is none", _TOLD, _ASKED),
    "/1.1/verify-key": ("Is this key good?", of_text("`valid` or `invalid`"), _KEYED),
    "/1.1/get-stats": ("What was told, month by month", _JSON_OR_INVALID, _KEYED),
    "/1.1/get-subscription": ("Whose key it is", _JSON_OR_INVALID, _KEYED),
    "/1.1/token": ("A name of the key", of_text("32 hex digits, or `invalid`"), _KEYED),
    "/1.1/deactivate": ("A blog that stops to ask", of_text("`deactivated`, or `invalid`"), _KEYED),
    "/1.1/test": ("Is anybody there?", of_text("It is", "connected"), None),
    "/1.2/usage-limit": ("This month's calls", _JSON_OR_INVALID, _KEYED),
    "/1.2/key-sites": (
        "The blogs that asked with this key",
        Answer(
            "A page of them, or `invalid`",
            (Body(shape="Any"), Body(TEXT), Body("text/csv")),
        ),
        _KEYED,
    ),
    "/1.2/get-key-stats": ("What was told, month by month", _JSON_OR_INVALID, _KEYED),
    "/1.2/compatible-plugins": ("None", Answer("None", (Body(shape="Any"),)), None),
}
STATUS_PAGE = Answer("Where it stands", (Body(shape="LinkbackStatus"), Body(HTML)))
NO_VERDICT = "The verdict; `ERROR` where there is none, also for who has no key"
OF_BLOGSPAM = {
    "": ("Is this comment spam?", of_shape("BlogSpamAnswer", NO_VERDICT), Body(shape="Any")),
    "_classify": (
        "A person decided", of_shape("BlogSpamAnswer", "Taken, or why not"), Body(shape="Any"),
    ),
    "_stats": ("What was told", of_shape("Any", "Counts, or an error"), Body(shape="Any")),
    "_plugins": ("Our checks", of_shape("Any", "By their names; or an error"), None),
}  # fmt: skip
PLATFORM = {
    "platform": Operation(
        PLATFORMS, "Send a platform's own message",
        {
            202: of_shape("Receipt", "Stored: committed to the database before this was answered"),
            200: of_shape("Any", "Known already; or the verdict, in the words of who waits for it"),
            204: Answer("There is nothing in it to judge"),
        },
        Body(shape="Any"),
        (Field("key", "The site's Akismet key, for software that can send no header"),),
        (*WHO, 404, *SENT), is_open=False,
        notes="Shapes and words are the platform's: see `docs/platforms.md`.",
    ),
}  # fmt: skip
CALLS = {
    "pingback": Body("text/xml"),
    "trackback": Body(FORM, form=LINKBACK["trackback"]),
    "webmention": Body(FORM, form=LINKBACK["webmention"]),
}
SAID = {
    "pingback": {200: Answer("A string, or a fault with its number", (Body(XML),))},
    "trackback": {200: Answer("`<error>0</error>`, or 1 and why", (Body(XML),))},
    "webmention": {
        201: of_text("Taken", headers=(Field("Location", "A page that says how it stands"),)),
        400: Answer("What is wrong with it", (Body(TEXT), Body("application/problem+json"))),
    },
}
OTHERS_SAY = {200: Answer("The protocol's own answer"), 400: Answer("What is wrong with it")}


def operations() -> dict[str, Operation]:
    """By the names of the endpoints among the application's routes."""
    return PLATFORM | _akismet() | _blogspam() | _linkbacks()


def _akismet() -> dict[str, Operation]:
    return {
        f"akismet{path.replace('.', '_')}": Operation(
            AKISMET,
            summary,
            {200: answer},
            takes,
            refuses=_UNREADABLE if takes else (),
            notes=KEYLESS if takes else "",
        )
        for path, (summary, answer, takes) in OF_AKISMET.items()
    }


def _blogspam() -> dict[str, Operation]:
    return {
        f"blogspam{path}{end}": Operation(BLOGSPAM, summary, {200: answer}, takes)
        for path, (summary, answer, takes) in OF_BLOGSPAM.items()
        for end in ("", "_")  # with and without a slash at the end
    }


def _linkbacks() -> dict[str, Operation]:
    found = {}
    for protocol in LINKBACK_PROTOCOLS:
        kind = protocol.KIND
        found[f"door_{kind}"] = _endpoint(kind)
        if protocol.HAS_STATUS_PAGES:
            found[f"status_{kind}"] = Operation(
                LINKBACKS, f"How a {kind} stands", {200: STATUS_PAGE}, refuses=(404,)
            )
    return found


def _endpoint(kind: Kind) -> Operation:
    name = str(kind)
    takes = CALLS.get(name, Body("application/octet-stream"))
    parameters: tuple[Field, ...] = ()
    if name == "trackback":
        parameters = (Field("target", "The address of the post that is linked to"),)
    return Operation(
        LINKBACKS,
        f"Send a {kind}",
        SAID.get(name, OTHERS_SAY),
        takes,
        parameters,
        refuses=(404, 415, 429),
    )
