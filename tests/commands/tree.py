"""Every command there is, with words that it would take: none is tested by name."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from moderator.commands import asked_for

# What stands for a value, by its name; for all others a word will do.
VALUES = {
    "url": "https://blog.example.org",
    "source": "https://reader.example.net/1",
    "target": "https://blog.example.org/tea",
    "id": "blog",
    "site": "blog",
    "email": "alice@example.org",
    "what": "casino",
}
# They run until they are ended, or have nothing to do with anything of ours.
NOT_HERE = frozenset({"up"})


@dataclass(frozen=True)
class Called:
    """One command with its action: `words` are all it needs, `files` where in them files stand."""

    name: str
    words: tuple[str, ...]
    files: tuple[int, ...]

    def __str__(self) -> str:
        return self.name


def every_call(folder: Path) -> list[Called]:
    found = []
    for command in asked_for(()):
        parser = argparse.ArgumentParser(prog=command.NAME)
        command.configure(parser)
        if command.NAME not in NOT_HERE:
            found += list(_calls(parser, (command.NAME,), folder))
    return found


def _calls(parser: argparse.ArgumentParser, begun: Sequence[str], folder: Path) -> Iterator[Called]:
    """Each action below a parser; or the parser itself where it has none."""
    words, files = list(begun), []
    for action in parser._actions:  # noqa: SLF001  # argparse shows its tree to nobody
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, below in action.choices.items():
                yield from _calls(below, [*words, name], folder)
            return
        is_file = action.type is Path or "file" in action.dest
        is_asked = action.required or is_file or action.dest == "email"
        if not is_asked or action.dest == "help":
            continue
        if action.option_strings:
            words.append(action.option_strings[-1])
        if action.nargs != 0:
            files += [len(words)] if is_file else []
            words.append(str(folder / "file") if is_file else _value(action))
    yield Called(" ".join(word for word in begun), tuple(words), tuple(files))


def _value(action: argparse.Action) -> str:
    if action.choices:
        return str(min(action.choices))
    if action.type in (int, float):
        return "1"
    return VALUES.get(action.dest, "word")
