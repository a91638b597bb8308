"""Putting a document into `landing/`: whole or not at all.

Belongs here: the trial folder in which the ordinary reader judges, and the one rename that files.
Not here: what the card says.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assets.extracts.cards.content import file_sha256
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.landed.survey import find_cards
from assets.extracts.written.landing_files import CARD_NAME


def already_filed(path: Path, landing: Path) -> str | None:
    """`source/edition` of a landed document with the same bytes; None where there is none."""
    size, digest = path.stat().st_size, None
    for other in sorted(landing.glob("*/*/*")):
        hidden = any(part.startswith(".") for part in other.relative_to(landing).parts)
        if hidden or not other.is_file() or other.stat().st_size != size:
            continue
        if not (other.parent / CARD_NAME).is_file():
            continue  # put there by hand, and not filed yet
        digest = digest or file_sha256(path)
        if file_sha256(other) == digest:
            return f"{other.parent.parent.name}/{other.parent.name}"
    return None


def try_out(document: Path, file: str, card: str, key: str, landing: Path) -> Document:
    """Read a document by the ordinary reader as if it were filed. Raises DocumentError.

    file: its name beside the card; key: `source/edition`. `landing` is only read.
    """
    source = key.split("/")[0]
    with tempfile.TemporaryDirectory(prefix="yearbook-") as folder:
        trial = Path(folder) / "landing"
        for path in find_cards(landing):
            _copy(path, trial / path.relative_to(landing))
        for path in landing.glob(f"{source}/*/*"):
            if path.is_file():
                _copy(path, trial / path.relative_to(landing))
        _write(trial / key, document, file, card)
        return read_document(trial / key / CARD_NAME, trial)


def file_document(document: Path, file: str, card: str, key: str, landing: Path) -> Path:
    """Put a document and its card into `landing/<key>/` by one rename; returns the folder.

    Until the rename both lie in a hidden folder, which no refresh looks at; what a killed run left
    there is cleared. Raises DocumentError where the edition is there already.
    """
    target = landing / key
    with _staging(target) as staging:
        _write(staging, document, file, card)
        # Both are on the disk before the rename shows them.
        for path in staging.iterdir():
            with path.open("rb") as handle:
                os.fsync(handle.fileno())
        _flush_folder(staging)
        try:
            require_free(key, landing)
            os.rename(staging, target)
        except OSError as error:
            raise taken(key, landing) from error
        _flush_folder(target.parent)
    return target


def require_free(key: str, landing: Path) -> None:
    """Raise DocumentError where the edition is there already."""
    if (landing / key).exists():
        raise taken(key, landing)


def taken(key: str, landing: Path) -> DocumentError:
    """Build the error that says what to do about an edition that is there already."""
    if (landing / key / CARD_NAME).is_file():
        found = "this edition is there already"
        advice = (
            "If the publisher issued it anew, replace its document there and put the new sha256 "
            "and bytes into its card. If this is another edition, name it with --edition."
        )
    else:
        found = "this folder is there already, without a card"
        advice = "Move its files out of landing/, remove the folder, and add the document again."
    return DocumentError(
        f"landing/{key}", found=found, expected="an edition that is not filed yet", advice=advice
    )


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    staging = target.parent / f".adding-{target.name}"
    shutil.rmtree(staging, ignore_errors=True)
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write(folder: Path, document: Path, file: str, card: str) -> None:
    _copy(document, folder / file)
    (folder / CARD_NAME).write_text(card, encoding="utf-8")


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
