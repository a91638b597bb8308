"""Failing rows of a check: the table that shows them, and where those who tell of it find it.

Belongs here: the table, and the names in a check's metadata. Not here: which rows fail.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    import pandas as pd

FAILING_ROWS = "failing_rows"  # Markdown
TOLD_BY = "told_by"  # who tells the rows in full, so that alerts and the summary need not


def rows_markdown(rows: "pd.DataFrame", most: int | None = None) -> str:
    """The first rows, or all of them, as a table, with a word on those left out."""
    shown = rows if most is None else rows.head(most)
    names = [str(name) for name in rows.columns]
    lines = [names, ["---"] * len(names), *shown.astype(object).to_numpy().tolist()]
    table = "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)
    rest = len(rows) - len(shown)
    return f"{table}\n\nand {rest} more rows" if rest else table


def told_rows(metadata: Mapping[str, object]) -> str:
    """The failing rows in a check's metadata; empty where someone else tells them in full."""
    found = metadata.get(FAILING_ROWS)
    if TOLD_BY in metadata or not isinstance(found, dg.MarkdownMetadataValue):
        return ""
    return found.md_str or ""


def _cell(value: object) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|").replace("\n", " ")
