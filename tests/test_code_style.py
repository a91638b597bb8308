"""The source as a whole: linted, formatted, typed, described, and free of this machine's paths."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
MODULES = sorted(
    path
    for room in ("orchestration", "assets")
    for path in (REPOSITORY / room).rglob("*.py")
    if path.name != "__init__.py" or path.stat().st_size
)

# Put together from parts, so that this file does not match itself.
# Not a folder `work` below another one, nor an attribute whose name begins so.
WORKPLACE = re.compile("|".join((r"(?<!\w)/" + "work/", r"\." + r"library\b", r"\.\./" + "shared")))
SIBLING = re.compile("[\"']" + "shared" + "[\"']")
# What follows a sibling's name in a test that goes without it.
SKIPS = re.compile(r"pytest\.skip\(|mark\.skipif\(")


@pytest.mark.parametrize(
    "arguments",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)],
    ids=" ".join,
)
def test_the_tools_have_nothing_to_say(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(arguments)}:\n{done.stdout}{done.stderr}"


def test_no_import_runs_against_the_order_of_the_rooms() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def tracked_text() -> Iterator[tuple[str, str]]:
    """Path and text of every file that git tracks; workbooks and the like are left out."""
    if shutil.which("git") is None or not (REPOSITORY / ".git").exists():
        pytest.skip("not a git clone")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        path = REPOSITORY / name
        content = path.read_bytes() if path.is_file() else b""
        if b"\0" not in content:
            yield name, content.decode("utf-8", errors="replace")


def test_no_file_names_the_place_it_was_written_in() -> None:
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, text in tracked_text()
        for number, line in enumerate(text.splitlines(), start=1)
        if WORKPLACE.search(line)
    ]
    assert not found, "\n".join(found)


def test_only_tests_that_skip_name_the_folder_beside_the_repository() -> None:
    found = [
        name
        for name, text in tracked_text()
        if SIBLING.search(text) and not (name.startswith("tests/") and SKIPS.search(text))
    ]
    assert not found, "\n".join(found)


def test_the_lock_file_names_two_hosts_only() -> None:
    text = (REPOSITORY / "uv.lock").read_text(encoding="utf-8")
    hosts = set(re.findall(r"[a-z+]+://([^/\"\s]+)", text))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


@pytest.mark.parametrize(
    "path", MODULES, ids=[path.relative_to(REPOSITORY).as_posix() for path in MODULES]
)
def test_every_module_opens_with_a_docstring(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{path} opens without a docstring"


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 50
