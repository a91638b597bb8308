"""What is added up of sellers is the same to the bit, whatever came first.

Belongs here: another order of the records, other threads, and so little memory that joins spill,
which gives their rows in another order. Not here: what the sums mean (`test_town_year.py`), and
after orders changed (`test_changed_sums.py`).
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.towns.records.engines.duckdb_sums import OnDuckDb, compute_on_duckdb
from assets.towns.records.engines.record_steps import RESULTS
from assets.towns.records.record_rows import LIST_TABLES
from benchmarks.town_years import made

SELLERS, YEARS, TOWNS = 40_000, range(2012, 2018), 30
LITTLE = "50MB"  # less than the records and sellers of the joins take

_SELLER = f"""
select i as seller_id, 'T' || (i * 7 % {TOWNS}) as town_id, 'V' || (i % 7) as village,
    case i % 5 when 0 then 'female' when 1 then 'male' end as gender,
    if(i % 11 = 0, null, 1960 + (i % 40))::integer as birth_year,
    make_date(2001 + (i % 13)::integer, 1, 1) as opened_on
from range({SELLERS}) as t (i)
"""
_SELLER_YEAR = f"""
select i as seller_id, y::integer as year, if(i % 13 = y % 13, 0, exp(6 + 9 * sin(i * 12.9 + y)))
    as sales_cny, if(i % 13 = y % 13, 0, 5 + i % 90)::bigint as orders
from range({SELLERS}) as t (i), range({YEARS.start}, {YEARS.stop}) as u (y)
"""
_ORDER_YEAR = f"""
select 'made' as dataset, i as seller_id, $year as year, 9 + i % 90 as records,
    make_date($year, 2, 1) as not_before, 5 + i % 90 as orders,
    floor(131072 * exp(6 + 9 * sin(i * 12.9 + $year)))::bigint as sales_coarse,
    (i * 7919 % 68719476736)::bigint as sales_fine
from range({SELLERS}) as t (i)
where i % 17 <> $year % 17
"""


def given(folder: Path, of_orders: bool, order: str) -> OnDuckDb:
    """The records of sellers by year, or their sums of orders, in one order of their rows."""
    folder.mkdir()
    selects = {"seller": _SELLER}
    if not of_orders:
        selects["seller_year"] = _SELLER_YEAR
    for year in YEARS if of_orders else ():
        selects[str(year)] = _ORDER_YEAR.replace("$year", str(year))
    with duckdb.connect() as connection:
        for name, select in selects.items():
            rows = f"select * from ({select}) order by {order}"
            how = "(format parquet, row_group_size 4096)"  # what a thread takes at once
            connection.execute(f"copy ({rows}) to '{folder}/{name}.parquet' {how}")
        found = made(connection, folder)
        # A rule for villages, so that their sales are added up.
        rule = {"dataset": "'made'", "from_year": YEARS.start, "village_min_sales_cny": 1,
                "village_min_active_shops": 1}  # fmt: skip
        columns = LIST_TABLES["regime"].columns
        row = ", ".join(
            f"cast({rule.get(each.name, 'null')} as {each.type}) as {each.name}" for each in columns
        )
        regime = connection.sql(f"select {row}").to_arrow_table()
    lists = {**found.lists, LIST_TABLES["regime"].name: regime}
    return replace(found, order_sums=sorted(folder.glob("2*.parquet")), lists=lists)


def added_up(records: OnDuckDb, folder: Path, threads: int, memory: str) -> dict[str, list[Any]]:
    """The rows of each result, in the order in which they lie."""
    folder.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"set temp_directory = '{folder}/spill'")
        connection.execute(f"set threads = {threads}; set memory_limit = '{memory}'")
        compute_on_duckdb(connection, records, folder, lambda line: None)
    with duckdb.connect() as connection:
        return {
            result: connection.execute(f"from read_parquet('{folder}/{result}.parquet')").fetchall()
            for result in RESULTS
        }


@pytest.mark.parametrize("of_orders", [False, True])
def test_sums_are_the_same_in_any_order_on_any_threads_and_memory(
    tmp_path: Path, of_orders: bool
) -> None:
    records = given(tmp_path / "records", of_orders, "seller_id")
    shuffled = given(tmp_path / "shuffled", of_orders, "hash(seller_id)")
    found = added_up(records, tmp_path / "one", 1, "2GB")
    assert len(found["town_group_year"]) == 6 * TOWNS * len(YEARS)
    assert len(found["village_year"]) == 7 * TOWNS * (len(YEARS) - 1)
    for number, other in enumerate(
        [(shuffled, 1, "2GB"), (records, 4, "2GB"), (records, 1, LITTLE), (shuffled, 2, LITTLE)]
    ):
        assert added_up(other[0], tmp_path / f"{number}", *other[1:]) == found, other[1:]
