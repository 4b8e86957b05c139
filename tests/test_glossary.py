"""The glossary holds the code and the code the glossary: no class without a word, no dead word."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.sources import ROOT

PACKAGES = ("domain", "usecases")
GLOSSARY = (ROOT / "docs" / "concepts.md").read_text().partition("\n## Glossary\n")[2]
ROW = re.compile(r"^\| `([\w/]+\.py)` \| (.+) \|$", re.MULTILINE)
NAME = re.compile(r"`(\w+)`")

Word = tuple[str, str]  # module, class


def classes(package: str) -> Iterator[tuple[str, set[str]]]:
    root = ROOT / "moderator"
    for path in sorted((root / package).rglob("*.py")):
        if path.name != "__init__.py":
            body = ast.parse(path.read_text()).body
            names = {node.name for node in body if isinstance(node, ast.ClassDef)}
            yield (
                path.relative_to(root).as_posix(),
                {name for name in names if not name.startswith("_")},
            )


def explained() -> dict[str, set[str]]:
    return {module: set(NAME.findall(names)) for module, names in ROW.findall(GLOSSARY)}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_glossary_names_every_module_and_class(package: str) -> None:
    words = explained()
    missing = {
        module: sorted(names - words.get(module, set()))
        for module, names in classes(package)
        if module not in words or names - words[module]
    }
    assert missing == {}


def test_no_word_of_the_glossary_is_dead() -> None:
    there = dict(found for package in PACKAGES for found in classes(package))
    dead = {
        module: sorted(names - there.get(module, set()))
        for module, names in explained().items()
        if module not in there or names - there[module]
    }
    assert dead == {}


def test_a_word_stands_for_one_thing() -> None:
    homes: dict[str, list[str]] = {}
    for package in PACKAGES:
        for module, names in classes(package):
            for name in names:
                homes.setdefault(name, []).append(module)
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}
