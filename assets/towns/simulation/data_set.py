"""A simulated data set of the town study as it lies in `landing/`, its truth beside it.

Belongs here: its files and its card. Not here: the simulation itself, and what a user is told. The
same seed and design give the same bytes in every file but the card, which has the day.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb
import numpy as np
import pandas as pd
import yaml
from duckdb import DuckDBPyConnection

from assets.extracts.cards.content import file_sha256
from assets.towns.simulation.design import Design
from assets.towns.simulation.records import (
    blocks_of,
    certification_frame,
    order_frames,
    regime_frame,
    seller_frame,
    seller_year_frame,
    town_frame,
)
from assets.towns.simulation.simulate import Country, draw_country
from assets.towns.simulation.truth import truth_cells, truth_summary
from assets.warehouse.private import close_to_others
from assets.warehouse.texts.spelled import literal

Records = Literal["annual", "orders"]

# The record contracts' columns as DuckDB holds them; written to Parquet in this order.
COLUMNS = {
    "town": (
        "town_id varchar, name varchar, county varchar, prefecture varchar, province varchar, "
        "longitude_deg double, latitude_deg double, baseline_gdp_per_head_cny double, "
        "is_poverty_county boolean, is_ethnic_autonomous boolean, is_subdistrict boolean"
    ),
    "seller": (
        "seller_id bigint, town_id varchar, village varchar, gender varchar, birth_year integer, "
        "opened_on date"
    ),
    "seller_year": "seller_id bigint, year integer, sales_cny double, orders bigint",
    "order": (
        "order_id bigint, seller_id bigint, ordered_on date, amount_cny double, status varchar"
    ),
    "certification": "town_id varchar, year integer",
}
REGIME_FILE, TRUTH_FILE, TRUTH_CELL_FILE, CARD_FILE = (
    "certification_regime.csv",
    "truth.yaml",
    "truth_cell.parquet",
    "card.yaml",
)
NOTE = (
    "SIMULATED: no seller, town, village or sale in these files exists. Made by `yearbook "
    "simulate-towns` from the seed below; what is true of the data stands in truth.yaml and "
    "truth_cell.parquet, which no estimator reads."
)


class NotSimulated(ValueError):
    """A request that cannot be carried out; nothing was written."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for."""

    design: Design
    seed: int
    records: Records
    folder: Path  # its name is the data set's


@dataclass(frozen=True, slots=True)
class Written:
    """One file of the data set, as the card lists it."""

    contract: str
    file: str  # path within the data set's folder
    rows: int


def write_data_set(
    request: Request, tell: Callable[[int, int], None] = lambda done, of: None
) -> tuple[Written, ...]:
    """Write the data set, whole or not at all. Raises NotSimulated.

    tell: is handed how many blocks of towns are done, and of how many.
    """
    _require_a_new_folder(request.folder)
    with _whole_or_not_at_all(request.folder) as folder:
        return _write(request, folder, tell)


def _require_a_new_folder(folder: Path) -> None:
    if not re.fullmatch(r"[a-z0-9_]+", folder.name):
        raise NotSimulated(
            f"'{folder.name}' cannot be the name of a data set: expected small letters, digits "
            "and _ only. Choose another with --dataset or --out."
        )
    if folder.exists():
        raise NotSimulated(
            f"{folder} is there already; nothing was written. Remove it, or choose another with "
            "--dataset or --out."
        )


