"""What Spark made of data sets, beside what DuckDB makes of the others.

Belongs here: the views of schema `micro` over Spark's files, and a query that takes them in. Not
here: making the files (`spark_engine.py`), and which queries there are.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assets.towns.records.spark_engine import RESULTS, results_folder
from assets.warehouse.errors import WarehouseError
from assets.warehouse.texts.spelled import literal

if TYPE_CHECKING:
    from assets.warehouse.tables.writes import Writes

_PREFIX = "micro.of_spark_"


def write_views_of_results(writes: "Writes", kept: Mapping[str, Path]) -> None:
    """A view `micro.of_spark_<result>` over the files of all data sets that Spark added up.

    kept: the folder of each such data set; without any there are no views. Raises WarehouseError
    where a file is not there by this version of the SQL, or cannot be read.
    """
    import duckdb  # which the definitions, that take in the other function, do without

    for result in RESULTS:
        if not kept:
            writes.connection.execute(f"drop view if exists {_PREFIX}{result}")
            continue
        files = {name: results_folder(each) / f"{result}.parquet" for name, each in kept.items()}
        listed = ", ".join(literal(file) for file in files.values())
        try:
            writes.connection.execute(
                f"create or replace view {_PREFIX}{result} as "
                f"select * from read_parquet([{listed}], union_by_name = true)"
            )
        except duckdb.Error as error:
            raise WarehouseError(
                f"Data sets added up by Spark ({', '.join(files)}): {result} cannot be read: "
                f"{str(error).splitlines()[0]}\n"
                "  Nothing was published; the published warehouse is as it was.\n"
                "  Expected: files made by this version of the SQL, whole. Remove "
                f"{' or '.join(str(each) for each in kept.values())}, see that Spark answers, and "
                "refresh again: it adds up the records anew."
            ) from error


def with_results_of_spark(result: str, sql: str, are_there: Callable[[str], bool]) -> str:
    """The rows of `sql` for the data sets of DuckDB, and Spark's for its own, where it has some.

    result: name of a model or frame; are_there: whether a SELECT on the working file has rows.
    """
    other = f"{_PREFIX}{result}"
    schema, view = other.split(".")
    there = f"from duckdb_views() where schema_name = '{schema}' and view_name = '{view}'"
    if result not in RESULTS or not are_there(f"select 1 {there}"):
        return sql
    return (
        f"select * from (\n{sql.strip().rstrip(';')}\n) "
        f"where dataset not in (select dataset from {other}) "
        f"union all by name from {other}"
    )
