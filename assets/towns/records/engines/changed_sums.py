"""Sums over sellers' records on DuckDB after some years of orders changed: as if all were added up.

Belongs here: what of the sums of before still holds, adding up the rest, and putting both together.
Not here: the SQL (`record_steps.py`), all of the records (`duckdb_sums.py`), where the sums of
before lie (`kept_sums.py`).

A year of orders says two things: what a seller sold in it, which counts in that year, and that the
seller was there, which says how long the shop stayed open and so counts in every year. So a town in
which a seller came or went in a changed year is added up in all years, and the others in the
changed years. A town and year is taken over as it is or added up from all of its records; sums hang
on no order of these (`town_group_year.sql`), so that both ways give the same bits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from assets.towns.records.engines.duckdb_sums import (
    HISTORY,
    OnDuckDb,
    give_records,
    named,
    result_file,
    run_step,
    write_result,
    write_said,
)
from assets.towns.records.engines.record_steps import STEPS, sql_of
from assets.towns.records.record_rows import ORDER_YEAR
from assets.warehouse.queries import query_text
from assets.warehouse.texts.spelled import literal

_SELLER, _ANNUAL = "micro.seller", "micro.annual_record"
_SELLER_YEAR, _SPAN = "micro.seller_year", "micro.data_span"
_OF_TOWNS = {"micro.village_year": "list_year - 1", "micro.town_group_year": "year"}
_MOST = 0.5  # of the towns: where more are added up anew, all are


@dataclass(frozen=True, slots=True)
class Before:
    """What is kept of the records as they were: the sums, and those of orders, by year."""

    folder: Path
    order_sums: tuple[Path, ...]


def compute_changed(
    connection: duckdb.DuckDBPyConnection,
    given: OnDuckDb,
    before: Before,
    folder: Path,
    progress: Callable[[str], None],
) -> bool:
    """Write what `compute_on_duckdb` writes; false where little of before holds, and nothing is.

    before: of the same data set, in which nothing but orders was another. connection: to no
    particular file.
    """
    years = _changed_years(given, before)
    if years is None:
        return False
    give_records(connection, given)
    _know(connection, given, before, years)
    towns, turned = connection.execute(
        "select (select count(*) from raw.town), (select count(*) from turned_town)"
    ).fetchall()[0]
    if turned > _MOST * towns:
        return False
    said = f"{', '.join(map(str, sorted(years))) or 'no year'}, and all years of {turned} towns"
    progress(f"towns/{given.dataset}: {said} on DuckDB")
    _of_turned_towns(connection, given, before)
    _of_changed_years(connection)
    for step, year in _OF_TOWNS.items():
        anew = f"(town_id in (from turned_town) or {year} in (from changed_year))"
        kept = f"{named(given, ['town_id'])} {_read(result_file(before.folder, step))}"
        connection.execute(
            f"create table {step} as select * from ({sql_of(step)}) where {anew} "
            f"union all by name select * from ({kept}) where not {anew}"
        )
    if not _has_its_span(connection):
        return False
    for step in STEPS:
        if step in (_SPAN, *_OF_TOWNS):
            write_result(connection, step, f"from {step}", folder)
        elif step.startswith("frames."):
            run_step(connection, step, folder)
    write_said(connection, given, folder)
    return True


def _changed_years(given: OnDuckDb, before: Before) -> set[int] | None:
    """The years whose sums of orders are others; none where all are, or years came or went.

    The sums of a year that stayed are one more name of the same file (`order_sums.py`).
    """
    were = {path.name: path for path in before.order_sums}
    if {path.name for path in given.order_sums} != were.keys():
        return None
    changed = {int(each.stem) for each in given.order_sums if not each.samefile(were[each.name])}
    return changed if len(changed) < len(were) or not were else None


def _read(*paths: Path) -> str:
    return f"read_parquet([{', '.join(map(literal, paths))}])"


def _know(
    connection: duckdb.DuckDBPyConnection, given: OnDuckDb, before: Before, years: set[int]
) -> None:
    """What was known, under names of its own; and which years and towns are others now."""
    for name in (_SELLER, _ANNUAL, ORDER_YEAR.name):
        connection.execute(f"alter view {name} rename to every_{name.split('.')[1]}")
    connection.execute("create table changed_year (year integer)")
    connection.execute("create table order_of_year (year integer)")
    for path in given.order_sums:
        connection.execute("insert into order_of_year values (?)", [int(path.stem)])
    for year in years:
        connection.execute("insert into changed_year values (?)", [year])
    begin = named(given)
    for moment, paths in (("now", given.order_sums), ("before", before.order_sums)):
        changed = [path for path in paths if int(path.stem) in years]
        source = f"{begin} {_read(*changed)}" if changed else "from micro.every_order_year limit 0"
        connection.execute(f"create view order_{moment} as {source}")
    connection.execute(f"create table turned_town as {query_text('towns/turned_towns')}")
    span = _read(result_file(before.folder, _SPAN))
    connection.execute(f"create table {_SPAN} as {begin} {span}")


def _of_turned_towns(
    connection: duckdb.DuckDBPyConnection, given: OnDuckDb, before: Before
) -> None:
    """What is known of each seller, and all years of those in towns where a seller turned."""
    connection.execute(
        f"create table {_SELLER} as from micro.every_seller semi join turned_town using (town_id)"
    )
    connection.execute(
        f"create view {_ANNUAL} as from micro.every_annual_record "
        f"semi join {_SELLER} using (seller_id)"
    )
    # Which years have orders, though not of these sellers, is said by orders of nobody.
    connection.execute(
        f"create view {ORDER_YEAR.name} as from micro.every_order_year "
        f"semi join {_SELLER} using (seller_id) union all by name "
        "select dataset, year from order_of_year cross join (select dataset from micro.data_span)"
    )
    connection.execute(f"create table {_SELLER_YEAR} as {sql_of(_SELLER_YEAR)}")
    connection.execute(
        f"create table {HISTORY} as {sql_of(HISTORY)} union all by name "
        f"{named(given, ['town_id', 'gender'])} {_read(result_file(before.folder, HISTORY))} "
        "anti join turned_town using (town_id)"
    )


def _of_changed_years(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the changed years of all other sellers to the years of sellers."""
    connection.execute(
        f"drop view {ORDER_YEAR.name}; drop view {_ANNUAL}; drop table {_SELLER};"
        f"create view {_SELLER} as from micro.every_seller anti join turned_town using (town_id);"
        f"create view {_ANNUAL} as from micro.every_annual_record "
        "where year in (from changed_year)"
    )
    # How long a shop stayed open is known, and said by an order without any sale.
    connection.execute(
        f"create view {ORDER_YEAR.name} as from order_now union all by name "
        f"select dataset, seller_id, last_open_year as year from {HISTORY} "
        "where last_open_year not in (from changed_year)"
    )
    connection.execute(
        f"insert into {_SELLER_YEAR} by name "
        f"select * from ({sql_of(_SELLER_YEAR)}) where year in (from changed_year)"
    )
    for name in (_SELLER, _ANNUAL, ORDER_YEAR.name):
        connection.execute(f"drop view {name}")
        connection.execute(
            f"alter view micro.every_{name.split('.')[1]} rename to {name.split('.')[1]}"
        )


def _has_its_span(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the records begin and end in the years in which they did."""
    return bool(connection.execute(query_text("towns/same_span")).fetchall()[0][0])
