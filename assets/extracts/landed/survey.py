"""What is waiting in `landing/`: which documents are new, changed, unchanged, refused or gone.

Belongs here: comparing the folder with what was taken in before, by content and never by date. Not
here: reading a document's figures (`document.py`).
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from assets.extracts.cards.content import content_sha256
from assets.extracts.errors import DocumentError
from assets.extracts.written.landing_files import CARD_NAME
from assets.extracts.written.yaml_file import read_yaml
from assets.warehouse.texts.safe_text import safe_text

# Folders below landing/ that hold no documents but what another study reads itself; what it refuses
# has their name for its source.
TOWN_STUDY_FOLDER = "towns"
REPLICATIONS_FOLDER = "replications"
OTHER_STUDIES = (TOWN_STUDY_FOLDER, REPLICATIONS_FOLDER)
UNLISTED = "(may not be read)"  # stands for the editions of a source that nobody can see


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
    """What is known of a document from before: content hashes of what was accepted and refused,
    and of the edition before when it was read; of_machine: it was refused for what the machine
    lacked then.
    """

    accepted_sha256: str | None
    refused_sha256: str | None
    before_sha256: str = ""
    of_machine: bool = False

    def to_read_again(self) -> "Taken":
        """The same, where the document need not be found now as it was then."""
        return Taken(None if self.accepted_sha256 is None else "to be read again", None)


@dataclass(frozen=True, slots=True)
class LandedDocument:
    """A document folder as it lies in `landing/` now."""

    source: str
    edition: str  # the folder's name; whether it is a year is for the card's checks to say
    folder: Path
    content_sha256: str
    before_sha256: str = ""  # content of the edition before; empty: there is none

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
    return [
        folder / CARD_NAME
        for source in folders_in(landing)
        if source.name not in OTHER_STUDIES and may_be_listed(source)
        for folder in folders_in(source)
        if os.path.isfile(folder / CARD_NAME)
    ]


def landed_documents(landing: Path) -> tuple[LandedDocument, ...]:
    """Every folder `landing/<source>/<edition>/`, in order of name, with or without a card.

    Hidden folders are not documents: `.git`, a notebook's checkpoints. Nor are other studies'. A
    folder that may not be read is a document all the same, for the reading to refuse: of a source
    that may not be listed, one of the edition UNLISTED. Raises DocumentError where that is so of
    `landing/` itself.
    """
    if not landing.exists():
        return ()
    if not may_be_listed(landing):
        raise no_rights(f"{landing.name}/")
    found = []
    for source in folders_in(landing):
        if source.name in OTHER_STUDIES:
            continue
        name = safe_text(source.name)
        if not may_be_listed(source):
            found.append(LandedDocument(name, UNLISTED, source / UNLISTED, UNLISTED))
            continue
        before = ""
        for folder in folders_in(source):
            content = content_sha256(folder / CARD_NAME)
            found.append(LandedDocument(name, safe_text(folder.name), folder, content, before))
            if is_edition_before(folder):
                before = content
    return tuple(found)


def is_edition_before(folder: Path) -> bool:
    """Whether later editions of the source are held against this one, where it is the last."""
    return folder.name.isdigit() and os.path.isfile(folder / CARD_NAME)


def folders_in(folder: Path) -> list[Path]:
    """The folders in a folder, sorted, and the links that lead nowhere or to themselves.

    None in a folder that is not there: an empty home has no `landing/` before anything is filed.
    """
    if not os.path.lexists(folder):
        return []
    with os.scandir(folder) as entries:
        return sorted(
            folder / entry.name
            for entry in entries
            if not entry.name.startswith(".")
            and (
                os.path.isdir(entry.path) or (entry.is_symlink() and not os.path.exists(entry.path))
            )
        )


def may_be_listed(folder: Path) -> bool:
    """Whether whoever runs this has the right to see what lies in a folder."""
    try:
        os.scandir(folder).close()
    except OSError:
        return False
    return True


def refuse_unreadable(landed: LandedDocument) -> None:
    """Raise DocumentError for a folder that may not be read, or is a link that leads nowhere."""
    if landed.edition == UNLISTED and landed.folder.name == UNLISTED:
        raise no_rights(f"landing/{landed.source}")
    try:
        os.stat(landed.folder / CARD_NAME)
        os.scandir(landed.folder).close()
    except PermissionError as error:
        raise no_rights(f"landing/{landed.key}") from error
    except OSError as error:
        if not os.path.exists(landed.folder):
            raise DocumentError(
                f"landing/{landed.key}",
                found=f"it is a link that leads nowhere ({error.strerror})",
                expected="a folder with a document and its card",
                advice="Put the folder itself into landing/ instead of a link, or remove the link.",
            ) from error


def no_rights(name: str) -> DocumentError:
    """The error about a folder that may not be read."""
    return DocumentError(
        name,
        found="the folder may not be read",
        expected="a folder that whoever runs yearbook may list and read",
        advice="Give the right to read it (chmod u+rX), or move it out of landing/.",
    )


def survey_landing(
    landing: Path, taken: Mapping[str, Taken], tries_again: bool = False
) -> Survey[LandedDocument]:
    """Sort the documents in `landing` by what was taken in before, keyed `source/edition`.

    One that was held against another edition before has changed, although it says the same.
    tries_again: so has one that was refused for what the machine lacked, and the one after it,
    which was held against nothing then.
    """
    found = landed_documents(landing)
    known = dict(taken)
    lacked: set[str] = set()  # sources of which the edition before was refused so
    for landed in found:
        before = taken.get(landed.key)
        if before is not None and (
            before.before_sha256 != landed.before_sha256
            or (tries_again and (before.of_machine or landed.source in lacked))
        ):
            known[landed.key] = before.to_read_again()
        if is_edition_before(landed.folder):
            lacked.discard(landed.source)
            if before is not None and before.of_machine:
                lacked.add(landed.source)
    return sorted_by_content(found, known)


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
    advice = "Write one line `- <source>` per source that prints a new edition every year."
    name = f"landing/{path.name}"
    expected = "a list of source folders"
    try:
        listed = read_yaml(path, name, list, advice)
    except DocumentError as error:
        raise DocumentError(name, found=error.found, expected=expected, advice=advice) from error
    if not all(isinstance(source, str) for source in listed):
        raise DocumentError(name, found=f"it says {listed!r}", expected=expected, advice=advice)
    return tuple(listed)
