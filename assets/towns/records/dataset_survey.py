"""What is waiting in `landing/towns/`: data sets by content, without reading gigabytes each time.

Belongs here: finding data sets, and the hashes of their files. Not here: reading records.

A file is hashed again when it is not the one of the last hashing by its size and times, as git does
(`unchanged/known_files.py`); these only say where to look. What is taken in is hashed in any case
(`dataset_intake.py`).
"""

import hashlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assets.extracts.cards.content import file_sha256, parse_card
from assets.extracts.errors import DocumentError
from assets.extracts.landed.quarantine import taken_in_folder
from assets.extracts.landed.survey import (
    TOWN_STUDY_FOLDER,
    Landed,
    Survey,
    Taken,
    folders_in,
    may_be_listed,
    no_rights,
    sorted_by_content,
)
from assets.extracts.written.landing_files import CARD_NAME
from assets.towns.records.contracts import FILE_PATTERN
from assets.towns.records.record_rows import TownDatasetRow
from assets.warehouse.home import Home
from assets.warehouse.texts.safe_text import safe_text
from assets.warehouse.unchanged.known_files import OfFile, known_to_the_next_process

if TYPE_CHECKING:
    from assets.warehouse.store import Store


@dataclass(frozen=True, slots=True)
class LandedDataset:
    """A data set's folder as it lies in `landing/towns/` now."""

    dataset: str
    folder: Path
    content_sha256: str

    @property
    def key(self) -> str:
        """`towns/<dataset>`."""
        return f"{TOWN_STUDY_FOLDER}/{self.dataset}"


def kept_folder(home: Home, dataset: str, content_sha256: str) -> Path:
    """Where the verified files of a data set lie."""
    return home.state / TOWN_STUDY_FOLDER / dataset / content_sha256[:16]


def datasets_before(home: Home, store: "Store") -> dict[str, Taken]:
    """What is known of every data set from before, keyed `towns/<dataset>`.

    One whose kept files are gone counts as never accepted, so that it is read again.
    """
    accepted: dict[str, str] = {}
    if store.exists(TownDatasetRow.table.name):
        rows = store.rows(f"select dataset, content_sha256 from {TownDatasetRow.table.name}")
        accepted = {name: sha for name, sha in rows if kept_folder(home, name, sha).is_dir()}
    return taken_in_folder(store, TOWN_STUDY_FOLDER, accepted)


def survey_datasets(home: Home, taken: Mapping[str, Taken]) -> Survey[LandedDataset]:
    """Sort what lies in `landing/towns` by what was taken in before, keyed `towns/<dataset>`."""
    return sorted_by_content(landed_datasets(home), taken)


def waiting_for_spark(refused: Sequence[Landed]) -> tuple[LandedDataset, ...]:
    """Of what is refused and unchanged since, the data sets that Spark adds up.

    Their records may be sound and Spark out of reach, so that every refresh tries them again; the
    sensor does not, which would ask every few seconds.
    """
    from assets.towns.records.dataset_card import read_dataset_card  # loads what reads cards

    found = []
    for each in refused:
        if isinstance(each, LandedDataset):
            with suppress(DocumentError):
                if read_dataset_card(each.folder).engine == "spark":
                    found.append(each)
    return tuple(found)


def landed_datasets(home: Home) -> tuple[LandedDataset, ...]:
    """Every folder `landing/towns/<dataset>/`, in order of name, with the hash of its content."""
    root = home.landing / TOWN_STUDY_FOLDER
    if not os.path.isdir(root):
        return ()
    if not may_be_listed(root):
        raise no_rights(f"landing/{root.name}")
    with known_to_the_next_process(home.state / "town_hashes.json", files=_DIGESTS):
        return tuple(
            LandedDataset(safe_text(folder.name), folder, _content(folder))
            for folder in folders_in(root)
        )


def content_of(card: bytes, file_digests: Iterable[str]) -> str:
    """Hash of a data set: its card's bytes and the digest of each of its files, in card order."""
    digest = hashlib.sha256(card)
    for each in file_digests:
        digest.update(each.encode())
    return digest.hexdigest()


def _content(folder: Path) -> str:
    """Never raises for a bad data set: it has a content too, and is tried again once it changes."""
    path = folder / CARD_NAME
    try:
        card = path.read_bytes() if path.is_file() else b""
    except OSError:
        return "unreadable"
    try:
        listed = parse_card(path, CARD_NAME).get("files")
    except DocumentError:
        listed = None
    files = listed if isinstance(listed, list) else []
    named = [file.get("file") for file in files if isinstance(file, dict)]
    sound = [name for name in named if isinstance(name, str) and re.fullmatch(FILE_PATTERN, name)]
    return content_of(card, [_DIGESTS.of(folder / name) for name in sound])


def _file_digest(path: Path) -> str:
    try:
        return file_sha256(path)
    except OSError:
        return "unreadable"


_DIGESTS = OfFile(_file_digest)
