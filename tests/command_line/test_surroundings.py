"""What surrounds a command: a terminal that lacks characters, a file where a folder has to be."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from assets.warehouse.home import HOME_VARIABLE

COMMAND = "from orchestration.commands.entry import program; program()"


def run(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=Path(__file__).parents[2],
        env={**os.environ, HOME_VARIABLE: str(home), **variables},
        capture_output=True,
    )


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("ascii", "省".encode()), ("latin-1", b"\\u7701"), ("gbk", "省".encode("gbk"))],
)
def test_no_terminal_ends_a_command(tmp_path: Path, encoding: str, told: bytes) -> None:
    (tmp_path / "landing" / "省" / "2020").mkdir(parents=True)
    done = run(tmp_path, "check", PYTHONIOENCODING=encoding)
    assert done.returncode == 1
    assert b"WRONG landing/" + told in done.stdout
    assert done.stderr == b""


def test_a_file_where_a_folder_has_to_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "landing").touch()
    done = run(tmp_path, "refresh")
    assert done.returncode == 1
    assert b"landing: File exists. What is published is as it was." in done.stderr
    assert b"Traceback" not in done.stderr


def test_status_names_the_first_of_many_documents(tmp_path: Path) -> None:
    for number in range(25):
        (tmp_path / "landing" / f"odd_{number:02d}" / "2020").mkdir(parents=True)
    told = run(tmp_path, "status").stdout.decode()
    assert "25 waiting" in told
    assert "waiting: odd_19/2020\n" in told
    assert "odd_20/2020" not in told
    assert "waiting: 5 more\n" in told


@pytest.mark.parametrize(
    "spoiled",
    [lambda code: code[:900], lambda code: code[:16] + b"?" * 900],
    ids=["cut", "damaged"],
)
def test_compiled_code_that_was_cut_off_is_told_and_removed(
    tmp_path: Path, spoiled: Callable[[bytes], bytes]
) -> None:
    """Python keeps what it could write where the disk is full, and falls over it ever after."""
    copies = {"PYTHONPYCACHEPREFIX": str(tmp_path / "copies"), "PYTHONDONTWRITEBYTECODE": ""}
    asked = "tables", "--help"
    assert run(tmp_path, *asked, **copies).returncode == 0
    (copy,) = tmp_path.rglob("copies/**/orchestration/commands/tables.*.pyc")
    copy.write_bytes(spoiled(copy.read_bytes()))
    done = run(tmp_path, *asked, **copies)
    assert done.returncode == 1
    assert done.stderr.decode().startswith(f"{copy} is cut off or damaged")
    assert done.stderr.decode().endswith("run it again.\n")
    assert not copy.exists()
    assert run(tmp_path, *asked, **copies).returncode == 0


def ended(last_said: str, stdout: IO[bytes] | int) -> subprocess.CompletedProcess[bytes]:
    script = (
        "import atexit, orchestration.commands.entry as entry\n"
        "def main():\n"
        f"    atexit.register({last_said})\n"
        "    print('said')\n"
        "    return 3\n"
        "entry.main = main\n"
        "entry.program()"
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONUNBUFFERED": ""},  # or nothing is left for the end
        stdout=stdout,
        stderr=subprocess.PIPE,
    )


def test_a_process_ends_with_its_code_and_all_that_it_said() -> None:
    done = ended("print, 'closed'", subprocess.PIPE)
    assert (done.returncode, done.stdout, done.stderr) == (3, b"said\nclosed\n", b"")


def test_what_cannot_be_said_at_the_end_is_told() -> None:
    with open("/dev/full", "wb") as full:
        done = ended("len, ''", full)
    assert done.returncode == 120  # Python's own code for it
    assert b"No space left on device" in done.stderr
