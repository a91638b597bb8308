"""The town study on Spark: a server of Spark Connect is started, and asked what DuckDB is asked.

Belongs here: equality, and what happens when Spark fails. Not here: what becomes of the SQL
(`test_spark_sql.py`), which needs neither Java nor PySpark.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assets.towns.records.dataset_intake import read_datasets
from assets.towns.records.dataset_survey import datasets_before, survey_datasets, waiting_for_spark
from assets.towns.records.dataset_writing import write_datasets
from assets.towns.records.record_rows import AreaDisclosureRow
from assets.warehouse.home import Home
from assets.warehouse.store import Store
from orchestration.sql_models import load_models

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java on this machine"),
    pytest.mark.skipif(
        importlib.util.find_spec("pyspark") is None, reason="needs `uv sync --group spark`"
    ),
]

STARTS_SECONDS = 120
Records = dict[str, pd.DataFrame]


@dataclass
class Server:
    """Spark Connect in a process of its own, and all processes it starts."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"sc://127.0.0.1:{self.port}"

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start(folder: Path, master: str = "local[2]") -> Server:
    import pyspark

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "spark.connect.grpc.binding.port": port,
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": folder,
        "spark.ui.enabled": "false",
        # What many records are worth, compiling and planning anew, takes most of the time of few.
        "spark.sql.shuffle.partitions": 2,
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.executor.memory": "600m",
    }
    given = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
    service = "org.apache.spark.sql.connect.service.SparkConnectServer"
    with (folder / "spark.log").open("wb") as log:
        process = subprocess.Popen(
            [submit, "--class", service, "--master", master, "--driver-memory", "1g", *given],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(port, process)
    deadline = time.monotonic() + STARTS_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return server
        except OSError:
            time.sleep(0.2)
    server.kill()
    pytest.fail((folder / "spark.log").read_text()[-3000:])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    found = start(tmp_path_factory.mktemp("spark"))
    yield found
    found.kill()


def some_orders(records: Records) -> Records:
    """The last two years as orders, some of which do not count, and amounts with fractions."""
    annual = records["seller_year"]
    rows = []
    for seller, year, sales, orders in annual[annual["year"] > 2016].itertuples(index=False):
        rows += [(seller, f"{year}-{1 + i % 12:02d}-05", sales / orders) for i in range(orders)]
        rows.append((seller, f"{year}-12-31", 7.77))
    order = pd.DataFrame(rows, columns=["seller_id", "ordered_on", "amount_cny"])
    number = pd.RangeIndex(len(order))
    status = pd.Series(["completed"] * 9 + ["returned"])[number % 10].to_numpy()
    order = order.assign(order_id=number, status=status)
    return records | {"seller_year": annual[annual["year"] <= 2016], "order": order}


def put(home: Home, dataset_folder: Any, name: str, records: Records, **card: Any) -> None:
    folder = dataset_folder(home, name)
    folder.put_all(records)
    folder.sign(**card)


def rows(store: Store, table: str, dataset: str) -> list[tuple[Any, ...]]:
    found = store.rows(f"select * exclude (dataset) from {table} where dataset = '{dataset}'")
    return sorted(found, key=lambda row: [(v is None, v) for v in row if type(v) is not float])


def differences(ours: list[tuple[Any, ...]], theirs: list[tuple[Any, ...]]) -> float:
    """The largest relative difference of doubles; whatever is no double must be the same."""
    assert len(ours) == len(theirs)
    largest = 0.0
    for one, other in zip(ours, theirs, strict=True):
        for a, b in zip(one, other, strict=True):
            if isinstance(a, float) and isinstance(b, float) and a != b:
                largest = max(largest, abs(a - b) / max(abs(a), abs(b)))
            else:
                assert a == b, (one, other)
    return largest


def refused(home: Home) -> str:
    """The one message about the one data set that waits."""
    intake = read_datasets(home, survey_datasets(home, {}).pending, lambda line: None, "code")
    assert not intake.accepted
    [row] = intake.refused
    return row.message


def test_a_data_set_on_spark_gives_the_tables_that_duckdb_gives(
    server: Server,
    home: Home,
    dataset_folder: Any,
    make_records: Callable[..., Records],
    build_store: Callable[[Home], Store],
) -> None:
    records = some_orders(make_records(2, 30, 12))
    put(home, dataset_folder, "duck", records)
    put(home, dataset_folder, "spark", records, engine="spark", spark=server.address)
    store = build_store(home)
    assert store.rows("select dataset, engine from raw.town_dataset order by 1") == [
        ("duck", "duckdb"),
        ("spark", "spark"),
    ]
    models = [model.name for model in load_models()]
    tables = [
        AreaDisclosureRow.table.name,
        *(name for name in models if name.startswith(("micro.", "towns."))),
    ]
    of_sellers = {"micro.seller_year", "micro.seller_history"}
    assert len(tables) == 15  # 14 models, and what is shown
    for table in sorted(tables):
        there = rows(store, table, "spark")
        if table in of_sellers:
            assert there == []  # no seller comes back
            continue
        assert there, table
        assert differences(rows(store, table, "duck"), there) < 1e-12, table


def test_a_connection_that_is_lost_leaves_nothing_half(
    tmp_path: Path, home: Home, dataset_folder: Any, make_records: Callable[..., Records]
) -> None:
    mine = start(tmp_path)
    put(home, dataset_folder, "big", make_records(3, 30, 12), engine="spark", spark=mine.address)
    steps: list[str] = []

    def progress(line: str) -> None:
        steps.append(line)
        if "micro.village_year" in line:  # after the first result was written
            mine.kill()

    intake = read_datasets(home, survey_datasets(home, {}).pending, progress, "code")
    [row] = intake.refused
    assert f"landing/towns/big: Spark at {mine.address} broke off: " in row.message
    assert "what it said before stands. The next `yearbook refresh` tries again" in row.message
    assert "micro.village_year" in steps[-1]
    assert not list((home.state / "towns").rglob("*.parquet"))
    store = Store(home.working)
    write_datasets(home, store, intake)
    survey = survey_datasets(home, datasets_before(home, store))
    assert not survey.pending  # so that the sensor does not ask every few seconds
    assert [each.key for each in waiting_for_spark(survey.refused)] == ["towns/big"]


def workers(server: Server) -> list[int]:
    """The processes of Spark's executors."""
    asked = ["ps", "-ww", "-eo", "pid,pgid,args"]
    listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return [
        int(line.split()[0])
        for line in listed.splitlines()
        if line.split()[1] == str(server.process.pid) and "CoarseGrainedExecutorBackend" in line
    ]


def test_a_worker_that_dies_is_made_up_for(
    tmp_path: Path,
    home: Home,
    dataset_folder: Any,
    make_records: Callable[..., Records],
    build_store: Callable[[Home], Store],
) -> None:
    mine = start(tmp_path, "local-cluster[2,1,600]")
    try:
        put(home, dataset_folder, "duck", make_records(3, 20, 8))
        put(
            home, dataset_folder, "spark", make_records(3, 20, 8),
            engine="spark", spark=mine.address,
        )  # fmt: skip
        killed: list[int] = []

        def progress(line: str) -> None:
            if "micro.town_group_year" in line:  # the sellers' rows lie with both workers by now
                killed.append(workers(mine)[0])
                os.kill(killed[0], signal.SIGKILL)

        intake = read_datasets(home, survey_datasets(home, {}).pending, progress, "code")
        assert not intake.refused, intake.refused[0].message
        assert killed
        assert killed[0] not in workers(mine)
        write_datasets(home, Store(home.working), intake)
        store = build_store(home)
        ours, theirs = (rows(store, "micro.town_group_year", name) for name in ("duck", "spark"))
        assert differences(ours, theirs) < 1e-12
    finally:
        mine.kill()
