"""What is made of files, kept while each is the same one by its inode, size and times.

Belongs here: keeping it in this process, and for the next one. Not here: what is made of a file;
it says where to look alone, and whatever is taken in is read in any case.

A sensor looks every few seconds, and a refresh twice. A file that changed a moment ago is read
anew: another change may have the same time.
"""

import hashlib
import inspect
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from assets.warehouse.private import private_file

T = TypeVar("T")

_SETTLED_NS = 2_000_000_000


class OfFile(Generic[T]):
    """What is made of a file; to be known to the next process it is something that JSON holds.

    calls: functions of other modules that what is made hangs on, too.
    """

    def __init__(self, make: Callable[[Path], T], *calls: Callable[..., object]) -> None:
        self.make = make
        self.calls = calls
        self.kept: dict[str, list[Any]] = {}  # path: the file's state, and what is made of it
        self.asked: set[str] = set()

    def of(self, path: Path) -> T:
        """What is made of the file as it is now. Raises what making it raises."""
        self.asked.add(str(path))
        try:
            found = path.stat()
        except (OSError, ValueError):  # such as a name that no file can have
            return self.make(path)
        state = [found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns]
        kept = self.kept.get(str(path))
        if kept is not None and kept[0] == state:
            return cast("T", kept[1])
        made = self.make(path)
        if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) > _SETTLED_NS:
            self.kept[str(path)] = [state, made]
        return made


@contextmanager
def known_to_the_next_process(path: Path, **of_files: OfFile[Any]) -> Iterator[None]:
    """Within the block, files are known that were looked at in such a block before.

    path: where it is kept what was made of each. One that is missing, spoiled, of another version
    of the code or may not be written costs time alone.
    """
    by = _version(of_files.values())
    before: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        read = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(read, dict) and read.get("by") == by:
            before = read
    for name, each in of_files.items():
        each.kept = {**before.get(name, {}), **each.kept}
        each.asked.clear()
    yield
    now: dict[str, Any] = {"by": by}
    for name, each in of_files.items():
        now[name] = {file: each.kept[file] for file in sorted(each.asked & each.kept.keys())}
    if now != before and path.parent.is_dir():
        with suppress(OSError):  # who only looks may not write, and a full disk costs time alone
            private_file(path).write_text(json.dumps(now), encoding="utf-8")


def _version(of_files: Iterable[OfFile[Any]]) -> str:
    """sha256 over this module and those in which is written what is made of files."""
    modules = {__file__}
    for each in of_files:
        modules |= {inspect.getfile(one) for one in (each.make, *each.calls)}
    return hashlib.sha256(b"".join(Path(each).read_bytes() for each in sorted(modules))).hexdigest()
