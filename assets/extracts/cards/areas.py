"""Areas of a sheet, such as `A1:D12`.

Belongs here: how cards and messages spell them. Not here: the cells in them (shared_sheet.py).
"""

import re
from dataclasses import dataclass

from assets.extracts.files.grid import column_letters

LAST = 10**9  # of an area that is open at the end
_AREA = re.compile(
    r"(?P<left>[A-Z]{1,3})?(?P<top>[1-9]\d{0,6})?:(?P<right>[A-Z]{1,3})?(?P<bottom>[1-9]\d{0,6})?"
)


@dataclass(frozen=True, slots=True)
class Area:
    """Rows and columns, first and last included."""

    top: int
    left: int
    bottom: int = LAST
    right: int = LAST

    def holds(self, row: int, column: int) -> bool:
        """Whether a place lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def __str__(self) -> str:
        first = (column_letters(self.left) if self.left > 1 or self.right < LAST else "") + (
            str(self.top) if self.top > 1 or self.bottom < LAST else ""
        )
        last = ("" if self.right == LAST else column_letters(self.right)) + (
            "" if self.bottom == LAST else str(self.bottom)
        )
        return f"{first}:{last}"


def areas_of(text: str) -> tuple[Area, ...]:
    """Areas of 'A1:D12', 'A:D', '14:20', 'A14:D' (down to the end), or several: '1:2, F3:J20'.

    Raises ValueError for any other text.
    """
    found = []
    for part in text.split(","):
        match = _AREA.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"'{text}' names no cells (A1:D12, A:D, 14:20, A14:D or '1:2, F3:J')")
        area = Area(
            int(match["top"] or 1),
            _number(match["left"] or "A"),
            int(match["bottom"] or LAST),
            _number(match["right"]) if match["right"] else LAST,
        )
        if area.top > area.bottom or area.left > area.right:
            raise ValueError(f"'{part.strip()}' ends before it begins")
        found.append(area)
    return tuple(found)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
