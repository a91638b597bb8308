"""An export killed at any of its calls leaves the folder of before or the new one, whole."""

import hashlib
import os
import signal
import sys
import traceback
from pathlib import Path

import pytest

from assets.release.export import new_folder as module
from assets.release.export.new_folder import SUMS, new_folder

FILES = ("a.csv", "b.csv", "deep/c.csv")
CALLS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "ctypes.dlsym", "os.scandir")
MOST_CALLS = 200


def write(target: Path, text: str) -> None:
    with new_folder(target, replace=True) as folder:
        (folder / "deep").mkdir()
        for name in FILES:
            (folder / name).write_text(f"{text} of {name}")


def text_of(target: Path) -> str:
    """What all files of a whole export say; fails for one that is not whole."""
    sums = (target / SUMS).read_text().splitlines()
    assert [line[66:] for line in sums] == sorted(FILES)
    for line in sums:
        assert hashlib.sha256((target / line[66:]).read_bytes()).hexdigest() == line[:64]
    (text,) = {(target / name).read_text().split(" of ")[0] for name in FILES}
    return text


def killed_at(call: int, target: Path, text: str) -> bool:
    """Write in a child that dies at so many calls; whether it died."""
    child = os.fork()
    if child == 0:
        left = call

        def die(event: str, _: tuple[object, ...]) -> None:
            nonlocal left
            left -= event in CALLS
            if left == 0:
                left = -1  # the call that kills is one of those that are told
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(die)
        try:
            write(target, text)
        except BaseException:  # must not go on as a second pytest
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return os.WIFSIGNALED(status)


def states(target: Path) -> list[str]:
    """What lies at `target` after a kill at each call, "" where nothing does."""
    found = []
    for call in range(1, MOST_CALLS):
        write(target, "before")
        died = killed_at(call, target, "after")
        found.append(text_of(target) if target.exists() else "")
        if not died:
            return found
    pytest.fail(f"more than {MOST_CALLS} calls")


def test_a_kill_at_any_call_leaves_the_former_or_the_new_one(tmp_path: Path) -> None:
    found = states(tmp_path / "export")
    assert set(found) == {"before", "after"}
    assert found == sorted(found, reverse=True)  # once new, for good
    write(tmp_path / "export", "last")
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


def test_where_names_cannot_be_exchanged_the_next_export_brings_the_former_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_exchanged", lambda one, other: False)
    target = tmp_path / "export"
    assert "" in states(target)  # the test above would see it
    for call in range(1, MOST_CALLS):
        write(target, "before")
        if killed_at(call, target, "after") and not target.exists():
            break
    with pytest.raises(RuntimeError), new_folder(target, replace=True):
        raise RuntimeError
    assert text_of(target) == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


def test_a_folder_of_somebody_elses_is_left(tmp_path: Path) -> None:
    living = tmp_path / f".export.partial-{os.getppid()}"
    other = tmp_path / ".export.notes-12"
    for each in (living, other):
        each.mkdir()
    write(tmp_path / "export", "one")
    assert living.exists()
    assert other.exists()
