"""Rows: a frozen dataclass that declares a warehouse table and is one row of it.

Belongs here: the base of these classes, what their annotations may say, and the ways from rows to
a frame and from a query's result to rows. Not here: any particular table (each room declares its
own), and opening a database.

    @dataclass(frozen=True, slots=True, kw_only=True)
    class QuotientRow(Row, table="model.quotient", grain="one row per region", key=("region",)):
        region: Annotated[str, "ISO 3166 code"]
        quotient: Annotated[float | None, "ratio to the nation, 1 = like the nation"]
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from inspect import get_annotations
from operator import attrgetter
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar, get_args, get_origin

from assets.warehouse.tables.table import Column, Table

if TYPE_CHECKING:
    import pandas as pd

_TYPES: dict[object, str] = {
    str: "VARCHAR",
    int: "INTEGER",
    float: "DOUBLE",
    bool: "BOOLEAN",
    date: "DATE",
    datetime: "TIMESTAMP",
}


@dataclass(frozen=True, slots=True)
class DuckType:
    """In a column's annotation: the DuckDB type, where Python's does not say it (BIGINT)."""

    name: str


@dataclass(frozen=True, slots=True)
class Before:
    """In the annotation of a column that came later: what it holds for the rows that were there.

    sql: an expression over a row `old` of the table without the column.
    """

    sql: str


class Row:
    """Base of row classes. Without a table: a part that several row classes share.

    table: `schema.noun`; grain: what one row is; key: names of the columns of the primary key;
    formerly: the table's name before it was renamed, whose rows a working file then hands on.
    Columns stand in the order of the fields, those of bases first; `| None` makes one nullable;
    the text in the annotation is its comment, with the unit.
    Raises TypeError for a field without a comment or of a type that no column has.
    """

    __slots__ = ()
    table: ClassVar[Table]

    def __init_subclass__(
        cls,
        table: str = "",
        grain: str = "",
        key: Sequence[str] = (),
        formerly: str = "",
        **kwargs: Any,
    ) -> None:
        """Derive the table from the annotations; slots=True makes the class a second time."""
        super().__init_subclass__(**kwargs)
        if table:
            cls.table = Table(table, grain, tuple(_columns(cls)), tuple(key), formerly)


R = TypeVar("R", bound=Row)
T = TypeVar("T")


def as_frame(kind: type[R], rows: Iterable[R]) -> "pd.DataFrame":
    """Rows under the column names of their table, in its order."""
    import pandas as pd

    names = [column.name for column in kind.table.columns]
    cells = attrgetter(*names) if len(names) > 1 else lambda row: (getattr(row, names[0]),)
    return pd.DataFrame([cells(row) for row in rows], columns=names)


def as_frames(kinds: Sequence[type[Row]], rows: Sequence[Row]) -> "dict[Table, pd.DataFrame]":
    """The rows of several tables, mixed, as a frame of each."""
    return {
        kind.table: as_frame(kind, [row for row in rows if type(row) is kind]) for kind in kinds
    }


def read_as(kind: type[T], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[T]:
    """A query's result as dataclasses, each cell under the name of its column.

    Raises TypeError where the columns are not the fields of `kind`: query and class changed apart.
    """
    expected = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    if expected != set(columns) or len(columns) != len(expected):
        raise TypeError(
            f"{kind.__name__} has the fields {', '.join(sorted(expected))}; "
            f"the query gave {', '.join(columns)}."
        )
    return [kind(**dict(zip(columns, row, strict=True))) for row in rows]


def _columns(cls: type) -> Iterable[Column]:
    annotations: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        annotations |= get_annotations(base)
    for name, annotation in annotations.items():
        if get_origin(annotation) is ClassVar:
            continue
        if get_origin(annotation) is not Annotated:
            raise TypeError(f"{cls.__name__}.{name} has no comment: Annotated[type, 'comment'].")
        python, *said = get_args(annotation)
        kinds = set(get_args(python)) if isinstance(python, UnionType) else {python}
        (kind,) = kinds - {NoneType}
        types = {type(each): each for each in said}
        spelled = types[DuckType].name if DuckType in types else _TYPES.get(kind)
        if spelled is None or str not in types:
            raise TypeError(f"{cls.__name__}.{name}: no column is {python}, or it has no comment.")
        before = types[Before].sql if Before in types else None
        yield Column(name, spelled, types[str], nullable=NoneType in kinds, before=before)
