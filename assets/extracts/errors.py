"""The one error the readers raise: where in which file, what was found, what to do next.

Belongs here: the error and how it reads, and the list of those met while a document is read on. Not
here: any check that raises it.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

Lack = Literal["meaning", "unit", "other_unit", "layout"]

_VARYING = re.compile(r"'[^']*'|-?[0-9][0-9.,]*")  # what differs between two faults of one kind
_PLACES = 5  # named of one kind


def spell_place(file: str, sheet: str | None, cell: str | None) -> str:
    """Spell a place inside a file: 'sheet 9-1, cell B3', or 'page 12, table 1, cell B3'.

    sheet: as stored in raw.observation; in PDF and HTML it says itself what it is, as does a cell
    that is no cell ('line 2', 'caption').
    """
    is_sheet = file.endswith((".xlsx", ".xls", ".ods"))
    if sheet is not None and re.fullmatch("table [0-9]+", sheet):
        is_sheet = False  # a page named .xls
    parts = [f"sheet {sheet}" if is_sheet else sheet] if sheet is not None else []
    if cell is not None:
        parts.append(cell if cell.startswith(("line", "caption")) else f"cell {cell}")
    return ", ".join(parts)


class DocumentError(Exception):
    """A card or a document that cannot be read without guessing.

    file: path as the user knows it (`landing/<source>/<edition>/…`); sheet, cell: place in a
    document; field: place in a card; found: a clause without its full stop; expected: what would
    have been right; advice: what to do next; more: further problems of the same file, one a line;
    lacks: what the card could state to settle it, for the label `label`; `layout` where the table
    is not laid out as the card says at all, so that another layout may be tried; others: what else
    is wrong with the same document.
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
        others: "tuple[DocumentError, ...]" = (),
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
        self.others = others
        super().__init__(str(self))

    def __str__(self) -> str:
        """Every fault, those of one kind together: the first in full, and where the others are."""
        kinds: dict[tuple[str | None, ...], list[DocumentError]] = {}
        for error in self.every:
            kind = (error.file, error.sheet, error.field, _VARYING.sub("", error.found))
            kinds.setdefault(kind, []).append(error)
        return "\n  Also ".join(map(_told, kinds.values()))

    @property
    def every(self) -> "tuple[DocumentError, ...]":
        """This fault and the others, in the order in which they were met."""
        return (self, *self.others)

    @property
    def place(self) -> str:
        """The place inside the file, such as 'sheet 9-1, cell B3' or 'field document.file'."""
        field = None if self.field is None else f"field {self.field}"
        return ", ".join(filter(None, (spell_place(self.file, self.sheet, self.cell), field)))

    def __reduce__(self) -> tuple[Any, ...]:
        """Survive pickling, so that another process can report the error in full."""
        places = {"sheet": self.sheet, "cell": self.cell, "field": self.field}
        texts = {"found": self.found, "expected": self.expected, "advice": self.advice}
        settled = {"more": self.more, "lacks": self.lacks, "label": self.label}
        return _rebuild, (self.file, {**places, **texts, **settled, "others": self.others})


def _rebuild(file: str, parts: dict[str, Any]) -> DocumentError:
    return DocumentError(file, **parts)


def _told(faults: Sequence[DocumentError]) -> str:
    """Faults of one kind: the first in full, then the places of the others."""
    first, rest = faults[0], faults[1:]
    place = ", ".join(filter(None, (first.file, first.place)))
    lines = [
        f"{place}: {first.found}.",
        f"Expected: {first.expected}.",
        first.advice,
        *first.more,
    ]
    if rest:
        lines.append(f"{len(faults)} of this kind; the others:")
        lines += [f"- {error.place}: {error.found}." for error in rest[:_PLACES]]
        if len(rest) > _PLACES:
            lines.append(f"- and {len(rest) - _PLACES} more.")
    return "\n  ".join(lines)


class Faults:
    """What is wrong with a document, collected so that the reading can go on after a fault."""

    def __init__(self) -> None:
        self._found: list[DocumentError] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep a fault met inside; what comes after the block is read all the same."""
        try:
            yield
        except DocumentError as error:
            met = {(known.place, known.found) for known in self._found}
            self._found += [new for new in error.every if (new.place, new.found) not in met]

    def refuse(self) -> None:
        """Raise the first fault with all the others, if there is any."""
        if self._found:
            first, *others = self._found
            first.others = tuple(others)
            raise first
