"""A seeded fuzzer over every reader and the card: whatever its bytes become, nothing but refusals.

YEARBOOK_FUZZ_SECONDS sets how long each kind is tried (20 by default), YEARBOOK_FUZZ_SEED where it
begins.
"""

import io
import os
import random
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from assets.extracts.document import Document
from assets.extracts.errors import DocumentError
from assets.extracts.landed.reading import ReadingProcess, Task
from assets.extracts.landed.survey import landed_documents

catalogue: Any = sys.modules["damage_catalogue"]  # loaded by conftest.py
SECONDS = float(os.environ.get("YEARBOOK_FUZZ_SECONDS", "20"))
SEED = int(os.environ.get("YEARBOOK_FUZZ_SEED", "0"))
WORDS = (b"\x00", b"\xff" * 4, b"<td>", b"1e999", b"-1", b"&#65;", b"!!int", b'"', b"\n", b"65536")


def _sound(suffix: str) -> bytes:
    made = catalogue.containers
    kinds = {".xlsx": made.xlsx, ".xls": made.xls, ".ods": made.ods, ".html": made.html_page}
    if suffix == ".pdf":
        return bytes(catalogue._pdf_of())
    if suffix == ".csv":
        return bytes(catalogue.CSV.encode())
    return bytes(kinds[suffix](catalogue.BOOK, catalogue.BOOK_BLOCKS))


def _mutated(data: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, deleted, repeated or put in; of an archive, in one of its parts."""
    if data.startswith(b"PK") and rng.random() < 0.8:
        changed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(changed, "w") as after:
            chosen = rng.choice(before.namelist())
            for name in before.namelist():
                part = before.read(name)
                after.writestr(name, _mutated(part, rng) if name == chosen else part)
        return changed.getvalue()
    spoilt = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        at, other = (rng.randrange(len(spoilt) + 1) for _ in range(2))
        match rng.randrange(5):
            case 0:
                spoilt[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del spoilt[at : at + rng.randrange(1, 30)]
            case 2:
                spoilt[at:at] = spoilt[other : other + rng.randrange(1, 200)] * rng.randrange(1, 50)
            case 3:
                spoilt[at:at] = rng.choice(WORDS)
            case _:
                spoilt[at : at + 4] = bytes(rng.randrange(256) for _ in range(4))
    return bytes(spoilt)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [".csv", ".xlsx", ".xls", ".ods", ".html", ".pdf", "card"])
def test_nothing_but_refusals(landing: Path, kind: str, capsys: Any) -> None:
    sound = _sound(".csv" if kind == "card" else kind)
    until, tries, refused = time.monotonic() + SECONDS, 0, 0
    with ReadingProcess(seconds=20) as process:
        while time.monotonic() < until:
            rng = random.Random(f"{SEED} {kind} {tries}")
            if kind == "card":
                catalogue.write_csv(landing)
                card = landing / catalogue.SOURCE / "2020" / "card.yaml"
                card.write_bytes(_mutated(card.read_bytes(), rng))
            elif kind == ".csv":
                catalogue.write_csv(landing, _mutated(sound, rng))
            else:
                catalogue.write_container(landing, kind, _mutated(sound, rng))
            [landed] = landed_documents(landing)
            try:
                assert isinstance(process.read(Task(landed, landing, 2026, None)), Document)
            except DocumentError as error:
                f"{error.file}{error}".encode()  # what a terminal is given
                refused += 1
            tries += 1
    with capsys.disabled():
        print(f"\n{kind}: {tries} tries, {refused} refused", flush=True)
    assert refused > 0
