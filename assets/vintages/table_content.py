"""What a table holds, as one digest, found by DuckDB where the rows lie.

Belongs here: the question and its answer. Not here: asking it, and what is kept by a digest
(`assets/vintages/kept_tables.py`).
"""

from dataclasses import dataclass

from assets.warehouse.queries import query_text


@dataclass(frozen=True, slots=True)
class TableContent:
    """The rows of a table, as far as it has to be known whether they are others now."""

    n: int
    digest: str  # 128 bits over all cells and the order of the rows


def content_query(source: str) -> str:
    """The SELECT of one TableContent. source: a table as SQL, or a SELECT in parentheses."""
    return query_text("vintages/table_digest").format(source=source)
