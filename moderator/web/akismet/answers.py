"""What Akismet clients are answered, to the byte: they compare bodies, and trip over headers.

A verdict is 200, `true` or `false` without a line break, and always a guid: without one the plugin
publishes what it was told is spam. No verdict has a header of Akismet's that tells of trouble
beside it: clients throw at those. What moved us stands in headers of our own.
"""

from http import HTTPStatus

from moderator.domain.answering.replies import HAM, HOLD_SECONDS, Reply
from moderator.domain.verdict import Decision
from moderator.web.answers import API_HEADERS
from moderator.web.server.call import Answer, Lines

TEXT = "text/plain; charset=utf-8"
THANKS = "Thanks for making the web a better place."
INVALID = "invalid"
SHOWN = 5  # reasons
LONGEST = 1_000  # characters of them
SUSPENDED, LIMITED, AWAY = 10_006, 10_504, 0  # the codes of alerts, of which some need none
WORDS = {
    SUSPENDED: "This key was suspended by who runs this service",
    LIMITED: "More was asked with this key than it may ask at once; try again in a moment",
    AWAY: "There is no verdict just now; hold it and ask again",
}


def text_answer(
    body: str, *lines: tuple[str, str], status: int = HTTPStatus.OK, content_type: str = TEXT
) -> Answer:
    written = body.encode()
    length = ("Content-Length", str(len(written)))
    return Answer(status, [("Content-Type", content_type), *API_HEADERS, length, *lines], written)


def invalid(help_: str) -> Answer:
    return text_answer(INVALID, ("X-akismet-debug-help", help_))


def missing(field: str) -> Answer:
    words = f"Missing required field: {field}."
    return text_answer(words, ("X-akismet-debug-help", words))


def verdict(reply: Reply, guid: str, decision: Decision | None = None) -> Answer:
    lines: Lines = [("X-akismet-guid", guid)]
    if reply.is_discarded:
        lines.append(("X-akismet-pro-tip", "discard"))
    if reply.is_held:
        lines.append(("X-akismet-recheck-after", str(HOLD_SECONDS)))
    if decision is not None:
        lines += [
            ("X-Moderator-Verdict", decision.verdict.status),
            ("X-Moderator-Score", f"{decision.score:g}"),
        ]
        if decision.reasons:
            lines.append(("X-Moderator-Reasons", _reasons(decision)))
    return text_answer(reply.body, *lines)


def trouble(code: int, guid: str) -> Answer:
    """No verdict: the error's header makes the plugin hold it, other clients throw."""
    words = WORDS[code]
    lines: Lines = [("X-akismet-guid", guid), ("X-akismet-error", str(code or "unavailable"))]
    if code:
        lines += [("X-akismet-alert-code", str(code)), ("X-akismet-alert-msg", words)]
    return text_answer(HAM, *lines, ("X-akismet-debug-help", words))


def _reasons(decision: Decision) -> str:
    told = [
        f"{reason.code} ({reason.contribution:+.2f}): {reason.text}"
        for reason in decision.reasons[:SHOWN]
    ]
    line = "; ".join(told)[:LONGEST]
    return "".join(letter if " " <= letter <= "~" else "?" for letter in line)
