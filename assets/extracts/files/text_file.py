"""Text with one cell after the other (.csv, .tsv, .txt) as a grid.

Belongs here: in which encoding a text is, what parts its cells, and strict splitting. Not here:
what any cell means.

Nothing is guessed: exactly one encoding and one delimiter must fit, or the card says which.
"""

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from assets.extracts import budget
from assets.extracts.errors import DocumentError
from assets.extracts.files.decimal_comma import may_use_either
from assets.extracts.files.file_checks import BYTE_ORDER_MARKS, OLE, PDF, ZIP, file_error, kind_of
from assets.extracts.files.grid import Cell, Grid, column_letters

_DELIMITERS: Mapping[str, str] = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_ENCODINGS: Mapping[str, tuple[str, ...]] = {  # with what a card may call each
    "utf-8": ("utf-8", "utf-8-sig"),
    "gb18030": ("gb18030",),
    "big5": ("big5",),
    "utf-16-le": ("utf-16-le", "utf-16"),
    "utf-16-be": ("utf-16-be", "utf-16"),
}
_QUOTED = re.compile(r'(?:^|(?<=[,;|\t]))"(?:[^"]|"")*"', re.MULTILINE)
_SINGLE = re.compile(r"(?<![^\x00-\x7f])[\u00a0-\u00ff\u0391-\u03c9](?![^\x00-\x7f])")
_JOINED_KEYS = re.compile(r"\w+(?:,\w+)+\\(?:TIME_PERIOD|time)\s*")
_WORDS_THAT_PROVE = 3
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?年?")
_DECIMAL_COMMA = re.compile(
    r"[-+]?[0-9]{1,3}(?:[. '’\u00a0\u2009\u202f][0-9]{3})*,[0-9]+|[-+]?[0-9]+,[0-9]+"
)
_GROUPED = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def load_text(
    path: Path,
    name: str,
    encoding: str | None,
    delimiter: str | None,
    decimal: str | None = None,
) -> Grid:
    """Read a text strictly; `name` is what messages call it. Raises DocumentError.

    encoding, delimiter, decimal: what the card says; without it each must follow from the text.
    """
    data = path.read_bytes()
    if data.startswith((ZIP, OLE, PDF)):
        found = f"it is named {path.suffix} but is {kind_of(data[:1024])}"
        advice = "Give it the name of the kind it is, or fetch the document again."
        raise file_error(name, found, "a text of cells", advice)
    text = _decode(data, name, encoding)
    _check_cells(name, text.count("\n") + text.count("\r"), "lines")
    parted_by = _delimiter(text, name, delimiter)
    _check_cells(name, text.count("\n") + text.count(parted_by), "cells")
    records = _without_empty_end(_with_keys_apart(_records(text, name, parted_by)))
    if parted_by == ";" and decimal is None:
        _refuse_either_comma(records, name)
    rows = tuple(
        # The statistics site pads its cells with tabs.
        tuple(Cell(line, column, field.strip("\t")) for column, field in enumerate(fields, start=1))
        for line, fields in records
    )
    return Grid(name, None, rows, tuple(len(fields) for _, fields in records), {})


def _refuse_either_comma(records: Sequence[tuple[int, Sequence[str]]], name: str) -> None:
    """Where semicolons part the cells, commas are decimal points as often as not."""
    texts = [field.strip() for _, fields in records for field in fields]
    if may_use_either(texts):
        example = next(text for text in texts if may_use_either([text]))
        raise DocumentError(
            name,
            found=f"numbers such as {example} may have a decimal comma or one of thousands",
            expected="one number at least that can be read in one way",
            advice="State in the table's card:\n    decimal: comma\n  (a decimal comma), or\n"
            "    decimal: point\n  (one of thousands).",
            lacks="decimal",
            label=example,
        )


def _check_cells(name: str, count: int, what: str) -> None:
    """Refuse more cells or lines than any table has, before they are taken apart."""
    if count > budget.MAX_CELLS:
        raise file_error(
            name,
            f"it has {count:,} {what}",
            f"at most {budget.MAX_CELLS:,}",
            "Keep only the lines that are read, with a card of their own.",
        )


