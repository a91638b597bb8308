"""The SQL that reads sellers' records, which runs once for each content of a data set.

Belongs here: which files of `sql/` these are, in their order, and how a model or frame asks for
what was kept of them. Not here: running them (`duckdb_sums.py`, `spark_engine.py`), the files that
come of it (`kept_sums.py`), and the SQL.
"""

from collections.abc import Callable
from pathlib import Path

from assets.towns.records.record_rows import ORDER_YEAR

_SQL = Path(__file__).parents[4] / "sql"
# Files below sql/ by what they make, in the order in which each reads those before it.
STEPS = {
    ORDER_YEAR.name: "queries/towns/order_year",
    "micro.seller_year": "micro/seller_year",
    "micro.data_span": "micro/data_span",
    "micro.seller_history": "micro/seller_history",
    "micro.village_year": "micro/village_year",
    "micro.town_group_year": "micro/town_group_year",
    "frames.seller_record": "frames/seller_record",
    "frames.seller_year_record": "frames/seller_year_record",
    "frames.order_record": "frames/order_record",
}
# Those whose row is a seller's; nothing is kept of them.
OF_SELLERS = (ORDER_YEAR.name, "micro.seller_year", "micro.seller_history")
RESULTS = tuple(step.split(".")[1] for step in STEPS if step not in OF_SELLERS)
_KEPT = "micro.kept_"


def sql_of(step: str) -> str:
    """The text of a step's file."""
    return (_SQL / f"{STEPS[step]}.sql").read_text(encoding="utf-8")


def kept_view(result: str) -> str:
    """The name of the view over what was kept of a result, of all data sets."""
    return f"{_KEPT}{result}"


def from_kept(result: str, sql: str, are_there: Callable[[str], bool]) -> str:
    """The SELECT of what was kept of a result; `sql` itself where it is none or nothing is kept.

    result: name of a model or frame; are_there: whether a SELECT on the working file has rows.
    """
    schema, view = kept_view(result).split(".")
    there = f"from duckdb_views() where schema_name = '{schema}' and view_name = '{view}'"
    if result not in RESULTS or not are_there(f"select 1 {there}"):
        return sql
    return f"select * from {kept_view(result)}"
