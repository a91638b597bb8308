"""Files and folders for their owner alone: 0600 and 0700, whatever the umask.

Belongs here: making them, closing what is open, and finding it. Not here: which they are: all in
`.yearbook/`, where sellers' records, messages and runs lie, and simulated records.

The folder `.yearbook/` is closed from the moment it is made, so that nothing in it can be reached,
also while a library (DuckDB, SQLite, Dagster) makes a file of its own with other rights in it. Such
files, and those of earlier versions, are closed whenever the writer's lock is taken or freed.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_OTHERS = 0o077


def private_folder(folder: Path) -> Path:
    """The folder, made where it is missing, with the folders above it that are missing too."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(0o700, exist_ok=True)
    return folder


def private_file(path: Path) -> Path:
    """The file, made empty where it is missing, for its owner alone; its content stays."""
    private_folder(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        with suppress(PermissionError):  # another user's, which `status` tells
            os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)
    return path


def close_to_others(root: Path) -> None:
    """Take from all others every right to a folder and what is in it, as far as it is ours."""
    for path in open_to_others(root):
        with suppress(OSError):  # gone by now, or another user's, which `status` tells
            path.chmod(path.stat().st_mode & ~_OTHERS)


def open_to_others(root: Path) -> list[Path]:
    """The folder and what is in it, as far as others have any right to it. Links are left out."""
    return sorted(path for path in _inside(root) if path.lstat().st_mode & _OTHERS)


def _inside(root: Path) -> Iterator[Path]:
    if root.is_dir():
        yield root.resolve()
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(folder, name)
            if path.exists() and not path.is_symlink():  # a run may take it away meanwhile
                yield path
