"""Where cases lie that are not part of this repository; a test uses them when they are there."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def find_shared(name: str) -> Path | None:
    """Return a file of the shared folder: SHARED_DIR, else `shared` beside this checkout."""
    given = os.environ.get("SHARED_DIR")
    path = (Path(given) if given else ROOT.parent / "shared") / name
    return path if path.exists() else None


def shared_or_skip(name: str) -> Path:
    path = find_shared(name)
    if path is None:
        pytest.skip(f"SKIPPED: {name} is not here (set SHARED_DIR to the folder that holds it)")
    return path
