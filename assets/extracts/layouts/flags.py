"""Flags in columns and behind numbers: what a table says of its figures' status.

Belongs here: reading them, and seeing that no column of them is left out unread. Not here: what a
flag means (status.py).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.layouts.mending import axes_line, plain, says_left_out
from assets.extracts.meaning.registry import normalise_label
from assets.extracts.meaning.status import Flags, read_flags

_HEADINGS = frozenset(
    ("obs_flag", "obs_status", "flag", "flags", "flag codes", "observation status", "status")
) | frozenset(("状态", "数据状态", "数据标志", "标志", "数据性质", "核算状态", "核算阶段"))


# A number or a mark for none, and what stands behind it after a space: 8104.1 bp, `: c`.
_BEHIND = re.compile(r"(?P<number>[-+]?[\d.,]+|:)\s+(?P<flags>[a-z]{1,4})")


def split_flags(text: str) -> tuple[str, str]:
    """A number and the flags behind it; the text as it is, and none, where none stand there."""
    match = _BEHIND.fullmatch(text.strip())
    return (match["number"], match["flags"]) if match else (text, "")


def are_flags(text: str) -> bool:
    """Whether a text is nothing but flags, in the letters that stand beside numbers; or blank."""
    if re.fullmatch("[A-Za-z]{0,4}", text.strip()) is None:
        return False
    try:
        read_flags(text)
    except ValueError:
        return False
    return True


def is_flag_heading(text: str) -> bool:
    """Whether a text heads a column of flags."""
    # SDMX writes code and name into one heading: OBS_FLAG: Observation status (Flag).
    return normalise_label(text.partition(":")[0]) in _HEADINGS


def flags_of(source: TableSource, cell: Cell | None) -> Flags:
    """What the flags in a cell say; nothing where there is no such column.

    Raises DocumentError for a flag that is not known.
    """
    try:
        return read_flags("" if cell is None else cell.text)
    except ValueError as error:
        raise source.grid.error(
            cell,
            found=str(error),
            expected="flags of Eurostat or SDMX, such as p, e, f, r or bep, or words such as 初步",
            advice="If the line is not wanted, "
            + says_left_out(source, "rows", replace(cell or source.grid.cell(1, 1), text="")),
        ) from error


def refuse_unnamed_flags(source: TableSource, header: Sequence[Cell]) -> None:
    """Stop at a column of flags that the card does not name: its figures would pass for final."""
    named = normalise_label(source.table.status_column or "")
    for cell in header:
        if is_flag_heading(cell.text) and normalise_label(cell.text) != named:
            raise source.grid.error(
                cell,
                found=f"the card does not name the column of flags '{cell.text.strip()}'",
                expected="a card that says which column states the status of the figures",
                advice=f'tables."{source.number}" of the card says (and not under ignore):\n    '
                f"status_column: {plain(' '.join(cell.text.split()))}\n  If each column of figures "
                f"has its own, it says:\n    {axes_line(source, {'flags': 'beside'})}",
            )
