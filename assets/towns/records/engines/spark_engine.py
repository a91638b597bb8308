"""Sums over sellers' records on Spark, for a data set whose card says `engine: spark`.

Belongs here: the session, what is computed in it, and the Parquet files that come back. Not here:
the SQL (`sql/`), what of it Spark takes (`spark_sql.py`), and what becomes of the files
(`dataset_intake.py`).

The models that read a record of a seller run on Spark, and the plausibility of such records is
looked at there. What comes back is as small as towns by years; every model after that runs on
DuckDB, for all data sets together. PySpark and sqlglot are imported where they are used.
"""

import hashlib
import socket
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assets.extracts.errors import DocumentError
from assets.towns.records.contracts import CONTRACTS
from assets.towns.records.engines.record_steps import OF_SELLERS, STEPS, sql_of
from assets.towns.records.record_rows import DATASET, LIST_TABLES, RECORD_VIEWS
from assets.warehouse.private import private_file
from assets.warehouse.tables.table import Column

if TYPE_CHECKING:
    import pyarrow as pa

    from assets.towns.records.engines.spark_sql import SparkSelect

DEFAULT_PORT = 15002
_CONNECT_SECONDS = 10.0
_RETRIES = 5  # some half minute
_SETTINGS = {"spark.sql.ansi.enabled": "true", "spark.sql.session.timeZone": "UTC"}


class SparkFailed(DocumentError):
    """Spark did not give the sums of a data set, through no fault of its records."""


@dataclass(frozen=True, slots=True)
class OnSpark:
    """A data set as Spark is to see it. records: Parquet files by contract; lists: by table."""

    dataset: str
    address: str  # sc://host:port
    records: Mapping[str, Sequence[Path]]
    lists: Mapping[str, "pa.Table"]


@cache
def spark_selects() -> "Mapping[str, SparkSelect]":
    """The SQL of each step, by its table `schema.noun`. Raises EnginesDiffer."""
    from assets.towns.records.engines.spark_sql import on_spark

    columns: dict[str, Mapping[str, str]] = {
        name: {each.name: each.type for each in (DATASET, *CONTRACTS[contract].columns)}
        for contract, name in RECORD_VIEWS.items()
    }
    columns |= {t.name: {each.name: each.type for each in t.columns} for t in LIST_TABLES.values()}
    found: dict[str, SparkSelect] = {}
    for step, file in STEPS.items():
        select = on_spark(f"sql/{file}.sql", sql_of(step), columns)
        columns[step] = select.columns
        found[step] = select
    return found


def results_folder(kept: Path) -> Path:
    """Where the results of a data set lie, by this version of the SQL, beside its kept files."""
    text = "\n".join(select.sql for select in spark_selects().values())
    return kept / f"spark-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def compute_on_spark(given: OnSpark, folder: Path, progress: Callable[[str], None]) -> None:
    """Write `<result>.parquet` into `folder` for each of RESULTS.

    Whoever calls it puts the folder in its place when all of it is there. Raises SparkFailed.
    """
    from assets.towns.records.engines.spark_sql import view_name

    with _session(given) as spark:
        _give_records(spark, given)
        held = []
        try:
            for name, select in spark_selects().items():
                progress(f"towns/{given.dataset}: {name} on Spark at {given.address}")
                frame = spark.sql(select.sql)
                if name in OF_SELLERS:
                    held.append(frame := frame.persist())
                else:
                    rows = frame.toArrow()
                    rows = rows.sort_by([(column, "ascending") for column in rows.column_names])
                    _write(rows, folder / f"{name.split('.')[1]}.parquet")
                    frame = _frame(spark, rows)  # so that those after it do not compute it again
                frame.createOrReplaceTempView(view_name(name))
        finally:
            # Whoever is gone is not waited for again; who is there may forget the records now.
            spark.client.set_retry_policies([])
            for frame in held:
                with suppress(Exception):
                    frame.unpersist()


