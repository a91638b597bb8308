"""What the file itself says of its tables: columns, keys, types.

Belongs here: asking DuckDB's catalog. Not here: what a table should be (`table.py`), rows. Its SQL
stands here and not in `sql/`: the room below which queries are found by name asks it.
"""

from collections.abc import Sequence

import duckdb

from assets.warehouse.tables.table import Column

# Declared types as DuckDB spells them, of those that were asked for.
_SPELLED: dict[str, str] = {}


def columns_of(
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
    for table, name, kind, comment, nullable in rows:
        found[table].append(Column(name=name, type=kind, comment=comment, nullable=nullable))
    return found


def keys_of(
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


def described(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """Each column of a table, a view or a query, and its type; relation: as SQL.

    Raises duckdb.CatalogException.
    """
    found = connection.execute(f"describe {relation}").fetchall()
    return {name: kind for name, kind, *_ in found}


def canonical_types(
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
