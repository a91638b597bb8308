"""What a computation reads, so that it can be asked later whether it would read the same again.

Belongs here: recording reads of the working file and of files beside it. Not here: asking them
again (`Store.would_read`), what is computed, and where the record is kept
(`assets/vintages/kept_results.py`).

A computation that hangs on its code and on what it reads alone gives the same as long as both are
the same: a verifying trace (Mokhov, Mitchell, Peyton Jones: Build systems à la carte, ICFP 2018).
A record errs towards computing: one that cannot be asked again is worthless as a whole.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Parameters = Sequence[object] | Mapping[str, object] | None

_BYTES_SAY_ALL = "biufmM"  # kinds of arrays: booleans, numbers, times


@dataclass(frozen=True, slots=True)
class Read:
    """One query of the working file, or one file, and what it gave."""

    form: Literal["frame", "rows", "file"]
    asked: str  # the SQL, or the path below the home
    parameters: Parameters
    sha256: str  # of the answer


@dataclass(slots=True)
class Reads:
    """What one computation read, in its order."""

    reads: list[Read] = field(default_factory=list)
    openings: int = 0  # of files of the warehouse, for whatever reason

    def add(
        self,
        form: Literal["frame", "rows", "file"],
        asked: str,
        parameters: Parameters,
        sha256: str,
    ) -> None:
        """One more."""
        self.reads.append(Read(form, asked, parameters, sha256))

    def as_json(self, not_about: str) -> str | None:
        """The record as it is kept; None where asking again would not tell everything.

        That is where a file of the warehouse was opened for something else than a recorded query,
        where JSON does not hold a parameter, and where a query names `not_about`, the vintage
        being computed, of which there is another one when it is asked again.
        """
        queries = [read for read in self.reads if read.form != "file"]
        if self.openings != len(queries):
            return None
        if any(not_about in f"{each.asked} {each.parameters}" for each in queries):
            return None
        try:
            return json.dumps([asdict(read) for read in self.reads])
        except TypeError:
            return None


def reads_from_json(text: str) -> list[Read]:
    """The reads of a record that was kept."""
    return [Read(**each) for each in json.loads(text)]


_RECORDING: ContextVar[Reads | None] = ContextVar("recording", default=None)


def recording() -> Reads | None:
    """The record to add to, where one is made."""
    return _RECORDING.get()


@contextmanager
def recorded() -> Iterator[Reads]:
    """Record what the block reads; a block around it reads that, too."""
    reads, around = Reads(), recording()
    token = _RECORDING.set(reads)
    try:
        yield reads
    finally:
        _RECORDING.reset(token)
        if around is not None:
            around.reads += reads.reads
            around.openings += reads.openings


def note_opening() -> None:
    """A file of the warehouse is opened."""
    if (reads := recording()) is not None:
        reads.openings += 1


def read_file(root: Path, name: str) -> bytes | None:
    """The content of a file below the home, None where there is none; recorded.

    name: its path below `root`, so that a home may be moved or copied.
    """
    path = root / name
    content = path.read_bytes() if path.is_file() else None
    if (reads := recording()) is not None:
        sha256 = "" if content is None else hashlib.sha256(content).hexdigest()
        reads.add("file", name, None, sha256)
    return content


def note_file(root: Path, path: str) -> None:
    """What was made of a file below the home serves again: a record has the file once."""
    if (reads := recording()) is not None:
        name = Path(path).relative_to(root).as_posix()
        if all((read.form, read.asked) != ("file", name) for read in reads.reads):
            read_file(root, name)


def frame_digest(frame: "pd.DataFrame") -> str:
    """sha256 over the names, types and cells of a frame, in their order; the same in each process.

    A column that may be empty (Int64, boolean, times with a zone) is an array of objects, whose
    bytes are addresses in memory: of those each cell is written out. Categories count with their
    order, also those that no cell has: a sum by them has a line for each.
    """
    digest = hashlib.sha256()
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        categories = list(getattr(column.dtype, "categories", ()))
        ordered = getattr(column.dtype, "ordered", None)
        said = f"{name!r}\0{column.dtype}\0{categories!r}\0{ordered}\0{len(column)}\0"
        digest.update(said.encode("utf-8", "surrogatepass"))
        array = column.to_numpy()
        if array.dtype.kind in _BYTES_SAY_ALL:
            digest.update(array.tobytes())
        else:
            digest.update(repr(_written_out(array)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _written_out(cell: object) -> object:
    """A cell, or what it holds, such that its repr says all: that of an array says eight digits,
    and of a long one its ends alone.
    """
    if isinstance(cell, str):
        return cell
    if hasattr(cell, "tolist"):  # arrays and scalars of NumPy, without importing it
        cell = cell.tolist()
    if isinstance(cell, list | tuple):
        return [_written_out(each) for each in cell]
    if isinstance(cell, dict):
        return {key: _written_out(value) for key, value in cell.items()}
    return cell


def rows_digest(columns: Iterable[str], rows: Sequence[Sequence[Any]]) -> str:
    """sha256 over names of columns and rows, in their order."""
    return hashlib.sha256(repr((list(columns), rows)).encode("utf-8", "surrogatepass")).hexdigest()
