"""Writing tables of the working file, inside one transaction.

Belongs here: creating declared tables, replacing and appending rows by column name, building tables
and views from SQL. Not here: what any table means, whether rows fit (`rows_that_fit.py`), opening
the file (`assets/warehouse/store.py`).
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import duckdb

from assets.warehouse.errors import BadRows, TableChanged
from assets.warehouse.tables.catalog import canonical_types, columns_of, keys_of
from assets.warehouse.tables.row import Row
from assets.warehouse.tables.rows_that_fit import (
    INCOMING,
    require_columns,
    require_key,
    require_values,
)
from assets.warehouse.tables.table import Column, Table
from assets.warehouse.texts.spelled import literal, quoted, quoted_table

if TYPE_CHECKING:
    import pandas as pd

_NAME = re.compile(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*")
# Temporary names, seen by one connection only.
_KEPT = "rows_before_the_new_column"
_RESULT = "yearbook_result"


@dataclass(frozen=True, slots=True)
class Writes:
    """Several writes in one open transaction: all of them are kept, or none.

    as_declared: tables by name that are known to be as they are declared here.
    """

    connection: duckdb.DuckDBPyConnection
    as_declared: dict[str, object] = field(default_factory=dict)

    def ensure(self, *tables: Table) -> None:
        """Create tables with NOT NULL, PRIMARY KEY and comments, or check those that are there.

        A nullable column new in the declaration is added, as is one whose declaration says what
        it holds for the rows that are there; a column that may be empty now is allowed to be;
        comments follow the declaration. A table under the former name hands its rows on and goes.
        Raises TableChanged for any other difference.
        """
        asked = [table for table in tables if self.as_declared.get(table.name) != table]
        if not asked:  # the catalog is listed whole for each look at it
            return
        names = [name for table in asked for name in (table.name, table.formerly) if name]
        present, keys = columns_of(self.connection, names), keys_of(self.connection, names)
        for table in asked:
            _require_sound(table)
            source = table.formerly if table.formerly and not present[table.name] else table.name
            columns = {column.name: column for column in present[source]}
            declared = {column.name for column in table.columns}
            later = any(c.before and c.name not in columns for c in table.columns)
            renamed = source != table.name
            if columns and (later or renamed) and declared >= columns.keys():
                self._rebuild(table, source, list(columns))
            elif columns:
                self._reconcile(table, columns, keys[source])
            else:
                self._create(table)
            self.as_declared[table.name] = table

    def replace(self, table: Table, frame: "pd.DataFrame", allow_empty: bool = False) -> int:
        """Make the rows of `frame` the whole content of `table`; return how many.

        The table is made anew from its declaration. Raises BadRows.
        """
        _require_sound(table)
        with self._checked(table, frame, allow_empty):
            self._create(table)
            return self._insert(table, frame)

    def replace_where(
        self,
        table: Table,
        frame: "pd.DataFrame",
        key: Mapping[str, object],
        allow_empty: bool = False,
    ) -> int:
        """Delete the rows whose columns equal `key`, then insert `frame`; return rows inserted.

        Every row of `frame` must carry `key`. Raises BadRows.
        """
        self.ensure(table)
        where = " and ".join(f"{quoted(name)} = ?" for name in key)
        with self._checked(table, frame, allow_empty):
            require_key(table, frame, key)
            self.connection.execute(
                f"delete from {quoted_table(table.name)} where {where}", list(key.values())
            )
            return self._insert(table, frame)

    def append(self, table: Table, frame: "pd.DataFrame") -> int:
        """Insert `frame` beside the rows that are there; return rows inserted. Raises BadRows."""
        self.ensure(table)
        with self._checked(table, frame, allow_empty=False):
            return self._insert(table, frame)

    def insert(self, row: Row) -> None:
        """Insert one row beside those that are there; its table is there (`ensure`).

        Without a frame: where nothing else needs pandas, loading it takes longer than the work.
        """
        names = [column.name for column in row.table.columns]
        self.connection.execute(
            f"insert into {quoted_table(row.table.name)} ({', '.join(map(quoted, names))}) "
            f"values ({', '.join('?' * len(names))})",
            [getattr(row, name) for name in names],
        )

    def create_as(
        self,
        name: str,
        select_sql: str,
        comment: str,
        column_comments: Mapping[str, str],
        allow_empty: bool = False,
        sort: bool = True,
    ) -> int:
        """Make `name` the result of `select_sql`, with comments; return its number of rows.

        Rows are stored in the order of their columns, so that the file does not depend on the
        order in which the query happened to yield them; sort = False leaves that out, for tables
        too large to sort that no reader sees. Raises BadRows where the result is empty
        or a comment names a column the result lacks.
        """
        _require_name(name)
        self.connection.execute(
            f"create or replace temp table {_RESULT} as "
            f"select * from (\n{select_sql.strip().rstrip(';')}\n){' order by all' if sort else ''}"
        )
        result = self.connection.table(f"temp.{_RESULT}")
        count = len(result)
        if count == 0 and not allow_empty:
            raise BadRows(f"{name}: the SELECT gave no row. The table is as it was.")
        if unknown := set(column_comments) - set(result.columns):
            raise BadRows(f"{name}: comments for columns it lacks: {', '.join(sorted(unknown))}.")
        self._create_schema(name)
        self.connection.execute(
            f"create or replace table {quoted_table(name)} as from temp.{_RESULT}"
        )
        self.connection.execute(f"drop table temp.{_RESULT}")
        _comment(self.connection, name, comment, column_comments)
        return count

    def create_view(
        self,
        name: str,
        select_sql: str,
        comment: str,
        column_comments: Mapping[str, str],
        allow_empty: bool = False,
        counted: bool = True,
    ) -> int | None:
        """Make `name` a view of `select_sql`, with comments; return its number of rows if counted.

        Raises BadRows where the result is empty or a comment names a column the result lacks.
        """
        _require_name(name)
        self._create_schema(name)
        select = select_sql.strip().rstrip(";")
        self.connection.execute(f"create or replace view {quoted_table(name)} as\n{select}")
        view = self.connection.view(name)
        count = len(view) if counted else None
        if count == 0 and not allow_empty:
            raise BadRows(f"{name}: the SELECT gave no row. The view is as it was.")
        if unknown := set(column_comments) - set(view.columns):
            raise BadRows(f"{name}: comments for columns it lacks: {', '.join(sorted(unknown))}.")
        _comment(self.connection, name, comment, column_comments, kind="view")
        return count

    def drop(self, name: str) -> None:
        """Drop a table or view of that name, where there is one."""
        kinds = self.connection.execute(
            "select table_type from information_schema.tables "
            "where table_schema || '.' || table_name = ? and table_catalog = current_database()",
            [name],
        ).fetchall()
        for (kind,) in kinds:
            self.connection.execute(
                f"drop {'view' if kind == 'VIEW' else 'table'} {quoted_table(name)}"
            )

    def _create_schema(self, name: str) -> None:
        self.connection.execute(f"create schema if not exists {quoted(name.split('.')[0])}")

    def _create(self, table: Table) -> None:
        self._create_schema(table.name)
        self.connection.execute(_ddl(table))
        self.as_declared[table.name] = table
        self.as_declared.pop(table.formerly, None)
        if table.formerly:
            self.connection.execute(f"drop table if exists {quoted_table(table.formerly)}")
        comments = {column.name: column.comment for column in table.columns}
        _comment(self.connection, table.name, table.grain, comments)

    def _rebuild(self, table: Table, source: str, present: list[str]) -> None:
        """Make the table anew with the rows of `source`, new columns filled in."""
        new = {c.name: f"({c.before or 'null'})" for c in table.columns if c.name not in present}
        columns = [*(f"old.{quoted(name)}" for name in present), *new.values()]
        names = ", ".join(map(quoted, (*present, *new)))
        self.connection.execute(
            f"create temp table {_KEPT} ({names}) as "
            f"select {', '.join(columns)} from {quoted_table(source)} as old"
        )
        self._create(table)
        self.connection.execute(
            f"insert into {quoted_table(table.name)} ({names}) select {names} from {_KEPT}"
        )
        self.connection.execute(f"drop table {_KEPT}")

    def _reconcile(self, table: Table, present: dict[str, Column], key: tuple[str, ...]) -> None:
        added = [c for c in table.columns if c.name not in present and c.nullable]
        for column in added:
            self.connection.execute(
                f"alter table {quoted_table(table.name)} "
                f"add column {quoted(column.name)} {column.type}"
            )
        for column in table.columns:
            found = present.get(column.name)
            if found is not None and column.nullable and not found.nullable:
                self.connection.execute(
                    f"alter table {quoted_table(table.name)} "
                    f"alter column {quoted(column.name)} drop not null"
                )
                present[column.name] = replace(found, nullable=True)
        expected = {c.name: c for c in table.columns if c not in added}
        types = canonical_types(self.connection, tuple(expected.values()))
        undeclared = [name for name in present if name not in expected]
        differences = [
            *(f"column {name} is not declared" for name in undeclared),
            *(f"column {name} is missing" for name in expected if name not in present),
            *_altered(expected, types, present),
            *_altered_key(table, key),
        ]
        if differences:
            remedy = (
                "  Most likely a later version of the code wrote it: go on with that version, or "
                "put back the copy of .yearbook/, releases/ and warehouse.duckdb from before it."
                if undeclared
                else "  Drop the table in the working file if its rows can be made again from "
                "landing/; otherwise alter it by hand."
            )
            raise TableChanged(
                f"{table.name} in the working file differs from its declaration: "
                f"{'; '.join(differences)}.\n{remedy} Only what lets the rows stand is changed."
            )
        changed = {c.name: c.comment for c in table.columns if _comment_of(present, c) != c.comment}
        _comment(self.connection, table.name, table.grain, changed)

    @contextmanager
    def _checked(self, table: Table, frame: "pd.DataFrame", allow_empty: bool) -> Iterator[None]:
        """Register `frame` for the block, once it is known to fit.

        Checked before anything is deleted: who catches BadRows inside a transaction and goes on
        to commit must not commit half a replacement.
        """
        require_columns(table, frame, allow_empty)
        if frame.empty:  # may have no columns to register
            yield
            return
        self.connection.register(INCOMING, frame)
        try:
            require_values(self.connection, table)
            yield
        except (duckdb.ConstraintException, duckdb.DataError) as error:
            raise BadRows(f"{table.name}: {_first_line(error)}. Nothing was written.") from error
        finally:
            with suppress(duckdb.Error):  # an aborted transaction refuses this too
                self.connection.unregister(INCOMING)

    def _insert(self, table: Table, frame: "pd.DataFrame") -> int:
        if not frame.empty:
            names = ", ".join(quoted(column.name) for column in table.columns)
            self.connection.execute(
                f"insert into {quoted_table(table.name)} ({names}) "
                f"select {names} from {INCOMING} order by all"
            )
        return len(frame)


def _require_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"table name {name!r}: expected schema.noun in lower case")


def _require_sound(table: Table) -> None:
    _require_name(table.name)
    names = [column.name for column in table.columns]
    if len({name.lower() for name in names}) != len(names):
        raise ValueError(f"{table.name}: two columns have the same name (case does not count)")
    nullable = {column.name for column in table.columns if column.nullable}
    for name in table.primary_key:
        if name not in names or name in nullable:
            raise ValueError(f"{table.name}: key column {name} must be a column and not nullable")


def _ddl(table: Table) -> str:
    lines = [
        f"{quoted(column.name)} {column.type}{'' if column.nullable else ' not null'}"
        for column in table.columns
    ]
    if table.primary_key:
        lines.append(f"primary key ({', '.join(quoted(name) for name in table.primary_key)})")
    return f"create or replace table {quoted_table(table.name)} ({', '.join(lines)})"


def _comment(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    comment: str,
    columns: Mapping[str, str],
    kind: Literal["table", "view"] = "table",
) -> None:
    on = quoted_table(name)
    statements = [f"comment on {kind} {on} is {literal(comment)}"]
    statements += [
        f"comment on column {on}.{quoted(column)} is {literal(text)}"
        for column, text in columns.items()
    ]
    connection.execute("; ".join(statements))


def _altered(
    expected: dict[str, Column], types: dict[str, str], present: dict[str, Column]
) -> Iterator[str]:
    for name, column in expected.items():
        found = present.get(name)
        if found is None:
            continue
        if found.type != types[name]:
            yield f"column {name} is {found.type}, declared {types[name]}"
        if found.nullable != column.nullable:
            yield f"column {name} is {'' if found.nullable else 'not '}nullable"


def _altered_key(table: Table, key: tuple[str, ...]) -> Iterator[str]:
    if key != table.primary_key:
        yield f"primary key is ({', '.join(key)}), declared ({', '.join(table.primary_key)})"


def _comment_of(present: dict[str, Column], column: Column) -> str | None:
    found = present.get(column.name)
    return None if found is None else found.comment


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")
