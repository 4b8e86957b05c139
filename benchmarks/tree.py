"""Which code is measured: this checkout, or another commit in a temporary clone of its own.

The packages of another commit come from its own lock file, into .evaluation/venvs, once per lock.
"""

import hashlib
import os
import shlex
import shutil
import string
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENVS = ROOT / ".evaluation" / "venvs"
SECONDS = 900  # that pip may take
BIN = ".venv/bin/"


class UnknownCommitError(Exception):
    """This repository has no such commit."""


@dataclass(frozen=True, slots=True)
class Tree:
    name: str
    root: Path
    python: Path

    def module(self, *words: str) -> list[str]:
        """The command line of `python -m ...`; run it in `root`, whose packages then count."""
        return [str(self.python), "-m", *words]

    def process(self, name: str, environment: Mapping[str, str]) -> list[str]:
        """The command line of a process, as the tree's own Procfile has it."""
        for line in self.root.joinpath("Procfile").read_text().splitlines():
            kind, _, command = line.partition(":")
            if kind.strip() == name:
                words = shlex.split(string.Template(command).safe_substitute(environment))
                return self._ours(_last(words))
        raise LookupError(f"{self.name} has no process {name!r}")

    def _ours(self, words: list[str]) -> list[str]:
        program = words[0].removeprefix(BIN)
        if program == words[0]:
            return words
        if program.startswith("python"):
            return [str(self.python), *words[1:]]
        return self.module(program, *words[1:])


def _last(words: list[str]) -> list[str]:
    """Of what a shell does, what it becomes: `sh -c 'PREPARE && exec PROGRAM'`."""
    if words[:2] == ["sh", "-c"] and " exec " in words[-1]:
        return shlex.split(words[-1].rpartition(" exec ")[2])
    return words


def git(*words: str, cwd: Path = ROOT) -> str:
    """What git says; raises CalledProcessError."""
    asked = ["git", *words]
    done = subprocess.run(asked, cwd=cwd, check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout.strip()


def this() -> Tree:
    """The checkout that this file is in, with whatever was not committed yet."""
    changed = "-dirty" if git("status", "--porcelain", "-uno") else ""
    return Tree(git("rev-parse", "--short", "HEAD") + changed, ROOT, Path(sys.executable))


@contextmanager
def other(revision: str, folder: Path) -> Iterator[Tree]:
    """A clone of a commit under `folder`; it goes again. Raises UnknownCommitError."""
    try:
        commit = git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    except subprocess.CalledProcessError:
        raise UnknownCommitError(f"There is no commit {revision!r} here") from None
    root = folder / f"tree-{commit[:12]}"
    git("clone", "--quiet", "--shared", "--no-checkout", str(ROOT), str(root), cwd=folder)
    try:
        git("checkout", "--quiet", "--detach", commit, cwd=root)
        yield Tree(git("rev-parse", "--short", commit), root, packages(root / "requirements.txt"))
    finally:
        shutil.rmtree(root)


def packages(lock: Path) -> Path:
    """The Python of a virtual environment with exactly what the lock file names."""
    key = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:16]
    venv = VENVS / key
    python, complete = venv / "bin" / "python", venv / "complete"
    if complete.exists():
        return python
    shutil.rmtree(venv, ignore_errors=True)
    venv.parent.mkdir(parents=True, exist_ok=True)
    _run(sys.executable, "-m", "venv", str(venv))
    _run(str(python), "-m", "pip", "-qq", "--disable-pip-version-check", "install",
         "--no-deps", "--require-hashes", "-r", str(lock))  # fmt: skip
    complete.touch()
    return python


def _run(*words: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(words, check=True, timeout=SECONDS, env=environment, stdout=sys.stderr)  # noqa: S603
