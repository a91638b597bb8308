"""Comma-separated text as a grid.

Belongs here: strict decoding and splitting. Not here: what any cell means.
"""

import csv
import io
from pathlib import Path

from assets.extracts.files.file_checks import OLE, ZIP, file_error, is_utf8
from assets.extracts.files.grid import Cell, Grid, column_letters


def load_csv(path: Path, name: str, encoding: str | None) -> Grid:
    """Read a CSV file strictly; `name` is what messages call it. Raises DocumentError."""
    data = path.read_bytes()
    for magic, what in ((ZIP, "a workbook or zip archive"), (OLE, "an old Excel file")):
        if data.startswith(magic):
            raise file_error(name, f"it is named .csv but is {what}", "comma-separated text")
    text = _decode(data, name, encoding)
    records = _records(text, name)
    rows = tuple(
        tuple(Cell(line, column, field) for column, field in enumerate(fields, start=1))
        for line, fields in records
    )
    return Grid(name, None, rows, tuple(len(fields) for _, fields in records), {})


def _decode(data: bytes, name: str, encoding: str | None) -> str:
    if b"\x00" in data:
        place = _line_of(data, data.index(b"\x00"))
        raise file_error(name, f"there is a NUL byte in {place}", "text without NUL bytes")
    if encoding == "gb18030" and not data.isascii() and is_utf8(data):
        # Chinese text in GB 18030 is practically never valid UTF-8, but the reverse decodes into
        # other Chinese characters.
        raise file_error(
            name,
            "its bytes are UTF-8, but the card says encoding gb18030",
            "text in the encoding the card states",
            "Correct encoding in the card.",
        )
    failures = []
    for candidate in ("utf-8", "gb18030") if encoding is None else (encoding,):
        try:
            return data.decode(candidate).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            failures.append(f"not {candidate} at {_line_of(data, error.start)}")
    raise file_error(
        name,
        "its bytes are " + ", ".join(failures),
        "text in the encoding the card states (utf-8, utf-8-sig or gb18030)",
        "Correct encoding in the card, or fetch the document again.",
    )


def _line_of(data: bytes, offset: int) -> str:
    line = data.count(b"\n", 0, offset) + 1
    column = data.count(b",", data.rfind(b"\n", 0, offset) + 1, offset) + 1
    return f"byte {offset}, cell {column_letters(column)}{line}"


def _records(text: str, name: str) -> list[tuple[int, list[str]]]:
    """Split into one record per line, so that a cell's number is its line in the file."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    try:
        for fields in reader:
            while len(records) < reader.line_num - 1:
                records.append((len(records) + 1, []))  # the lines a quoted line break spans
            records.append((reader.line_num, fields))
    except csv.Error as error:
        raise file_error(
            name, f"line {reader.line_num} is no CSV ({error})", "comma-separated text"
        ) from error
    return records
