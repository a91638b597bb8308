"""Sums of orders by seller and year, kept beside the records that they were made of.

Belongs here: making them, from all orders or from what changed. Not here: which files there are and
when they take their place (`dataset_intake.py`), and the SQL (`sql/queries/towns`).

A sum is of whole numbers, so that adding a month to the sums of before, or taking one away, gives
the very sums that all orders would. The file is named for the SQL that made it: sums by another
version are never added to. Months of one year are added up together and apart from other years', so
that memory holds the sellers of one year; each such step is kept until the last is made.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from assets.extracts.errors import DocumentError
from assets.extracts.landed.survey import TOWN_STUDY_FOLDER
from assets.towns.records.contracts import ORDER
from assets.towns.records.record_rows import ORDER_YEAR, RECORD_VIEWS, records_select
from assets.towns.records.unfinished_intake import link_all, read_list, write_whole
from assets.warehouse.private import private_file, private_folder
from assets.warehouse.publish import sync_file
from assets.warehouse.queries import query_text
from assets.warehouse.texts.spelled import literal

_OF_ORDERS, _CHANGED = "towns/order_year", "towns/changed_order_year"
_IN_DOUBLES = "towns/order_year_in_doubles"
_TOGETHER = "towns/order_files_by_years"
_CONTAINED = "orders.json"  # in a step: the keys of the files that are added up

Files = Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class SumsBefore:
    """Sums of before, by year, and the files of orders that are in them, by key."""

    years: tuple[Path, ...]
    of: Files

    def would_serve(self, orders: Files) -> bool:
        """Whether less has to be taken away from them than stays."""
        gone = sum(path.stat().st_size for key, path in self.of.items() if key not in orders)
        stays = sum(path.stat().st_size for key, path in self.of.items() if key in orders)
        return gone < stays


@dataclass(frozen=True, slots=True)
class Orders:
    """The verified orders of a data set, and what may be known of their sums."""

    dataset: str
    files: Files  # by key
    before: SumsBefore | None = None
    elsewhere: Files = field(default_factory=dict)  # files that may be in sums of a stopped intake


def order_sums_folder(kept: Path) -> Path:
    """Where the sums of a data set lie, by this version of the SQL, beside its kept files.

    One file a year, so that those of other years than the changed one stay.
    """
    text = "".join(map(query_text, (_OF_ORDERS, _IN_DOUBLES, _CHANGED)))
    return kept / f"order_year-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def write_order_sums(
    connection: duckdb.DuckDBPyConnection,
    orders: Orders,
    kept: Path,
    steps: Path,
    progress: Callable[[str], None],
) -> None:
    """Write the sums of verified orders to `order_sums_folder(kept)`, all of them or none.

    connection: to no particular file; it may spill to disk. steps: where each step is kept, from
    the last of which a call goes on that comes after one that was stopped. Raises DocumentError
    where a seller's sales of a year are no amount of money.
    """
    number, known = _known(orders, steps)
    new = {key: path for key, path in orders.files.items() if key not in known.of}
    gone = {key: path for key, path in known.of.items() if key not in orders.files}
    progress(f"adding up {len(new)} files of orders")
    columns = ", ".join(f"{column.name} {column.type}" for column in ORDER_YEAR.columns)
    connection.execute("create schema if not exists micro")
    left = len(new)
    try:
        for together in _by_years(connection, (*new.values(), *gone.values())):
            came = {key: path for key, path in new.items() if path in together}
            went = {key: path for key, path in gone.items() if path in together}
            connection.execute(
                f"create or replace table micro.order_year_change (sign integer, {columns})"
            )
            _add(connection, orders.dataset, 1, came.values())
            _add(connection, orders.dataset, -1, went.values())
            number += 1
            of = {key: path for key, path in known.of.items() if key not in went} | came
            known = SumsBefore(_write_step(connection, steps, number, known.years, of), of)
            left -= len(came)
            progress(f"{orders.dataset}: {left} files of orders are left to be added up")
    except duckdb.ConversionException as error:
        raise DocumentError(
            f"landing/{TOWN_STUDY_FOLDER}/{orders.dataset}",
            found=f"orders of one seller and year cannot be added up: {str(error).splitlines()[0]}",
            expected="completed orders of less than 7e13 yuan in all",
            advice="Correct the amounts, and sha256, bytes and rows in the card.",
        ) from error
    target = order_sums_folder(kept)
    partial = target.with_name(f".partial-{target.name}")
    shutil.rmtree(partial, ignore_errors=True)
    link_all(known.years, partial)
    partial.rename(target)
    shutil.rmtree(steps, ignore_errors=True)


def orders_in_steps(steps: Path) -> set[str]:
    """The keys of the files that are added up in the last step of a call that was stopped."""
    found = _whole_steps(steps)
    return set(read_list(found[-1] / _CONTAINED)) if found else set()


def _known(orders: Orders, steps: Path) -> tuple[int, SumsBefore]:
    """The number of the last step, and the sums that it left; else those of before, or none."""
    before = orders.before
    found = _whole_steps(steps)
    places = {**orders.elsewhere, **({} if before is None else before.of), **orders.files}
    of = orders_in_steps(steps)
    if of and of <= places.keys():
        years = tuple(sorted(found[-1].glob("*.parquet")))
        stopped = SumsBefore(years, {key: places[key] for key in sorted(of)})
        if stopped.would_serve(orders.files):
            return int(found[-1].name), stopped
    shutil.rmtree(steps, ignore_errors=True)
    if before is not None and before.would_serve(orders.files):
        return 0, before
    return 0, SumsBefore((), {})


def _whole_steps(steps: Path) -> list[Path]:
    return sorted(steps.glob("[0-9]*"))


def _write_step(
    connection: duckdb.DuckDBPyConnection,
    steps: Path,
    number: int,
    before: tuple[Path, ...],
    of: Files,
) -> tuple[Path, ...]:
    """Write the sums as they are after a step, whole or not at all: the file of each year."""
    partial, step = steps / f".partial-{number:06}", steps / f"{number:06}"
    shutil.rmtree(partial, ignore_errors=True)
    private_folder(partial)
    _write_years(connection, partial, before)
    write_whole(partial / _CONTAINED, sorted(of))
    partial.rename(step)
    for earlier in _whole_steps(steps)[:-1]:
        shutil.rmtree(earlier)
    return tuple(sorted(step.glob("*.parquet")))


def _by_years(
    connection: duckdb.DuckDBPyConnection, paths: tuple[Path, ...]
) -> Iterator[frozenset[Path]]:
    """The files with orders, those together that tell of the same years, as Parquet says."""
    if paths:
        files = {"files": [str(path) for path in paths]}
        for (names,) in connection.execute(query_text(_TOGETHER), files).fetchall():
            yield frozenset(Path(name) for name in names)


def _add(
    connection: duckdb.DuckDBPyConnection, dataset: str, sign: int, paths: Iterable[Path]
) -> None:
    """Add up the orders in some files, and put the sums with a sign to what changed."""
    if not (given := tuple(paths)):
        return
    connection.execute(
        f"create or replace view {RECORD_VIEWS[ORDER.name]} as "
        f"{records_select(dataset, ORDER, given)}"
    )
    added = "insert into micro.order_year_change by name select $sign as sign, *"
    connection.execute(
        f"{added} from ({query_text(_IN_DOUBLES)})", {"sign": sign, "dataset": dataset}
    )
    is_large = "sales_coarse is null or sales_fine is null"
    connection.execute(
        "create or replace table micro.large_seller_year as "
        f"select seller_id, year from micro.order_year_change where {is_large}"
    )
    if connection.execute("from micro.large_seller_year limit 1").fetchall():
        connection.execute(f"delete from micro.order_year_change where {is_large}")
        connection.execute(
            f"{added} from ({query_text(_OF_ORDERS)}) "
            "semi join micro.large_seller_year using (seller_id, year)",
            {"sign": sign},
        )


def _write_years(
    connection: duckdb.DuckDBPyConnection, folder: Path, before: tuple[Path, ...]
) -> None:
    """Write the years that changed on top of what `before` holds of them; the others stay."""
    found = connection.execute("select distinct year from micro.order_year_change").fetchall()
    changed = {f"{year}.parquet": year for (year,) in found}
    earlier = [file for file in before if file.name in changed]
    for file in earlier:
        connection.execute(
            "insert into micro.order_year_change by name "
            f"select 1 as sign, * from read_parquet({literal(file)})"
        )
    total = "select * exclude (sign) from micro.order_year_change"  # of new years, each seller once
    if earlier:
        total = query_text(_CHANGED)
    for name, year in changed.items():
        file = private_file(folder / name)
        copied = connection.execute(
            f"copy (select * from ({total}) where year = {year} order by seller_id) "
            f"to {literal(file)} (format parquet)"
        )
        if copied.fetchall() == [(0,)]:
            file.unlink()
        else:
            sync_file(file)
    link_all((file for file in before if file.name not in changed), folder)
