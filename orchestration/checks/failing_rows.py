"""Failing rows of a check: the table that shows them, and where those who tell of it find it.

Belongs here: the table, and the names in a check's metadata. Not here: which rows fail.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import dagster as dg

from assets.warehouse.texts.counted import counted

if TYPE_CHECKING:
    import pandas as pd

FAILING_ROWS = "failing_rows"  # Markdown: all of them, which Dagster shows on a click
FIRST_ROWS = "first_rows"  # a table, which it shows at once
ROWS_AT_ONCE = 10
TOLD_BY = "told_by"  # who tells the rows in full, so that alerts and the summary need not


def rows_markdown(rows: "pd.DataFrame", most: int | None = None) -> str:
    """The first rows, or all of them, as a table, with a word on those left out."""
    shown = rows if most is None else rows.head(most)
    names = [str(name) for name in rows.columns]
    lines = [names, ["---"] * len(names), *shown.astype(object).to_numpy().tolist()]
    table = "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)
    rest = len(rows) - len(shown)
    return f"{table}\n\nand {counted(rest, 'more row')}" if rest else table


def rows_table(rows: "pd.DataFrame") -> dg.TableMetadataValue:
    """The first rows as the kind of table that Dagster shows without a click."""
    names = [str(name) for name in rows.columns]
    lines = rows.head(ROWS_AT_ONCE).astype(object).to_numpy().tolist()
    records = [
        dg.TableRecord({name: _text(value) for name, value in zip(names, line, strict=True)})
        for line in lines
    ]
    columns = [dg.TableColumn(name, "string") for name in names]
    return dg.MetadataValue.table(records, dg.TableSchema(columns))


def told_rows(metadata: Mapping[str, object]) -> str:
    """The failing rows in a check's metadata; empty where someone else tells them in full."""
    found = metadata.get(FAILING_ROWS)
    if TOLD_BY in metadata or not isinstance(found, dg.MarkdownMetadataValue):
        return ""
    return found.md_str or ""


def _text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _cell(value: object) -> str:
    return _text(value).replace("|", "\\|").replace("\n", " ")
