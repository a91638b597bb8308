"""Every cost of a document has a limit, which is checked before it is paid.

The limits are set low here, so that what meets them is small; the worst inputs themselves are
refused within seconds (decision 0062 lists them).
"""

import io
import os
import pickle
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracts import budget
from assets.extracts.document import read_document
from assets.extracts.errors import DocumentError
from assets.extracts.files.text_file import _without_empty_end
from assets.extracts.landed.reading import ReadingProcess, Task, read_whole
from assets.extracts.landed.survey import landed_documents

catalogue: Any = sys.modules["damage_catalogue"]  # loaded by conftest.py
CARD = f"{catalogue.SOURCE}/2020/card.yaml"
SHEET, CONTENT = "xl/worksheets/sheet1.xml", "content.xml"


def _container(suffix: str, data: Callable[[], bytes]) -> Callable[[Path], None]:
    return lambda landing: catalogue.write_container(landing, suffix, data())


def _part(data: bytes, name: str, old: str, new: str) -> bytes:
    """A zip archive in which the first `old` of a part is another text."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for each in before.namelist():
            text = before.read(each)
            if each == name:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode(), 1)
            after.writestr(each, text)
    return changed.getvalue()


def _xlsx(old: str, new: str) -> Callable[[Path], None]:
    book = catalogue.containers.xlsx
    return _container(".xlsx", lambda: _part(book(catalogue.BOOK), SHEET, old, new))


def _ods(old: str, new: str) -> Callable[[Path], None]:
    book = catalogue.containers.ods
    return _container(".ods", lambda: _part(book(catalogue.BOOK), CONTENT, old, new))


def _html(new: str) -> Callable[[Path], None]:
    page = catalogue.containers.html_page
    return _container(
        ".html", lambda: page(catalogue.BOOK).replace(b"</table></body>", new.encode())
    )


def _pdf_of_areas(count: int) -> Callable[[Path], None]:
    def draw(canvas: Any) -> None:
        for number in range(count):
            canvas.rect(10 + number % 500, 10, 1, 1, fill=1)

    return _container(".pdf", lambda: catalogue._pdf_of(change=draw))


MERGED = '<mergeCells count="1"><mergeCell ref="A20:XFD1048576"/></mergeCells>'
SPAN = 'table:number-rows-spanned="1048576" table:number-columns-spanned="16384"'
REPEATED = "<table:table-cell table:number-columns-repeated='900'><text:p>1</text:p>"
# Name: what is written, the limit that is set low, what the refusal says.
COSTS: dict[str, tuple[Callable[[Path], object], dict[str, int], str]] = {
    "CSV lines": (
        lambda landing: catalogue.write_csv(landing, catalogue.CSV + "\n" * 500),
        {"MAX_CELLS": 400},
        "lines",
    ),
    "CSV cells": (
        lambda landing: catalogue.write_csv(landing, catalogue.CSV + "," * 500),
        {"MAX_CELLS": 400},
        "cells",
    ),
    "CSV cell": (
        lambda landing: catalogue.write_csv(landing, catalogue.CSV + "x" * 500),
        {"MAX_CELL_CHARACTERS": 400},
        "500 characters stand in this cell",
    ),
    "CSV characters": (
        lambda landing: catalogue.write_csv(landing, catalogue.CSV + "x\n" * 500),
        {"MAX_CHARACTERS": 400},
        "401 characters",
    ),
    "XLSX merged": (_xlsx("</sheetData>", f"</sheetData>{MERGED}"), {}, "17,179,557,888 cells"),
    "XLSX far cell": (
        _xlsx("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
        {},
        "17,179,869,184 cells",
    ),
    "XLSX cells": (
        _xlsx("</sheetData>", f'<row r="40">{"<c/>" * 500}</row></sheetData>'),
        {"MAX_CELLS": 400},
        "cells",
    ),
    "XLSX unpacked": (
        _xlsx("</sheetData>", "</sheetData>" + " " * 90_000),
        {"MAX_UNPACKED_BYTES": 80_000},
        "unpacks to",
    ),
    "ODS merged": (
        _ods("<table:table-cell ", f"<table:table-cell {SPAN}/>" * 3 + "<table:table-cell "),
        {"MAX_CELLS": 60},
        "merged blocks cover",
    ),
    "ODS repeated rows": (
        _ods(
            "</table:table>",
            f"<table:table-row table:number-rows-repeated='1048576'>{REPEATED}"
            "</table:table-cell></table:table-row></table:table>",
        ),
        {},
        "cells",
    ),
    "ODS repeated columns": (
        _ods(
            "</table:table>",
            f"<table:table-row>{(REPEATED + '</table:table-cell>') * 30}"
            "</table:table-row></table:table>",
        ),
        {},
        "a row of more than",
    ),
    "ODS spaces": (
        _ods("</text:p>", '<text:s text:c="2000000000"/></text:p>'),
        {},
        "2000000000 spaces",
    ),
    "HTML rows": (_html("<tr>" * 500 + "</table></body>"), {"MAX_CELLS": 400}, "cells"),
    "HTML marks": (_html("<i>" * 200 + "</table></body>"), {"MAX_ELEMENTS": 300}, "marks"),
    "HTML spans": (
        _html("<tr><td colspan=1000 rowspan=1000>x</td></tr>" * 1100 + "</table></body>"),
        {},
        "cells",
    ),
    "PDF objects": (_pdf_of_areas(500), {"MAX_PAGE_OBJECTS": 400}, "more than any page"),
    "PDF bytes": (_pdf_of_areas(500), {"MAX_PAGE_BYTES": 400}, "more than any page"),
    "XLS far cell": (
        _container(
            ".xls",
            lambda: catalogue.containers.xls(
                catalogue.BOOK, change=lambda sheet: sheet.write(65535, 255, 1)
            ),
        ),
        {},
        "16,777,216 cells",
    ),
}


@pytest.mark.parametrize("name", COSTS)
def test_a_cost_is_refused_before_it_is_paid(
    landing: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    make, limits, told = COSTS[name]
    make(landing)
    for limit, value in limits.items():
        monkeypatch.setattr(budget, limit, value)
    with pytest.raises(DocumentError) as caught:
        read_document(landing / CARD, landing)
    assert told in str(caught.value)
    assert "Expected: " in str(caught.value)


def test_of_many_faults_the_first_thousand_are_kept(landing: Path) -> None:
    line = "gross_product,CN-GS,2018,8246.07,亿元,\n"
    catalogue.write_csv(landing, catalogue.TIDY + line * 3000, {"axes": "typed"})
    with pytest.raises(DocumentError) as caught:
        read_document(landing / CARD, landing)
    assert len(caught.value.every) == 1000


def test_code_beside_a_document_does_not_run(
    landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever stands in the folder of a document that came from elsewhere, and checks it.
    catalogue.write_csv(landing)
    folder = (landing / CARD).parent
    for name in ("pickle.py", "assets/__init__.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("raise SystemExit('this ran')\n")
    monkeypatch.chdir(folder)
    with ReadingProcess() as process:
        assert process.read(_task(landing)).observations


@pytest.mark.parametrize("work", [b"", pickle.dumps(os.getpid)[:-3], pickle.dumps(os.getpid)])
def test_a_reader_whose_asker_is_killed_ends_without_a_word(
    work: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    reader = ReadingProcess().start()
    assert reader.stdin is not None
    assert reader.stdout is not None
    reader.stdout.close()  # as the system does for one that is killed
    reader.stdin.write(work)
    reader.stdin.close()
    assert reader.wait(60) == 0
    assert capfd.readouterr().err == ""


FIELDS = st.lists(st.sampled_from(["", "a", " \t"]), min_size=1, max_size=5)


@given(st.lists(FIELDS, max_size=5))
def test_the_blank_column_that_ends_every_line_is_dropped(lines: list[list[str]]) -> None:
    records = [(number, fields) for number, fields in enumerate(lines, start=1)]
    expected = records
    while True:  # one column after the other, as it is meant
        parted = [fields for _, fields in expected if len(fields) > 1]
        if not parted or any(fields[-1].strip("\t ") for fields in parted):
            break
        expected = [(line, f[:-1] if len(f) > 1 else f) for line, f in expected]
    assert _without_empty_end(records) == expected


def _task(landing: Path) -> Task:
    [landed] = landed_documents(landing)
    return Task(landed, landing, 2026, None)


def test_a_process_reads_what_is_read_here(landing: Path) -> None:
    catalogue.write_csv(landing)
    with ReadingProcess() as process:
        assert process.read(_task(landing)) == read_whole(_task(landing))
        catalogue.write_csv(landing, catalogue.CSV.replace("7336.7", "7336.7?"))
        with pytest.raises(DocumentError) as here:
            read_whole(_task(landing))
        with pytest.raises(DocumentError) as there:
            process.read(_task(landing))
        assert str(there.value) == str(here.value)


def test_too_much_time_or_memory_is_a_refusal_and_the_next_is_read(landing: Path) -> None:
    catalogue.write_csv(landing, catalogue.CSV + "x\n" * 400_000)
    with ReadingProcess(seconds=3) as process:
        with pytest.raises(DocumentError, match=r"damaged_source/2020: .* more than 3 seconds"):
            process.read(_task(landing))
        catalogue.write_csv(landing)
        assert len(process.read(_task(landing)).observations) == 16
    catalogue.write_csv(landing, catalogue.CSV + "x" * 40_000_000)
    with (
        ReadingProcess(memory=350_000_000) as process,
        pytest.raises(DocumentError, match="bytes of memory"),
    ):
        process.read(_task(landing))


def test_a_crash_is_a_refusal_and_the_next_is_read(
    landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.write_csv(landing)
    with ReadingProcess() as process:
        process.read(_task(landing))
        assert process._process is not None
        process._process.kill()  # as the kernel does where memory is at its end
        with pytest.raises(DocumentError, match="SIGKILL"):
            process.read(_task(landing))
        assert len(process.read(_task(landing)).observations) == 16
