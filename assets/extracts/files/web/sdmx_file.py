"""An SDMX-ML message (.xml) as a grid: a line for each observation, a column for each component.

Belongs here: from the message to its observations, by the library of the Bank for International
Settlements. Not here: what any component means (the card says where the axes stand). SDMX-CSV and
what agencies call CSV are texts like any other (text_file.py).

Row 1 holds the components, row 2 the first observation. What a message says once for all
observations of a data set (such as UNIT_MULT) stands in each line.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assets.extracts.files.file_checks import check_size, file_error
from assets.extracts.files.grid import Cell, Grid

if TYPE_CHECKING:
    from pysdmx.io.pd import PandasDataset

_EXPECTED = "an SDMX-ML data message (generic or structure-specific, versions 2.1 to 3.1)"


def load_sdmx(path: Path, name: str, table: int | None = None) -> Grid:
    """Read one data set by its number; it may be None where the message has only one.

    Raises DocumentError.
    """
    sets = _data_sets(path, name)
    if table is None and len(sets) == 1:
        table = 1
    if table is None or not 1 <= table <= len(sets):
        raise file_error(
            name,
            "the card names no data set" if table is None else f"there is no data set {table}",
            f"one of the {len(sets)} data sets of the message",
            "Say in the table's card which: table: 1.",
        )
    chosen = sets[table - 1]
    action = str(chosen.action.value)
    if action.casefold().startswith("delete"):
        raise file_error(
            name,
            f"data set {table} lists observations to be deleted",
            "observations",
            "Fetch the data themselves; a deletion is no table of figures.",
        )
    frame = chosen.data
    once = {key: str(value) for key, value in chosen.attributes.items() if key not in frame}
    check_size(name, f"data set {table}", len(frame) + 1, len(frame.columns) + len(once))
    texts = frame.astype("string").fillna("")
    lines: list[Sequence[str]] = [[*map(str, texts.columns), *once]]
    lines += [[*line, *once.values()] for line in texts.itertuples(index=False, name=None)]
    rows = tuple(
        tuple(Cell(row, column, str(text)) for column, text in enumerate(line, start=1))
        for row, line in enumerate(lines, start=1)
    )
    part = f"data set {table}" if len(sets) > 1 else None
    return Grid(name, part, rows, tuple(len(row) for row in rows), {})


def sdmx_data_sets(path: Path, name: str) -> list[int]:
    """Numbers of the data sets of a message."""
    return list(range(1, len(_data_sets(path, name)) + 1))


def _data_sets(path: Path, name: str) -> "Sequence[PandasDataset]":
    from pysdmx.io import read_sdmx  # imports pandas and its schemas late
    from pysdmx.io.pd import PandasDataset

    data = path.read_bytes()
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise file_error(name, "the message declares XML entities", _EXPECTED)
    try:
        message = read_sdmx(path, validate=True)
    except Exception as error:  # the library raises whatever its parsers raise
        told = " ".join(str(error).split())
        raise file_error(name, f"it is no sound SDMX message ({told[:300]})", _EXPECTED) from error
    sets = [each for each in message.data or () if isinstance(each, PandasDataset)]
    if not sets:
        raise file_error(name, "the message holds no data", _EXPECTED)
    return sets
