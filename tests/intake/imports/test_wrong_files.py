"""Whatever is handed over in place of an export is refused in one line."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderator.domain.errors import MalformedError
from moderator.intake.imports import BY_NAME, json_stream
from moderator.intake.imports.files import ExportFile
from tests.intake.imports import samples
from tests.intake.imports.test_formats import TEXTS, read, written

NAMES = sorted(BY_NAME)
WRONG = {
    "empty": b"",
    "prose": b"Dear reader,\n\nthis is a letter about a bridge.\n",
    "zeros": bytes(5_000),
    "random": bytes(range(256)) * 40,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(400),
    "a database that is none": b"SQLite format 3\0" + b"\xff" * 5_000,
    "damaged gzip": gzip.compress(b"a" * 90_000)[:-40],
    "no gzip": b"\x1f\x8b" + bytes(50),
    "gzip of nothing": gzip.compress(b""),
    "a list": b"[]",
    "an object": b"{}",
    "a number": b"1",
    "deep json": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "deep xml": b"<a>" * 100_000,
    "html": b"<!DOCTYPE html><html><body>Log in first</body></html>",
    "entities": b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>',
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", sorted(WRONG))
def test_what_is_no_export_is_refused(tmp_path: Path, name: str, what: str) -> None:
    path = tmp_path / "wrong"
    path.write_bytes(WRONG[what])
    refused(path, name)


def refused(path: Path, name: str) -> None:
    with pytest.raises(MalformedError) as caught:
        read(path, name)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def others() -> Iterator[tuple[str, str]]:
    """Every format with every sample of another one."""
    for name in NAMES:
        yield from ((name, other) for other in (*TEXTS, "isso") if other != name)


@pytest.mark.parametrize(("name", "other"), list(others()))
def test_the_export_of_another_program_is_refused(tmp_path: Path, name: str, other: str) -> None:
    refused(written(tmp_path, other), name)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_file_that_ends_too_early_is_refused(tmp_path: Path, name: str) -> None:
    text = TEXTS[name].encode()
    for share in (0.35, 0.6, 0.85):
        path = tmp_path / f"cut-{share}"
        path.write_bytes(text[: int(len(text) * share)])
        refused(path, name)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_another_encoding_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "latin"
    text = TEXTS[name].replace("finished", "\u00fcber").replace("\u2026", "")
    path.write_bytes(text.replace("\\u2026", "").encode("latin-1"))
    refused(path, name)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"staticman"}))
def test_a_folder_is_a_file_of_no_other_format(tmp_path: Path, name: str) -> None:
    refused(samples.staticman_folder(tmp_path / "folder"), name)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a: &x [1]\nb: *x\nmessage: hello\n", "refers to itself"),
        ("- just\n- a list\n", "no fields"),
        ("message: 'open\n", "no YAML"),
        ("!!python/object/apply:os.system ['true']\n", "no YAML"),
        ("message: " + "x" * 1_100_000, "longer than"),
    ],
)
def test_a_data_file_that_cannot_be_read_is_named(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "entry.yml").write_text(content)
    with pytest.raises(MalformedError, match=f"entry.yml.*{words}"):
        read(tmp_path, "staticman")


@pytest.mark.parametrize("name", ["commento", "comentario", "django-contrib-comments"])
@pytest.mark.parametrize("what", ["numbers", "a text"])
def test_a_record_has_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, what: str
) -> None:
    monkeypatch.setattr(json_stream, "LONGEST", 200_000)
    path = tmp_path / "long.json"
    version = 3 if name == "comentario" else 1
    head = "[{" if name.startswith("django") else f'{{"version": {version}, "comments": [{{'
    path.write_text(
        head + ('"a": [' + "1, " * 90_000 if what == "numbers" else '"a": "' + "x" * 270_000)
    )
    with pytest.raises(MalformedError, match="longer than 200,000 bytes"):
        read(path, name)


def test_a_bomb_is_read_piece_by_piece(tmp_path: Path) -> None:
    """A gigabyte in a megabyte: it is refused before much of it was unpacked."""
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb", compresslevel=9) as packed:
        packed.write(b"<rss>")
        for _ in range(200):
            packed.write(b" " * 1_000_000)
    file = ExportFile(path)
    with pytest.raises(MalformedError, match="longer than"):
        list(BY_NAME["wordpress"].read(file))
    assert file.read < path.stat().st_size / 2
