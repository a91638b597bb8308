"""The one error the readers raise: where in which file, what was found, what to do next.

Belongs here: the error and how it reads. Not here: any check that raises it.
"""

from typing import Any, Literal

Lack = Literal["meaning", "unit", "other_unit"]


def spell_place(file: str, sheet: str | None, cell: str | None) -> str:
    """Spell a place inside a file: 'sheet 9-1, cell B3', or 'page 12, table 1, cell B3'.

    sheet: as stored in raw.observation; in PDF and HTML it says itself what it is, as does a cell
    that is no cell ('line 2', 'caption').
    """
    is_sheet = file.endswith((".xlsx", ".xls", ".ods"))
    parts = [f"sheet {sheet}" if is_sheet else sheet] if sheet is not None else []
    if cell is not None:
        parts.append(cell if cell.startswith(("line", "caption")) else f"cell {cell}")
    return ", ".join(parts)


class DocumentError(Exception):
    """A card or a document that cannot be read without guessing.

    file: path as the user knows it (`landing/<source>/<edition>/…`); sheet, cell: place in a
    document; field: place in a card; found: a clause without its full stop; expected: what would
    have been right; advice: what to do next; more: further problems of the same file, one a line;
    lacks: what the card could state to settle it, for the label `label`.
    """

    def __init__(
        self,
        file: str,
        *,
        found: str,
        expected: str,
        advice: str,
        sheet: str | None = None,
        cell: str | None = None,
        field: str | None = None,
        more: tuple[str, ...] = (),
        lacks: Lack | None = None,
        label: str = "",
    ) -> None:
        self.file = file
        self.sheet = sheet
        self.cell = cell
        self.field = field
        self.found = found
        self.expected = expected
        self.advice = advice
        self.more = more
        self.lacks = lacks
        self.label = label
        super().__init__(str(self))

    def __str__(self) -> str:
        place = ", ".join(filter(None, (self.file, spell_place(self.file, self.sheet, self.cell))))
        if self.field is not None:
            place += f", field {self.field}"
        lines = [f"{place}: {self.found}.", f"Expected: {self.expected}.", self.advice, *self.more]
        return "\n  ".join(lines)

    def __reduce__(self) -> tuple[Any, ...]:
        """Survive pickling, so that another process can report the error in full."""
        places = {"sheet": self.sheet, "cell": self.cell, "field": self.field}
        texts = {"found": self.found, "expected": self.expected, "advice": self.advice}
        settled = {"more": self.more, "lacks": self.lacks, "label": self.label}
        return _rebuild, (self.file, {**places, **texts, **settled})


def _rebuild(file: str, parts: dict[str, Any]) -> DocumentError:
    return DocumentError(file, **parts)
