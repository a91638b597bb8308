"""What a model's SQL gives and reads, as sqlglot finds it, kept as Python keeps what it compiles.

Belongs here: parsing, the origin of columns, and the files beside the models in which both stand.
Not here: what a model is (`sql_models.py`).

Loading sqlglot and parsing every model takes a quarter of what loading the definitions takes beside
Dagster itself, and the origin of every column is a second of a refresh. So what was found is kept
by the digest of what it was found in, in `__pycache__` below the models, under a name that says the
version of sqlglot and of this file. What is not found there is parsed; a file that cannot be read
or written costs time alone.
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
# For each column, the (schema.table, column) pairs it is made from.
Lineage = dict[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class ParsedSql:
    """The columns that a SELECT gives, in order, and the tables `schema.noun` it reads, sorted."""

    columns: tuple[str, ...]
    tables: tuple[str, ...]


class SqlError(Exception):
    """A text that is not one SELECT; the message says what it is."""


def parse(text: str) -> ParsedSql:
    """Parse one text. Raises SqlError."""
    import sqlglot
    from sqlglot import exp

    try:
        statements = sqlglot.parse(text, read="duckdb")
    except sqlglot.errors.ParseError as error:
        raise SqlError(f"not valid SQL: {error}") from error
    query = statements[0] if len(statements) == 1 else None
    if not isinstance(query, exp.Query):
        raise SqlError(f"a model is exactly one SELECT; found {len(statements)} statement(s).")
    tables = {f"{table.db}.{table.name}" for table in query.find_all(exp.Table) if table.db}
    return ParsedSql(tuple(query.named_selects), tuple(sorted(tables)))


def lineage(text: str, table_columns: Mapping[str, Mapping[str, str]]) -> Lineage:
    """For each column that a SELECT gives, what it is made from.

    table_columns: for each table it reads, its columns and their DuckDB types.
    """
    import sqlglot
    from sqlglot import lineage as of_columns
    from sqlglot.optimizer import build_scope
    from sqlglot.optimizer.qualify import qualify

    schema: dict[str, Any] = {}
    for name, columns in table_columns.items():
        database, table = name.split(".")
        schema.setdefault(database, {})[table] = dict(columns)
    # Qualified once for all columns, and neither copied nor trimmed for each: it is only walked.
    query = qualify(sqlglot.parse_one(text, read="duckdb"), dialect="duckdb", schema=schema)
    scope = build_scope(query)
    nodes = of_columns.lineage(None, query, schema, scope=scope, copy=False, trim_selects=False)
    return {column: _leaves(node) for column, node in nodes.items()}


def _leaves(root: object) -> tuple[tuple[str, str], ...]:
    from sqlglot import exp

    found = {
        (f"{node.source.db}.{node.source.name}", node.name.rsplit(".", 1)[-1].strip('"'))
        for node in root.walk()  # type: ignore[attr-defined]
        if isinstance(node.source, exp.Table) and node.source.db and not node.downstream
    }
    return tuple(sorted(found))


class KeptParses:
    """What was found in the models of a folder."""

    def __init__(self, folder: Path) -> None:
        self._file = _KeptFile(folder, "models")
        self._before = self._file.read(_columns_and_tables)
        self._found: dict[str, ParsedSql] = {}

    def parse(self, text: str) -> ParsedSql:
        """What is in a text, parsed unless it is known. Raises SqlError."""
        key = hashlib.sha256(text.encode()).hexdigest()
        self._found[key] = self._before.get(key) or parse(text)
        return self._found[key]

    def keep(self) -> None:
        """Keep what was asked for, where Python keeps such things."""
        if self._found != self._before:
            self._file.write(
                {key: (each.columns, each.tables) for key, each in self._found.items()}
            )


class KeptLineages:
    """Of what the columns of the models of a folder are made, as long as text and tables stay."""

    def __init__(self, folder: Path) -> None:
        self._file = _KeptFile(folder, "lineages")
        self._known: dict[str, tuple[str, Lineage]] | None = None  # by model: digest, lineage

    def of(self, model: str, text: str, tables: Mapping[str, Mapping[str, str]]) -> Lineage:
        """What `lineage` finds in the text of a model, found unless it is known."""
        if self._known is None:
            self._known = self._file.read(_digest_and_lineage)
        said = json.dumps([text, tables], sort_keys=True)
        digest = hashlib.sha256(said.encode()).hexdigest()
        known = self._known.get(model)
        if known is not None and known[0] == digest:
            return known[1]
        found = lineage(text, tables)
        self._known[model] = (digest, found)
        self._file.write(self._known)
        return found


def _columns_and_tables(row: Any) -> ParsedSql:
    columns, tables = row
    return ParsedSql(tuple(columns), tuple(tables))


def _digest_and_lineage(row: Any) -> tuple[str, Lineage]:
    digest, found = row
    return digest, {
        column: tuple((table, name) for table, name in pairs) for column, pairs in found.items()
    }


class _KeptFile:
    """A file in `__pycache__` below the models, named for the version of what is kept in it."""

    def __init__(self, folder: Path, what: str) -> None:
        by = f"{version('sqlglot')} {hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}"
        name = f"{what}.{hashlib.sha256(by.encode()).hexdigest()[:16]}.json"
        self._path = folder / "__pycache__" / name

    def read(self, kept: Callable[[Any], T]) -> dict[str, T]:
        """What is kept, by its key; nothing where the file is not there, or spoiled."""
        try:
            said = json.loads(self._path.read_text(encoding="utf-8"))
            return {key: kept(row) for key, row in said.items()}
        except (OSError, ValueError, TypeError, AttributeError, IndexError):
            return {}

    def write(self, said: Mapping[str, object]) -> None:
        """Keep it, where Python keeps such things."""
        if sys.dont_write_bytecode:
            return
        partial = self._path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._path.parent.mkdir(exist_ok=True)
            partial.write_text(json.dumps(said), encoding="utf-8")
            partial.replace(self._path)
