"""Whether the rows of a frame fit a table, before anything of it is written or deleted.

Belongs here: columns, values, keys, and which row is at fault. Not here: writing (`writes.py`).
Its SQL is put together here and not in `sql/`: it asks of whatever columns the table declares.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import duckdb

from assets.warehouse.errors import BadRows
from assets.warehouse.tables.catalog import canonical_types, described
from assets.warehouse.tables.table import Column, Table
from assets.warehouse.texts.spelled import quoted

if TYPE_CHECKING:
    import pandas as pd

INCOMING = "yearbook_incoming"  # the rows, under a temporary name that one connection sees


def require_columns(table: Table, frame: "pd.DataFrame", allow_empty: bool) -> None:
    """That the frame has rows, and just the columns of the table. Raises BadRows."""
    if frame.empty:
        if allow_empty:
            return
        raise BadRows(f"{table.name}: the frame has no rows. The table is as it was.")
    expected = {column.name for column in table.columns}
    found = [str(name) for name in frame.columns]
    problems = [
        *(f"unknown column {name}" for name in found if name not in expected),
        *(f"missing column {name}" for name in sorted(expected - set(found))),
        *(f"column {name} twice" for name in sorted({n for n in found if found.count(n) > 1})),
    ]
    if problems:
        raise BadRows(f"{table.name}: {'; '.join(problems)}. Nothing was written.")


def require_key(table: Table, frame: "pd.DataFrame", key: Mapping[str, object]) -> None:
    """That each row carries the values that it is to replace. Raises BadRows, ValueError."""
    unknown = set(key) - {column.name for column in table.columns}
    if unknown or not key or None in key.values():
        raise ValueError(f"{table.name}: {dict(key)} does not name columns and their values")
    for name, value in key.items():
        if frame.empty:
            return
        strangers = frame.index[frame[name] != value]
        if len(strangers):
            raise BadRows(
                f"{table.name}, column {name}: found {frame.at[strangers[0], name]!r} among rows "
                f"that replace {name} = {value!r}. Nothing was written."
            )


def require_values(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """No NULL where none may be, no value changed by its conversion, no key twice.

    Asked of the rows that are registered as INCOMING. Raises BadRows.
    """
    found = described(connection, INCOMING)
    types = canonical_types(connection, table.columns)
    faults: list[tuple[Column, str, str | None]] = []
    for column in table.columns:
        name = quoted(column.name)
        if not column.nullable:
            faults.append((column, f"{name} is null", "an empty value"))
        if found[column.name] != types[column.name]:
            # A value that does not come back from the cast was rounded, cut or not understood.
            back = f"try_cast(try_cast({name} as {column.type}) as {found[column.name]})"
            faults.append((column, f"{back} is distinct from {name}", None))
    if faults:  # asked for all together; each alone, for its row, only where there is one
        asked = ", ".join(f"bool_or({condition})" for _, condition, _ in faults)
        there = connection.execute(f"select {asked} from {INCOMING}").fetchall()[0]
        for (column, condition, what), is_there in zip(faults, there, strict=True):
            if is_there:
                _refuse(connection, table, column, condition, what)
    if table.primary_key:
        _refuse_double_keys(connection, table)


def _refuse(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    column: Column,
    condition: str,
    what: str | None,
) -> None:
    """Tell of the first row for which the condition holds; there is one."""
    names = [*table.primary_key, column.name]
    ((*key, value, position),) = connection.execute(
        f"select {', '.join(quoted(name) for name in names)}, position from "
        f"(select *, row_number() over () as position from {INCOMING}) "
        f"where {condition} order by position limit 1"
    ).fetchall()
    raise BadRows(
        f"{table.name}, column {column.name}: found {what or repr(value)} in row {position} "
        f"({_key_text(table, key)}); expected {column.type}, "
        f"{column.comment}. Nothing was written."
    )


def _refuse_double_keys(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    names = ", ".join(quoted(name) for name in table.primary_key)
    first = connection.execute(
        f"select {names}, count(*) as times from {INCOMING} "
        f"group by {names} having times > 1 order by all limit 1"
    ).fetchall()
    for *key, times in first:
        raise BadRows(
            f"{table.name}: {times} rows have the key {_key_text(table, key)}; "
            f"expected one ({table.grain}). Nothing was written."
        )


def _key_text(table: Table, values: Sequence[object]) -> str:
    pairs = zip(table.primary_key, values, strict=True)
    return ", ".join(f"{name} {value!r}" for name, value in pairs) or "the table has no key"
