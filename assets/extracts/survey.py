"""What is waiting in `landing/`: which documents are new, changed, unchanged, refused or gone.

Belongs here: comparing the folder with what was taken in before, by content and never by date. Not
here: reading a document's figures (`document.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import yaml

from assets.extracts.card import CARD_NAME, content_sha256
from assets.extracts.errors import DocumentError

# Folders below landing/ that hold no documents but what another study reads itself.
OTHER_STUDIES = ("towns",)


class Landed(Protocol):
    """What can be surveyed: it lies in `landing/`, has a key of its own and a content."""

    @property
    def key(self) -> str:
        """Its name in messages."""

    @property
    def content_sha256(self) -> str:
        """Fingerprint of what it says now."""


L = TypeVar("L", bound=Landed, covariant=True)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is known of a document from before: content hashes of what was accepted and refused."""

    accepted_sha256: str | None
    refused_sha256: str | None


@dataclass(frozen=True, slots=True)
class LandedDocument:
    """A document folder as it lies in `landing/` now."""

    source: str
    edition: str  # the folder's name; whether it is a year is for the card's checks to say
    folder: Path
    content_sha256: str

    @property
    def key(self) -> str:
        """`source/edition`, the partition key."""
        return f"{self.source}/{self.edition}"


@dataclass(frozen=True, slots=True)
class Survey(Generic[L]):
    """`landing/` against what was taken in before. Every document is in exactly one of the first
    four groups; `gone` names documents that were taken in and whose folder is no longer there.
    """

    new: tuple[L, ...]
    changed: tuple[L, ...]
    unchanged: tuple[L, ...]
    refused: tuple[L, ...]  # refused before, and unchanged since
    gone: tuple[str, ...]

    @property
    def pending(self) -> tuple[L, ...]:
        """The documents to read: new and changed ones."""
        return self.new + self.changed

    @property
    def everything(self) -> tuple[L, ...]:
        """Every document that lies in `landing/`."""
        return self.new + self.changed + self.unchanged + self.refused


def find_cards(landing: Path) -> list[Path]:
    """List every card below the landing folder (`<source>/<edition>/card.yaml`), sorted."""
    return sorted(
        path
        for path in landing.glob(f"*/*/{CARD_NAME}")
        if path.is_file() and path.parent.parent.name not in OTHER_STUDIES
    )


def landed_documents(landing: Path) -> tuple[LandedDocument, ...]:
    """Every folder `landing/<source>/<edition>/`, in order of name, with or without a card.

    Hidden folders are not documents: `.git`, a notebook's checkpoints. Nor are other studies'.
    """
    return tuple(
        LandedDocument(folder.parent.name, folder.name, folder, content_sha256(folder / CARD_NAME))
        for folder in sorted(landing.glob("*/*"))
        if folder.is_dir()
        and not folder.name.startswith(".")
        and not folder.parent.name.startswith(".")
        and folder.parent.name not in OTHER_STUDIES
    )


def survey_landing(landing: Path, taken: Mapping[str, Taken]) -> Survey[LandedDocument]:
    """Sort the documents in `landing` by what was taken in before, keyed `source/edition`."""
    return sorted_by_content(landed_documents(landing), taken)


def sorted_by_content(found: Sequence[L], taken: Mapping[str, Taken]) -> Survey[L]:
    """Sort what was found by what was taken in before, by key."""
    new, changed, unchanged, refused = [], [], [], []
    for landed in found:
        before = taken.get(landed.key)
        if before is not None and before.refused_sha256 == landed.content_sha256:
            refused.append(landed)
        elif before is None or before.accepted_sha256 is None:
            new.append(landed)
        elif before.accepted_sha256 == landed.content_sha256 and before.refused_sha256 is None:
            unchanged.append(landed)
        else:  # also where a refused re-issue was put back: reading it clears the refusal
            changed.append(landed)
    present = {landed.key for landed in found}
    gone = sorted(
        key for key, before in taken.items() if before.accepted_sha256 and key not in present
    )
    return Survey(tuple(new), tuple(changed), tuple(unchanged), tuple(refused), tuple(gone))


def awaited_editions(
    taken: Mapping[str, Taken], yearly_sources: Sequence[str], this_year: int
) -> dict[str, int]:
    """For each source that prints yearly, the edition that comes next, up to this year's.

    A source of which no edition was taken in yet is awaited with this year's.
    """
    latest: dict[str, int] = {}
    for key, before in taken.items():
        source, edition = key.split("/")
        if before.accepted_sha256 is not None:
            latest[source] = max(latest.get(source, 0), int(edition))
    due = {source: latest.get(source, this_year - 1) + 1 for source in yearly_sources}
    return {source: edition for source, edition in due.items() if edition <= this_year}


def yearly_sources(landing: Path) -> tuple[str, ...]:
    """The sources listed in `landing/awaited.yaml` as printing a new edition every year.

    Raises DocumentError where the file is not a list of folder names.
    """
    path = landing / "awaited.yaml"
    if not path.exists():
        return ()
    try:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _no_list("it is not readable: " + " ".join(str(error).split())) from error
    if listed is None:  # nothing but comments
        return ()
    if not isinstance(listed, list) or not all(isinstance(source, str) for source in listed):
        raise _no_list(f"it says {listed!r}")
    return tuple(listed)


def _no_list(found: str) -> DocumentError:
    return DocumentError(
        file="landing/awaited.yaml",
        found=found,
        expected="a list of source folders",
        advice="Write one line `- <source>` per source that prints a new edition every year.",
    )
