"""The shape of what is shown of a study: sentences and tables of text cells.

Belongs here: that shape, and how a number is written in it. Not here: any study's content.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Rows = list[tuple[Any, ...]]
Query = Callable[[str, Sequence[object]], Rows]


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of text cells."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class StudyPage:
    """All that is shown of one study."""

    heading: str
    lines: tuple[str, ...]  # sentences
    tables: tuple[Table, ...]
    closing: tuple[str, ...]  # equations, verdicts, comparison with the paper


def number(value: float | None, decimals: int = 3) -> str:
    """A number with its decimals; nothing where there is none."""
    return "" if value is None else f"{value:.{decimals}f}"
