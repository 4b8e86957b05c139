"""The pages speak of what exists: settings, commands, files, links, make targets."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from moderator.commands import COMMANDS, asked_for
from moderator.settings import Settings, table

ROOT = Path(__file__).resolve().parents[1]
OPERATING = ROOT / "docs" / "operating.md"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.svg"))
IDS = [page.relative_to(ROOT).as_posix() for page in PAGES]
FILE = re.compile(
    r"`((?:moderator|workers|tests|integrations|benchmarks|docs|\.ci)/[\w./-]*[\w/])`"
)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)")
SPOKEN = re.compile(r"(?:^|[`\s/])moderator ([a-z]+)((?: [a-z]+(?:-[a-z]+)*)?)")
MAKE = re.compile(r"\bmake ([a-z][a-z0-9-]*)")
CODE = re.compile(r"^(?: {4}|```).*$|`[^`\n]+`", re.MULTILINE)


def code_of(page: Path) -> str:
    """Only what a page shows as code: prose may say "moderator" as it likes."""
    return "\n".join(CODE.findall(page.read_text()))


def section(page: Path, title: str) -> str:
    text = page.read_text().partition(f"\n## {title}\n")[2]
    assert text, f"{page.name} has no section {title!r}"
    return text.partition("\n## ")[0]


def rows(text: str) -> dict[str, list[str]]:
    """Tables by their first cell, which is `code`."""
    found = re.findall(r"^\| `([^`]+)` \|(.*)\|$", text, re.MULTILINE)
    return {name: [cell.strip() for cell in rest.split(" | ")] for name, rest in found}


def plain(default: object) -> str:
    if isinstance(default, tuple):
        return ",".join(map(str, default))
    return str(default)


def test_every_setting_is_documented_with_its_default() -> None:
    documented = {name: cells[0] for name, cells in rows(section(OPERATING, "Settings")).items()}
    defaults = Settings()
    expected = {}
    for name, _, _ in table():
        default = plain(getattr(defaults, name.lower()))
        expected[name] = f"`{default}`" if default else "none"
    assert documented == expected


def actions(parser: argparse.ArgumentParser) -> Iterator[str]:
    groups = parser._subparsers._group_actions if parser._subparsers else []  # noqa: SLF001
    for group in groups:
        if isinstance(group, argparse._SubParsersAction):  # noqa: SLF001
            yield from group.choices


def commands() -> set[str]:
    """What can be typed: `db upgrade`, `site add`, `up`, ..."""
    found = set()
    for command in asked_for(()):
        parser = argparse.ArgumentParser()
        command.configure(parser)
        found |= {f"{command.NAME} {action}" for action in actions(parser)} or {command.NAME}
    return found


def test_every_command_is_registered_by_its_name() -> None:
    assert [command.NAME for command in asked_for(())] == list(COMMANDS)


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    documented = {name.removeprefix("moderator ") for name in rows(section(OPERATING, "Commands"))}
    known = commands()
    assert documented == known


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_command_that_is_mentioned_exists(page: Path) -> None:
    known = commands()
    names = {command.partition(" ")[0] for command in known}
    unknown = {
        name + action
        for name, action in SPOKEN.findall(code_of(page))
        if name not in names or (action and name not in known and name + action not in known)
    }
    assert unknown == set()


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = set(FILE.findall(page.read_text()))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(page.read_text()):
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(MAKE.findall(code_of(page))) - targets == set()


@pytest.mark.parametrize("path", PICTURES, ids=[p.name for p in PICTURES])
def test_every_drawing_describes_itself_and_is_readable_in_the_dark(path: Path) -> None:
    drawing = ET.parse(path).getroot()  # noqa: S314  # our own file
    svg = "{http://www.w3.org/2000/svg}"
    assert drawing.find(f"{svg}title") is not None
    ground = drawing.find(f"{svg}rect")
    assert ground is not None
    assert "prefers-color-scheme" in path.read_text() or ground.get("fill") == "#ffffff"


def test_no_page_names_a_place_of_this_machine() -> None:
    places = re.compile(r"/(?:work|tmp|root|home)/\w")
    assert [page.name for page in PAGES if places.search(page.read_text())] == []


def test_where_to_change_what_is_found_by_the_word_that_one_looks_for() -> None:
    """The first file of a row says its word in its path or in the text that it begins with."""
    page = ROOT / "docs" / "architecture.md"
    rows = re.findall(
        r"^\| [^|]*\*\*(\w+)\*\*[^|]* \| `([\w/.]+)` \|",
        section(page, "Where to change what"),
        re.MULTILINE,
    )
    assert len(rows) > 10
    silent = {
        word: name
        for word, name in rows
        if word not in f"{name} {(ROOT / name).read_text()[:1500]}".lower()
    }
    assert silent == {}