@contextmanager
def _whole_or_not_at_all(folder: Path) -> Iterator[Path]:
    """A hidden folder beside `folder`, which takes its name at the end, or is removed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    hidden = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield hidden
        close_to_others(hidden)
        hidden.rename(folder)
    except BaseException:
        shutil.rmtree(hidden, ignore_errors=True)
        raise


def _write(request: Request, folder: Path, tell: Callable[[int, int], None]) -> tuple[Written, ...]:
    country = draw_country(request.design, np.random.default_rng(request.seed))
    with _database() as database:
        cells = _fill(database, country, request.records, tell)
        written = _copy_out(database, folder, request)
    summary = truth_summary(request.design, town_frame(country), cells)
    text = yaml.safe_dump({"seed": request.seed} | summary, sort_keys=False, width=100)
    (folder / TRUTH_FILE).write_text(text, encoding="utf-8")
    (folder / CARD_FILE).write_text(_card(request, folder, written), encoding="utf-8")
    return written


@contextmanager
def _database() -> Iterator[DuckDBPyConnection]:
    """Empty tables in a DuckDB file, which takes what does not fit into memory.

    One thread, so that the same rows give the same files.
    """
    with (
        tempfile.TemporaryDirectory(prefix="yearbook-") as scratch,
        duckdb.connect(Path(scratch) / "simulated.duckdb", config={"threads": 1}) as connection,
    ):
        # The bar would stand in the middle of what is printed.
        connection.execute("set enable_progress_bar = false")
        for contract, columns in COLUMNS.items():
            connection.execute(f'create table "{contract}" ({columns})')
        yield connection


def _fill(
    database: DuckDBPyConnection,
    country: Country,
    records: Records,
    tell: Callable[[int, int], None],
) -> pd.DataFrame:
    """Put all records into tables, block by block; returns the truth by town and year."""
    cells, next_order_id = [], 1
    for block in blocks_of(country):
        _insert(database, "seller", seller_frame(country, block))
        if records == "annual":
            _insert(database, "seller_year", seller_year_frame(country, block))
        else:
            for frame in order_frames(country, block, next_order_id):
                _insert(database, "order", frame)
                next_order_id += len(frame)
        cells.append(truth_cells(country, block.history))
        tell(block.number + 1, len(country.order_rng))
    _insert(database, "town", town_frame(country))
    if country.design.assignment == "random":
        certified = certification_frame(country)
        if certified.empty:
            raise NotSimulated(
                "No town of this draw was ever certified, so there is nothing to study; nothing "
                "was written. Ask for more towns or another seed."
            )
        _insert(database, "certification", certified)
    truth = pd.concat(cells, ignore_index=True)
    database.register("truth_frame", truth)
    database.execute("create table truth_cell as select * from truth_frame")
    return truth


def _insert(database: DuckDBPyConnection, contract: str, frame: pd.DataFrame) -> None:
    database.register("frame", frame)
    database.execute(f'insert into "{contract}" by name select * from frame')
    database.unregister("frame")


def _copy_out(database: DuckDBPyConnection, folder: Path, request: Request) -> tuple[Written, ...]:
    """Write every table that has rows, orders by month; and the rule."""
    _copy(database, "from truth_cell", folder / TRUTH_CELL_FILE)
    written = [
        Written(contract, f"{contract}.parquet", rows)
        for contract in COLUMNS
        if contract != "order"
        and (rows := _copy(database, f'from "{contract}"', folder / f"{contract}.parquet"))
    ]
    months = "select distinct strftime(ordered_on, '%Y-%m') as month from \"order\" order by month"
    for (month,) in database.execute(months).fetchall():
        file = f"order/{month}.parquet"
        (folder / "order").mkdir(exist_ok=True)
        first = f"date '{month}-01'"
        part = (
            f'from "order" where ordered_on >= {first} and ordered_on < {first} + interval 1 month'
        )
        written.append(Written("order", file, _copy(database, part, folder / file)))
    regimes = regime_frame(request.design)
    regimes.to_csv(folder / REGIME_FILE, index=False, lineterminator="\n")
    return (*written, Written("regime", REGIME_FILE, len(regimes)))


def _copy(database: DuckDBPyConnection, rows: str, file: Path) -> int:
    """Write the rows, in the order in which they came in; how many. Without rows, no file."""
    number = database.execute(f"select count(*) {rows}").fetchall()[0][0]
    if number:
        options = "format parquet, compression zstd, parquet_version v2"
        database.execute(f"copy (select * {rows}) to {literal(file)} ({options})")
    return int(number)


def _card(request: Request, folder: Path, written: tuple[Written, ...]) -> str:
    design = request.design
    simulation = {
        "seed": request.seed,
        "towns": design.towns,
        "first_year": design.first_year,
        "last_year": design.last_year,
        "sellers_per_town": list(design.sellers_per_town),
        "assignment": design.assignment,
        "records": request.records,
        "truth_sha256": file_sha256(folder / TRUTH_FILE),
        "truth_cell_sha256": file_sha256(folder / TRUTH_CELL_FILE),
    }
    card = {
        "dataset": request.folder.name,
        "title": f"SIMULATED sales of sellers in {design.towns} invented towns",
        "publisher": "yearbook simulate-towns",
        "url": None,
        "published_on": None,
        "accessed_on": datetime.now(UTC).date(),
        "licence": "made by this project; not data about anyone",
        "note": NOTE,
        "simulated": True,
        "simulation": simulation,
        "certification": "listed" if design.assignment == "random" else "by_rule",
        "files": [_entry(folder, file) for file in written],
    }
    return yaml.safe_dump(card, sort_keys=False, width=100)


def _entry(folder: Path, file: Written) -> Mapping[str, Any]:
    path = folder / file.file
    return {
        "contract": file.contract,
        "file": file.file,
        "sha256": file_sha256(path),
        "bytes": path.stat().st_size,
        "rows": file.rows,
    }
