"""`docs/operating.md`: what it says of backup and restore is done as it stands there.

Belongs here: the commands of that section, run in a shell. Not here: what `repair` mends
(`tests/warehouse/test_repair.py`).
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock

PAGE = Path(__file__).parents[2] / "docs" / "operating.md"
_SECTION = re.compile(r"^## Backup and restore\n(.*?)^## ", re.DOTALL | re.MULTILINE)
_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
ASKED = ("query", "select * from current.result order by all")


@pytest.fixture(scope="module")
def blocks() -> list[str]:
    """Copying all, back again, copying the least."""
    section = _SECTION.search(PAGE.read_text(encoding="utf-8"))
    assert section is not None
    found = _CONSOLE.findall(section[1])
    assert len(found) == 3
    return found


@pytest.fixture
def shell(tmp_path: Path):
    """Start a block as it stands, in a home; `uv run` starts what is installed here."""
    programs = tmp_path / "programs"
    programs.mkdir()
    uv = programs / "uv"
    uv.write_text(f'#!/bin/sh\nshift\nPATH="{sys.prefix}/bin:$PATH" exec "$@"\n')
    uv.chmod(0o755)

    def start(block: str, folder: Path) -> subprocess.Popen[str]:
        path = f"{programs}:{os.environ['PATH']}"
        return subprocess.Popen(
            ["bash", "-eu", "-o", "pipefail", "-c", block],
            cwd=folder,
            env={**os.environ, "YEARBOOK_HOME": str(folder), "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def told_by(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate()
    assert process.returncode == 0, out + err
    return out


def removed(home: Home) -> None:
    """The disk is lost: what stood in the home is gone, its folder is there again."""
    shutil.rmtree(home.root)
    home.root.mkdir()


def test_a_copy_of_all_comes_back_whole(home: Home, run, shell, blocks: list[str]) -> None:
    copy, restore, _ = blocks
    before = run(home, *ASKED).out
    told_by(shell(copy, home.root))
    assert (home.root.parent / "yearbook.tar").stat().st_mode & 0o077 == 0
    removed(home)
    told = told_by(shell(restore, home.root))
    assert "Nothing is damaged" in told
    assert "8 in force, 0 waiting, 0 refused" in told
    assert "Nothing is new: no work was done." in told
    assert run(home, *ASKED).out == before


def test_the_least_that_must_be_kept_brings_back_what_was_published(
    home: Home, run, shell, blocks: list[str]
) -> None:
    _, restore, least = blocks
    before = run(home, *ASKED).out
    told_by(shell(least, home.root))
    removed(home)
    told = told_by(shell(restore.replace("../yearbook.tar", "../published.tar"), home.root))
    assert "working.duckdb was made anew from release" in told
    assert "Nothing was published; what was published before stands." in told, told
    assert run(home, *ASKED).out == before


def test_a_copy_waits_for_the_writer(home: Home, shell, blocks: list[str]) -> None:
    with writer_lock(home, "refresh"):
        copying = shell(blocks[0], home.root)
        with pytest.raises(subprocess.TimeoutExpired):
            copying.wait(1)
        assert not (home.root.parent / "yearbook.tar").exists()
    told_by(copying)
    assert (home.root.parent / "yearbook.tar").exists()
