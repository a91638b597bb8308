"""A folder that appears whole or not at all.

Belongs here: writing beside the target and renaming, and what may be replaced. Not here: what is
written.
"""

import ctypes
import glob
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assets.warehouse.errors import WarehouseError

SUMS = "SHA256SUMS"
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux


@contextmanager
def new_folder(target: Path, replace: bool) -> Iterator[Path]:
    """A folder to write into, which becomes `target` when the block ends without an error.

    It gets a file of checksums. replace: an export that lies at `target` makes room, in one step
    where the system can exchange two names, so that a kill leaves the one or the other; nothing
    else ever makes room. What killed exports left beside it is cleared. Raises WarehouseError.
    """
    _clear_leftovers(target)
    _require_room(target, replace)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial-{os.getpid()}")
    former = target.with_name(f".{target.name}.former-{os.getpid()}")
    partial.mkdir()
    try:
        yield partial
        files = sorted(path for path in partial.rglob("*") if path.is_file())
        sums = [
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(partial)}\n"
            for path in files
        ]
        (partial / SUMS).write_text("".join(sums), encoding="utf-8")
        _require_room(target, replace)
        if not target.exists():
            partial.rename(target)
        elif not _exchanged(partial, target):
            target.rename(former)
            partial.rename(target)
            shutil.rmtree(former, ignore_errors=True)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        if former.exists() and not target.exists():
            former.rename(target)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange the names of two folders in one step; False where the system has none for it."""
    exchange = getattr(ctypes.CDLL(None), "renameat2", None)
    if exchange is None:
        return False
    names = os.fsencode(one), os.fsencode(other)
    return bool(exchange(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0)


def _clear_leftovers(target: Path) -> None:
    """Remove what exports left that were killed; a former export comes back if there is none."""
    for path in sorted(target.parent.glob(f".{glob.escape(target.name)}.*-*")):
        kind, _, pid = path.name.rpartition(".")[2].partition("-")
        if kind not in ("former", "partial") or not pid.isdecimal() or Path("/proc", pid).exists():
            continue
        if kind == "former" and not target.exists():
            path.rename(target)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _require_room(target: Path, replace: bool) -> None:
    if not os.path.lexists(target):
        return
    if not replace:
        raise WarehouseError(
            f"{target} is there already; nothing was written.\n"
            f"  Give another folder with --to, or --replace if it is an earlier export."
        )
    sums = target / SUMS
    listed = {SUMS}
    if target.is_dir() and not target.is_symlink() and sums.is_file():
        listed |= {line[66:] for line in sums.read_text(encoding="utf-8").splitlines()}
        there = {str(path.relative_to(target)) for path in target.rglob("*") if not path.is_dir()}
        if there <= listed:
            return
    raise WarehouseError(
        f"{target} holds more than an earlier export; nothing was replaced.\n"
        f"  Move it away, or give another folder with --to."
    )
