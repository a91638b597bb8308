"""Workbooks that open with a password: the card says where it lies, and never what it is."""

import io
import os
from pathlib import Path
from types import ModuleType

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError

SECRET = "Lanzhou-1368"
_TABLE = {"axes": "years_down", "sheet": "9-1"}


def locked(data: bytes) -> bytes:
    """Encrypt a workbook as Excel does (ECMA-376, agile)."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(SECRET, out)
    return out.getvalue()


def write(catalogue: ModuleType, landing: Path, password: str | None, suffix: str = "xlsx") -> Path:
    data = locked(catalogue.containers.xlsx(catalogue.BOOK, catalogue.BOOK_BLOCKS))
    card = catalogue.sound_card(f"tables.{suffix}", data, {"9-1": _TABLE})
    if password is not None:
        card["document"]["password"] = password
    catalogue.write_folder(landing, card, data)
    return landing / "damaged_source/2020/card.yaml"


def told(document: Document) -> set[tuple[str, int, float]]:
    return {(row.indicator, row.reference_year, row.value) for row in document.observations}


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_a_locked_workbook_reads_like_the_open_one(
    catalogue: ModuleType, landing: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    catalogue.write_book(landing)
    card = landing / "damaged_source/2020/card.yaml"
    reference = told(read_document(card, landing))
    monkeypatch.setenv("YEARBOOK_TEST_PASSWORD", SECRET)
    write(catalogue, landing, "env:YEARBOOK_TEST_PASSWORD", suffix)
    assert told(read_document(card, landing)) == reference


def test_a_password_from_a_file_outside_landing(
    catalogue: ModuleType, landing: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
    card = write(catalogue, landing, f"file:{tmp_path}/secret")
    assert len(read_document(card, landing).observations) == 12
    (landing / "secret").write_text(SECRET, encoding="utf-8")
    card = write(catalogue, landing, f"file:{landing}/secret")
    with pytest.raises(DocumentError, match="inside landing/"):
        read_document(card, landing)


def test_what_a_refusal_advises_opens_the_workbook(
    catalogue: ModuleType, landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = write(catalogue, landing, None)
    with pytest.raises(DocumentError, match="password: env:NAME"):
        read_document(card, landing)
    card = write(catalogue, landing, "env:NAME")
    monkeypatch.delenv("NAME", raising=False)
    with pytest.raises(DocumentError, match="no password in env:NAME") as none:
        read_document(card, landing)
    monkeypatch.setenv("NAME", "wrong")
    with pytest.raises(DocumentError, match="does not open") as wrong:
        read_document(card, landing)
    assert all(each.value.of_machine for each in (none, wrong))  # tried again, the file unchanged
    monkeypatch.setenv("NAME", SECRET)
    assert len(read_document(card, landing).observations) == 12


def test_a_card_that_holds_the_password_is_refused_without_repeating_it(
    catalogue: ModuleType, landing: Path
) -> None:
    card = write(catalogue, landing, SECRET)
    with pytest.raises(DocumentError, match="never holds a password") as caught:
        read_document(card, landing)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_holds_no_password(
    landing: Path, tmp_path: Path, catalogue: ModuleType, kind: str
) -> None:
    place = tmp_path / "secret"
    make = {"pipe": os.mkfifo, "device": lambda p: p.symlink_to("/dev/zero"), "folder": Path.mkdir}
    make[kind](place)
    card = write(catalogue, landing, f"file:{place}")
    with pytest.raises(DocumentError, match="there is no password in"):
        read_document(card, landing)
