"""What was to be computed and was not, and why: one entry fails, and the others go on.

Belongs here: with which exceptions an entry may fail, the reason in words, the rows of
`model.failure`. Not here: any entry; rows of other tables that say themselves why they hold nothing
(a refused sample in `model.fit`).

An entry is what a list names: an estimation of the specification, a sample, a claim, a scenario, a
picture, a paper. It fails in one of two ways:
- refused: a Refusal (NotEstimable, PanelError), whose message is the reason, for a reader;
- failed: any other Exception, a fault of the arithmetic or of this program; the reason names its
  type, and the traceback goes to the log.
What `stops` gives is no failure of an entry but of the machine or the file: it ends the run.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from assets.vintages.keys import OfVintage
from assets.warehouse.errors import WarehouseError
from assets.warehouse.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from assets.vintages.pieces import Pieces

T = TypeVar("T")
Status = Literal["refused", "failed"]

LONGEST_REASON = 500  # characters

_LOG = logging.getLogger(__name__)


class Refusal(ValueError):
    """The data do not allow what was asked for; the message says why, for a reader."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no result."""

    status: Status
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRow(
    OfVintage,
    table="model.failure",
    grain="one row per vintage and entry that was not computed",
    key=("vintage", "gap_in", "failure_order"),
):
    """What was to be computed and was not, and why; all else of the vintage stands."""

    gap_in: Annotated[str, "table that lacks it, or the asset that would have made it"]
    failure_order: Annotated[int, "running number, from 1"]
    subject: Annotated[str, "data set; study, region and sample; or paper"]
    entry: Annotated[str, "what of it: an estimation, a claim, a picture; empty: all of it"]
    status: Annotated[str, "refused: the data do not allow it; failed: a fault, see the log"]
    reason: Annotated[str, "why, in words"]


def stops() -> tuple[type[Exception], ...]:
    """The exceptions that no entry fails with: asked for when one comes, so that the definitions,
    which declare the table of failures, load no DuckDB.
    """
    import duckdb

    return (MemoryError, OSError, WarehouseError, duckdb.Error)


def attempt(call: Callable[[], T]) -> T | Failure:
    """The result of a call, or why there is none. Raises what `stops` gives."""
    try:
        return call()
    except stops():
        raise
    except Exception as error:
        return _failure(error)


@dataclass(frozen=True, slots=True)
class Failures:
    """Failures of the entries of one step, in their order."""

    vintage: str
    gap_in: str
    rows: list[FailureRow] = field(default_factory=list)
    pieces: "Pieces | None" = None  # what entries gave before; None: each is computed

    @contextmanager
    def entry(self, subject: str, entry: str = "") -> Iterator[None]:
        """Keep to this entry what its block raises; what the block did before stands."""
        try:
            yield
        except stops():
            raise
        except Exception as error:
            self.add(subject, entry, _failure(error))

    def sound(self, table: Table, frame: "pd.DataFrame") -> "pd.DataFrame":
        """The rows that the table can hold; a failure for each that it cannot.

        That is one without a value where the table wants one (a number that is none, say), or with
        the key of a row before it.
        """
        wanted = [column.name for column in table.columns if not column.nullable]
        if frame.empty or not set(wanted) <= set(frame.columns):
            return frame
        lacking = frame[wanted].isna()
        repeated = frame.duplicated(list(table.primary_key)) & bool(table.primary_key)
        bad = lacking.any(axis=1) | repeated
        for place in frame.index[bad]:
            key = [str(frame.at[place, name]) for name in table.primary_key if name != "vintage"]
            names = ", ".join(name for name in wanted if lacking.at[place, name])
            reason = f"no value of {names}" if names else "the same row twice"
            self.add(", ".join(filter(None, key)), table.name, Failure("failed", reason))
        return frame[~bad]

    def take(self, others: "Failures") -> None:
        """Add failures that were met elsewhere, behind those that are here."""
        for row in others.rows:
            order = len(self.rows) + 1
            self.rows.append(replace(row, gap_in=self.gap_in, failure_order=order))

    def add(self, subject: str, entry: str, failure: Failure) -> None:
        """One more failure, behind those that are here."""
        self.rows.append(
            FailureRow(
                vintage=self.vintage,
                gap_in=self.gap_in,
                failure_order=len(self.rows) + 1,
                subject=_storable(subject),
                entry=_storable(entry),
                status=failure.status,
                reason=failure.reason,
            )
        )


def _failure(error: Exception) -> Failure:
    try:
        said = str(error)
    except Exception:  # recording an error must not fail: not even where its text does
        said = "it cannot be put in words"
    said = _storable(said)[:LONGEST_REASON]
    if isinstance(error, Refusal):
        return Failure("refused", said)
    _LOG.error("A fault that one entry failed with; the others go on.", exc_info=error)
    return Failure("failed", f"{type(error).__name__}: {said}")


def _storable(text: str) -> str:
    """Without lone surrogates, which no file takes."""
    return text.encode("utf-8", "replace").decode()
