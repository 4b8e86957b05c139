"""Sends a case's input through the product by the door that `input.how` names.

A door is a pattern over `how`, so that another case of the same kind finds it too. Words that no
pattern knows raise UnknownFormError.
"""

import argparse
import io
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from typing import Any
from unittest.mock import patch
from urllib.parse import quote_plus, urlencode

from benchmarks.cases.outcome import Outcome, Step, UnknownFormError
from benchmarks.cases.script import perform
from benchmarks.cases.service import FORM, Service, Shown, an_event
from moderator.checks.source_link import evidence_of, weigh
from moderator.commands import judge
from moderator.domain.finding import Finding, Signal
from moderator.domain.linkback.verification import Claim, verify_page
from moderator.domain.ports import FetchedPage
from tests.builders import POST
from tests.intake.calls import ping

Input = Mapping[str, Any]
Go = Callable[[re.Match[str], Input, Service], Outcome]

HOSTS = frozenset({"blog.example.org"})
PEOPLE = ("Ann", "Bob", "Cy", "Dee", "Eve", "Fay")
SHARED = ("kind", "post", "post_title", "parent_id")
EACH = {"parent_ids": "parent_id", "published": "published", "posts": "post", "kinds": "kind"}
COUNTS = {"one": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}


def run(given: Input, service: Service) -> Outcome:
    """Carry out a case. Raises UnknownFormError."""
    how = str(given["how"])
    for pattern, go in DOORS:
        found = pattern.fullmatch(how)
        if found is not None:
            return go(found, given, service)
    raise UnknownFormError(f"how: {how!r}")


def _pair(_found: re.Match[str], given: Input, service: Service) -> Outcome:
    """Comments one after the other."""
    names = [name for name in ("first", "second", "third", "fourth") if name in given]
    for place, name in enumerate(names):
        shared = {one: given[one] for one in SHARED if one in given}
        service.send(an_event(place + 1, shared | dict(given[name]) | _own(given, place)))
    return Outcome(service.steps())


def _own(given: Input, place: int) -> dict[str, object]:
    """Lists in the input give each comment its own value."""
    return {EACH[name]: values[place] for name, values in given.items()
            if name in EACH and isinstance(values, list)}  # fmt: skip


def _alone(found: re.Match[str], given: Input, service: Service) -> Outcome:
    """One comment, or the same a number of times, perhaps with a list changed before."""
    words, refusal = found.groupdict(), ""
    if words.get("which"):
        entries = [words["entry"]] if words.get("entry") else _entries(given)
        refusal = service.relist(words["which"], entries)
    content = {"text": "The mill was closed in 1931, says the sign at the door.", **given}
    if words.get("format"):
        content["format"] = words["format"]
    for number in range(COUNTS.get((words.get("count") or "").removesuffix(" times"), 1)):
        service.send(an_event(number + 1, content | _own(given, number)))
    return Outcome(service.steps(), refusal, fields=given.get("author") or {})


def _entries(given: Input) -> list[str]:
    return list(given["entries"]) if "entries" in given else [given["entry"]]


def _verify(found: re.Match[str], given: Input, _service: Service) -> Outcome:
    claim = Claim(
        "https://source.example/page",
        given.get("target", POST.url),
        HOSTS,
        counts_embeds="--webmention" in found[0],
    )
    kind = given.get("content_type", "text/html; charset=utf-8")
    html = str(given["source_html"])
    status = int(given.get("status", 200))
    page = FetchedPage(
        claim.source, status, {"content-type": kind}, html.encode(), (claim.source,), 1
    )
    seen = verify_page(page, claim)
    signal, weight = weigh(seen)
    evidence = evidence_of(seen)
    finding = Finding("source_link", signal, seen.reason, str(seen.verdict), weight, evidence)
    context = seen.context
    said = {"author": context.author, "title": context.title, "text": context.excerpt}
    step = Step("", weight, (finding,), said | {"relation": context.relation}, html)
    return Outcome((step,))


def _doors(found: re.Match[str], given: Input, service: Service) -> Outcome:
    """One source after another, or one by several protocols."""
    doors = re.findall(r"pingback|webmention|trackback", found[0]) or ["pingback"]
    target = given.get("target", POST.url)
    sources = _sources(given, found["people"] or "")
    for door in doors:
        for address, shown in sources.items():
            service.web.pages[address] = shown
            if door == "pingback":
                body, kind = ping(address, target), "text/xml"
            else:
                source = "url" if door == "trackback" else "source"
                body, kind = urlencode({source: address, "target": target}).encode(), FORM
            service.knock(door, body, kind, shown.html)
    return Outcome(service.steps())