def _give_records(spark: Any, given: OnSpark) -> None:
    from pyspark.sql import functions

    from assets.towns.records.engines.spark_sql import view_name

    for contract, table in RECORD_VIEWS.items():
        columns = CONTRACTS[contract].columns
        if paths := given.records[contract]:
            frame = spark.read.parquet(*(path.as_uri() for path in paths))
            names = [functions.col(column.name) for column in columns]
            frame = frame.select(functions.lit(given.dataset).alias(DATASET.name), *names)
        else:
            frame = spark.sql(_no_rows((DATASET, *columns)))
        frame.createOrReplaceTempView(view_name(table))
    for of_list in LIST_TABLES.values():
        _frame(spark, given.lists[of_list.name]).createOrReplaceTempView(view_name(of_list.name))


def _frame(spark: Any, rows: "pa.Table") -> Any:
    from pyspark.sql.pandas.types import from_arrow_schema

    return spark.createDataFrame(rows, schema=from_arrow_schema(rows.schema))


def _no_rows(columns: Iterable[Column]) -> str:
    """A SELECT for Spark of nothing, with the types of the columns."""
    types = ((each.type.replace("VARCHAR", "string"), each.name) for each in columns)
    return f"select {', '.join(f'cast(null as {kind}) as {name}' for kind, name in types)} limit 0"


def _write(rows: "pa.Table", path: Path) -> None:
    from pyarrow import parquet

    parquet.write_table(rows, private_file(path))


@contextmanager
def _session(given: OnSpark) -> Iterator[Any]:
    """A session of Spark Connect; whatever ends it is told as SparkFailed."""
    # It says of each frame that pandas 3 is new to it; no frame of pandas is used.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    try:
        from grpc import RpcError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
        from pyspark.sql.connect.client.retries import DefaultPolicy
    except ImportError as error:
        said = f"PySpark is not installed here ({error})"
        raise _failed(given, said, "Install it: `uv sync --group spark`.") from error
    _require_answer(given)
    try:
        spark = SparkSession.builder.remote(given.address).create()
        try:
            # Spark's own patience is ten minutes, during which nobody hears anything.
            spark.client.set_retry_policies([DefaultPolicy(max_retries=_RETRIES)])
            for name, value in _SETTINGS.items():
                spark.conf.set(name, value)
            yield spark
        finally:
            spark.stop()
    except (PySparkException, RpcError) as error:
        raise _failed(given, *_told(given, error)) from error


def _require_answer(given: OnSpark) -> None:
    """Somebody listens at the address: gRPC itself would try for minutes."""
    parts = urlsplit(given.address)
    try:
        place = (parts.hostname or "", parts.port or DEFAULT_PORT)
        socket.create_connection(place, timeout=_CONNECT_SECONDS).close()
    except (OSError, ValueError) as error:
        advice = "Start Spark Connect there, or correct spark in the card."
        raise _failed(given, f"nobody answers at {given.address} ({error})", advice) from error


def _told(given: OnSpark, error: Exception) -> tuple[str, str]:
    """What Spark's error says, in a line, and what to do about it."""
    said = " ".join(str(error).split())[:300].rstrip(".")
    if "PATH_NOT_FOUND" in said or "FileNotFound" in said or "AccessControl" in said:
        folder = next(path.parent for paths in given.records.values() for path in paths)
        return f"Spark does not find the records: {said}", (
            f"Let every machine of Spark see {folder.parents[1]} under that name, on a shared disk,"
            " and read it as the user who refreshes."
        )
    return f"Spark at {given.address} broke off: {said}", (
        "Its log says what happened there: a worker that was lost, memory, the network."
    )


def _failed(given: OnSpark, found: str, advice: str) -> SparkFailed:
    return SparkFailed(
        f"landing/towns/{given.dataset}",
        found=found,
        expected=f"the sums of its records, by Spark Connect at {given.address}",
        advice=f"{advice} Nothing of it was taken in; what it said before stands. The next "
        "`yearbook refresh` tries again; `engine: duckdb` in the card does without Spark.",
    )
