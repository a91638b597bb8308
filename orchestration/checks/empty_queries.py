"""Checks that are a query which must be empty: one file of `sql/checks` each.

Belongs here: reading such a file, and the asset check it becomes. Not here: any query, and what
must hold for each row of a table (`expectations/`).

The header says what the check guards, in any order; what else stands there describes it:

    -- Whether a document is refused.
    -- Check on: raw.document
    -- Grain: one row per refused document.
    -- Severity: warning
    -- Message: {rows} {document|documents} refused.
    -- Told by: the alert on the document.

Severity: `warning`, `error`, or `error that blocks`: then all that comes after the table waits,
publication among it. Told by: left out where the rows are to stand in alerts and at the end of a
refresh, and not in the interface alone. `$vintage` in the query is the vintage of the run.
"""

import re
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from assets.vintages.current import current_vintage
from assets.warehouse.resource import Warehouse
from assets.warehouse.tables.declared_asset import asset_key
from orchestration.checks.failing_rows import (
    FAILING_ROWS,
    FIRST_ROWS,
    TOLD_BY,
    rows_markdown,
    rows_table,
)

if TYPE_CHECKING:
    import pandas as pd

CHECKS_FOLDER = Path(__file__).parents[2] / "sql" / "checks"

_NUMBER = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
NOTHING = "Nothing found."  # of a check that passed

# What each line of the header must look like, and an example of one.
_LINES = {
    "Check on": (re.compile(r"[a-z_]+\.[a-z0-9_]+"), "schema.table"),
    "Grain": (re.compile(r"one row per .+"), "one row per …"),
    "Severity": (
        re.compile(r"warning|error|error that blocks"),
        "warning (or error, or error that blocks)",
    ),
    "Message": (re.compile(r".*\{rows\}.*"), "{rows} {row|rows} that …"),
}


class CheckFileError(ValueError):
    """A file of `sql/checks` that cannot be used; names it and the line to add or to change."""


@dataclass(frozen=True, slots=True)
class EmptyQuery:
    """One query that must be empty, and what its header says of it."""

    path: Path
    sql: str
    table: str  # schema.noun; the check hangs on the asset of the same key
    description: str
    severity: str  # warning, error, or error that blocks
    message: str  # with {rows}, and {one|many} for what stands in the singular and the plural
    told_by: str | None

    def result(self, rows: "pd.DataFrame") -> dg.AssetCheckResult:
        """The check's result: how many rows there are, and a table of them."""
        metadata: dict[str, str | dg.MetadataValue] = {}
        if len(rows):
            metadata[FIRST_ROWS] = rows_table(rows)
            metadata[FAILING_ROWS] = dg.MetadataValue.md(rows_markdown(rows))
            if self.told_by is not None:
                metadata[TOLD_BY] = self.told_by
        return dg.AssetCheckResult(
            passed=rows.empty,
            severity=dg.AssetCheckSeverity.WARN
            if self.severity == "warning"
            else dg.AssetCheckSeverity.ERROR,
            description=self._told(len(rows)) if len(rows) else NOTHING,
            metadata=metadata,
        )

    def _told(self, count: int) -> str:
        """The message with the count, and its words in the number that goes with it."""
        chosen = _NUMBER.sub(lambda found: found[1 if count == 1 else 2], self.message)
        return chosen.replace("{rows}", str(count))


def load_empty_query(path: Path) -> EmptyQuery:
    """Read one file. Raises CheckFileError."""
    text = path.read_text(encoding="utf-8")
    said: dict[str, str] = {}
    description = []
    for line in takewhile(lambda line: line.startswith("--"), text.splitlines()):
        comment = line.removeprefix("--").strip()
        name, colon, value = comment.partition(": ")
        if colon and name in (*_LINES, "Told by"):
            said[name] = value
        else:
            description.append(comment)
    for name, (pattern, example) in _LINES.items():
        if name not in said:
            raise CheckFileError(f"{path}: the header has no line `-- {name}: {example}`; add it.")
        if not pattern.fullmatch(said[name]):
            raise CheckFileError(
                f"{path}: the header says `-- {name}: {said[name]}`. "
                f"Expected `-- {name}: {example}`."
            )
    if not description:
        raise CheckFileError(f"{path}: the header has no line that says what must hold; add one.")
    return EmptyQuery(
        path=path,
        sql=text,
        table=said["Check on"],
        description=" ".join(description),
        severity=said["Severity"],
        message=said["Message"],
        told_by=said.get("Told by"),
    )


def load_empty_queries(folder: Path = CHECKS_FOLDER) -> tuple[EmptyQuery, ...]:
    """Read every file of the folder, by name. Raises CheckFileError."""
    return tuple(load_empty_query(path) for path in sorted(folder.glob("*.sql")))


def empty_query_check(query: EmptyQuery) -> dg.AssetChecksDefinition:
    """The asset check, named as its file."""

    @dg.asset_check(
        asset=asset_key(query.table),
        name=query.path.stem,
        blocking=query.severity == "error that blocks",
        description=query.description,
        metadata={"query": dg.MetadataValue.path(query.path)},
    )
    def check(warehouse: Warehouse) -> dg.AssetCheckResult:
        store = warehouse.store
        asked = {"vintage": current_vintage(store)} if "$vintage" in query.sql else None
        return query.result(store.frame(query.sql, asked))

    return check
