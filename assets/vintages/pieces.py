"""What each entry of a step gave, so that one whose arguments are as they were is not made again.

Belongs here: the key of a piece, its rows and failures as JSON, and keeping them. Not here: whole
steps (`kept_results.py`), what an argument holds (`assets/warehouse/unchanged/content.py`), any
entry.

A step hangs on tables of all studies and regions, a piece on its own arguments: one re-issued
figure makes the step compute, and of its entries those that the figure is an argument of. A piece
taken over wrongly is the worst fault this system can have. So its key is a sha256 over all code and
versions of libraries, which function makes it and all that this is given, cell by cell, and what
makes it hangs on nothing else:
- it is a function of a module, given values alone; it reads no file and no table;
- random numbers come of a generator that it makes itself, of a seed that is code or an argument;
- it hands back rows, which are read back as their classes: a file handed over runs no code.
What failed by a fault is never kept, nor what names the vintage elsewhere than in its column, nor
what did read something.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from assets.vintages.failures import Failure, Failures
from assets.warehouse.tables.row import Row, as_frame
from assets.warehouse.unchanged.content import content_digest
from assets.warehouse.unchanged.reads import recorded

if TYPE_CHECKING:
    from assets.warehouse.store import Store
    from assets.warehouse.tables.writes import Writes

T = TypeVar("T")

# In the metadata of a step.
ENTRIES = "entries"  # that may each be taken over
ENTRIES_COMPUTED = "entries_computed"  # of them; the others are as they were

_VINTAGE = "vintage"  # the field that no piece holds: the next vintage has another one
_HELD = {type(None), bool, int, float, str}  # what JSON gives back as it was, nan and inf too


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceRow(
    Row, table="kept.piece", grain="one row per step and entry of it", key=("step", "piece")
):
    """What the entries of each step gave when it was last computed."""

    step: Annotated[str, "first table that the step fills, or the asset"]
    piece: Annotated[str, "sha256 over code, versions of libraries, entry and all arguments"]
    said: Annotated[str, "JSON: its rows and its failures, without the vintage"]
    said_sha256: Annotated[str, "sha256 over that, as it was written"]


@dataclass(slots=True)
class Pieces:
    """The pieces of one step: those of before, and those that its entries ask for now."""

    step: str
    code_sha256: str
    before: Mapping[str, str] = field(default_factory=dict)  # JSON by key
    full: bool = False  # take none of them
    now: dict[str, str] = field(default_factory=dict)
    entries: int = 0  # that were asked for
    computed: int = 0  # of them

    def keep(self, writes: "Writes") -> None:
        """Keep what was asked for now, and nothing else of the step."""
        table = PieceRow.table
        writes.ensure(table)
        new = {key: said for key, said in self.now.items() if self.before.get(key) != said}
        stay = sorted(self.now.keys() - new.keys())
        writes.connection.execute(
            f"delete from {table.name} where step = ? and not list_contains(?::varchar[], piece)",
            [self.step, stay],
        )
        if new:
            rows = [
                PieceRow(step=self.step, piece=key, said=said, said_sha256=_sha256(said))
                for key, said in new.items()
            ]
            writes.append(table, as_frame(PieceRow, rows))

    def told(self) -> dict[str, int]:
        """How many entries there are and were computed, for the step's metadata; {}: none."""
        if not self.entries:
            return {}
        return {ENTRIES: self.entries, ENTRIES_COMPUTED: self.computed}


def pieces_of(store: "Store", step: str, code_sha256: str, full: bool) -> Pieces:
    """The pieces of a step. full: none is taken over, and all are kept anew."""
    name, before = PieceRow.table.name, {}
    if store.exists(name):
        rows = store.read(PieceRow, f"from {name} where step = ?", [step])
        before = {row.piece: row.said for row in rows if _sha256(row.said) == row.said_sha256}
    return Pieces(step, code_sha256, before, full)


def entry_rows(
    failures: Failures,
    subject: str,
    entry: str,
    kinds: Sequence[type[T]],
    make: Callable[..., Iterable[T]],
    *arguments: object,
) -> list[T]:
    """The rows of one entry: what `make(failures, *arguments)` gives, or gave before.

    kinds: of the rows, frozen dataclasses. What is raised is a failure of the entry, as in
    `Failures.entry`, and the rows before it stand; entries within it fail by the failures that
    `make` is given. Where the failures have no pieces (a refit, a test) it is computed.
    Raises what `stops` gives, and TypeError for an argument whose content is not known.
    """
    pieces = failures.pieces
    if pieces is None:
        own, made = _made(failures, subject, entry, make, arguments)
        failures.take(own)
        return made
    pieces.entries += 1
    key = content_digest(pieces.code_sha256, subject, entry, tuple(kinds), make, arguments)
    said = None if pieces.full else pieces.before.get(key)
    if said is None:
        pieces.computed += 1
        with recorded() as reads:
            own, made = _made(failures, subject, entry, make, arguments)
        said = None if reads.reads or reads.openings else _said(kinds, made, own)
        if said is None:
            failures.take(own)
            return made
    pieces.now[key] = said
    return _read(failures, kinds, said)


def _made(
    failures: Failures,
    subject: str,
    entry: str,
    make: Callable[..., Iterable[T]],
    arguments: Sequence[object],
) -> tuple[Failures, list[T]]:
    own = Failures(failures.vintage, failures.gap_in)
    made: list[T] = []
    with own.entry(subject, entry):
        made.extend(make(own, *arguments))
    return own, made


def _said(kinds: Sequence[type[T]], made: Sequence[T], failures: Failures) -> str | None:
    """A piece as JSON; None where it may not be kept."""
    if any(row.status == "failed" for row in failures.rows):
        return None
    names = [_names(kind) for kind in kinds]
    rows = []
    for row in made:
        place = kinds.index(type(row))
        cells = [_plain(getattr(row, name)) for name in names[place]]
        of_another = getattr(row, _VINTAGE, failures.vintage) != failures.vintage
        if of_another or not {type(cell) for cell in cells} <= _HELD:
            return None
        rows.append([place, *cells])
    refused = [[row.subject, row.entry, row.reason] for row in failures.rows]
    said = json.dumps([rows, refused])
    return None if failures.vintage in said else said


def _read(failures: Failures, kinds: Sequence[type[T]], said: str) -> list[T]:
    """The rows of a piece under the vintage of the failures, to which its own are added."""
    rows, refused = json.loads(said)
    for subject, entry, reason in refused:
        failures.add(subject, entry, Failure("refused", reason))
    names = [_names(kind) for kind in kinds]
    of_vintage = [{_VINTAGE: failures.vintage} if _has_vintage(kind) else {} for kind in kinds]
    return [
        kinds[place](**dict(zip(names[place], cells, strict=True)), **of_vintage[place])
        for place, *cells in rows
    ]


def _names(kind: type) -> list[str]:
    return [each.name for each in fields(kind) if each.name != _VINTAGE]


def _has_vintage(kind: type) -> bool:
    return any(each.name == _VINTAGE for each in fields(kind))


def _plain(cell: Any) -> object:
    """A scalar of NumPy as Python has it."""
    return cell.item() if type(cell) not in _HELD and hasattr(cell, "item") else cell


def _sha256(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()
