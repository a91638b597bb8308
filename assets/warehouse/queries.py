"""The queries that are no models: `sql/queries/<room>/<name>.sql`, with `$parameters`.

Belongs here: finding the text of one, and asking the published warehouse. Not here: the
connections (`store.py`, `reader.py`), or the SQL.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from assets.warehouse.errors import OtherVersion
from assets.warehouse.home import Home
from assets.warehouse.tables.row import read_as

QUERIES = Path(__file__).parents[2] / "sql" / "queries"

T = TypeVar("T")


@cache
def query_text(name: str) -> str:
    """The SQL of `sql/queries/<name>.sql`; name: `room/what`, as `commands/revisions`."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def ask(
    home: Home, name: str, kind: type[T], parameters: Mapping[str, object] | None = None
) -> list[T]:
    """What a query finds in the published warehouse, as dataclasses of `kind`, by name.

    parameters: a value for each `$name` in the query. Raises NothingPublished, and OtherVersion
    where the file lacks what the query asks for.
    """
    import duckdb  # which the command line does not load

    from assets.warehouse.reader import query

    try:
        result = query(home, query_text(name), dict(parameters or {}))
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise OtherVersion(
            f"{home.published} has not what this version of yearbook asks of it "
            f"({name}: {str(error).splitlines()[0]}).\n"
            f"  Another version published it: use that one. If this one is the later, "
            f"`yearbook refresh` publishes again."
        ) from error
    return read_as(kind, result.columns, result.rows)
