"""Reads what a case wants: clauses that must all hold, each a choice of alternatives.

`second: trash (duplicate)`, `approve or hold, never discard`, `author 'Ann', relation reply`. What
stands in parentheses is for people. Words that are not known raise UnknownFormError.
"""

import re
from collections.abc import Callable, Sequence
from html import unescape

import turbohtml

from benchmarks.cases.outcome import WORDS, Outcome, Step, UnknownFormError

Steps = Sequence[Step]
Holds = Callable[[re.Match[str], Steps, Outcome], bool]

PARENTHESES = re.compile(r"\s*\([^()]*\)")
QUOTED = re.compile(r"(?<!\w)'(?:[^']|'(?=\w))*'")
ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1, "later": -1}
SUBJECT = re.compile(
    r"(?:the )?(?P<word>both|all|first|second|third|fourth|last|later)\b(?: takes the verdict\Z)?"
    r"|(?P<number>\d+)(?: is judged again)?(?=:|\Z)"
)
MOMENT = 1.0  # seconds; the case asks for milliseconds, a busy machine has other work


def is_as_wanted(want: str, outcome: Outcome) -> bool:
    """Whether the outcome is what the case wants. Raises UnknownFormError."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0][1:-1])
        return f"'{len(kept) - 1}'"

    text = PARENTHESES.sub("", QUOTED.sub(keep, want)).replace(", or ", " or ").strip()
    subject: Steps = outcome.steps[-1:]
    results = []
    for clause in re.split(r"[,:;]\s+", text):
        subject, rest = _subject(clause, subject, outcome)
        if rest:
            results.append(_any(rest, kept, subject, outcome))
    return all(results)


def _subject(clause: str, before: Steps, outcome: Outcome) -> tuple[Steps, str]:
    """Whom a clause is about, and what it says of them."""
    found = SUBJECT.match(clause)
    if found is None or found[0].endswith("takes the verdict"):
        return before, clause
    rest = clause[found.end() :].strip()
    if found["number"]:
        return outcome.steps[int(found["number"]) - 1 :][:1], rest
    if found["word"] in ("both", "all"):
        return outcome.steps, rest
    place = ORDINALS[found["word"]]
    return outcome.steps[place:][:1], rest


def _any(clause: str, kept: Sequence[str], subject: Steps, outcome: Outcome) -> bool:
    """Whether one of the alternatives holds; all are read, so that none is misread silently."""
    read = [_one(each.strip(), kept, subject, outcome) for each in clause.split(" or ")]
    return any(read)


def _one(clause: str, kept: Sequence[str], subject: Steps, outcome: Outcome) -> bool:
    clause = re.sub(r"'(\d+)'", lambda found: f"'{kept[int(found[1])]}'", clause)
    for pattern, holds in PATTERNS:
        found = pattern.fullmatch(clause)
        if found is not None:
            return holds(found, subject, outcome)
    raise UnknownFormError(f"want: {clause!r}")


def _each(says: Callable[[Step, re.Match[str]], bool]) -> Holds:
    return lambda found, subject, _outcome: (
        bool(subject) and all(says(step, found) for step in subject)
    )


def _verdicts(found: re.Match[str], subject: Steps, _outcome: Outcome) -> bool:
    wanted = WORDS.get(found["verdict"], found["verdict"])
    return bool(subject) and all(step.verdict == wanted for step in subject)


def _never(found: re.Match[str], subject: Steps, _outcome: Outcome) -> bool:
    unwanted = WORDS.get(found["verdict"], found["verdict"])
    return bool(subject) and all(step.verdict != unwanted for step in subject)


def _from_on(found: re.Match[str], _subject: Steps, outcome: Outcome) -> bool:
    later = outcome.steps[ORDINALS[found["word"]] :]
    wanted = WORDS.get(found["verdict"], found["verdict"])
    return bool(later) and all(step.verdict == wanted for step in later)


def _later_counts(_found: re.Match[str], _subject: Steps, outcome: Outcome) -> bool:
    return outcome.steps[0].verdict == "trash" and outcome.steps[-1].verdict != "trash"


def _says(found: re.Match[str], subject: Steps, _outcome: Outcome) -> bool:
    wanted, names = found["value"].strip("'"), found["name"]
    start = wanted.removesuffix("...").rstrip()
    told = [step.said.get(names, "") for step in subject]
    if start != wanted:
        return bool(told) and all(each.startswith(start) for each in told)
    return bool(told) and all(each == wanted for each in told)


def _says_entry(_found: re.Match[str], subject: Steps, _outcome: Outcome) -> bool:
    return bool(subject) and all(step.said.get("text") == _entry(step.html) for step in subject)


def _entry(html: str) -> str:
    element = turbohtml.parse(html).select_one(".e-content")
    return " ".join(element.text.split()) if element is not None else ""


def _is_decoded(_found: re.Match[str], subject: Steps, outcome: Outcome) -> bool:
    meant = {"title": "title", "excerpt": "text", "blog_name": "author"}
    return bool(subject) and all(
        step.said.get(name) == outcome.fields[word]
        for step in subject
        for word, name in meant.items()
        if word in outcome.fields
    )


def _is_plain(_found: re.Match[str], subject: Steps, outcome: Outcome) -> bool:
    name = unescape(outcome.fields["name"])
    return bool(subject) and all(
        "denied" in step.codes and step.said["author"] == name for step in subject
    )


def _known(found: re.Match[str], subject: Steps, _outcome: Outcome) -> bool:
    past = [step.evidence("author_history") for step in subject]
    return bool(past) and all(each.get(found["name"]) == int(found["count"]) for each in past)


VERDICT = r"(?P<verdict>approved?|hold|held|spam|trash|discard(?:ed)?)"
PATTERNS: tuple[tuple[re.Pattern[str], Holds], ...] = tuple(
    (re.compile(pattern), holds)
    for pattern, holds in {
        VERDICT: _verdicts,
        rf"(?:never|not) {VERDICT}": _never,
        "hold at most": _each(lambda step, _found: step.verdict != "approve"),
        rf"{VERDICT} from the (?P<word>second|third|fourth) on": _from_on,
        "the later takes the verdict": _later_counts,
        "suspect": _each(lambda step, _found: step.is_suspect),
        "(?:the )?(?:entry refused|refuse the entry|refused)": lambda _f, _s, o: bool(o.refusal),
        "not denied": _each(lambda step, _found: "denied" not in step.codes),
        "denied": _each(lambda step, _found: "denied" in step.codes),
        r"(?P<name>author|relation|title|text) (?P<value>'[^\n]*'|\w+)": _says,
        "text = e-content": _says_entry,
        r"decoded(?: as \S+)?": _is_decoded,
        r"(?:never U\+FFFD|(?:text|title and excerpt) (?:comes? )?from the source)": _each(
            lambda step, _found: "\ufffd" not in "".join(step.said.values())
        ),
        "as the plain name": _is_plain,
        r"(?P<name>approved_by_person|spam_by_person|approved|spam) (?P<count>\d+)": _known,
        "2xx": lambda _f, _s, o: 200 <= o.status < 300,
        "an answer in milliseconds": lambda _f, _s, o: o.seconds < MOMENT,
        "no finding (?P<code>[a-z_]+)": _each(lambda step, found: found["code"] not in step.codes),
        "(?P<code>linked|linked_flagged|no_link|gone|refused|self_ping|[a-z]+_[a-z_]+)": _each(
            lambda step, found: found["code"] in step.codes
        ),
    }.items()
)
