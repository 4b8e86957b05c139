"""`make exports`: what other programs write by themselves, read by `moderator import`.

Each program is installed into a temporary folder, never into the project, writes comments as its
users would, and exports them. What is read is compared with what was done; exit code 1 if it
differs.
"""

import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from integrations.exports import wordpress
from integrations.exports.programs import DJANGO, ISSO
from moderator.domain.decisions.exported import SubmissionRecord
from moderator.intake.imports import BY_NAME
from moderator.intake.imports.comment import ExportedComment, ImportedSite, PassedOver
from moderator.intake.imports.files import ExportFile

ALICE = "Alice <alice@example.org> https://alice.example.org/"


@dataclass(frozen=True, slots=True)
class Export:
    """A file that a program wrote, and the lines that it is to be read as."""

    package: str
    program: str
    file: str
    format: str
    lines: tuple[str, ...]


FINISHED = "It was finished in 1911."
DUMPED = (
    f"approved blog comment '{FINISHED}' {ALICE} 192.0.2.10",
    "approved blog comment 'No, in 1912.' signed in",
    "hold rule comment 'Has anybody been there since?' Carol <>  ",
    "trash blog comment 'Order a lamp' Lamp <>  ",
)
EXPORTS = (
    Export(
        "isso==0.14.0", ISSO, "comments.db", "isso",
        (
            f"approved blog comment 'It was *finished* in 1911.' {ALICE} 192.0.2.0",
            f"approved blog reply 'No, in 1912.' {ALICE} 192.0.2.0",
            f"hold rule comment 'Has anybody been there since?' {ALICE} 192.0.2.0",
            "passed over: deleted at the blog",
            f"approved blog reply 'But you did.' {ALICE} 192.0.2.0",
        ),
    ),
    *(
        Export("django-contrib-comments==2.2.0", DJANGO, file, "django-contrib-comments", DUMPED)
        for file in ("plain.json", "natural.json", "site.sqlite3")
    ),
)  # fmt: skip

WORDPRESS = Export("WordPress of the lab", "", "export.xml", "wordpress", wordpress.LINES)


def written(folder: Path, exports: Iterable[Export]) -> None:
    """Have each program write its files, all into one folder."""
    for package, program in {each.package: each.program for each in exports}.items():
        room = folder / package.partition("=")[0]
        venv.create(room, with_pip=True)
        python = room / "bin" / "python"
        install = (
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            package,
        )
        subprocess.run(install, check=True)  # noqa: S603  # named above
        ran = subprocess.run(  # noqa: S603  # named above
            (python, "-W", "ignore", "-c", program, folder),
            check=False,
            capture_output=True,
            text=True,
        )
        if ran.returncode:
            sys.exit(f"{package}: {ran.stderr}")


def read(path: Path, name: str) -> list[str]:
    """The records of a file in words."""
    site = ImportedSite("blog", datetime.now(UTC), name, "https://blog.example.org/")
    found: list[str] = []
    for each in BY_NAME[name].read(ExportFile(path)):
        made = site.record(each) if isinstance(each, ExportedComment) else each
        if isinstance(made, PassedOver):
            found.append(f"passed over: {made.reason}")
        elif isinstance(made, SubmissionRecord):
            it, author = made.submission, made.submission.author
            who = f"{author.name} <{author.email}> {author.url} {author.ip}"
            shown = "signed in" if author.is_authenticated else who
            stands = f"{made.state.status} {made.state.decided_by}"
            found.append(f"{stands} {it.kind} {it.content!r} {shown}")
    return found


def compared(each: Export, folder: Path) -> bool:
    """Say whether a file is read as it should be; return whether it is not."""
    found = read(folder / each.file, each.format)
    is_so = tuple(found) == each.lines
    print(f"{'as expected' if is_so else 'DIFFERS':12} {each.package:32} {each.file}")
    if not is_so:
        print("\n".join(f"  got  {line!r}" for line in found))
        print("\n".join(f"  want {line!r}" for line in each.lines))
    return not is_so


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(folder, EXPORTS)
        wrong = sum(compared(each, folder) for each in EXPORTS)
        if wordpress.has_lab():
            wordpress.write(folder / WORDPRESS.file)
            wrong += compared(WORDPRESS, folder)
        else:
            print("SKIPPED: there is no WordPress lab here")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
