"""`moderator import FORMAT FILE --site S`: take in what a blog's history says."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from moderator.bootstrap.history import HistoryImport, open_import
from moderator.bootstrap.operate.noted import note
from moderator.commands.progress import Progress
from moderator.domain.decisions.exported import ImportCounts, ImportState
from moderator.domain.errors import InvalidError, ModeratorError
from moderator.domain.pages.audit import AuditAct
from moderator.intake.imports import BY_NAME, ExportFormat
from moderator.settings import Settings

NAME = "import"
HELP = "Take in a blog's history: comments, and what people decided about them."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("format", choices=sorted(BY_NAME), help="what wrote the file")
    parser.add_argument("file", type=Path, metavar="FILE", help="the export; gzip is unpacked")
    parser.add_argument("--site", required=True, help="the blog that it is the history of")
    parser.add_argument(
        "--dry-run", action="store_true", help="read the file, say what is in it, write nothing"
    )


def run(arguments: argparse.Namespace) -> int:
    """Raises MalformedError for what is no such file: then nothing was written."""
    settings = Settings.from_environment(arguments.environment)
    try:
        return _run(settings, arguments)
    except OSError as error:
        raise InvalidError(f"{arguments.file} cannot be read: {error.strerror}") from error


def _run(settings: Settings, arguments: argparse.Namespace) -> int:
    form = BY_NAME[arguments.format]
    with open_import(settings, arguments.site, form, arguments.file) as opened:
        progress = Progress(sys.stderr, "records read")
        survey = opened.import_history.survey(form.read(opened.file), progress)
        progress.end()
        if arguments.dry_run:
            print(f"{survey.records:,} records in {arguments.file.name}; nothing was written")
            _show(survey.counts, opened.file.repairs, form)
            return 0
        repairs = opened.file.repairs.copy()
        state = _import(opened, form, survey.records)
        detail = f"{survey.records} records, {form.NAME}"
        note(settings, AuditAct.IMPORTED, arguments.site, site_id=arguments.site, detail=detail)
        _show(state.counts, repairs, form)
        _show_next(state)
    return 0


def _import(opened: HistoryImport, form: ExportFormat, records: int) -> ImportState:
    """Say where it stands, whatever ends it."""
    opened.file.repairs.clear()
    digest = opened.file.digest()
    before = opened.import_history.state(digest)
    if before.finished_at is not None:
        print(f"This file was imported before, on {before.finished_at:%Y-%m-%d %H:%M} UTC")
        return before
    if before.position:
        print(f"Going on after {before.position:,} of {records:,} records")
    progress = Progress(sys.stderr, "records imported", records, before.position)
    try:
        state = opened.import_history(form.read(opened.file), digest, progress)
    except (ModeratorError, KeyboardInterrupt):
        progress.end()
        position = opened.import_history.state(digest).position
        sys.stderr.write(
            f"moderator: {position:,} of {records:,} records are imported;"
            " the same command goes on from there\n"
        )
        raise
    progress.end()
    print(f"{records:,} records of {opened.file.path.name} are imported")
    return state


def _show(counts: ImportCounts, repairs: Counter[str], form: ExportFormat) -> None:
    for status, number in sorted(counts.stored.items()):
        print(f"{number:9,} {status}")
    if counts.known:
        print(f"{counts.known:9,} known here already, left as they are")
    for reason, number in sorted(counts.passed.items()):
        print(f"{number:9,} passed over: {reason}")
    for what, number in sorted(repairs.items()):
        print(f"{number:9,} {what}")
    for sentence in form.CANNOT_SAY:
        print(sentence)


def _show_next(state: ImportState) -> None:
    if state.counts.without_near:
        print(
            f"{state.counts.without_near:,} texts of the last 14 days are missing in the index of"
            " near copies: `moderator near rebuild` reads them again"
        )
    if state.lessons:
        print(f"{state.lessons:,} of the latest decisions are learned by the workers from now on")
