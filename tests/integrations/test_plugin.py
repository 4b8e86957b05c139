"""The plugin's zip: the same bytes each time, whole, and its readme works as written."""

import os
import re
import shlex
from pathlib import Path
from zipfile import ZipFile

import pytest

from integrations.wordpress import package
from moderator.__main__ import main

README = (package.PLUGIN / "readme.txt").read_text()
COMMAND = re.compile(r"`moderator (site add [^`]+)`")


@pytest.fixture
def archive(tmp_path: Path) -> ZipFile:
    return ZipFile(package.pack(tmp_path))


def test_the_same_files_make_the_same_bytes(tmp_path: Path) -> None:
    first = package.pack(tmp_path / "one").read_bytes()
    for path in package.PLUGIN.rglob("*"):
        os.utime(path)
    assert package.pack(tmp_path / "two").read_bytes() == first


def test_all_that_the_plugin_needs_is_there(archive: ZipFile) -> None:
    assert archive.testzip() is None
    names = set(archive.namelist())
    assert {name.partition("/")[0] for name in names} == {"moderator-bridge"}
    main = archive.read("moderator-bridge/moderator-bridge.php").decode()
    needed = re.findall(r"require_once __DIR__ \. '/(\S+)';", main)
    assert len(needed) > 10
    assert {f"moderator-bridge/{path}" for path in needed} <= names
    assert {
        f"moderator-bridge/{name}" for name in ("readme.txt", "uninstall.php", "LICENSE")
    } <= names
    assert not [name for name in names if "/." in name or name.endswith("~")]
    unused = {name for name in names if "/includes/" in name} - {
        f"moderator-bridge/{path}" for path in needed
    }
    assert unused == set()


def test_its_licence_is_told_and_there(archive: ZipFile) -> None:
    main = archive.read("moderator-bridge/moderator-bridge.php").decode()
    assert re.search(r"^ \* License: +GPL-2\.0-or-later$", main, re.MULTILINE)
    assert "\nLicense: GPL-2.0-or-later\n" in README
    licence = archive.read("moderator-bridge/LICENSE").decode()
    assert "GNU GENERAL PUBLIC LICENSE\n                       Version 2, June 1991" in licence


def test_one_version_is_told_everywhere() -> None:
    assert f"\n= {package.version()} =\n" in README


def test_the_readmes_command_registers_the_blog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'site.db'}")
    [command] = COMMAND.findall(README)
    assert main(shlex.split(command)) == 0
    assert re.search(r"^Secret: +whsec_", capsys.readouterr().out, re.MULTILINE)
