"""Files as tests write them, and what a format finds in them."""

from pathlib import Path

from moderator.intake.imports import BY_NAME, Found
from moderator.intake.imports.comment import ExportedComment
from moderator.intake.imports.files import ExportFile


def found(folder: Path, name: str, content: str | bytes, suffix: str = "export") -> list[Found]:
    """Everything that a format finds in a file with this content."""
    path = folder / suffix
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(BY_NAME[name].read(ExportFile(path)))


def comments(folder: Path, name: str, content: str | bytes) -> dict[str, ExportedComment]:
    """The comments by their ids."""
    every = found(folder, name, content)
    return {each.id: each for each in every if isinstance(each, ExportedComment)}