def _sources(given: Input, count: str) -> dict[str, Shown]:
    """The pages of a case by address: of several people, each with a name of its own."""
    status = int(given.get("status", 200))
    kind = str(given.get("content_type", "text/html; charset=utf-8"))
    pages = [str(given[name]) for name in ("first", "second", "third") if name in given]
    if not pages:
        people = PEOPLE[: COUNTS.get(count, 1)]
        pages = [str(given["source_html"]).replace("NAME", name) for name in people]
    return {
        f"https://{PEOPLE[place].lower()}.example/{place + 1}": Shown(html, status, kind)
        for place, html in enumerate(pages)
    }


def _trackback(found: re.Match[str], given: Input, service: Service) -> Outcome:
    """A form in another charset, whose source links to the post."""
    source, charset = "https://source.example/page", found["charset"] or "UTF-8"
    fields = {name: str(value).replace("SOURCE", source) for name, value in given["fields"].items()}
    html = given.get("source_html", f'<p>Read <a href="{POST.url}">this</a></p>')
    service.web.pages[source] = Shown(html)
    if "without" in (found["rest"] or ""):
        fields.pop("charset", None)
    body = "&".join(f"{name}={quote_plus(value.encode(charset))}" for name, value in fields.items())
    kind = f"{FORM}; charset={charset}" if "header" in (found["rest"] or "") else FORM
    service.knock("trackback", body.encode(), kind, html)
    return Outcome(service.steps(), fields=fields)


def _script(found: re.Match[str], given: Input, service: Service) -> Outcome:
    perform(found["script"], given, service)
    return Outcome(service.steps())


def _judge(found: re.Match[str], given: Input, _service: Service) -> Outcome:
    count = COUNTS[found["count"]] if found["count"] else 1
    row = {name: value for name, value in given.items() if name not in ("how", "lang", "mode")}
    rows: list[Input] = [row]
    if count > 1:
        rows = [
            row | {"email": f"{name}@example.org"} for name in map("reader{}".format, range(count))
        ]
    return judged(rows, given)


def judged(rows: Sequence[Input], options: Input) -> Outcome:
    """The rows of a stream through `moderator judge`; `lang` and `mode` are its options."""
    parser = argparse.ArgumentParser()
    judge.configure(parser)
    words = [f"--{name}={options[name]}" for name in ("lang", "mode") if options.get(name)]
    arguments = parser.parse_args(words)
    lines = [
        json.dumps({"id": str(number), **row}, ensure_ascii=False)
        for number, row in enumerate(rows)
    ]
    out, began = io.StringIO(), time.monotonic()
    with patch("sys.stdin", io.StringIO("\n".join(lines))), redirect_stdout(out):
        judge.run(arguments)
    seconds = time.monotonic() - began
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    return Outcome(tuple(map(_answer, answers)), seconds=seconds)


def _answer(answer: Mapping[str, Any]) -> Step:
    findings = tuple(
        Finding(
            reason["code"], Signal.SUSPECT, reason["text"], reason["code"], reason["contribution"]
        )
        for reason in answer["reasons"]
    )
    verdict = "trash" if answer["verdict"] == "discard" else answer["verdict"]
    return Step(verdict, answer["score"], findings)


def _operator(_found: re.Match[str], _given: Input, service: Service) -> Outcome:
    status, told = service.newcomer()
    return Outcome(status=status, refusal="" if status // 100 == 2 else told)


COUNT = "|".join(COUNTS)
DOOR = r"(?:pingback|webmention|trackback)"
DOORS: tuple[tuple[re.Pattern[str], Go], ...] = tuple(
    (re.compile(pattern), go)
    for pattern, go in {
        r"api, (?:two|three|four) comments?\b.*": _pair,
        r"api(?: (?P<format>html|markdown|text))?(?: (?P<count>twice|(?:two|three|five) times))?": (
            _alone
        ),
        r'api \+ --(?P<which>deny|allow) "(?P<entry>.+)"': _alone,
        r"site lists --(?P<which>deny|allow)": _alone,
        r"api(?: |: |; )(?P<script>.+)": _script,
        r"verify(?: --webmention)?": _verify,
        rf"(?:verify(?: --webmention)? / )?doors?(?: {DOOR}(?:,? (?:then|and) {DOOR})*)?"
        rf"(?:, (?P<people>{COUNT}) (?:people|person))?(?:, (?:{COUNT}) sources)?": _doors,
        r"door trackback, (?:body )?in (?P<charset>[\w.-]+)(?P<rest>.*)": _trackback,
        rf"judge(?:, (?P<count>{COUNT}) e-mail addresses)?": _judge,
        r".*moderator site add; first request.*": _operator,
    }.items()
)