def _decode(data: bytes, name: str, stated: str | None) -> str:
    """Decode by the one encoding that fits, or by the card's, which must. Raises DocumentError."""
    mark = next((mark for mark in BYTE_ORDER_MARKS if data.startswith(mark)), b"")
    readings = _readings(data, mark)
    if stated == "big5" and (in_big5 := _decoded(data, "big5")) is not None:
        return in_big5
    wide_unmarked = b"\x00" in data and not mark
    if stated is None and not wide_unmarked and len(set(readings.values())) == 1:
        return next(iter(readings.values()))
    for codec, text in readings.items():
        # Without its mark, utf-16 does not say which byte comes first.
        if stated in _ENCODINGS[codec] and not (wide_unmarked and stated == "utf-16"):
            return text
    if b"\x00" in data and not readings:
        place = _place(data, data.index(b"\x00"))
        raise file_error(name, f"there is a NUL byte in {place}", "text without NUL bytes")
    if readings:
        found = f"its bytes are {' as well as '.join(map(_spelled, readings))}"
        found += ", and nothing says which" if stated is None else f", but the card says {stated}"
        fault = None if stated is None else _fault(data, stated)
        found += "" if fault is None else f", which breaks at {_place(data, fault)}"
        advice = f"State in the table's card: encoding: {' or '.join(readings)}."
    else:
        faults = ((codec, _fault(data, codec)) for codec in ("utf-8", "gb18030"))
        found = "its bytes are " + ", ".join(
            f"not {codec} at {_place(data, fault)}" for codec, fault in faults if fault is not None
        )
        advice = "Fetch the document again, or save it as UTF-8."
    raise file_error(name, found, f"text in {', '.join(_ENCODINGS)}", advice)


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def proven_encoding(data: bytes, words: Collection[str]) -> str | None:
    """The one encoding in which bytes without a mark hold some words; None where that is not one.

    words: Chinese ones that tables hold. A text in the wrong encoding holds none, or but one or two
    that came about by chance: the right one must hold more, and others at most a tenth of them.
    """
    if data.startswith(tuple(BYTE_ORDER_MARKS)):
        return None
    wide = b"\x00" in data
    tried = ("utf-16-le", "utf-16-be") if wide else ("utf-8", "gb18030", "big5")
    texts = {codec: text for codec in tried if (text := _decoded(data, codec)) is not None}
    plain = [codec for codec, text in texts.items() if text.isascii()]
    if wide and len(plain) == 1:
        return plain[0]
    met = {codec: sum(word in text for word in words) for codec, text in texts.items()}
    best = max(met, key=lambda codec: met[codec], default=None)
    if best is None or met[best] < _WORDS_THAT_PROVE:
        return None
    others = [count for codec, count in met.items() if codec != best]
    return best if all(10 * count <= met[best] for count in others) else None


def _readings(data: bytes, mark: bytes) -> dict[str, str]:
    """The text in each encoding that fits the bytes."""
    if mark:
        tried: tuple[str, ...] = (BYTE_ORDER_MARKS[mark],)
    elif b"\x00" in data:
        tried = ("utf-16-le", "utf-16-be")
    else:
        tried = ("utf-8", "gb18030")
    readings: dict[str, str] = {}
    for codec in tried:
        try:
            text = data.removeprefix(mark).decode(codec)
        except UnicodeDecodeError:
            continue
        # In the wrong order of bytes, text in UTF-16 has no line breaks.
        if "\x00" not in text and ("\n" in text or mark or not codec.startswith("utf-16")):
            readings[codec] = text
        # Bytes that make Chinese signs in UTF-8, or single Latin and Greek ones as in R² and é, are
        # text in GB 18030 by accident only; any other may be Chinese in GB 18030 just as well.
        chinese = any(sign > "\u07ff" for sign in text)
        single = not text.isascii() and _SINGLE.sub("", text).isascii()
        if codec == "utf-8" and (chinese or single):
            break
    return readings


def _spelled(codec: str) -> str:
    return codec.upper() if codec == "utf-8" else codec


def _fault(data: bytes, codec: str) -> int | None:
    """The first byte that is not in an encoding."""
    try:
        data.decode(codec)
    except UnicodeDecodeError as error:
        return error.start
    return None


