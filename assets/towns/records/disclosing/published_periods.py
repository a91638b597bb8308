"""What readers have seen of a year of a data set, which stands.

Belongs here: reading it from the published file. Not here: what follows for the figures of today
(`disclosure.py`).
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from assets.towns.records.record_rows import AreaDisclosureRow
from assets.vintages.table_content import TableContent, content_query
from assets.warehouse.connection import read_only
from assets.warehouse.home import Home
from assets.warehouse.publish import published_release, releases
from assets.warehouse.queries import query_text
from assets.warehouse.reader import query
from assets.warehouse.store import Store
from assets.warehouse.tables.row import read_as

_HAS_TOTALS = (
    "select 1 from duckdb_tables() where schema_name = 'towns' and table_name = 'town_year'"
)


@dataclass(frozen=True, slots=True)
class _Kept:
    dataset: str
    level: str
    area: str
    year: int
    seller_group: str
    reason: str


def standing_content(home: Home) -> TableContent:
    """A digest of what the published file shows of areas and years, and of how many."""
    if published_release(home) is None or not query(home, _HAS_TOTALS).rows:
        return TableContent(0, "")
    found = query(home, content_query(f"({query_text('towns/standing')})"))
    (content,) = read_as(TableContent, found.columns, found.rows)
    return content


def standing_rows(home: Home, store: Store) -> list[AreaDisclosureRow]:
    """What the published file shows of every area and year, with why a figure is withheld.

    The reasons are no reader's business, so that they come from the working file, as far as it
    kept them.
    """
    if published_release(home) is None or not query(home, _HAS_TOTALS).rows:
        return []
    shown = query(home, query_text("towns/standing"))
    rows = read_as(AreaDisclosureRow, shown.columns, shown.rows)
    columns = {column.name for column in store.columns(AreaDisclosureRow.table.name)}
    if "reason" not in columns:
        return rows
    kept = {
        (each.dataset, each.level, each.area, each.year, each.seller_group): each.reason
        for each in store.read(_Kept, query_text("towns/reasons_kept"))
    }
    return [
        row
        if row.is_published
        else replace(
            row,
            reason=kept.get(
                (row.dataset, row.level, row.area, row.year, row.seller_group), row.reason
            ),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Differing:
    """A kept release that shows a year of a data set otherwise than the published one."""

    path: Path
    dataset: str
    years: tuple[int, ...]


def differing_releases(home: Home) -> list[Differing]:
    """Kept releases that an earlier version published, which can be subtracted from today's."""
    kept = {release.path: _content(release.path) for release in releases(home)}
    last = published_release(home)
    now = {} if last is None else kept[last.path]
    years: dict[tuple[Path, str], list[int]] = defaultdict(list)
    for path, content in kept.items():
        for (dataset, year), shown in sorted(content.items()):
            if shown != now.get((dataset, year)):
                years[path, dataset].append(year)
    return [Differing(path, dataset, tuple(some)) for (path, dataset), some in years.items()]


def _content(path: Path) -> dict[tuple[str, int], int]:
    """A hash of what a release shows of each year of each data set."""
    with read_only(path) as connection:
        if not connection.execute(_HAS_TOTALS).fetchall():
            return {}
        rows = connection.execute(
            "select dataset, year, cast(bit_xor(hash(shown)) as varchar) "
            f"from ({query_text('towns/standing')}) as shown group by all"
        ).fetchall()
    return {(dataset, year): int(content) for dataset, year, content in rows}
