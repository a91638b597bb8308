"""What waits in `landing/replications/`: published studies by their content.

Belongs here: finding folders, and what the working file knows of them. Not here: reading them
(`intake.py`).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assets.extracts.cards.content import file_sha256
from assets.extracts.landed.quarantine import taken_in_folder
from assets.extracts.landed.survey import (
    REPLICATIONS_FOLDER,
    Survey,
    Taken,
    folders_in,
    may_be_listed,
    no_rights,
    sorted_by_content,
)
from assets.replication.replication_rows import ReplicationRow
from assets.warehouse.texts.safe_text import safe_text
from assets.warehouse.unchanged.known_files import OfFile

if TYPE_CHECKING:
    from assets.warehouse.store import Store


@dataclass(frozen=True, slots=True)
class LandedReplication:
    """The folder of a study as it lies in `landing/replications/` now."""

    replication: str
    folder: Path
    content_sha256: str

    @property
    def key(self) -> str:
        """`replications/<folder>`."""
        return f"{REPLICATIONS_FOLDER}/{self.replication}"


def survey_replications(landing: Path, taken: Mapping[str, Taken]) -> Survey[LandedReplication]:
    """Sort the folders of `landing/replications` by what was taken in before, by key.

    Raises DocumentError where the folder itself may not be listed.
    """
    root = landing / REPLICATIONS_FOLDER
    if not root.is_dir():
        return sorted_by_content((), taken)
    if not may_be_listed(root):
        raise no_rights(f"{landing.name}/{root.name}")
    found = [
        LandedReplication(safe_text(folder.name), folder, _content(folder))
        for folder in folders_in(root)
    ]
    return sorted_by_content(found, taken)


def replications_before(store: "Store") -> dict[str, Taken]:
    """What is known of every study from before, keyed `replications/<folder>`."""
    accepted: dict[str, str] = {}
    name = ReplicationRow.table.name
    if store.exists(name):
        accepted = dict(store.rows(f"select replication, content_sha256 from {name}"))
    return taken_in_folder(store, REPLICATIONS_FOLDER, accepted)


def _content(folder: Path) -> str:
    """Fingerprint of a folder: its files with their names. What cannot be read has one too."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")) if may_be_listed(folder) else ():
        if path.is_file():
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode(errors="replace"))
            digest.update(_DIGESTS.of(path))
    return digest.hexdigest()


def _file_digest(path: Path) -> bytes:
    try:
        return bytes.fromhex(file_sha256(path))
    except OSError:
        return b"unreadable"


_DIGESTS = OfFile(_file_digest)