def _place(data: bytes, offset: int) -> str:
    line, begin = data.count(b"\n", 0, offset) + 1, data.rfind(b"\n", 0, offset) + 1
    column = max(data.count(sign.encode(), begin, offset) for sign in _DELIMITERS.values()) + 1
    return f"byte {offset}, cell {column_letters(column)}{line}"


def _delimiter(text: str, name: str, stated: str | None) -> str:
    """What parts the cells: the one delimiter that fits, or the card's. Raises DocumentError."""
    outside = _QUOTED.sub("q", text)
    lines = outside.splitlines()
    parting = [word for word, sign in _DELIMITERS.items() if sign in outside]
    if stated in parting or not parting:
        return _DELIMITERS[stated or "comma"]
    fitting = [word for word in parting if _fits(lines, word)]
    if stated is None and len(fitting) == 1:
        return _DELIMITERS[fitting[0]]
    candidates = fitting or parting
    if stated is not None:
        found = f"no cell ends with the {stated} the card names"
    elif len(candidates) > 1:
        found = f"its cells can be parted by {' and by '.join(candidates)}"
    else:
        found = f"it is parted by {candidates[0]}, and cells seem to hold several numbers"
    raise file_error(
        name,
        found,
        "a text whose cells only one of comma, semicolon, tab and pipe can part",
        f"State in the table's card: delimiter: {' or '.join(candidates)}.",
    )


def _fits(lines: Sequence[str], word: str) -> bool:
    """Whether no cell that a delimiter makes is itself several cells, parted by another."""
    sign = _DELIMITERS[word]
    others = [other for other in _DELIMITERS.values() if other != sign]
    return not any(
        _is_several(cell, other, padding=word == "tab")
        and not (word == "semicolon" and sign in line and _DECIMAL_COMMA.fullmatch(cell.strip()))
        for line in lines
        for cell in line.split(sign)
        for other in others
        if other in cell
    )


def _is_several(cell: str, sign: str, *, padding: bool) -> bool:
    """Whether a cell looks like several cells parted by `sign`; padding: tabs may be padding."""
    bare = cell.strip()
    if sign == "\t":
        return sign in bare
    if padding and (bare.startswith(sign) or bare.endswith(sign)):
        return True
    if sign == "," and _GROUPED.fullmatch(bare):
        return False  # 8,718.3
    pieces = cell.split(sign)
    numbers = [_NUMBER.fullmatch(piece.strip()) is not None for piece in pieces]
    # Prose has a space after its comma, so one number alone tells only where none stands.
    return any(_NUMBER.fullmatch(piece) for piece in pieces) or any(
        one and next_one for one, next_one in pairwise(numbers)
    )


def _records(text: str, name: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Split into one record per line, so that a cell's number is its line in the file."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    records: list[tuple[int, list[str]]] = []
    try:
        for fields in reader:
            while len(records) < reader.line_num - 1:
                records.append((len(records) + 1, []))  # the lines a quoted line break spans
            records.append((reader.line_num, fields))
    except csv.Error as error:
        raise file_error(
            name,
            f"line {reader.line_num} is no text of cells ({error})",
            "cells in quotes that end, each followed by its delimiter",
        ) from error
    return records


def _with_keys_apart(records: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    r"""Part what Eurostat joins in its first column (freq,unit,geo\TIME_PERIOD): a column a key."""
    if not records or not _JOINED_KEYS.fullmatch(records[0][1][0] if records[0][1] else ""):
        return records
    count = records[0][1][0].count(",") + 1
    return [
        (line, [*fields[0].split(",", count - 1), *fields[1:]] if fields else fields)
        for line, fields in records
    ]


def _without_empty_end(records: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Drop the delimiter that ends every line of the table: no column follows it."""
    ends = [_blank_end(fields) for _, fields in records]
    # A line with nothing behind its first cell does not say how wide the table is.
    stated = [end for (_, fields), end in zip(records, ends, strict=True) if len(fields) - end > 1]
    dropped = min(stated, default=max(ends, default=0))
    return [(line, fields[: max(1, len(fields) - dropped)]) for line, fields in records]


def _blank_end(fields: list[str]) -> int:
    """How many fields at the end of a line are blank."""
    return next(
        (count for count, field in enumerate(reversed(fields)) if field.strip("\t ")), len(fields)
    )
