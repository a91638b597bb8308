"""The published vintages, and the one that a user names.

Belongs here: finding a vintage by its name or running number, and its rows. Not here: what is done
with them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.vintages.fingerprint import vintage_number
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.publish import published_release
from assets.warehouse.queries import ask
from assets.warehouse.reader import open_published, query

if TYPE_CHECKING:
    import pandas as pd

_RECORDED = "select 1 from duckdb_tables() where schema_name || '.' || table_name = $table"


@dataclass(frozen=True, slots=True)
class Publication:
    """The vintage that readers see now."""

    vintage: str
    input_fingerprint: str
    definition_fingerprint: str
    created_at: str


def last_publication(home: Home) -> Publication | None:
    """What the published file holds, or None before the first publication."""
    release = published_release(home)
    if release is None:
        return None
    of = {"vintage": release.vintage}
    (found,) = ask(home, "commands/publication", Publication, of)
    return found


def named_vintage(home: Home, named: str | None) -> str:
    """The vintage of that name or running number; the latest where none is named.

    Raises NothingPublished, and WarehouseError where there is no such vintage.
    """
    names = _names(home)
    if named is None:
        return names[-1]
    for name in names:
        if named == name or (named.isdecimal() and int(named) == vintage_number(name)):
            return name
    raise WarehouseError(f"{named} is no published vintage; there are {', '.join(names)}.")


def published_before(home: Home, vintage: str) -> str | None:
    """The vintage published before this published one; None for the first."""
    names = _names(home)
    place = names.index(vintage)
    return names[place - 1] if place else None


def _names(home: Home) -> list[str]:
    rows = query(home, "select vintage from model.vintage order by vintage").rows
    return [str(name) for (name,) in rows]


def is_recorded(home: Home, table: str) -> bool:
    """Whether the published file has the table; one of an older version of yearbook may not."""
    return bool(query(home, _RECORDED, {"table": table}).rows)


def require_recorded(home: Home, vintage: str, table: str) -> None:
    """Raise WarehouseError where a vintage is older than the table that would record it."""
    sql = f"select 1 from {table} where vintage = $vintage limit 1"
    if not is_recorded(home, table) or not query(home, sql, {"vintage": vintage}).rows:
        raise WarehouseError(
            f"Vintage {vintage} has no row in {table}: it was published by a version of yearbook "
            f"that did not record that yet.\n  Later vintages have it."
        )


def require_table(home: Home, table: str) -> None:
    """Raise WarehouseError where the published file is older than the table."""
    if not is_recorded(home, table):
        raise WarehouseError(
            f"The published warehouse has no {table}: a version of yearbook published it that did "
            f"not record that yet.\n  Run `yearbook refresh`."
        )


def rows_of(home: Home, table: str, vintage: str) -> "pd.DataFrame":
    """The rows of one vintage in a table of `model`."""
    with open_published(home) as connection:
        return connection.execute(f"from {table} where vintage = ?", [vintage]).df()
