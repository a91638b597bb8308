"""What a card says as it lies there, and the fingerprint of a document with its card.

Belongs here: the text of a card and of those it extends, laid over each other, and hashing. Not
here: whether it is a good card (`card.py`): everything that looks for what is new in `landing/`
comes through here, and loads none of what reading takes.
"""

import hashlib
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from assets.extracts import budget
from assets.extracts.errors import DocumentError
from assets.extracts.written.landing_files import (
    ADDED_REGIONS,
    CORRECTIONS_NAME,
    IDENTIFIERS_NAME,
    INDICATORS_NAME,
)
from assets.extracts.written.yaml_file import read_yaml
from assets.warehouse.unchanged.known_files import OfFile, known_to_the_next_process


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


_DIGESTS, _CARDS = OfFile(_file_digest), OfFile(_leads_to, read_yaml)


def known_files(path: Path) -> AbstractContextManager[None]:
    """Within the block, files are known that were looked at in such a block before.

    path: where it is kept what was made of each.
    """
    return known_to_the_next_process(path, digests=_DIGESTS, cards=_CARDS)


def resolved(path: Path) -> Path | None:
    """Where a path leads; None for a link to itself, a name too long, and the like."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return None
