"""Reading and writing tables of the working file.

Belongs here: creating declared tables, replacing and appending rows by column name inside one
transaction, building tables from SQL, reading. Not here: what any table means, and publication.
Every connection is closed before a call returns, also when it raises.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import duckdb

from assets.warehouse.connection import (
    known_while_open,
    literal,
    quoted,
    quoted_table,
    read_only,
    writable,
)
from assets.warehouse.errors import BadRows, TableChanged, WarehouseError
from assets.warehouse.reads import (
    Parameters,
    Read,
    frame_digest,
    read_file,
    recorded,
    recording,
    rows_digest,
)
from assets.warehouse.row import read_as
from assets.warehouse.table import Column, Table

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

_NAME = re.compile(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*")
# Temporary names, seen by one connection only.
_KEPT = "rows_before_the_new_column"
_INCOMING = "yearbook_incoming"
_RESULT = "yearbook_result"
# Declared types as DuckDB spells them, of those that were asked for.
_SPELLED: dict[str, str] = {}


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
        present, keys = _columns(self.connection, names), _keys(self.connection, names)
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
            _require_key(table, frame, key)
            self.connection.execute(
                f"delete from {quoted_table(table.name)} where {where}", list(key.values())
            )
            return self._insert(table, frame)

    def append(self, table: Table, frame: "pd.DataFrame") -> int:
        """Insert `frame` beside the rows that are there; return rows inserted. Raises BadRows."""
        self.ensure(table)
        with self._checked(table, frame, allow_empty=False):
            return self._insert(table, frame)

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
    ) -> int:
        """Make `name` a view of `select_sql`, with comments; return its number of rows.

        Raises BadRows where the result is empty or a comment names a column the result lacks.
        """
        _require_name(name)
        self._create_schema(name)
        select = select_sql.strip().rstrip(";")
        self.connection.execute(f"create or replace view {quoted_table(name)} as\n{select}")
        view = self.connection.view(name)
        count = len(view)
        if count == 0 and not allow_empty:
            raise BadRows(f"{name}: the SELECT gave no row. The view is as it was.")
        if unknown := set(column_comments) - set(view.columns):
            raise BadRows(f"{name}: comments for columns it lacks: {', '.join(sorted(unknown))}.")
        _comment(self.connection, name, comment, column_comments, kind="view")
        return count

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
        types = _canonical_types(self.connection, tuple(expected.values()))
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
        _require_columns(table, frame, allow_empty)
        if frame.empty:  # may have no columns to register
            yield
            return
        self.connection.register(_INCOMING, frame)
        try:
            _require_values(self.connection, table)
            yield
        except (duckdb.ConstraintException, duckdb.DataError) as error:
            raise BadRows(f"{table.name}: {_first_line(error)}. Nothing was written.") from error
        finally:
            with suppress(duckdb.Error):  # an aborted transaction refuses this too
                self.connection.unregister(_INCOMING)

    def _insert(self, table: Table, frame: "pd.DataFrame") -> int:
        if not frame.empty:
            names = ", ".join(quoted(column.name) for column in table.columns)
            self.connection.execute(
                f"insert into {quoted_table(table.name)} ({names}) "
                f"select {names} from {_INCOMING} order by all"
            )
        return len(frame)


@dataclass(frozen=True, slots=True)
class Store:
    """The tables of one DuckDB file. Each method opens the file, works, and closes it.

    threads: 1 keeps sums of doubles in one order. More is for scans whose result does not
    depend on the order (counts, integers). looks_only: the file is opened for reading alone, by
    whoever must write nothing and has no lock of the writer.
    All methods raise WarehouseBusy, WarehouseFull or WarehouseDamaged where the file is locked,
    the disk is full or the file is not whole.
    """

    path: Path
    threads: int = 1
    looks_only: bool = False

    @contextmanager
    def transaction(self) -> Iterator[Writes]:
        """Several writes that are kept together, or not at all if the block raises."""
        with writable(self.path, self.threads) as connection:
            connection.begin()
            try:
                writes = Writes(connection, dict(known_while_open(self.path)))
                yield writes
                connection.commit()
                known_while_open(self.path).update(writes.as_declared)
            except BaseException:
                with suppress(duckdb.Error):  # a failed commit has rolled back already
                    connection.rollback()
                raise

    def ensure(self, table: Table) -> None:
        """See Writes.ensure."""
        with self.transaction() as writes:
            writes.ensure(table)

    def replace(self, table: Table, frame: "pd.DataFrame", allow_empty: bool = False) -> int:
        """See Writes.replace."""
        with self.transaction() as writes:
            return writes.replace(table, frame, allow_empty)

    def replace_where(
        self,
        table: Table,
        frame: "pd.DataFrame",
        key: Mapping[str, object],
        allow_empty: bool = False,
    ) -> int:
        """See Writes.replace_where."""
        with self.transaction() as writes:
            return writes.replace_where(table, frame, key, allow_empty)

    def append(self, table: Table, frame: "pd.DataFrame") -> int:
        """See Writes.append."""
        with self.transaction() as writes:
            return writes.append(table, frame)

    def create_as(
        self,
        name: str,
        select_sql: str,
        comment: str,
        column_comments: Mapping[str, str],
        allow_empty: bool = False,
        sort: bool = True,
    ) -> int:
        """See Writes.create_as."""
        with self.transaction() as writes:
            return writes.create_as(name, select_sql, comment, column_comments, allow_empty, sort)

    def create_view(
        self,
        name: str,
        select_sql: str,
        comment: str,
        column_comments: Mapping[str, str],
        allow_empty: bool = False,
    ) -> int:
        """See Writes.create_view."""
        with self.transaction() as writes:
            return writes.create_view(name, select_sql, comment, column_comments, allow_empty)

    def frame(self, sql: str, parameters: Parameters = None) -> "pd.DataFrame":
        """The result of `sql` as a frame. NULL numbers come as NaN."""
        with self._existing() as connection:
            frame = connection.execute(sql, parameters).df()
        if (reads := recording()) is not None:
            reads.add("frame", sql, parameters, frame_digest(frame))
        return frame

    def read(self, kind: type[T], sql: str, parameters: Parameters = None) -> list[T]:
        """The result of `sql` as dataclasses, each cell under the name of its column."""
        return read_as(kind, *self._fetched(sql, parameters))

    def rows(self, sql: str, parameters: Parameters = None) -> list[tuple[Any, ...]]:
        """The result of `sql` as tuples."""
        _, rows = self._fetched(sql, parameters)
        return rows

    def would_read(self, reads: Sequence[Read], root: Path) -> bool:
        """Whether what was read before would read the same now: asked in turn, up to the first
        that differs, since those after it may ask for what is not there any more.

        root: the home, below which the files lie.
        """
        with recorded() as again:
            for number, read in enumerate(reads):
                if read.form == "file":
                    read_file(root, read.asked)
                elif read.form == "frame":
                    self.frame(read.asked, read.parameters)
                else:
                    self.rows(read.asked, read.parameters)
                if again.reads[number].sha256 != read.sha256:
                    return False
        return True

    def _fetched(self, sql: str, parameters: Parameters) -> tuple[list[str], list[tuple[Any, ...]]]:
        with self._existing() as connection:
            found = connection.execute(sql, parameters)
            columns, rows = [column[0] for column in found.description], found.fetchall()
        if (reads := recording()) is not None:
            reads.add("rows", sql, parameters, rows_digest(columns, rows))
        return columns, rows

    def columns(self, name: str) -> tuple[Column, ...]:
        """The columns of a table or view in their order; empty where there is none."""
        if not self.path.exists():
            return ()
        with self._existing() as connection:
            return tuple(_columns(connection, [name])[name])

    def column_types(self, *names: str) -> dict[str, dict[str, str]]:
        """For each of several tables, its columns and their types, read in one go."""
        with self._existing() as connection:
            return {  # to list the catalog, and look there, takes as long as dozens of these
                name: {row[0]: row[1] for row in _described(connection, name)} for name in names
            }

    def exists(self, name: str) -> bool:
        """Whether the file holds a table or view `name`."""
        if not self.path.exists():
            return False
        with self._existing() as connection:
            try:  # to list the catalog, and look there, takes ten times as long
                _described(connection, name)
            except duckdb.CatalogException:
                return False
            return True

    @contextmanager
    def _existing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if not self.path.exists():
            raise WarehouseError(f"{self.path} does not exist yet. Run `yearbook refresh`.")
        opened = read_only(self.path) if self.looks_only else writable(self.path, self.threads)
        with opened as connection:
            yield connection


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


def _columns(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str]
) -> dict[str, list[Column]]:
    """The columns of tables or views in their order; none of one that is not there."""
    found: dict[str, list[Column]] = {name: [] for name in names}
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type, coalesce(comment, ''), "
        "is_nullable from duckdb_columns() where database_name = current_database() "
        "and list_contains(?, schema_name || '.' || table_name) order by column_index",
        [list(names)],
    ).fetchall()
    for name, *column in rows:
        found[name].append(Column(*column))
    return found


def _keys(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """The columns of the primary keys of tables; none of one that has none."""
    rows = connection.execute(
        "select schema_name || '.' || table_name, constraint_column_names "
        "from duckdb_constraints() where database_name = current_database() "
        "and list_contains(?, schema_name || '.' || table_name) "
        "and constraint_type = 'PRIMARY KEY'",
        [list(names)],
    ).fetchall()
    return dict.fromkeys(names, ()) | {name: tuple(columns) for name, columns in rows}


def _described(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[Any, ...]]:
    """Name, type and more of each column of a table or view. Raises duckdb.CatalogException."""
    return connection.execute(f"describe {quoted_table(name)}").fetchall()


def _canonical_types(
    connection: duckdb.DuckDBPyConnection, columns: tuple[Column, ...]
) -> dict[str, str]:
    """The declared types as DuckDB spells them (TEXT is VARCHAR, INT is INTEGER)."""
    unknown = sorted({column.type for column in columns} - _SPELLED.keys())
    if unknown:
        casts = ", ".join(f"typeof(cast(null as {each}))" for each in unknown)
        _SPELLED.update(
            zip(unknown, connection.execute(f"select {casts}").fetchall()[0], strict=True)
        )
    return {column.name: _SPELLED[column.type] for column in columns}


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


def _require_columns(table: Table, frame: "pd.DataFrame", allow_empty: bool) -> None:
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


def _require_key(table: Table, frame: "pd.DataFrame", key: Mapping[str, object]) -> None:
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


def _require_values(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """No NULL where none may be, no value changed by its conversion, no key twice."""
    found = {row[0]: row[1] for row in connection.execute(f"describe {_INCOMING}").fetchall()}
    types = _canonical_types(connection, table.columns)
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
        there = connection.execute(f"select {asked} from {_INCOMING}").fetchall()[0]
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
        f"(select *, row_number() over () as position from {_INCOMING}) "
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
        f"select {names}, count(*) as times from {_INCOMING} "
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


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")
