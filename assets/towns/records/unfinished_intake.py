"""What an intake that was stopped leaves to the next one: files verified alone, and what follows.

Belongs here: where it lies, writing each piece whole or not at all, and what of it may be taken up.
Not here: the order of work (`dataset_intake.py`), sums of orders (`order_sums.py`).

A file is copied to `arriving/`, verified there, and gets its name in `verified/` only then: a name
that says which content it is, so that a card that changed in between takes up all that it still
lists. What lies in a folder of another version of the code is never looked at.
"""

import json
import os
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from assets.extracts.cards.content import file_sha256
from assets.extracts.landed.survey import TOWN_STUDY_FOLDER
from assets.towns.records.contracts import ORDER
from assets.towns.records.dataset_card import DatasetFile
from assets.warehouse.home import Home
from assets.warehouse.private import private_file, private_folder
from assets.warehouse.publish import sync_file, sync_folder

_VERIFIED_BY = ".verified_by"  # in a folder of kept files: the code that did


def content_key(contract: str, sha256: str, rows: int, file: str) -> str:
    """What was verified of a file alone, as a name: of whatever has it, the same is known."""
    return f"{contract}-{rows}-{sha256}{PurePath(file).suffix}"


def key_of(file: DatasetFile) -> str:
    """The same, of a file on a card."""
    return content_key(file.contract, file.sha256, file.rows, file.file)


def is_order(key: str) -> bool:
    """Whether a key is of a file of orders."""
    return key.startswith(f"{ORDER.name}-")


@dataclass(frozen=True, slots=True)
class UnfinishedIntake:
    """What one version of the code has read of a data set that is not taken in yet."""

    folder: Path
    code_sha256: str

    @property
    def arriving(self) -> Path:
        """Copies that are not verified, by the name on the card."""
        return self.folder / "arriving"

    @property
    def verified(self) -> Path:
        """Copies that were verified alone, by what was verified of them."""
        return self.folder / "verified"

    @property
    def sums(self) -> Path:
        """Steps of adding up orders."""
        return self.folder / "sums"

    @property
    def _whole(self) -> Path:
        return self.folder / "whole"

    @property
    def _together(self) -> Path:
        return self.folder / "together.json"

    def bring(self, files: Sequence[DatasetFile], source: Path) -> None:
        """Copy files that are there and as long as the card says; verification names the others."""
        shutil.rmtree(self.arriving, ignore_errors=True)
        private_folder(self.arriving)
        for file in files:
            path = source / file.file
            if path.is_file() and path.stat().st_size == file.bytes:
                shutil.copyfile(path, private_file(self.arriving / file.file))

    def keep(self, files: Sequence[DatasetFile]) -> dict[str, Path]:
        """Keep copies that are verified by now: where each lies, by its name on the card."""
        private_folder(self.verified)
        kept = {}
        for file in files:
            copy = self.arriving / file.file
            sync_file(copy)
            kept[file.file] = copy.replace(self.verified / key_of(file))
        sync_folder(self.verified)
        return kept

    def taken_up(self, files: Iterable[DatasetFile]) -> dict[str, Path]:
        """Of some files, where those lie that were verified alone, by name on the card.

        Their bytes are read once more: a machine that stops may lose what it had written.
        """
        found = {}
        for file in files:
            path = self.verified / key_of(file)
            if not path.is_file():
                continue
            if path.stat().st_size == file.bytes and file_sha256(path) == file.sha256:
                found[file.file] = path
            else:
                path.unlink()
        return found

    def everything_verified(self) -> dict[str, Path]:
        """All copies that were verified alone, by what was verified of them."""
        return {path.name: path for path in self.verified.glob("*")}

    def put_together(self, files: Iterable[DatasetFile], places: Mapping[str, Path]) -> Path:
        """A folder in which each file has its name on the card, by which `places` says where it
        lies: what will be kept."""
        shutil.rmtree(self._whole, ignore_errors=True)
        for file in files:
            named = self._whole / file.file
            private_folder(named.parent)
            os.link(places[file.file], named)
        return self._whole

    def drop_all_but(self, keys: Collection[str]) -> None:
        """Remove copies that nothing asks for any more."""
        for key, path in self.everything_verified().items():
            if key not in keys:
                path.unlink()

    def note_together(self, files: Iterable[DatasetFile]) -> None:
        """Note that these were verified together."""
        write_whole(self._together, sorted(key_of(file) for file in files))

    def together(self) -> list[str]:
        """What was verified together, as keys; nothing where none was."""
        return read_list(self._together)

    def finish(self, kept: Path) -> None:
        """Let what was put together take its place, with the code that did; all else goes."""
        write_whole(self._whole / _VERIFIED_BY, [self.code_sha256])
        shutil.rmtree(kept, ignore_errors=True)
        self._whole.rename(kept)
        sync_folder(kept.parent)
        self.forget()

    def was_finished(self, kept: Path, files: Iterable[DatasetFile]) -> bool:
        """Whether it has taken its place, all of it."""
        return was_verified_by(kept, self.code_sha256) and all(
            (kept / file.file).is_file() and (kept / file.file).stat().st_size == file.bytes
            for file in files
        )

    def forget(self) -> None:
        """Remove all of it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def unfinished_intake(home: Home, dataset: str, code_sha256: str) -> UnfinishedIntake:
    """What this version of the code has read of a data set; what others read is removed."""
    parent = home.state / TOWN_STUDY_FOLDER / dataset
    folder = parent / f".unfinished-{code_sha256[:16]}"
    for other in parent.glob(".unfinished-*"):
        if other != folder:
            shutil.rmtree(other)
    return UnfinishedIntake(folder, code_sha256)


def was_verified_by(kept: Path, code_sha256: str) -> bool:
    """Whether this version of the code verified the files in a folder, all of them."""
    return read_list(kept / _VERIFIED_BY) == [code_sha256]


def write_whole(path: Path, texts: list[str]) -> None:
    """Write a list of texts so that it is there whole or not at all."""
    partial = private_file(path.with_name(f".partial-{path.name}"))
    partial.write_text(json.dumps(texts), encoding="utf-8")
    sync_file(partial)
    partial.replace(path)
    sync_folder(path.parent)


def read_list(path: Path) -> list[str]:
    """What was written so; nothing where nothing was, or where it is damaged."""
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, list):
            return [str(each) for each in found]
    return []


def link_all(files: Iterable[Path], folder: Path) -> None:
    """Give files one more name, in a folder that is made."""
    private_folder(folder)
    for file in files:
        os.link(file, folder / file.name)
