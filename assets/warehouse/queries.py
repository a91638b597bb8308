"""The queries that are no models: `sql/queries/<room>/<name>.sql`, with `$parameters`.

Belongs here: finding the text of one. Not here: running it (`store.py`, `reader.py`), or the SQL.
"""

from functools import cache
from pathlib import Path

QUERIES = Path(__file__).parents[2] / "sql" / "queries"


@cache
def query_text(name: str) -> str:
    """The SQL of `sql/queries/<name>.sql`; name: `room/what`, as `commands/revisions`."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
