"""The one error the readers raise: where in which file, what was found, what to do next.

Belongs here: the error and how it reads, the list of those met while a document is read on, and the
boundary that makes such an error of whatever else a reader raises. Not here: any check that raises
it.
"""

import errno
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from traceback import format_exception
from typing import Any, Literal

from assets.warehouse.texts.safe_text import safe_text

Lack = Literal[
    "meaning", "unit", "other_unit", "layout", "line", "heading", "measure", "note", "decimal"
]

_VARYING = re.compile(r"'[^']*'|-?[0-9][0-9.,]*")  # what differs between two faults of one kind
_PLACES = 5  # named of one kind
_MAX_FAULTS = 1000  # kept of one document


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
    is not laid out as the card says at all, so that another layout may be tried; mends: keys of the
    table's card that settle it, if the document means what it says; others: what else is wrong with
    the same document; trace: for the log, of an error that no check foresaw; of_machine: it hangs
    on more than the document says (a password, memory, the clock), so that it is tried again.
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
        mends: Mapping[str, Any] | None = None,
        others: "tuple[DocumentError, ...]" = (),
        trace: str = "",
        of_machine: bool = False,
    ) -> None:
        self.file = safe_text(file)
        self.sheet = None if sheet is None else safe_text(sheet)
        self.cell = cell
        self.field = None if field is None else safe_text(field)
        self.found = safe_text(found)
        self.expected = safe_text(expected)
        self.advice = safe_text(advice)
        self.more = tuple(safe_text(text) for text in more)
        self.lacks = lacks
        self.label = label
        self.mends = mends or {}
        self.others = others
        self.trace = trace
        self.of_machine = of_machine
        super().__init__(self.file, self.found)

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
        settled: dict[str, Any] = {"more": self.more, "lacks": self.lacks}
        settled |= {"label": self.label, "mends": self.mends}
        behind = {"others": self.others, "trace": self.trace, "of_machine": self.of_machine}
        return _rebuild, (self.file, {**places, **texts, **settled, **behind})


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


@contextmanager
def refusing(file: str) -> Iterator[None]:
    """The boundary of the readers: whatever is raised inside refuses the file, and nothing else.

    Raises DocumentError, with what was raised as its cause. A full disk is no fault of the file,
    and where the memory is at its end, the process that reads has to end (`landed/reading.py`).
    """
    try:
        yield
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # of any parser, about any bytes
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise unforeseen(file, error) from error


def unforeseen(file: str, error: Exception) -> DocumentError:
    """The refusal of a file by an error that no check foresaw."""
    said = " ".join(str(error).split())[:300]
    return DocumentError(
        file,
        found=f"reading it ended in {type(error).__name__}" + (f": {said}" if said else ""),
        expected="a card, a document and folders that can be read",
        advice="Look at it for what is odd: damage, parts nested in parts, names that no file can "
        "have. Save it anew, or fetch it again. The log of the run has the error in full.",
        trace="".join(format_exception(error, limit=-40)),
        of_machine=isinstance(error, OSError),
    )


class Faults:
    """What is wrong with a document, collected so that the reading can go on after a fault.

    Of a document with more than a thousand the rest is not kept: nobody reads them.
    """

    def __init__(self) -> None:
        self._found: list[DocumentError] = []
        self._met: set[tuple[str, str]] = set()

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def labels(self) -> frozenset[str]:
        """The labels and texts that the faults are about."""
        return frozenset(fault.label for fault in self._found if fault.label)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep a fault met inside; what comes after the block is read all the same."""
        try:
            yield
        except DocumentError as error:
            for new in error.every:
                met = (new.place, new.found)
                if met not in self._met and len(self._found) < _MAX_FAULTS:
                    self._met.add(met)
                    self._found.append(new)

    def refuse(self) -> None:
        """Raise the first fault with all the others, if there is any."""
        if self._found:
            first, *others = self._found
            first.others = tuple(others)
            raise first
