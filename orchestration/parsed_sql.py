"""What a model's SQL gives and reads, as sqlglot finds it, kept as Python keeps what it compiles.

Belongs here: parsing, and the file beside the models in which its results stand. Not here: what a
model is (`sql_models.py`).

Loading sqlglot and parsing every model takes a quarter of what loading the definitions takes beside
Dagster itself. So what was found is kept by the digest of the text, in `__pycache__` below the
models, under a name that says the version of sqlglot and of this file. What is not found there is
parsed; a file that cannot be read or written costs time alone.
"""

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path


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


class KeptParses:
    """What was found in the models of a folder."""

    def __init__(self, folder: Path) -> None:
        by = f"{version('sqlglot')} {hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}"
        name = f"models.{hashlib.sha256(by.encode()).hexdigest()[:16]}.json"
        self._file = folder / "__pycache__" / name
        self._before = self._read()
        self._found: dict[str, ParsedSql] = {}

    def parse(self, text: str) -> ParsedSql:
        """What is in a text, parsed unless it is known. Raises SqlError."""
        key = hashlib.sha256(text.encode()).hexdigest()
        self._found[key] = self._before.get(key) or parse(text)
        return self._found[key]

    def keep(self) -> None:
        """Keep what was asked for, where Python keeps such things."""
        if self._found == self._before or sys.dont_write_bytecode:
            return
        said = {key: (found.columns, found.tables) for key, found in self._found.items()}
        partial = self._file.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._file.parent.mkdir(exist_ok=True)
            partial.write_text(json.dumps(said), encoding="utf-8")
            partial.replace(self._file)

    def _read(self) -> Mapping[str, ParsedSql]:
        try:
            said = json.loads(self._file.read_text(encoding="utf-8"))
            return {key: ParsedSql(tuple(row[0]), tuple(row[1])) for key, row in said.items()}
        except (OSError, ValueError, TypeError, AttributeError, IndexError):
            return {}
