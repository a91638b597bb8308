"""What a card says as it lies there, and the fingerprint of a document with its card.

Belongs here: the text of a card and of those it extends, laid over each other, and hashing. Not
here: whether it is a good card (`card.py`): everything that looks for what is new in `landing/`
comes through here, and loads none of what reading takes.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from assets.extracts import budget
from assets.extracts.errors import DocumentError
from assets.extracts.written.landing_files import (
    ADDED_REGIONS,
    CORRECTIONS_NAME,
    IDENTIFIERS_NAME,
    INDICATORS_NAME,
)
from assets.extracts.written.yaml_file import read_yaml
from assets.warehouse.private import private_file

T = TypeVar("T")

_SETTLED_NS = 2_000_000_000


def parse_card(path: Path, name: str) -> dict[str, Any]:
    """The mapping a card file holds. Raises DocumentError with `name` for what cannot be read."""
    advice = "Correct the card; the cards of other sources in landing/ show the form."
    raw: dict[str, Any] = read_yaml(path, name, dict, advice, "there is no such card")
    return raw


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one mapping over another: mappings merge key by key, null removes, all else replaces."""
    result = dict(base)
    for key, value in over.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            below = result.get(key)
            result[key] = merge(below if isinstance(below, Mapping) else {}, value)
        else:
            result[key] = value
    return result


def content_sha256(card_path: Path) -> str:
    """Fingerprint a document with its card, all that one extends, corrections, the source's changed
    identifiers, and the regions and indicators added in the landing folder.

    Never raises for a bad card: what cannot be read counts as absent, so that a broken document has
    a fingerprint too and is tried again once it changes.
    """
    digest = hashlib.sha256()
    landing = resolved(card_path.parent.parent.parent) or card_path.parent.parent.parent
    merged: dict[str, Any] = {}
    seen: set[Path] = set()
    path = resolved(card_path)
    while path is not None and path not in seen and path.is_relative_to(landing):
        seen.add(path)
        digest.update(bytes.fromhex(_DIGESTS.of(path)))
        raw = _CARDS.of(path)
        merged = merge(raw, merged)
        parent = raw.get("extends")
        path = resolved(path.parent / parent) if isinstance(parent, str) else None
    of_landing = (landing / ADDED_REGIONS, landing / INDICATORS_NAME)
    of_source = card_path.parent.parent / IDENTIFIERS_NAME
    for beside in (card_path.parent / CORRECTIONS_NAME, of_source, *of_landing):
        if os.path.lexists(beside):
            digest.update(bytes.fromhex(_DIGESTS.of(beside)))
    document = merged.get("document")
    name = document.get("file") if isinstance(document, dict) else None
    if isinstance(name, str) and name == Path(name).name:
        digest.update(bytes.fromhex(_DIGESTS.of(card_path.parent / name)))
    return digest.hexdigest()


def file_sha256(path: Path) -> str:
    """Hash a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _file_digest(path: Path) -> str:
    """Hash a file, hexadecimal; of a file too large to be read, only its size."""
    try:
        if not path.is_file():
            return hashlib.sha256(b"absent").hexdigest()
        size = path.stat().st_size
        if size > budget.MAX_DOCUMENT_BYTES:
            return hashlib.sha256(f"{size} bytes".encode()).hexdigest()
        return file_sha256(path)
    except OSError:
        return hashlib.sha256(b"unreadable").hexdigest()


def _leads_to(path: Path) -> dict[str, Any]:
    """Of what a card says, which card it extends and which file it is about, as JSON keeps it."""
    try:
        said = parse_card(path, str(path))
    except DocumentError:
        return {}
    found: dict[str, Any] = {}
    if isinstance(said.get("extends"), str):
        found["extends"] = said["extends"]
    if "document" in said:
        document = said["document"]
        found["document"] = None  # as good as none, whatever else stands there
        if isinstance(document, dict):
            names = {"file": document.get("file")} if "file" in document else {}
            found["document"] = {k: v for k, v in names.items() if v is None or isinstance(v, str)}
    return found


class _OfFile(Generic[T]):
    """What is made of a file, kept while the file is the same one by its size and times.

    A sensor looks every few seconds, and a refresh twice. A file that changed a moment ago is read
    anew: another change may have the same time.
    """

    def __init__(self, make: Callable[[Path], T]) -> None:
        self._make = make
        self.kept: dict[str, list[Any]] = {}  # path: the file's state, and what is made of it
        self.asked: set[str] = set()

    def of(self, path: Path) -> T:
        """What is made of the file as it is now."""
        self.asked.add(str(path))
        try:
            found = path.stat()
        except (OSError, ValueError):  # such as a name that no file can have
            return self._make(path)
        state = [found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns]
        kept = self.kept.get(str(path))
        if kept is not None and kept[0] == state:
            return cast("T", kept[1])
        made = self._make(path)
        if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) > _SETTLED_NS:
            self.kept[str(path)] = [state, made]
        return made


_DIGESTS = _OfFile(_file_digest)
_CARDS = _OfFile(_leads_to)


@contextmanager
def known_files(path: Path) -> Iterator[None]:
    """Within the block, files are known that were looked at in such a block before.

    path: where it is kept what was made of each. One that is missing, spoiled, of another version
    of this module or may not be written costs time alone.
    """
    by = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    before: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        read = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(read, dict) and read.get("by") == by:
            before = read
    of_files: dict[str, _OfFile[Any]] = {"digests": _DIGESTS, "cards": _CARDS}
    for name, each in of_files.items():
        each.kept = {**before.get(name, {}), **each.kept}
        each.asked.clear()
    yield
    now: dict[str, Any] = {"by": by}
    for name, each in of_files.items():
        now[name] = {file: each.kept[file] for file in sorted(each.asked & each.kept.keys())}
    if now != before and path.parent.is_dir():
        with suppress(OSError):
            private_file(path).write_text(json.dumps(now), encoding="utf-8")


def resolved(path: Path) -> Path | None:
    """Where a path leads; None for a link to itself, a name too long, and the like."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return None
