"""Cuts of documents: which cells stand around one, and of which documents there is none."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from assets.extracts.errors import DocumentError
from assets.extracts.files.grid import Cell, Grid
from assets.release.report import document_cut
from assets.release.report.document_cut import Documents, ReadDocument, cut_around
from assets.release.report.pictures.drawn_once import drawn_before
from assets.release.report.report_rows import Origin

# A title over the whole width, a row of headings, three years.
SHEET = (
    ("Gross product", "Gross product", "Gross product"),
    ("Year", "Gansu", "A name that is far longer than a cell of a picture can be"),
    ("2017", "7459.9", "1"),
    ("2018", "8246.07", "2"),
    ("2019", "8718.3", "3"),
)


def grid(rows: tuple[tuple[str, ...], ...]) -> Grid:
    cells = tuple(
        tuple(Cell(r, c, text) for c, text in enumerate(row, 1)) for r, row in enumerate(rows, 1)
    )
    return Grid("x.csv", None, cells, None, {})


def test_a_cut_has_headings_neighbours_and_the_first_column() -> None:
    sheet = grid(SHEET)
    cut = cut_around(sheet, sheet.cell(5, 2), "x.csv, B5")
    assert (cut.column, cut.row, cut.columns) == ("B", "5", ("A", "B", "C"))
    assert [number for number, _ in cut.rows] == ["2", "4", "5"]  # not the title
    assert dict(cut.rows)["5"] == ("2019", "8718.3", "3")
    assert dict(cut.rows)["2"][2] == "A name that is far longer t…"


def test_of_a_wide_table_the_first_column_and_those_beside_the_cell() -> None:
    wide = grid((tuple("abcdefghij"), tuple("0123456789")))
    assert cut_around(wide, wide.cell(2, 7), "").columns == ("A", "F", "G", "H")


@pytest.fixture
def documents(tmp_path: Path) -> tuple[Path, ReadDocument]:
    """A text of two lines as it was read, in a landing folder."""
    folder = tmp_path / "gansu" / "2019"
    folder.mkdir(parents=True)
    text = "\n".join(",".join(row) for row in (SHEET[1][:2], *(row[:2] for row in SHEET[2:])))
    (folder / "a.csv").write_text(text + "\n", encoding="utf-8")
    data = (folder / "a.csv").read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    card = {
        "source": "gansu",
        "edition": 2019,
        "title": "t",
        "publisher": "p",
        "region": "CN-GS",
        "accessed_on": "2026-11-30",
        "licence": "l",
        "quality": "published",
        "standing": "official",
        "retyped": True,
        "document": {"file": "a.csv", "sha256": digest, "bytes": len(data)},
        "tables": {"1": {"axes": "typed"}},
    }
    row = ReadDocument("gansu", 2019, "gansu/2019/a.csv", digest, len(data), json.dumps(card))
    return tmp_path, row


ORIGIN = Origin(
    *("CN-GS", "s", "EG", 2018, "gross_product", 2018, 8246.07, "100m_cny", "8246.07", "Gansu"),
    *("published", "final", "gansu", 2019, "gansu/2019/a.csv", "1", None, "B3", "t", True),
)


def test_a_document_that_is_as_it_was_read_is_cut(documents) -> None:
    landing, row = documents
    cut = Documents(landing, [row]).cut(ORIGIN)
    assert cut is not None
    assert dict(cut.rows)["3"] == ("2018", "8246.07")
    assert (cut.place, cut.column, cut.row) == ("gansu/2019/a.csv, B3", "B", "3")


@pytest.mark.parametrize("change", ["written", "gone", "large"])
def test_no_picture_of_a_document_that_is_not(documents, change: str) -> None:
    landing, row = documents
    path = landing / row.file
    if change == "written":
        path.write_text(path.read_text().replace("8246.07", "8246.08"), encoding="utf-8")
    elif change == "gone":
        path.unlink()
    else:
        row = ReadDocument(row.source, row.edition, row.file, row.document_sha256, 10**7, row.card)
    assert Documents(landing, [row]).cut(ORIGIN) is None


def test_a_cut_of_before_stands_without_opening_the_document(documents, monkeypatch) -> None:
    landing, row = documents
    nowhere = replace(ORIGIN, cell="Z99")
    alone = Documents(landing, [row]).cut(ORIGIN)
    with drawn_before({}) as first:
        assert Documents(landing, [row]).cut(ORIGIN) == alone
        assert Documents(landing, [row]).cut(nowhere) is None
    monkeypatch.setattr(document_cut, "load_grid", None)  # to call it is an error
    with drawn_before(first.now) as second:
        assert Documents(landing, [row]).cut(ORIGIN) == alone
        assert Documents(landing, [row]).cut(nowhere) is None
        assert second.now == first.now
        with pytest.raises(TypeError):
            Documents(landing, [row]).cut(replace(ORIGIN, cell="A3"))
        (landing / row.file).write_text("Year,Gansu\n", encoding="utf-8")
        assert Documents(landing, [row]).cut(ORIGIN) is None  # not what was read any more


def test_a_document_that_is_not_legible_is_tried_once_and_again_another_time(
    documents, monkeypatch
) -> None:
    landing, row = documents
    tried: list[Path] = []

    def no_password(path: Path, *_: object) -> Grid:
        tried.append(path)
        raise DocumentError("a.csv", found="no password", expected="one", advice="Give it.")

    monkeypatch.setattr(document_cut, "load_grid", no_password)
    with drawn_before({}) as pictures:
        found = Documents(landing, [row])
        assert [found.cut(ORIGIN), found.cut(replace(ORIGIN, cell="A3"))] == [None, None]
        assert len(tried) == 1
        assert pictures.now == {}
        monkeypatch.undo()
        assert Documents(landing, [row]).cut(ORIGIN) is not None
