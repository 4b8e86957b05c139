"""Performs a case that is told step by step: `api created; moderator: spam; comment.updated`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.cases.outcome import UnknownFormError
from benchmarks.cases.service import Service, an_event
from moderator.domain.verdict import Verdict

ANN = {"name": "Ann", "email": "ann@example.org"}
ANOTHER = "The second photograph was taken from the bridge, I think."
VERDICTS = {"spam": Verdict.SPAM, "trash": Verdict.DISCARD, "approve": Verdict.APPROVE}


@dataclass
class Scene:
    """Who said what so far, by the blog's id."""

    given: Mapping[str, Any]
    service: Service
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def say(self, number: str, **content: object) -> None:
        author = self.given.get("author", ANN)
        text = self.given.get("text", "The mill was closed in 1931.")
        self.said[number] = {"author": author, "text": text, "id": number} | content
        self.ids[number] = self.service.send(an_event(0, self.said[number]))

    def tell(self, event: str, number: str, **changes: object) -> None:
        """Another event about what was said."""
        self.said[number] |= changes
        self.service.send(an_event(0, self.said[number], kind=f"comment.{event}"))

    @property
    def last(self) -> str:
        return list(self.said)[-1]

    @property
    def next(self) -> str:
        return str(len(self.said) + 1)


def perform(script: str, given: Mapping[str, Any], service: Service) -> None:
    """Carry out each part of a script. Raises UnknownFormError."""
    scene = Scene(given, service)
    for part in re.split(r"; " if ";" in script else r", (?:then )?", script):
        for pattern, act in ACTS:
            found = pattern.fullmatch(part.strip())
            if found is not None:
                act(scene, found)
                break
        else:
            raise UnknownFormError(f"how: step {part!r}")


def _created(scene: Scene, found: re.Match[str]) -> None:
    scene.say(found.groupdict().get("number") or scene.next)


def _approved(scene: Scene, _found: re.Match[str]) -> None:
    """A premise: where it fails the case says nothing."""
    scene.say(scene.next)
    verdict = scene.service.steps()[-1].verdict
    if verdict != "approve":
        raise ValueError(f"the first comment should be approved and is: {verdict}")


def _same(scene: Scene, found: re.Match[str]) -> None:
    author = {"name": "Bob", "email": "bob@example.org"}
    changed = {} if found["whose"] in (None, "same author") else {"author": author}
    scene.say(found["number"], **changed)


def _quoting(scene: Scene, found: re.Match[str]) -> None:
    text = found["text"].replace("TEXT", str(scene.given.get("TEXT", "TEXT")))
    name = found["name"]
    author = {"name": name, "email": f"{name.lower()}@example.org"}
    more = {"kind": "reply", "parent_id": found["parent"]} if found["parent"] else {}
    scene.say(found["number"], author=author, text=text, **more)


def _updated(scene: Scene, found: re.Match[str]) -> None:
    number = found["number"] or scene.last
    text = found["text"] or str(scene.said[number]["text"]) + (found["more"] or "")
    scene.tell("updated", number, text=text)


ACTS: tuple[tuple[re.Pattern[str], Callable[[Scene, re.Match[str]], None]], ...] = tuple(
    (re.compile(pattern), act)
    for pattern, act in {
        r"(?:comment )?created \(approved by rule\)|approved by rule": _approved,
        r"(?:comment )?created|comment (?P<number>\d+)": _created,
        r"same text comment (?P<number>\d+)(?: \((?P<whose>[^)]*)\))?": _same,
        r"(?P<number>\d+) (?P<name>\w+)(?: reply(?: to)? parent (?P<parent>\d+))?: (?P<text>.+)": (
            _quoting
        ),
        r"comment\.(?P<event>deleted|reported)(?: (?P<number>\d+))?": (
            lambda scene, found: scene.tell(found["event"], found["number"] or scene.last)
        ),
        r"comment\.status_changed (?:to )?(?P<status>approved|hold|spam|trash)": (
            lambda scene, found: scene.tell("status_changed", scene.last, status=found["status"])
        ),
        r"comment\.updated(?: (?P<number>\d+))?(?: by (?:the|its) author)?"
        r'(?: with one more "(?P<more>[^"]*)"| (?:with|to) "(?P<text>.*)")?': _updated,
        r"(?:the )?blog: (?P<status>approved|hold|spam|trash)": (
            lambda scene, found: scene.tell("status_changed", scene.last, status=found["status"])
        ),
        r"moderator: (?P<verdict>spam|trash|approve)(?:d)?(?: (?P<number>\d+))?"
        r"(?: on the dashboard)?": (
            lambda scene, found: scene.service.moderate(
                scene.ids[found["number"] or scene.last], VERDICTS[found["verdict"]]
            )
        ),
        r"another comment (?:of|by) the author": lambda scene, _found: scene.say(
            scene.next, text=ANOTHER
        ),
    }.items()
)
